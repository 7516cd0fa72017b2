"""What looks wrong is told and never refused."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from directory.models import Place
from directory.moderation.place_warnings import warnings_of
from directory.vocabularies.names import State
from tests import factories as make
from tests.accounts import make_user, sign_in
from tests.editing.pages import opened, save, url_of
from tests.roles.two_regions import build

pytestmark = pytest.mark.django_db


def fields(place: Place) -> list[str]:
    """The fields that are doubted."""
    return [one.field for one in warnings_of(place, Place.objects.all())]


def test_complete_place_is_not_doubted() -> None:
    assert fields(make.PlaceFactory.create(opening_hours="Mo 09:00-12:00")) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"opening_hours": "quand il fait beau"}, "opening_hours"),
        ({"latitude": 43.3, "longitude": 5.4}, "latitude"),
        ({"phone": ""}, "phone"),
        ({"emails": ["prenom.exemple@lieu.example", "jeanne.dupont@lieu.example"]}, "emails"),
    ],
)
def test_doubt_is_told(changed: dict[str, object], field: str) -> None:
    assert set(fields(make.PlaceFactory.create(**changed))) == {field}


@pytest.mark.parametrize(
    ("twin", "field"),
    [
        ({"name": "MAISON DES AINES", "phone": ""}, "name"),
        ({"name": "Autre"}, "phone"),
    ],
)
def test_twin_of_the_commune_is_told(twin: dict[str, str], field: str) -> None:
    place = make.PlaceFactory.create(name="Maison des aînés")
    make.PlaceFactory.create(commune=place.commune, **twin)
    assert fields(place) == [field]


def test_twin_elsewhere_or_archived_is_not_told() -> None:
    place = make.PlaceFactory.create()
    make.PlaceFactory.create(name=place.name)
    make.PlaceFactory.create(name=place.name, commune=place.commune, state=State.ARCHIVED)
    assert fields(place) == []


def test_twin_that_one_may_not_see_is_not_named(client: Client) -> None:
    world = build()
    make.PlaceFactory.create(name=world.home.place.name, commune=world.home.commune)
    sign_in(client, make_user("a", *world.roles()["editor"]))
    page = client.get(url_of(world.home.place))
    assert [one.field for one in page.context["warnings"]] == []


def test_doubts_are_told_on_the_page_and_after_a_save(moderator: Client) -> None:
    place = make.PlaceFactory.create(phone="")
    assert "Le téléphone manque" in moderator.get(url_of(place)).content.decode()
    answer = save(moderator, place, opened(moderator, place))
    assert answer.status_code == 302
    told = [str(one) for one in get_messages(answer.wsgi_request)]
    assert any("le téléphone manque" in one for one in told)
