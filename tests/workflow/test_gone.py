"""What the public sees of records that are not published: nothing, or that they are no more."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import Place
from directory.vocabularies.names import State
from tests import factories

pytestmark = pytest.mark.django_db
make: Any = factories


def address(place: Any) -> str:
    """A place's public page."""
    return reverse("directory:place-detail", args=[place.slug])


def test_archived_place_answers_410_and_says_where_else_to_look(client: Client) -> None:
    town = make.CommuneFactory(name="Guéret")
    place = make.PlaceFactory(
        name="Ancienne maison", commune=town, state=State.ARCHIVED, state_reason="raison interne"
    )
    answer = client.get(address(place))
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "Ancienne maison, à Guéret" in page
    assert f"?ou={town.pk}" in page
    assert "raison interne" not in page


def test_archived_actor_answers_410(client: Client) -> None:
    actor = make.ActorFactory(name="Hub fermé", state=State.ARCHIVED)
    answer = client.get(reverse("directory:actor-detail", args=[actor.slug]))
    assert (answer.status_code, "Hub fermé" in answer.content.decode()) == (410, True)


@pytest.mark.parametrize("state", [State.DRAFT, State.TO_REVIEW])
def test_record_never_shown_is_not_found(client: Client, state: State) -> None:
    place, actor = make.PlaceFactory(state=state), make.ActorFactory(state=state)
    assert client.get(address(place)).status_code == 404
    url = reverse("directory:actor-detail", args=[actor.slug])
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("state", sorted(set(State) - {State.PUBLISHED}))
def test_only_published_places_are_searched(client: Client, state: State) -> None:
    make.PlaceFactory(name="Lieu montré")
    make.PlaceFactory(name="Lieu caché", state=state)
    assert [place.name for place in Place.objects.published()] == ["Lieu montré"]
    page = client.get(reverse("directory:results"), {"q": "lieu"}).content.decode()
    assert ("Lieu montré" in page, "Lieu caché" in page) == (True, False)
