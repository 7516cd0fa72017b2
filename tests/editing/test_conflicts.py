"""Two moderators on one place: nothing is overwritten unseen, nothing typed is lost."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from directory.models import Closure, Place, Stop
from tests import factories as make
from tests.accounts import national, sign_in
from tests.editing.pages import opened, save, saved, sent_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def other() -> Client:
    """The browser of someone else."""
    return sign_in(Client(), national("camille"))


@pytest.fixture
def place() -> Place:
    return make.PlaceFactory.create(name="Maison", opening_hours="Mo-Fr 09:00-12:00")


def told(answer: Any) -> Any:
    """The conflict that a page tells."""
    assert answer.status_code == 200
    return answer.context["conflict"]


def test_both_changed_one_field_and_one_chooses(
    moderator: Client, other: Client, place: Place
) -> None:
    mine = opened(moderator, place)
    saved(other, place, name="Maison bleue")
    answer = save(moderator, place, mine, name="Maison verte")
    conflict = told(answer)
    assert conflict.authors == ("camille",)
    [one] = conflict.asked
    assert (one.part, one.before, one.now, one.mine) == (
        "name", "Maison", "Maison bleue", "Maison verte",
    )  # fmt: skip
    assert 'value="Maison verte"' in answer.content.decode()
    assert Place.objects.get().name == "Maison bleue"
    again = sent_by(answer)
    assert save(moderator, place, again, **{one.name: "moi"}).status_code == 302
    assert Place.objects.get().name == "Maison verte"


def test_what_is_recorded_may_be_kept(moderator: Client, other: Client, place: Place) -> None:
    mine = opened(moderator, place)
    saved(other, place, week_sa="9h-12h")
    answer = save(moderator, place, mine, week_su="10h-11h", notes="Au fond")
    [one] = told(answer).asked
    assert one.part == "opening_hours"
    save(moderator, place, sent_by(answer), **{one.name: "fiche"})
    kept = Place.objects.get()
    assert (kept.opening_hours, kept.notes) == ("Mo-Sa 09:00-12:00", "Au fond")


def test_what_others_alone_changed_is_taken_and_told(
    moderator: Client, other: Client, place: Place
) -> None:
    mine = opened(moderator, place)
    saved(other, place, phone="3646", emails="accueil@lieu.example", week_mo="8h-9h")
    answer = save(moderator, place, mine, name="Maison verte")
    conflict = told(answer)
    assert conflict.asked == []
    assert {one.part for one in conflict.taken} == {"phone", "emails", "opening_hours"}
    assert save(moderator, place, sent_by(answer)).status_code == 302
    kept = Place.objects.get()
    assert (kept.name, kept.phone, kept.emails, kept.opening_hours) == (
        "Maison verte", "3646", ["accueil@lieu.example"],
        "Mo 08:00-09:00; Tu-Fr 09:00-12:00",
    )  # fmt: skip


def test_change_made_by_no_page_is_seen_too(moderator: Client, place: Place) -> None:
    mine = opened(moderator, place)
    Place.objects.update(phone="3646")
    conflict = told(save(moderator, place, mine, name="Maison verte"))
    assert conflict.authors == ()
    assert [one.part for one in conflict.taken] == ["phone"]


def test_third_save_in_between_is_seen_again(
    moderator: Client, other: Client, place: Place
) -> None:
    mine = opened(moderator, place)
    saved(other, place, name="Maison bleue")
    answer = save(moderator, place, mine, name="Maison verte")
    saved(other, place, name="Maison rouge")
    again = save(moderator, place, sent_by(answer), **{"garder-name": "moi"})
    [one] = told(again).asked
    assert (one.before, one.now, one.mine) == ("Maison bleue", "Maison rouge", "Maison verte")


def test_line_changed_by_both_is_asked(moderator: Client, other: Client, place: Place) -> None:
    closure = make.ClosureFactory.create(place=place, reason="Congés")
    mine = opened(moderator, place)
    saved(other, place, **{"closures-0-reason": "Travaux"})
    answer = save(moderator, place, mine, **{"closures-0-reason": "Grève"})
    [one] = told(answer).asked
    assert "Travaux" in one.now
    assert "Grève" in (one.mine or "")
    save(moderator, place, sent_by(answer), **{one.name: "fiche"})
    closure.refresh_from_db()
    assert closure.reason == "Travaux"


def test_line_changed_by_another_is_taken(moderator: Client, other: Client, place: Place) -> None:
    stop = make.StopFactory.create(place=place)
    mine = opened(moderator, place)
    saved(other, place, **{"stops-0-label": "Mairie"})
    answer = save(moderator, place, mine, name="Maison verte")
    assert [one.part for one in told(answer).taken] == [f"stops-{stop.pk}"]
    save(moderator, place, sent_by(answer))
    assert (Place.objects.get().name, Stop.objects.get().label) == ("Maison verte", "Mairie")


def test_needs_changed_by_another_are_taken(moderator: Client, other: Client, place: Place) -> None:
    service = make.ServiceFactory.create(place=place, needs=["ameli"])
    new = make.NeedFactory.create(code="dossier")
    mine = opened(moderator, place)
    both = [*mine["services-0-covered"], f"declared:{new.pk}"]
    saved(other, place, **{"services-0-covered": both})
    answer = save(moderator, place, mine, name="Maison verte")
    assert [one.part for one in told(answer).taken] == [f"services-{service.pk}"]
    save(moderator, place, sent_by(answer))
    assert set(service.needs.values_list("code", flat=True)) == {"ameli", "dossier"}


def test_line_deleted_by_another_goes_unless_it_was_changed(
    moderator: Client, other: Client, place: Place
) -> None:
    left, touched = (make.ClosureFactory.create(place=place, reason=r) for r in ("Congés", "Pont"))
    mine = opened(moderator, place)
    Closure.objects.all().delete()
    answer = save(moderator, place, mine, **{"closures-1-reason": "Pont de mai"})
    parts = {one.part for one in told(answer).taken}
    assert parts == {f"closures-{left.pk}", f"closures-{touched.pk}"}
    assert save(moderator, place, sent_by(answer)).status_code == 302
    assert [one.reason for one in Closure.objects.all()] == ["Pont de mai"]


def test_line_added_by_another_stays(moderator: Client, other: Client, place: Place) -> None:
    mine = opened(moderator, place)
    make.ClosureFactory.create(place=place, reason="Travaux")
    answer = save(moderator, place, mine, name="Maison verte")
    assert len(told(answer).taken) == 1
    assert save(moderator, place, sent_by(answer)).status_code == 302
    assert Closure.objects.get().reason == "Travaux"


@pytest.mark.parametrize("version", ["", "faux", "a:b:c"])
def test_page_without_a_version_is_shown_again(
    moderator: Client, place: Place, version: str
) -> None:
    mine = opened(moderator, place)
    answer = save(moderator, place, mine, version=version, name="Maison verte")
    assert told(answer).is_unknown
    assert Place.objects.get().name == "Maison"
    assert save(moderator, place, sent_by(answer)).status_code == 302
    assert Place.objects.get().name == "Maison verte"


def test_own_other_window_is_named(moderator: Client, user: User, place: Place) -> None:
    mine = opened(moderator, place)
    saved(moderator, place, name="Maison bleue")
    conflict = told(save(moderator, place, mine, name="Maison verte"))
    assert conflict.authors == ("vous, dans une autre fenêtre",)


def test_conflict_page_escapes_what_others_wrote(
    moderator: Client, other: Client, place: Place
) -> None:
    mine = opened(moderator, place)
    saved(other, place, name="<script>alert(1)</script>")
    page = save(moderator, place, mine, name="<b>Moi</b>").content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>Moi" not in page


def test_preview_warns_of_a_conflict_rather_than_hide_it(
    moderator: Client, other: Client, place: Place
) -> None:
    mine = opened(moderator, place)
    saved(other, place, name="Maison bleue")
    assert told(save(moderator, place, mine, _preview="1", name="Maison verte")).asked
