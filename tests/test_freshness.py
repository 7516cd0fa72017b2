"""A page that has not changed is not sent again; one that has is."""

import time
from collections.abc import Iterator

import pytest
from django.test import Client

from directory.models import Place
from directory.search import memory
from directory.search.kept import shelf
from directory.search.live import SLICE_SECONDS, live
from tests.factories import CommuneFactory, PlaceFactory, TermFactory
from tests.serving import as_served

URL = "/recherche/?ou=Guéret"


@pytest.fixture
def place(db: None) -> Place:
    """A place near Guéret."""
    made: Place = PlaceFactory.create(commune=CommuneFactory.create(name="Guéret"))
    return made


@pytest.fixture(autouse=True)
def served(place: Place) -> Iterator[None]:
    """A process that follows changes."""
    with as_served():
        yield


def again(client: Client, url: str = URL, **headers: str) -> int:
    """Ask a page, then ask it again with its validator; return the second status."""
    etag = client.get(url)["ETag"]
    return client.get(url, headers={"if-none-match": etag, **headers}).status_code


@pytest.mark.parametrize("url", ["/", URL, "/acteurs/"])
def test_unchanged_page_is_not_sent_again(client: Client, url: str) -> None:
    assert again(client, url) == 304


def test_unchanged_place_is_not_sent_again(client: Client, place: Place) -> None:
    assert again(client, place.get_absolute_url()) == 304


def test_saved_edit_sends_the_page_again(client: Client, place: Place) -> None:
    etag = client.get(URL)["ETag"]
    place.name = "Un autre nom"
    place.save()
    live.refresh()
    assert client.get(URL, headers={"if-none-match": etag}).status_code == 200


def test_saved_edit_sends_the_page_of_the_place_again(client: Client, place: Place) -> None:
    url = place.get_absolute_url()
    etag = client.get(url)["ETag"]
    Place.objects.filter(pk=place.pk).update(phone="+33199001122")
    live.refresh()
    shelf.get([place.pk])
    assert client.get(url, headers={"if-none-match": etag}).status_code == 200


def test_edit_of_another_place_does_not_send_the_page_of_a_place_again(
    client: Client, place: Place
) -> None:
    url = place.get_absolute_url()
    etag = client.get(url)["ETag"]
    PlaceFactory.create()
    live.refresh()
    # PostgreSQL tells the rows of the test's own transaction at each reading: it was forgotten.
    shelf.get([place.pk])
    assert client.get(url, headers={"if-none-match": etag}).status_code == 304


def test_edit_of_a_label_sends_the_pages_of_places_again(client: Client, place: Place) -> None:
    url = place.get_absolute_url()
    etag = client.get(url)["ETag"]
    TermFactory.create()
    memory.keep_all()
    assert client.get(url, headers={"if-none-match": etag}).status_code == 200


def test_page_is_sent_again_when_who_is_open_may_have_changed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    etag = client.get(URL)["ETag"]
    later = time.time() + SLICE_SECONDS
    monkeypatch.setattr(time, "time", lambda: later)
    assert client.get(URL, headers={"if-none-match": etag}).status_code == 200


def test_another_search_has_another_validator(client: Client) -> None:
    assert client.get(URL)["ETag"] != client.get(f"{URL}&rayon=50")["ETag"]


def test_browser_asks_each_time(client: Client) -> None:
    assert "no-cache" in client.get(URL)["Cache-Control"]


def test_page_not_found_is_not_kept(client: Client) -> None:
    assert "ETag" not in client.get("/lieux/inconnu/")
