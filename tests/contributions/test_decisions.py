"""What accepting and refusing write, once."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from directory.models import Contribution, FieldProvenance, Place, Service
from directory.moderation.contributions import decisions, fields, reading
from directory.moderation.contributions.decisions import Answer
from directory.vocabularies.names import ContributionStatus, Credit, State
from tests import factories as make
from tests.accounts import make_user, national

pytestmark = pytest.mark.django_db

HOURS = "Mo-Fr 09:00-12:00"


@pytest.fixture
def moderator() -> User:
    """A moderator of everything."""
    return national()


def told(place: Place | None, kind: str = "correction", **after: Any) -> Contribution:
    """A pending contribution: its fields, and the values they would take."""
    present = fields.current(place)
    changes = {name: {"before": present[name], "after": value} for name, value in after.items()}
    made: Contribution = make.ContributionFactory.create(place=place, kind=kind, changes=changes)
    return made


def accept(one: Contribution, by: User, *names: str, **said: str) -> Contribution:
    """Accept as the page does."""
    return decisions.accept(one.pk, names, by, reading.seen(one), Answer(**said))


def locked(place: Place) -> dict[str, str]:
    """The locked fields of a place and who is thanked."""
    rows = FieldProvenance.objects.filter(place=place, is_locked=True)
    return dict(rows.values_list("field", "credit"))


def test_accepted_field_is_written_locked_and_credited(moderator: User) -> None:
    place = make.PlaceFactory.create(opening_hours=HOURS)
    one = accept(told(place, opening_hours="Mo 10:00-11:00"), moderator, "opening_hours")
    place.refresh_from_db()
    assert place.opening_hours == "Mo 10:00-11:00"
    assert locked(place) == {"opening_hours": Credit.CONTRIBUTOR}
    assert (one.status, one.moderated_by) == (ContributionStatus.ACCEPTED, moderator)
    assert one.moderated_at


def test_field_left_out_stays_as_it_is(moderator: User) -> None:
    place = make.PlaceFactory.create(name="Le relais", address="1 rue Vieille")
    one = told(place, name="Le grand relais", address="2 rue Neuve")
    done = accept(one, moderator, "address", public="L’adresse seulement.")
    place.refresh_from_db()
    assert (place.name, place.address) == ("Le relais", "2 rue Neuve")
    assert done.status == ContributionStatus.PARTLY_ACCEPTED
    assert (done.accepted, done.public_answer) == (["address"], "L’adresse seulement.")
    assert locked(place).keys() == {"address"}


def test_refused_contribution_writes_nothing_but_its_answer(moderator: User) -> None:
    place = make.PlaceFactory.create(name="Le relais")
    one = told(place, name="Casino")
    done = decisions.refuse(one.pk, moderator, Answer("Ce n’est pas ce lieu.", "Publicité"))
    place.refresh_from_db()
    assert place.name == "Le relais"
    assert (done.status, done.public_answer) == ("refused", "Ce n’est pas ce lieu.")
    assert locked(place) == {}


def test_second_moderator_cannot_answer_again(moderator: User) -> None:
    place = make.PlaceFactory.create()
    one = told(place, name="Un nom")
    seen = reading.seen(one)
    decisions.accept(one.pk, ["name"], moderator, seen)
    for again in (
        lambda: decisions.accept(one.pk, ["name"], moderator, seen),
        lambda: decisions.refuse(one.pk, moderator, Answer("Non")),
    ):
        with pytest.raises(decisions.AlreadyDecidedError):
            again()
    one.refresh_from_db()
    assert one.status == ContributionStatus.ACCEPTED


def test_place_written_while_one_reads_is_not_overwritten(moderator: User) -> None:
    place = make.PlaceFactory.create(name="Le relais")
    one = told(place, name="Le grand relais")
    seen = reading.seen(one)
    Place.objects.update(name="Le relais rénové")
    with pytest.raises(decisions.ChangedMeanwhileError):
        decisions.accept(one.pk, ["name"], moderator, seen)
    place.refresh_from_db()
    assert place.name == "Le relais rénové"
    one.refresh_from_db()
    assert one.is_pending


def test_stale_contribution_says_what_the_place_is_now() -> None:
    place = make.PlaceFactory.create(name="Le relais")
    one = told(place, name="Le grand relais")
    Place.objects.update(name="Le relais rénové")
    (line,) = reading.lines(Contribution.objects.get(pk=one.pk))
    assert (line.is_stale, line.now) == (True, "Le relais rénové")


def test_differences_are_marked_word_by_word() -> None:
    before, after = reading.marked("1 rue du Stade", "3 rue du Stade")
    assert before == [("1 ", True), ("rue du Stade", False)]
    assert after == [("3 ", True), ("rue du Stade", False)]


def test_place_that_is_gone_is_archived_with_the_answer(moderator: User) -> None:
    place = make.PlaceFactory.create()
    done = accept(told(place, "closed"), moderator, public="Le lieu a fermé en mai.")
    place.refresh_from_db()
    assert place.state == State.ARCHIVED
    assert (done.status, done.public_answer) == ("accepted", "Le lieu a fermé en mai.")


def test_remark_without_values_is_only_closed(moderator: User) -> None:
    place = make.PlaceFactory.create()
    before = Place.objects.filter(pk=place.pk).values().get()
    assert accept(told(place, "phone"), moderator).status == ContributionStatus.ACCEPTED
    assert Place.objects.filter(pk=place.pk).values().get() == before


def test_unreadable_hours_are_written_only_in_the_osm_format(moderator: User) -> None:
    place = make.PlaceFactory.create(opening_hours=HOURS)
    one = told(place, "hours", opening_hours="")
    one.changes["opening_hours"]["words"] = "un lundi sur deux"
    one.save()
    for wrong in ("", "un lundi sur deux"):
        with pytest.raises(decisions.UnreadableHoursError):
            accept(one, moderator, "opening_hours", hours=wrong)
    place.refresh_from_db()
    assert place.opening_hours == HOURS
    accept(one, moderator, "opening_hours", hours="Mo[1,3] 09:00-12:00")
    place.refresh_from_db()
    assert place.opening_hours == "Mo[1,3] 09:00-12:00"


def test_new_commune_moves_the_place_to_its_centre(moderator: User) -> None:
    place = make.PlaceFactory.create()
    there = make.CommuneFactory.create(latitude=46.0, longitude=2.0)
    accept(told(place, commune=there.pk), moderator, "commune")
    place.refresh_from_db()
    assert (place.commune, place.point, place.position_precision) == (there, (46.0, 2.0), "commune")
    assert {"commune", "latitude", "longitude"} <= locked(place).keys()


def test_needs_are_declared_and_taken_away(moderator: User) -> None:
    place = make.PlaceFactory.create()
    service = make.ServiceFactory.create(place=place, needs=["ameli", "css"])
    make.NeedFactory.create(code="mdph")
    accept(told(place, needs=["ameli", "mdph"]), moderator, "needs")
    assert sorted(service.service_needs.values_list("need__code", "basis")) == [
        ("ameli", "declared"),
        ("mdph", "declared"),
    ]
    assert locked(place) == {"services": Credit.CONTRIBUTOR}


def test_first_need_of_a_place_makes_its_service(moderator: User) -> None:
    place = make.PlaceFactory.create()
    make.NeedFactory.create(code="ameli")
    accept(told(place, needs=["ameli"]), moderator, "needs")
    service = Service.objects.get(place=place)
    assert (service.state, service.service_needs.get().need.code) == ("published", "ameli")


def test_accepted_proposal_makes_a_draft(moderator: User) -> None:
    commune = make.CommuneFactory.create(name="Guéret")
    actor = make.ActorFactory.create(name="Mairie de Guéret")
    make.NeedFactory.create(code="ameli")
    one = told(
        None,
        "proposal",
        name="Le point d’appui",
        commune=commune.pk,
        phone=make.FICTION_PHONE,
        needs=["ameli"],
        operator_name="mairie de guéret",
    )
    Contribution.objects.update(commune=commune)
    one.refresh_from_db()
    done = accept(one, moderator, *one.changes)
    place = Place.objects.get()
    assert done.place == place
    assert (place.name, place.commune, place.state) == ("Le point d’appui", commune, State.DRAFT)
    assert (place.operator, place.slug) == (actor, "le-point-dappui-gueret")
    assert place.completeness == 45


def test_moderator_of_elsewhere_writes_nothing() -> None:
    elsewhere = make.DepartmentFactory.create(code="29", name="Finistère")
    breton = make_user("bretonne", {"kind": "department", "department": elsewhere})
    place = make.PlaceFactory.create(name="Le relais")
    one = told(place, name="Autre")
    with pytest.raises(decisions.OutOfReachError):
        accept(one, breton, "name")
    place.refresh_from_db()
    assert place.name == "Le relais"


def test_moderator_cannot_send_a_place_out_of_their_territory() -> None:
    place = make.PlaceFactory.create()
    home = place.commune.department
    there = make.CommuneFactory.create(
        department=make.DepartmentFactory.create(code="29", name="Finistère")
    )
    one = told(place, commune=there.pk)
    with pytest.raises(decisions.OutOfReachError):
        accept(one, make_user("ici", {"kind": "department", "department": home}), "commune")
    place.refresh_from_db()
    assert place.commune.department == home
