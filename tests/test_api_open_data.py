"""Open data alone: what another licence covers is counted or named, never told."""

import pytest

from directory.models import FieldProvenance
from directory.search.live import live
from directory.vocabularies.names import Licence
from tests import factories as make
from tests.api import ask, creuse, ids, place
from tests.serving import as_served

__all__ = ["creuse"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("creuse")]

NEAR = "ou=23096&rayon=50"


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
