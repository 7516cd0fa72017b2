"""Bulk actions: asked first, within one's territory, in one transaction, taken back at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from directory.models import FieldProvenance, Place, Revision
from directory.models.history_rows import history_of
from directory.moderation import bulk, undoing
from directory.moderation.workflow import RefusedError
from directory.vocabularies.names import BulkAction, State
from tests import factories
from tests.workflow.people import World, confirm, send, world

pytestmark = pytest.mark.django_db
make: Any = factories


@pytest.fixture
def here(client: Client) -> World:
    """A moderator of Normandy."""
    return world(client)


def states() -> set[str]:
    """States of all places."""
    return set(Place.objects.values_list("state", flat=True))


def undo(here: World) -> Any:
    """Take back the last action, as its page does."""
    key = Revision.objects.exclude(action="").latest("pk").pk
    return here.client.post(reverse("admin:directory_bulk_undo", args=[key]), follow=True)


def test_page_says_how_many_and_which_and_changes_nothing(here: World) -> None:
    places = here.places(22)
    page = send(here, "publish", places).content.decode()
    assert "22 fiches vont changer" in page
    assert places[0].name in page
    assert "et 2 autres" in page
    assert states() == {State.DRAFT}


@pytest.mark.parametrize(
    ("action", "given", "expected"),
    [
        ("publish", {}, {"state": "published"}),
        ("review", {}, {"state": "to_review"}),
        ("archive", {"reason": "Fermé"}, {"state": "archived", "state_reason": "Fermé"}),
        ("verify", {"method": "visit"}, {"verification_method": "visit"}),
    ],
)
def test_each_action_writes_and_is_taken_back(
    here: World, action: str, given: dict[str, Any], expected: dict[str, Any]
) -> None:
    places = here.places(3)
    before = list(Place.objects.order_by("pk").values(*expected, "verified_on"))
    answer = confirm(here, action, places, **given)
    done = Revision.objects.get(action=action)
    assert answer["Location"] == reverse("admin:directory_bulk_done", args=[done.pk])
    assert list(Place.objects.order_by().values(*expected).distinct()) == [expected]
    assert "Annuler cette action" in here.client.get(answer["Location"]).content.decode()
    assert "3 fiches" in undo(here).content.decode()
    assert list(Place.objects.order_by("pk").values(*expected, "verified_on")) == before


def test_verified_today(here: World) -> None:
    confirm(here, "verify", here.places(1), method="phone")
    assert Place.objects.get().verified_on == timezone.localdate()


def test_archiving_asks_for_a_reason_and_keeps_the_choice(here: World) -> None:
    places = here.places(2)
    page = confirm(here, "archive", places, reason=" ").content.decode()
    assert "Dites pourquoi." in page
    assert f'value="{places[0].pk}"' in page
    assert states() == {State.DRAFT}


def test_incomplete_places_stay_and_the_page_says_what_is_missing(here: World) -> None:
    whole, empty = here.places(1)[0], here.places(1, name="Sans rien", phone="")[0]
    page = send(here, "publish", [whole, empty]).content.decode()
    assert "Sans rien" in page
    assert "il manque un moyen de joindre le lieu" in page
    confirm(here, "publish", [whole, empty])
    assert Place.objects.get(state=State.PUBLISHED) == whole


def test_records_of_elsewhere_are_refused_and_counted(here: World) -> None:
    mine = here.places(1)[0]
    other = make.PlaceFactory(commune=here.abroad, state=State.DRAFT, name="Secret")
    page = send(here, "publish", [mine, other]).content.decode()
    assert "1 fiche choisie n’est pas de votre ressort" in page
    assert "Secret" not in page
    confirm(here, "publish", [mine, other], count=1)
    other.refresh_from_db()
    assert other.state == State.DRAFT


def test_list_that_changed_meanwhile_is_asked_again(here: World) -> None:
    places = here.places(2)
    page = confirm(here, "publish", places, count=3).content.decode()
    assert "La liste a changé entre-temps" in page
    assert states() == {State.DRAFT}


def test_whole_filtered_list_is_chosen_without_its_keys(here: World) -> None:
    here.places(60)
    url = reverse("admin:directory_place_changelist") + "?state__exact=draft"
    first = Place.objects.order_by("name")[0].pk
    sent = {"action": "bulk_publish", "_selected_action": [first], "select_across": "1"}
    page = here.client.post(url, {**sent, "index": 0}).content.decode()
    assert "60 fiches vont changer" in page
    assert page.count('name="_selected_action"') == 1
    here.client.post(url, {**sent, "confirm": "1", "count": "60"})
    assert states() == {State.PUBLISHED}


def test_action_is_bounded(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MAX_ROWS", 2)
    answer = send(here, "publish", here.places(3))
    page = here.client.get(answer["Location"]).content.decode()
    assert "2 fiches au plus" in page


def test_term_is_added_locked_and_removed(here: World) -> None:
    term, other = make.TermFactory(), make.TermFactory(code="AUTRE")
    places = here.places(2)
    places[0].terms.set([term])
    places[1].terms.set([other])
    confirm(here, "tag", places, term=term.pk)
    assert set(places[1].terms.all()) == {term, other}
    locks = FieldProvenance.objects.filter(field="terms", is_locked=True)
    assert [lock.place for lock in locks] == [places[1]]
    undo(here)
    assert set(places[1].terms.all()) == {other}
    assert set(places[0].terms.all()) == {term}
    assert not locks.all().exists()
    confirm(here, "untag", places, term=term.pk)
    assert not places[0].terms.exists()


def test_assigning_to_a_person_a_team_or_nobody(here: World) -> None:
    place = here.places(1)[0]
    for assignee, column in ((f"u:{here.user.pk}", "assigned_to"), ("d:14", "assigned_department")):
        confirm(here, "assign", [place], assignee=assignee)
        place.refresh_from_db()
        assert getattr(place, column) is not None
    url = reverse("admin:directory_place_changelist")
    assert place.name not in here.client.get(url, {"confiee": "moi"}).content.decode()
    confirm(here, "assign", [place], assignee="r:28")
    assert place.name in here.client.get(url, {"confiee": "moi"}).content.decode()
    confirm(here, "assign", [place], assignee="")
    assert place.name in here.client.get(url, {"confiee": "non"}).content.decode()


def test_record_is_not_confided_to_who_may_not_change_it(client: Client) -> None:
    here = world(client, everywhere=True)
    place = here.places(1)[0]
    page = send(here, "assign", [place], confirm="1", count="1", assignee="r:53").content.decode()
    assert place.name not in page or "hors du territoire" in page
    place.refresh_from_db()
    assert place.assigned_region is None


def test_nobody_is_offered_teams_of_elsewhere(here: World) -> None:
    page = send(here, "assign", here.places(1)).content.decode()
    assert ("Région 28" in page, "Région 53" in page) == (True, False)


def test_each_row_of_history_says_the_action_and_its_reason(here: World) -> None:
    place = here.places(1)[0]
    confirm(here, "archive", [place], reason="Fermé")
    page = here.client.get(reverse("admin:directory_place_history", args=[place.pk]))
    text = page.content.decode()
    assert "Action groupée : Archiver" in text.replace("\u00a0", " ")
    assert "normande" in text
    row = history_of(Place).objects.latest("history_id")
    assert (row.history_change_reason, row.history_user) == ("Fermé", here.user)


def test_undo_leaves_what_changed_since(here: World) -> None:
    places = here.places(2)
    confirm(here, "publish", places)
    place = Place.objects.get(pk=places[0].pk)
    place.state = State.TO_REVIEW
    place.save()
    page = undo(here).content.decode()
    assert "1 a gardé" in page
    place.refresh_from_db()
    assert place.state == State.TO_REVIEW
    places[1].refresh_from_db()
    assert places[1].state == State.DRAFT


def test_action_is_undone_once(here: World) -> None:
    confirm(here, "publish", here.places(1))
    undo(here)
    assert "déjà annulée" in undo(here).content.decode()


def test_old_action_is_not_undone(here: World) -> None:
    confirm(here, "publish", here.places(1))
    old = timezone.now() - timedelta(days=settings.UNDO_DAYS + 1)
    Revision.objects.exclude(action="").update(at=old)
    assert "ne s’annule plus" in undo(here).content.decode()
    assert states() == {State.PUBLISHED}


def test_action_of_another_person_is_neither_seen_nor_undone(here: World) -> None:
    confirm(here, "publish", here.places(1))
    revision = Revision.objects.get(action="publish")
    Revision.objects.filter(pk=revision.pk).update(user=None)
    assert (
        "Publier" not in here.client.get(reverse("admin:directory_recent_actions")).content.decode()
    )
    for name in ("done", "undo"):
        url = reverse(f"admin:directory_bulk_{name}", args=[revision.pk])
        assert (
            here.client.post(url) if name == "undo" else here.client.get(url)
        ).status_code == 404
    with pytest.raises(RefusedError):
        undoing.undo(here.user, revision.pk)


def test_recent_actions_list_a_button_each(here: World) -> None:
    confirm(here, "publish", here.places(1))
    page = here.client.get(reverse("admin:directory_recent_actions")).content.decode()
    assert "Publier" in page
    assert page.count('type="submit" class="button"') == 1


def test_actions_are_offered_to_who_may_do_them(here: World) -> None:
    assert bulk.offered(here.user, Place, BulkAction.ARCHIVE)
    assert not bulk.offered(here.user, make.ActorFactory._meta.model, BulkAction.VERIFY)


def test_list_and_confirmation_cost_the_same_queries_for_2_and_40_rows(
    here: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counts = []
    for number in (2, 38):
        here.places(number)
        with django_assert_max_num_queries(20) as done:
            send(here, "publish", list(Place.objects.all()))
        counts.append(len(done))
    assert counts[0] == counts[1]
