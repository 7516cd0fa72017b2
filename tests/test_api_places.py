"""Places of the API: the site's order, pages that hold, open data alone, declared shapes."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.api import cursors, parameters
from directory.models import Commune, Place, PlaceRedirect
from directory.search import finder, gazetteer
from directory.search.filters import SearchFilter
from directory.search.live import live
from directory.search.parameters import Parameters
from directory.vocabularies.names import Vocabulary
from tests import factories as make
from tests.api import ask, creuse, ids, place, refused, walked
from tests.serving import as_served

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("creuse")]

__all__ = ["creuse"]

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


@pytest.mark.parametrize("kind", ["", ".geojson"])
def test_number_of_a_merged_place_leads_to_the_kept_one(client: Client, kind: str) -> None:
    kept = place()
    PlaceRedirect.objects.create(number=987654, slug="ancien", place=kept)
    response = client.get(f"/api/v1/places/987654{kind}")
    assert response.status_code == 301
    assert response["Location"] == f"/api/v1/places/{kept.pk}{kind}"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert client.get(response["Location"]).status_code == 200


def test_number_too_long_for_a_key_is_not_found(client: Client) -> None:
    assert client.get(f"/api/v1/places/{10**19}").status_code == 404
