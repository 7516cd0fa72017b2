"""What pages show is kept in memory, and never older than the database by more than an edit."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directory.models import Actor, Place
from directory.search import memory
from directory.search.follower import Memory
from directory.search.kept import PlaceFacts, Shelf, facts, families, shelf
from directory.search.kept.pack import Pack
from directory.search.kept.reading import read_places
from directory.search.live import live
from directory.vocabularies.names import Basis, State
from tests import factories as make
from tests.serving import as_served

pytestmark = pytest.mark.django_db

COLD_MAX = 6
"""Queries of a page whose places were never read."""


def full() -> Place:
    """A place with one of everything that pages show."""
    place: Place = make.PlaceFactory.create(
        operator=make.ActorFactory.create(),
        principal=make.PlaceFactory.create(),
        source=make.SourceFactory.create(),
        opening_hours="Mo-Fr 09:00-12:00",
        terms=[make.TermFactory.create()],
    )
    service = make.ServiceFactory.create(place=place, needs=["ameli"])
    make.ServiceTermFactory.create(service=service)
    today = timezone.localdate()
    make.ClosureFactory.create(place=place, starts_on=today, ends_on=today)
    make.StopFactory.create(place=place)
    place.networks.add(make.ActorFactory.create())
    make.PlaceFactory.create(principal=place)
    return place


def test_place_read_again_from_its_bytes_is_the_same() -> None:
    (read,) = read_places([full().pk])
    again = facts.unpacked(facts.packed(read))
    assert again == read
    parts = (read.operator, read.source_id, read.services, read.networks, read.closures,
             read.stops, read.terms)  # fmt: skip
    assert all(parts)


def test_kept_place_says_what_the_database_says() -> None:
    place = full()
    (read,) = read_places([place.pk])
    same = (
        "slug", "name", "address", "postcode", "latitude", "longitude", "phone", "opening_hours",
        "is_itinerant", "point", "full_address", "web_addresses", "source_updated_on",
        "verified_on", "source_id", "summary",
    )  # fmt: skip
    assert {name: getattr(read, name) for name in same} == {n: getattr(place, n) for n in same}
    assert read.services[0].needs == ((place.services.get().needs.get().pk, True),)


def test_only_published_places_are_kept() -> None:
    keys = [make.PlaceFactory.create(state=state).pk for state in State]
    assert [place.id for place in read_places(keys)] == [
        key for key, state in zip(keys, State, strict=True) if state == State.PUBLISHED
    ]


@pytest.mark.parametrize("kind", ["operator", "network", "principal", "antenna", "service"])
def test_what_is_not_published_is_not_kept_with_a_place(kind: str) -> None:
    place, draft = make.PlaceFactory.create(), State.DRAFT
    if kind == "operator":
        place.operator = make.ActorFactory.create(state=draft)
    elif kind == "network":
        place.networks.add(make.ActorFactory.create(state=draft))
    elif kind == "principal":
        place.principal = make.PlaceFactory.create(state=draft)
    elif kind == "antenna":
        make.PlaceFactory.create(principal=place, state=draft)
    else:
        make.ServiceFactory.create(place=place, state=draft)
    place.save()
    (read,) = read_places([place.pk])
    kept = (read.operator, read.networks, *families.current().of(place.pk), read.services)
    assert not any(kept)


def test_deduced_need_stays_deduced_and_needs_keep_their_order() -> None:
    service = make.ServiceFactory.create(needs=[])
    last = make.NeedFactory.create(code="z", position=9)
    first = make.NeedFactory.create(code="a", position=1)
    make.ServiceNeedFactory.create(service=service, need=last)
    make.ServiceNeedFactory.create(
        service=service, need=first, basis=Basis.DEDUCED, rule="un-label"
    )
    (read,) = read_places([service.place.pk])
    assert read.services[0].needs == ((first.pk, False), (last.pk, True))


def test_pages_of_kept_places_ask_the_database_nothing() -> None:
    place = full()
    commune = place.commune.name
    with as_served():
        for url in (f"/recherche/?ou={commune}", place.get_absolute_url(), "/"):
            with CaptureQueriesContext(connection) as captured:
                assert Client().get(url).status_code == 200
            assert len(captured) == 0, url


@pytest.mark.parametrize("path", ["results", "place", "home", "unknown", "suggestions"])
def test_pages_answer_when_the_database_is_gone(path: str) -> None:
    place = full()
    url = {
        "results": f"/recherche/?ou={place.commune.name}&besoin=ameli&q=lieu",
        "place": f"{place.get_absolute_url()}?besoin=ameli",
        "home": "/",
        "unknown": "/recherche/?ou=Qzwxqzwx",
        "suggestions": f"{reverse('directory:suggestions')}?champ=ou&q=bo",
    }[path]

    def gone(*args: object) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    with as_served(), connection.execute_wrapper(gone):
        answer = Client().get(url)
    assert answer.status_code == 200
    if path in {"results", "place"}:
        assert place.name in answer.text


def test_pages_of_places_never_read_cost_few_queries() -> None:
    place = full()
    with as_served():
        for url in (f"/recherche/?ou={place.commune.name}", place.get_absolute_url()):
            shelf.drop_all()
            with CaptureQueriesContext(connection) as captured:
                assert Client().get(url).status_code == 200
            assert 0 < len(captured) <= COLD_MAX, url


def test_place_is_kept_under_its_key_and_its_slug_once_read() -> None:
    place = full()
    kept = Shelf()
    kept.is_kept = True
    kept.get([place.pk])
    with CaptureQueriesContext(connection) as captured:
        assert kept.by_slug(place.slug) == kept.get([place.pk])[place.pk]
    assert len(captured) == 0


@pytest.mark.parametrize("edit", ["phone", "slug", "state", "need", "closure", "operator"])
def test_edit_is_seen_once_the_change_log_is_read(edit: str) -> None:
    place = full()
    with as_served():
        before = shelf.get([place.pk])[place.pk]
        if edit == "need":
            place.services.get().service_needs.all().delete()
        elif edit == "closure":
            place.closures.update(ends_on=timezone.localdate() + timedelta(days=9))
        elif edit == "operator":
            Actor.objects.filter(operated_places=place).update(name="Autre nom")
        else:
            value = {"phone": "+33199001122", "slug": "autre", "state": State.ARCHIVED}[edit]
            Place.objects.filter(pk=place.pk).update(**{edit: value})
        live.refresh()
        after = shelf.get([place.pk]).get(place.pk)
        assert after != before
        assert (after is None) == (edit == "state")


def test_old_address_of_a_renamed_place_is_not_found() -> None:
    place = full()
    with as_served():
        Place.objects.filter(pk=place.pk).update(slug="autre")
        live.refresh()
        assert shelf.by_slug(place.slug) is None
        assert shelf.by_slug("autre") is not None


def test_new_antenna_is_seen_on_the_page_of_its_principal() -> None:
    principal, antenna = make.PlaceFactory.create(), make.PlaceFactory.create()
    with as_served():
        link = antenna.get_absolute_url()
        assert link not in Client().get(principal.get_absolute_url()).text
        for own, is_shown in ((principal, True), (None, False)):
            Place.objects.filter(pk=antenna.pk).update(principal=own)
            memory.keep_all()
            assert (link in Client().get(principal.get_absolute_url()).text) == is_shown


def test_place_read_before_an_edit_is_not_kept_after_it() -> None:
    place = make.PlaceFactory.create()

    def read_late(ids: Sequence[int]) -> list[PlaceFacts]:
        kept.drop(ids)
        return read_places(ids)

    kept = Shelf(read_late)
    kept.is_kept = True
    assert kept.get([place.pk])
    assert len(kept) == 0


def test_shelf_makes_room_for_the_last_read() -> None:
    places = [make.PlaceFactory.create() for _ in range(3)]
    kept = Shelf(capacity=2)
    kept.is_kept = True
    for place in places:
        kept.get([place.pk])
    assert len(kept) == 2
    assert kept.fingerprint(places[0].slug) is None
    assert kept.fingerprint(places[2].slug)


def test_without_a_server_nothing_is_kept() -> None:
    place = make.PlaceFactory.create()
    shelf.get([place.pk])
    assert (shelf.is_kept, len(shelf)) == (False, 0)


def test_all_is_forgotten_and_read_again_after_an_import() -> None:
    place = make.PlaceFactory.create(name="Avant")
    with as_served():
        Place.objects.filter(pk=place.pk).update(name="Après")
        follower = Memory()
        follower.rebuilt()
        assert len(shelf) == 0
        follower.fill()
        assert shelf.get([place.pk])[place.pk].name == "Après"
        assert len(shelf) == 1


def test_filled_places_are_packed_and_one_that_changes_is_read_again() -> None:
    places = make.PlaceFactory.create_batch(3, state=State.PUBLISHED)
    shelf = Shelf()
    shelf.is_kept = True
    shelf.fill()
    first = places[0]
    assert len(shelf) == 3
    assert shelf.get([first.pk])[first.pk].name == first.name

    Place.objects.filter(pk=first.pk).update(name="Le nouveau nom")
    shelf.drop([first.pk])
    assert len(shelf) == 2
    assert shelf.get([first.pk])[first.pk].name == "Le nouveau nom"
    assert len(shelf) == 3

    shelf.drop([first.pk])
    shelf.fill()
    assert len(shelf) == 3
    assert set(shelf.get([place.pk for place in places])) == {place.pk for place in places}


def test_pack_gives_each_place_and_nothing_else() -> None:
    pack = Pack({7: b"sept", 2: b"", 40: b"quarante"})
    assert [pack.get(key) for key in (2, 7, 40)] == [b"", b"sept", b"quarante"]
    assert [pack.get(key) for key in (1, 3, 39, 41)] == [None] * 4
    assert (len(pack), pack.first, pack.last) == (3, 2, 40)
