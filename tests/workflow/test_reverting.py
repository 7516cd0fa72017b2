"""The way back from each change: for who may write it, and never over somebody's later work."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import FieldProvenance, Place, RoleKind
from directory.models.history_rows import history_of
from directory.moderation import timeline
from directory.vocabularies.names import State
from tests import factories
from tests.accounts import make_user, sign_in
from tests.workflow.people import World, change, page, revert, world

pytestmark = pytest.mark.django_db
make: Any = factories


@pytest.fixture
def here(client: Client) -> World:
    """A moderator of Normandy."""
    return world(client)


# --- Reverting ------------------------------------------------------------------------------------


def test_change_is_taken_back_and_the_field_locked(here: World) -> None:
    place = here.places(1, phone="3646")[0]
    row = change(place, phone="15")
    text = revert(here, place, row)
    place.refresh_from_db()
    assert place.phone == "3646"
    assert "C’est annulé" in text
    assert "Annulation du changement du" in text
    assert FieldProvenance.objects.get(place=place, field="phone").is_locked


def test_revert_is_itself_taken_back(here: World) -> None:
    place = here.places(1, phone="3646")[0]
    revert(here, place, change(place, phone="15"))
    revert(here, place, history_of(Place).objects.latest("history_id"))
    place.refresh_from_db()
    assert place.phone == "15"


def test_later_change_of_the_same_field_refuses_and_is_named(here: World) -> None:
    place = here.places(1, phone="3646")[0]
    row = change(place, phone="15")
    change(place, phone="18")
    assert "Un changement plus récent" in revert(here, place, row)
    place.refresh_from_db()
    assert place.phone == "18"


def test_later_change_of_another_field_does_not_matter(here: World) -> None:
    place = here.places(1, phone="3646")[0]
    row = change(place, phone="15")
    change(place, name="Autre")
    revert(here, place, row)
    place.refresh_from_db()
    assert (place.phone, place.name) == ("3646", "Autre")


def test_value_changed_without_trace_refuses(here: World) -> None:
    place = here.places(1, phone="3646")[0]
    row = change(place, phone="15")
    Place.objects.filter(pk=place.pk).update(phone="18")
    history_of(Place).objects.filter(history_id__gt=row.history_id).delete()
    assert "a changé depuis" in revert(here, place, row)


def test_terms_are_put_back(here: World) -> None:
    place, term = here.places(1)[0], make.TermFactory()
    place.terms.add(term)
    revert(here, place, history_of(Place).objects.latest("history_id"))
    assert not place.terms.exists()


def test_deleted_closure_comes_back_and_added_one_goes(here: World) -> None:
    place = here.places(1)[0]
    closure = make.ClosureFactory(place=place, reason="Congés")
    key = closure.pk
    closure.delete()
    rows = history_of(type(closure)).objects.order_by("-history_id")
    revert(here, place, rows[0])
    assert place.closures.get().pk == key
    revert(here, place, rows[0])
    assert not place.closures.exists()


def test_publication_is_not_put_back_on_an_incomplete_place(here: World) -> None:
    place = here.places(1, state=State.PUBLISHED)[0]
    row = change(place, state=State.TO_REVIEW)
    change(place, phone="")
    assert "il manque" in revert(here, place, row)


def test_value_that_can_no_longer_be_is_refused_plainly(here: World) -> None:
    actor = make.ActorFactory()
    place = here.places(1, operator=actor)[0]
    row = change(place, operator=None)
    actor.delete()
    assert "n’est plus acceptable" in revert(here, place, row)


def test_change_of_elsewhere_is_not_taken_back(here: World) -> None:
    mine = here.places(1)[0]
    other = make.PlaceFactory(commune=here.abroad, phone="3646")
    row = change(other, phone="15")
    for owner in (other, mine):
        revert(here, owner, row)
    other.refresh_from_db()
    assert other.phone == "15"


@pytest.mark.parametrize("kind", [RoleKind.OBSERVER, RoleKind.ACTOR])
def test_reader_has_no_button_and_an_organisation_none_on_reserved_fields(kind: str) -> None:
    here = world(Client())
    actor = make.ActorFactory()
    place = here.places(1, operator=actor, phone="3646")[0]
    scope = {"actor": actor} if kind == RoleKind.ACTOR else {"region": here.home.department.region}
    here.client = sign_in(Client(), make_user("autre", {"kind": kind} | scope))
    change(place, state=State.PUBLISHED)
    assert "Annuler ce changement" not in page(here, place)
    row = change(place, phone="15")
    assert ("Annuler ce changement" in page(here, place)) == (kind == RoleKind.ACTOR)
    revert(here, place, row)
    place.refresh_from_db()
    assert (place.phone == "3646") == (kind == RoleKind.ACTOR)


def test_revert_is_by_post_alone(here: World) -> None:
    place = here.places(1)[0]
    row = change(place, phone="15")
    url = reverse("admin:directory_place_revert", args=[place.pk, "place", row.history_id])
    assert here.client.get(url).status_code == 405


@pytest.mark.parametrize("kind", ["role", "actor", "nothing"])
def test_forged_kind_is_not_found(here: World, kind: str) -> None:
    place = here.places(1)[0]
    url = reverse("admin:directory_place_revert", args=[place.pk, kind, 1])
    assert here.client.post(url).status_code == 404


def test_page_is_read_by_who_is_given(here: World) -> None:
    place = here.places(1)[0]
    change(place, phone="15")
    assert timeline.read(here.user, place).entries[0].who == "le site"
