"""Places of the API: the site's order, pages that hold, open data alone, declared shapes."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.api import cursors, parameters
from directory.models import Commune, FieldProvenance, Place
from directory.search import finder, gazetteer
from directory.search.filters import SearchFilter
from directory.search.live import live
from directory.search.parameters import Parameters
from directory.vocabularies.names import Licence, Vocabulary
from tests import factories as make
from tests.api import ask, refused, walked
from tests.serving import as_served

pytestmark = pytest.mark.django_db

NEAR = "ou=23096&rayon=50"
ORDERS = (
    "",
    "tri=nom",
    "tri=verification",
    NEAR,
    f"{NEAR}&tri=verification",
    f"{NEAR}&besoin=ameli",
)
COLD_MAX = 12
"""Queries of a list when nothing is kept."""


@pytest.fixture(autouse=True)
def creuse() -> Iterator[None]:
    """Guéret and its twelve places, a third of which help with Ameli."""
    gazetteer.clear()
    department = make.DepartmentFactory.create(code="23", name="Creuse")
    make.CommuneFactory.create(
        code="23096", name="Guéret", department=department, latitude=46.17, longitude=1.87
    )
    for number in range(12):
        made = place(latitude=46.17 + number % 5 / 100, name=f"Lieu {'abcdefghijkl'[number]}")
        if number % 3 == 0:
            make.ServiceFactory.create(place=made, needs=["ameli"])
    yield
    gazetteer.clear()


def place(**fields: Any) -> Place:
    fields = {"latitude": 46.17, "longitude": 1.87, **fields}
    made: Place = make.PlaceFactory.create(commune_id="23096", **fields)
    return made


def ids(records: list[dict[str, Any]]) -> list[int]:
    return [record["id"] for record in records]


def test_list_is_as_described_and_in_the_sites_order() -> None:
    told = ask("/places", f"{NEAR}&besoin=ameli&limit=100")
    page = finder.find(SearchFilter(QueryDict(f"{NEAR}&besoin=ameli")))
    assert ids(told["items"]) == [facts.id for facts in (*page.places, *page.silent_places)]
    assert (told["total"], told["silent_total"]) == (page.total, page.silent_total) == (4, 8)
    assert [record["match"]["to_check"] for record in told["items"]] == [False] * 4 + [True] * 8


def test_place_is_as_described_and_says_all_that_is_published() -> None:
    source = make.SourceFactory.create(attribution="La liste, 2026")
    kind = make.TermFactory.create(code="CCAS")
    made = place(
        source=source, terms=[kind], pivot="13003013300016", opening_hours="Mo 09:00-12:00"
    )
    made.networks.add(make.ActorFactory.create(name="Réseau"))
    service = make.ServiceFactory.create(place=made, needs=["mdph"], source=source)
    make.ServiceTermFactory.create(service=service)
    make.ClosureFactory.create(place=made, ends_on=timezone.localdate() + timedelta(days=9))
    make.StopFactory.create(place=made)
    told = ask("/places/{number}", number=made.pk)
    assert told["siret"] == "13003013300016"
    assert told["commune"] == {"code": "23096", "name": "Guéret"}
    assert told["terms"] == {"kind": ["CCAS"]}
    assert told["services"][0]["needs"] == [{"code": "mdph", "declared": True}]
    assert told["services"][0]["terms"] == {"cost": ["gratuit"]}
    assert told["source"]["licence"] == "LO-2.0"
    assert told["source"]["attribution"] == "La liste, 2026"
    assert told["address"] is None
    assert len(told["closures"]) == len(told["stops"]) == len(told["networks"]) == 1


def test_every_parameter_of_the_site_is_described_and_no_other() -> None:
    assert {told.name for told in parameters.SEARCH} == set(Parameters.base_filters)


# --- Pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ORDERS)
def test_pages_walk_every_place_once_in_the_order_of_the_whole(query: str) -> None:
    whole = ids(ask("/places", f"{query}&limit=100".lstrip("&"))["items"])
    assert len(whole) == 12
    assert ids(walked("/places", f"{query}&limit=5")) == whole


@pytest.mark.parametrize("query", ORDERS)
def test_place_that_comes_or_goes_between_two_pages_moves_no_other(query: str) -> None:
    before = ids(ask("/places", f"{query}&limit=100")["items"])
    first = ask("/places", f"{query}&limit=5")
    assert ids(first["items"]) == before[:5]
    Place.objects.filter(pk=before[2]).delete()
    Place.objects.filter(pk=before[4]).delete()
    added = place(name="Lieu a")
    live.refresh()
    after, url = [], first["next"]
    while url:
        told = Client().get(url).json()
        after += ids(told["items"])
        url = told["next"]
    assert [pk for pk in after if pk != added.pk] == before[5:]


def test_last_page_has_no_next_even_when_it_is_full() -> None:
    assert ask("/places", "limit=12")["next"] is None


def test_next_page_is_told_in_a_header_too() -> None:
    response = Client().get("/api/v1/places?limit=5")
    assert response["Link"] == f'<{response.json()["next"]}>; rel="next"'


def test_cursor_of_another_search_is_refused() -> None:
    url = ask("/places", "limit=5")["next"]
    cursor = url.partition("cursor=")[2]
    assert "autre recherche" in refused("/places", f"q=lieu&cursor={cursor}")["cursor"]


@pytest.mark.parametrize("cursor", ["x", "a:b:c", "9" * 3000, "%F0%9F%8F%A5"])
def test_unreadable_cursor_is_refused(cursor: str) -> None:
    assert "lisible" in refused("/places", f"cursor={cursor}")["cursor"]


def test_cursor_of_another_shape_is_refused() -> None:
    with patch.object(cursors, "SHAPE", 0):
        url = ask("/places", "limit=5")["next"]
    assert "plus valable" in refused("/places", url.partition("?")[2])["cursor"]


def test_cursor_round_a_point_expires_and_another_does_not() -> None:
    near, everywhere = ask("/places", f"{NEAR}&limit=5"), ask("/places", "limit=5")
    later = timezone.now() + timedelta(minutes=cursors.MINUTES + 1)
    with patch("django.utils.timezone.now", return_value=later):
        assert "10 minutes" in refused("/places", near["next"].partition("?")[2])["cursor"]
        assert Client().get(everywhere["next"]).status_code == 200


@pytest.mark.parametrize("limit", ["0", "101", "-1", "dix", "1.5", "²"])
def test_limit_out_of_bounds_is_refused(limit: str) -> None:
    assert "limit" in refused("/places", f"limit={limit}")


def test_every_unclear_parameter_is_named_at_once() -> None:
    query = "inconnu=1&rayon=7&ou=a&ou=b&lat=46&besoin=rien&limit=0&cursor=x"
    assert refused("/places", query).keys() == {
        "inconnu", "rayon", "ou", "lon", "besoin", "limit", "cursor",
    }  # fmt: skip


# --- Open data alone ------------------------------------------------------------------------------


@pytest.mark.parametrize("licence", [Licence.ODBL, Licence.UNKNOWN])
def test_place_of_a_licence_that_is_not_open_is_counted_and_not_told(licence: Licence) -> None:
    closed = make.SourceFactory.create(slug="fermee", licence=licence)
    hidden = place(source=closed)
    told = ask("/places", "limit=100")
    assert hidden.pk not in ids(told["items"])
    assert (told["total"], told["withheld_total"]) == (12, 1)
    ask("/places/{number}", status=404, number=hidden.pk)
    assert hidden.pk not in [one["id"] for one in ask("/places.geojson")["features"]]


def test_licence_that_changes_is_followed_at_once() -> None:
    source = make.SourceFactory.create(slug="ouverte")
    place(source=source)
    assert ask("/places")["withheld_total"] == 0
    source.licence = Licence.UNKNOWN
    source.save()
    assert ask("/places")["withheld_total"] == 1


def test_place_that_changes_its_source_is_followed() -> None:
    closed = make.SourceFactory.create(slug="fermee", licence=Licence.ODBL)
    moved = place()
    with as_served():
        assert moved.pk in ids(ask("/places", "limit=100")["items"])
        moved.source = closed
        moved.save()
        live.refresh()
        told = ask("/places", "limit=100")
        assert moved.pk not in ids(told["items"])
        assert (told["total"], told["withheld_total"]) == (12, 1)


def test_source_that_the_server_does_not_know_yet_is_not_taken_for_open() -> None:
    with as_served():
        source = make.SourceFactory.create(slug="nouvelle", licence=Licence.ODBL)
        hidden = place(source=source)
        live.refresh()
        assert hidden.pk not in ids(ask("/places", "limit=100")["items"])
        ask("/places/{number}", status=404, number=hidden.pk)


def test_service_of_a_licence_that_is_not_open_is_not_told() -> None:
    closed = make.SourceFactory.create(slug="fermee", licence=Licence.ODBL)
    made = place()
    make.ServiceFactory.create(place=made, source=closed)
    assert ask("/places/{number}", number=made.pk)["services"] == []


def test_field_from_a_source_that_is_not_open_is_emptied_and_named() -> None:
    closed = make.SourceFactory.create(slug="fermee", licence=Licence.UNKNOWN)
    made = place(opening_hours="24/7", emails=["accueil@structure.example"])
    for field in ("phone", "emails", "latitude"):
        FieldProvenance.objects.create(place=made, field=field, source=closed)
    told = ask("/places/{number}", number=made.pk)
    assert told["withheld_fields"] == [
        "emails", "latitude", "longitude", "phone", "position_precision",
    ]  # fmt: skip
    assert (told["phone"], told["emails"], told["latitude"]) == (None, [], None)
    assert told["opening_hours"] == "24/7"
    listed = ask("/places", f"{NEAR}&limit=100")["items"]
    assert [one["match"]["distance_km"] for one in listed if one["id"] == made.pk] == [None]


def test_field_that_a_person_corrected_is_told() -> None:
    closed = make.SourceFactory.create(slug="fermee", licence=Licence.UNKNOWN)
    made = place()
    FieldProvenance.objects.create(place=made, field="phone", source=closed, is_locked=True)
    assert ask("/places/{number}", number=made.pk)["phone"] == make.FICTION_PHONE


def test_place_whose_name_is_not_open_is_not_told() -> None:
    closed = make.SourceFactory.create(slug="fermee", licence=Licence.UNKNOWN)
    made = place()
    FieldProvenance.objects.create(place=made, field="name", source=closed)
    ask("/places/{number}", status=404, number=made.pk)
    assert made.pk not in ids(ask("/places", "limit=100")["items"])


@pytest.mark.parametrize("state", ["draft", "to_review", "archived"])
def test_place_that_is_not_published_is_not_told(state: str) -> None:
    made = place(state=state)
    ask("/places/{number}", status=404, number=made.pk)
    assert made.pk not in ids(ask("/places", "limit=100")["items"])


# --- GeoJSON --------------------------------------------------------------------------------------


def test_geojson_follows_rfc_7946() -> None:
    told = ask("/places.geojson", "limit=100")
    assert told["type"] == "FeatureCollection"
    for feature in told["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        longitude, latitude = feature["geometry"]["coordinates"]
        assert (longitude, 46 < latitude < 47) == (1.87, True)
        assert "latitude" not in feature["properties"]


def test_geojson_lists_the_same_places_as_json() -> None:
    told = [one["id"] for one in walked("/places.geojson", f"{NEAR}&limit=5")]
    assert told == ids(walked("/places", f"{NEAR}&limit=5"))


def test_place_without_a_position_has_no_geometry() -> None:
    Commune.objects.filter(pk="23096").update(latitude=None, longitude=None)
    made = place(latitude=None, longitude=None)
    assert ask("/places/{number}.geojson", number=made.pk)["geometry"] is None


# --- Cost -----------------------------------------------------------------------------------------


def test_list_asks_no_query_when_all_is_kept_and_few_when_nothing_is() -> None:
    with as_served():
        ask("/places", NEAR)
        with CaptureQueriesContext(connection) as captured:
            ask("/places", NEAR)
        assert len(captured) == 0
    gazetteer.gazetteer()
    with CaptureQueriesContext(connection) as cold:
        ask("/places", "limit=2")
    live.clear()
    with CaptureQueriesContext(connection) as larger:
        ask("/places", "limit=100")
    live.clear()
    assert len(larger) <= len(cold) + COLD_MAX


def test_terms_are_told_by_the_names_of_vocabularies() -> None:
    made = place(
        terms=[make.TermFactory.create(vocabulary=Vocabulary.EQUIPMENT, code="ordinateur")]
    )
    assert ask("/places/{number}", number=made.pk)["terms"] == {"equipment": ["ordinateur"]}
