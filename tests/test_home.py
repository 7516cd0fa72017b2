"""The home page: one form, usable without choosing anything but a place."""

import re
from datetime import date

import pytest
from django.test import Client

from directory.search import gazetteer
from directory.vocabularies.names import State
from tests import factories as make
from tests.browser.places import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_names() -> None:
    gazetteer.clear()


def form(client: Client) -> str:
    """The HTML of the page's search form."""
    found = re.search(r"<form\b.*?</form>", client.get("/").content.decode(), re.DOTALL)
    assert found
    return found[0]


def checked(html: str) -> list[str]:
    """Values of the answers chosen beforehand."""
    return [
        value
        for tag in re.findall(r"<input[^>]*type=\"radio\"[^>]*>", html)
        if " checked" in tag
        for value in re.findall(r'value="([^"]*)"', tag)
    ]


def test_home_asks_where_and_sends_to_results(client: Client) -> None:
    html = form(client)
    assert 'action="/recherche/"' in html
    assert 'method="get"' in html
    assert 'name="ou"' in html


def test_home_asks_no_need_unless_the_visitor_chooses_one(client: Client) -> None:
    make.NeedFactory.create(code="ameli", is_on_home=True)
    html = form(client)
    assert checked(html) == [""]
    assert "required" not in html


def test_form_sent_without_a_need_gives_places_without_a_problem(client: Client) -> None:
    place = make.PlaceFactory.create()
    answer = client.get("/recherche/", {"besoin": "", "q": "", "ou": place.commune.name})
    assert answer.status_code == 200
    assert place.name in text(answer)
    assert "Il y a un problème" not in text(answer)


def test_home_shows_a_tile_for_each_need_of_the_home_page(client: Client) -> None:
    make.NeedFactory.create(code="ameli", short_label="Mon compte Ameli", is_on_home=True)
    make.NeedFactory.create(code="css", short_label="Ma mutuelle", is_on_home=False)
    html = form(client)
    assert 'value="ameli"' in html
    assert "Mon compte Ameli" in html
    assert 'value="css"' not in html


def test_tiles_follow_the_order_of_needs(client: Client) -> None:
    for position, code in ((3, "troisieme"), (1, "premier"), (2, "deuxieme")):
        make.NeedFactory.create(code=code, position=position, is_on_home=True)
    values = re.findall(r'type="radio"[^>]*value="([a-z]+)"', form(client))
    assert values == ["premier", "deuxieme", "troisieme"]


def test_home_says_how_many_published_places_it_knows(client: Client) -> None:
    make.PlaceFactory.create_batch(3)
    make.PlaceFactory.create(state=State.DRAFT)
    assert "3 lieux" in text(client.get("/"))


def test_home_says_the_date_of_its_data(client: Client) -> None:
    make.PlaceFactory.create(source_updated_on=date(2026, 9, 15))
    make.PlaceFactory.create(source_updated_on=date(2026, 9, 20))
    assert "20 septembre 2026" in text(client.get("/"))


def test_home_of_an_empty_directory_counts_nothing(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert not re.search(r"\d+ lieu", text(answer))


def test_home_groups_thousands_as_the_french_do(client: Client) -> None:
    place = make.PlaceFactory.create()
    model = type(place)
    model.objects.bulk_create(
        model(slug=f"x-{n}", name="X", commune=place.commune, state=State.PUBLISHED)
        for n in range(1200)
    )
    assert re.search("1[\u00a0\u202f]201 lieux", text(client.get("/")))


def test_home_poses_no_cookie(client: Client) -> None:
    assert not client.get("/").cookies
