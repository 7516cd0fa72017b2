"""What pages tell their map, what they say of a box, and which hosts their policy lets in."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from directory.models import Place
from directory.search import gazetteer
from mediation.maps import leaflet_config
from tests.browser.places import text
from tests.factories import (
    ActorFactory,
    CommuneFactory,
    DepartmentFactory,
    NeedFactory,
    PlaceFactory,
)

pytestmark = pytest.mark.django_db

BOX = "1.5,46,2.3,46.4"
TILES = {"ign": "https://data.geopf.fr", "osm": "https://tile.openstreetmap.org"}


@pytest.fixture(autouse=True)
def place() -> Iterator[Place]:
    """A place in Guéret, run by an actor."""
    gazetteer.clear()
    commune = CommuneFactory.create(
        code="23096",
        name="Guéret",
        department=DepartmentFactory.create(code="23", name="Creuse"),
        latitude=46.17,
        longitude=1.87,
    )
    actor = ActorFactory.create(slug="hub")
    yield PlaceFactory.create(
        slug="le-relais", name="Le relais", commune=commune, longitude=1.95, operator=actor
    )
    gazetteer.clear()


def ask(query: str) -> Any:
    return Client().get(f"/recherche/?{query}")


def told(answer: Any) -> dict[str, str]:
    """The attributes of the page's map."""
    found = re.search(r'<section class="map"[^>]*>', answer.content.decode())
    assert found
    pairs = re.findall(r"data-([a-z-]+)=\"([^\"]*)\"", found[0])
    return {name: html.unescape(value) for name, value in pairs}


def query_of(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


# --- What the map is told -------------------------------------------------------------------------


def test_map_asks_for_the_search_of_its_page(place: Place) -> None:
    NeedFactory.create(code="ameli")
    map_told = told(ask(f"ou=Guéret&rayon=20&besoin=ameli&tri=nom&carnet={place.pk}"))
    assert urlsplit(map_told["features"]).path == "/carte.geojson"
    assert query_of(map_told["features"]) == {
        "ou": ["Guéret"],
        "rayon": ["20"],
        "besoin": ["ameli"],
    }
    assert query_of(map_told["places"]) == {
        "besoin": ["ameli"],
        "carnet": [str(place.pk)],
        "recherche": ["ou=Gu%C3%A9ret&rayon=20&besoin=ameli&tri=nom"],
    }


def test_map_of_a_widened_search_is_widened_too(place: Place) -> None:
    Place.objects.filter(pk=place.pk).update(latitude=46.5)
    answer = ask("ou=Guéret&rayon=5")
    assert "Nous avons cherché plus loin" in text(answer)
    assert query_of(told(answer)["features"])["rayon"] == ["50"]


@pytest.mark.parametrize(
    ("where", "kept"), [("ou=Guéret&rayon=20", {"ou": ["Guéret"]}), ("ou=Creuse", {})]
)
def test_search_in_the_area_leaves_what_would_limit_it(where: str, kept: dict[str, Any]) -> None:
    area = told(ask(f"{where}&acces=telephone&page=1"))["area"]
    assert query_of(area) == kept | {"acces": ["telephone"]}


def test_page_that_found_nothing_has_no_map_unless_an_area_was_searched() -> None:
    assert 'class="map"' not in ask("ou=Guéret&q=introuvable").content.decode()
    assert told(ask("bbox=5,48,6,49"))["box"] == "5,48,6,49"


def test_place_tells_its_own_position() -> None:
    feature = json.loads(told(Client().get("/lieux/le-relais/"))["feature"])
    assert feature["geometry"]["coordinates"] == [1.95, 46.17]
    assert feature["properties"]["name"] == "Le relais"


def test_place_without_a_position_has_no_map(place: Place) -> None:
    Place.objects.filter(pk=place.pk).update(latitude=None, longitude=None)
    assert 'class="map"' not in Client().get("/lieux/le-relais/").content.decode()


def test_actor_without_places_has_no_map() -> None:
    ActorFactory.create(slug="seul")
    assert 'class="map"' not in Client().get("/acteurs/seul/").content.decode()
    assert told(Client().get("/acteurs/hub/"))["features"] == "/acteurs/hub/carte.geojson"


# --- A box ----------------------------------------------------------------------------------------


def test_page_says_it_shows_an_area_and_how_to_leave_it() -> None:
    answer = ask(f"ou=Guéret&bbox={BOX}&acces=telephone")
    assert "1 lieu dans la zone de la carte" in text(answer)
    assert "Les distances partent de\u00a0: Guéret" in text(answer)
    page = answer.content.decode()
    leave = re.search(r'href="([^"]*)">Quitter la zone', page)
    assert leave
    assert query_of(html.unescape(leave[1])) == {"ou": ["Guéret"], "acces": ["telephone"]}
    assert f'name="bbox" value="{BOX}" form="recherche" checked' in page
    assert "Jusqu’à quelle distance" not in page.split('id="liste"')[1]


def test_area_without_a_place_typed_tells_distances_from_its_middle() -> None:
    answer = ask(f"bbox={BOX}")
    assert "Les distances partent de son milieu" in text(answer)
    assert "5,1\u00a0km" in text(answer)


def test_area_without_any_place_says_so() -> None:
    assert "Aucun lieu trouvé dans la zone de la carte" in text(ask("bbox=5,48,6,49"))


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ("2.3,46,1.5,46.4", "à l’envers"),
        ("1.5,46,2.3,99", "sort du monde"),
        (",".join(["1"] * 40), "quatre nombres"),
        ("abc", "quatre nombres"),
    ],
)
def test_unreadable_box_is_a_clear_400_that_keeps_the_search(box: str, words: str) -> None:
    answer = ask(f"ou=Guéret&bbox={box}")
    assert answer.status_code == 400
    assert words in text(answer)
    assert "1 lieu près de Guéret" in text(answer)
    assert 'name="bbox"' not in answer.content.decode()


# --- The policy -----------------------------------------------------------------------------------


def images(url: str) -> list[str]:
    policy = Client().get(url)["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    return directives["img-src"].split()


MAPPED = ["/recherche/?ou=Gu%C3%A9ret", "/lieux/le-relais/", "/acteurs/hub/"]


@pytest.mark.parametrize("provider", ["ign", "osm"])
@pytest.mark.parametrize("url", MAPPED)
def test_page_with_a_map_lets_in_the_images_of_its_background_only(
    settings: Settings, provider: str, url: str
) -> None:
    settings.LEAFLET_CONFIG = leaflet_config(provider)
    assert images(url) == ["'self'", "data:", TILES[provider]]


@pytest.mark.parametrize(
    "url", ["/", "/acteurs/", "/confidentialite/", "/lieux/le-relais/signaler/"]
)
def test_page_without_a_map_lets_in_nobody(settings: Settings, url: str) -> None:
    settings.LEAFLET_CONFIG = leaflet_config("ign")
    assert images(url) == ["'self'", "data:"]


@pytest.mark.parametrize("url", MAPPED)
def test_map_without_tiles_lets_in_nobody(url: str) -> None:
    assert images(url) == ["'self'", "data:"]


def test_privacy_page_tells_who_draws_the_map(settings: Settings) -> None:
    settings.LEAFLET_CONFIG = leaflet_config("ign")
    assert "Plan IGN" in text(Client().get("/confidentialite/"))
    settings.LEAFLET_CONFIG = leaflet_config("none")
    assert "Quand la carte s’affiche" not in text(Client().get("/confidentialite/"))


def test_unknown_background_stops_the_site() -> None:
    with pytest.raises(Exception, match="MAP_TILES"):
        leaflet_config("autre")
