"""What maps ask: GeoJSON of a search or of an actor in a box, and what it says of a bad address."""

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.models import Place
from directory.search import gazetteer
from tests.factories import (
    ActorFactory,
    CommuneFactory,
    DepartmentFactory,
    NeedFactory,
    PlaceFactory,
    ServiceFactory,
)
from tests.serving import as_served

pytestmark = pytest.mark.django_db

VIEW = "bbox=0.5,45,3.5,47&zoom=9"
URL = f"/carte.geojson?{VIEW}"


@pytest.fixture(autouse=True)
def creuse() -> Iterator[None]:
    """Guéret, in its department."""
    gazetteer.clear()
    department = DepartmentFactory.create(code="23", name="Creuse")
    CommuneFactory.create(
        code="23096", name="Guéret", department=department, latitude=46.17, longitude=1.87
    )
    yield
    gazetteer.clear()


def place_at(latitude: float, longitude: float, **fields: Any) -> Place:
    place: Place = PlaceFactory.create(
        latitude=latitude, longitude=longitude, commune_id="23096", **fields
    )
    return place


def ask(url: str = URL) -> dict[str, Any]:
    answer = Client().get(url)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/geo+json"
    told: dict[str, Any] = answer.json()
    return told


def ids(told: dict[str, Any]) -> set[int]:
    return {feature["id"] for feature in told["features"] if "id" in feature}


def test_place_is_a_named_point_with_its_address_on_the_site() -> None:
    place = place_at(46.2, 1.9, name="Le relais", slug="le-relais", opening_hours="24/7")
    (feature,) = ask()["features"]
    assert feature == {
        "type": "Feature",
        "id": place.pk,
        "geometry": {"type": "Point", "coordinates": [1.9, 46.2]},
        "properties": {"name": "Le relais", "url": "/lieux/le-relais/", "state": "open"},
    }


def test_what_a_place_is_not_is_left_out_and_what_it_is_is_told() -> None:
    general = NeedFactory.create(code="demarche-sante")
    task = NeedFactory.create(code="ameli", parent=general)
    moving = place_at(46.2, 1.9, itinerancy="itinerant", opening_hours="")
    ServiceFactory.create(place=moving, needs=[task])
    (feature,) = ask(f"{URL}&ou=Guéret")["features"]
    told = feature["properties"]
    assert {name: told[name] for name in ("state", "moves", "health", "km")} == {
        "state": "unknown",
        "moves": True,
        "health": True,
        "km": 4.06,
    }
    assert "silent" not in told


def test_cluster_tells_its_count_and_the_box_to_zoom_to() -> None:
    for longitude in (1.9, 1.905, 1.91):
        place_at(46.2, longitude)
    (feature,) = ask()["features"]
    told = feature["properties"]
    west, south, east, north = told["bounds"]
    assert told["count"] == 3
    assert west <= 1.9
    assert east >= 1.91 - 1e-5
    assert south - 1e-5 <= 46.2 <= north + 1e-5
    assert feature["geometry"]["coordinates"] == pytest.approx([1.905, 46.2], abs=0.001)


@pytest.mark.parametrize(
    "query", ["", "ou=Guéret", "ou=Guéret&rayon=5", "q=relais", "acces=telephone", "ou=Creuse"]
)
def test_map_counts_what_the_results_page_counts(query: str) -> None:
    for number in range(6):
        name = "Le relais" if number % 2 else "La halte"
        place_at(
            46.17 + number * 0.05, 1.87, name=name, phone="" if number == 1 else "+33199001234"
        )
    told = ask(f"{URL}&{query}")
    page = Client().get(f"/recherche/?{query}&bbox=0.5,45,3.5,47").content.decode()
    count = told["total"]
    assert f"{count} lieu" in page.replace("\u00a0", " ")
    assert sum(f["properties"].get("count", 1) for f in told["features"]) == count


def test_place_that_does_not_say_all_that_is_asked_is_marked() -> None:
    silent = place_at(46.2, 1.9)
    NeedFactory.create(code="ameli")
    told = ask(f"{URL}&besoin=ameli")
    assert (told["total"], told["silent_total"], ids(told)) == (0, 1, {silent.pk})
    assert told["features"][0]["properties"]["silent"] is True


def test_radius_of_the_search_still_limits_what_a_wider_view_shows() -> None:
    near = place_at(46.2, 1.9)
    place_at(46.8, 1.9)
    assert ids(ask(f"{URL}&ou=Guéret&rayon=20")) == {near.pk}


def test_place_typed_that_nobody_knows_shows_nothing_and_says_so() -> None:
    place_at(46.2, 1.9)
    told = ask(f"{URL}&ou=Villequinexistepas")
    assert told["features"] == []
    assert [problem["parameter"] for problem in told["problems"]] == ["ou"]


def test_value_that_is_not_offered_is_told_and_the_rest_applied() -> None:
    place = place_at(46.2, 1.9)
    told = ask(f"{URL}&reseau=inconnu")
    assert ids(told) == {place.pk}
    assert [problem["parameter"] for problem in told["problems"]] == ["reseau"]


# --- Bad addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        ("zoom=9", "bbox", "Il manque"),
        ("bbox=&zoom=9", "bbox", "Il manque"),
        ("bbox=3.5,45,0.5,47&zoom=9", "bbox", "à l’envers"),
        ("bbox=0.5,47,3.5,45&zoom=9", "bbox", "à l’envers"),
        ("bbox=-200,45,3.5,47&zoom=9", "bbox", "sort du monde"),
        ("bbox=0.5,45,3.5,95&zoom=9", "bbox", "sort du monde"),
        (f"bbox={','.join(['1'] * 40)}&zoom=9", "bbox", "quatre nombres"),
        ("bbox=a,b,c,d&zoom=9", "bbox", "quatre nombres"),
        ("bbox=nan,45,3.5,47&zoom=9", "bbox", "quatre nombres"),
        ("bbox=0.5,45,3.5,47", "zoom", "nombre entier de 0 à 22"),
        ("bbox=0.5,45,3.5,47&zoom=23", "zoom", "nombre entier de 0 à 22"),
        ("bbox=0.5,45,3.5,47&zoom=-1", "zoom", "nombre entier de 0 à 22"),
        ("bbox=0.5,45,3.5,47&zoom=9.5", "zoom", "nombre entier de 0 à 22"),
        ("bbox=0.5,45,3.5,47&zoom=²", "zoom", "nombre entier de 0 à 22"),
    ],
)
@pytest.mark.parametrize("path", ["/carte.geojson", "/acteurs/hub/carte.geojson"])
def test_unreadable_view_is_a_clear_400(path: str, query: str, parameter: str, words: str) -> None:
    ActorFactory.create(slug="hub")
    answer = Client().get(f"{path}?{query}")
    told = answer.json()
    assert answer.status_code == told["status"] == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["parameter"] for error in told["errors"]] == [parameter]
    assert words in told["errors"][0]["reason"]
    assert "Cache-Control" not in answer


def test_every_problem_is_told_at_once() -> None:
    told = Client().get("/carte.geojson?bbox=1,2&zoom=x").json()
    assert [error["parameter"] for error in told["errors"]] == ["bbox", "zoom"]
    assert "bbox" in told["detail"]
    assert "zoom" in told["detail"]


def test_map_is_only_read() -> None:
    assert Client().post(URL).status_code == 405
    assert Client().head(URL).status_code == 200


# --- How it is sent -------------------------------------------------------------------------------


def test_map_is_kept_a_minute_by_its_own_browser_then_asked_again() -> None:
    place_at(46.2, 1.9)
    with as_served():
        client = Client()
        answer = client.get(URL)
        assert answer["Cache-Control"] == "private, max-age=60"
        again = client.get(URL, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again["Cache-Control"]) == (304, "private, max-age=60")
        assert client.get(URL.replace("zoom=9", "zoom=8"))["ETag"] != answer["ETag"]


def test_map_tells_where_its_time_went() -> None:
    timing = Client().get(URL)["Server-Timing"]
    assert [part.split(";")[0] for part in timing.split(", ")] == [
        "read",
        "index",
        "names",
        "write",
    ]


def test_map_sets_no_cookie() -> None:
    assert not Client().get(URL).cookies


def test_served_map_asks_the_database_nothing() -> None:
    place_at(46.2, 1.9)
    with as_served(), CaptureQueriesContext(connection) as captured:
        assert ids(ask(f"{URL}&ou=Guéret"))
    assert len(captured) == 0


def test_two_hundred_places_weigh_little() -> None:
    for number in range(200):
        place_at(45.05 + number % 14 * 0.138, 0.55 + number // 14 * 0.2)
    told = Client().get(URL, headers={"accept-encoding": "identity"}).content
    assert told.count(b'"url"') > 150
    assert len(gzip.compress(told)) < 10_000


# --- Actors ---------------------------------------------------------------------------------------


def test_actor_map_shows_the_places_it_runs_or_networks_and_no_other() -> None:
    actor = ActorFactory.create(slug="hub")
    run, linked = place_at(46.2, 1.5, operator=actor), place_at(46.2, 2.5)
    linked.networks.add(actor)
    place_at(46.2, 3.0)
    assert ids(ask(f"/acteurs/hub/carte.geojson?{VIEW}")) == {run.pk, linked.pk}


def test_actor_map_follows_edits() -> None:
    actor = ActorFactory.create(slug="hub")
    first = place_at(46.2, 1.5, operator=actor)
    assert ids(ask(f"/acteurs/hub/carte.geojson?{VIEW}")) == {first.pk}
    first.longitude = 1.6
    first.save()
    second = place_at(46.2, 2.5, operator=actor)
    told = ask(f"/acteurs/hub/carte.geojson?{VIEW}")
    assert ids(told) == {first.pk, second.pk}
    assert [f["geometry"]["coordinates"][0] for f in told["features"]] == [1.6, 2.5]


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_actor_that_is_not_published_has_no_map(state: str) -> None:
    ActorFactory.create(slug="hub", state=state)
    assert Client().get(f"/acteurs/hub/carte.geojson?{VIEW}").status_code == 404
