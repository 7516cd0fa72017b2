"""A search gives a page of places, widens when it holds none, and never ends in a wall."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import Commune, Place, Service
from directory.search import gazetteer
from directory.search.filters import RADII, SearchFilter
from directory.search.finder import MAX_AREA_OFFERS, PAGE_SIZE, Found, find
from directory.vocabularies.names import State, Vocabulary
from tests.factories import (
    SAINT_DENIS,
    ActorFactory,
    AreaServiceFactory,
    ClosureFactory,
    CommuneFactory,
    DepartmentFactory,
    HelplineFactory,
    NeedFactory,
    PlaceFactory,
    RegionFactory,
    ServiceFactory,
    ServiceTermFactory,
)
from tests.serving import as_served

MAX_QUERIES = 5
KM_PER_DEGREE = 111.195
"""Of latitude, on the sphere that distances are measured on."""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_gazetteer() -> Iterator[None]:
    gazetteer.clear()
    yield
    gazetteer.clear()


@pytest.fixture
def pantin() -> Commune:
    commune: Commune = CommuneFactory.create(name="Pantin")
    return commune


def searched(**fields: str) -> SearchFilter:
    return SearchFilter(QueryDict(urlencode(fields)))


def found(page: int = 1, **fields: str) -> Found:
    return find(searched(**fields), page)


def place_at(km: float, **fields: Any) -> Place:
    """Make a place at `km` north of the middle of Pantin."""
    latitude = SAINT_DENIS[0] + km / KM_PER_DEGREE
    place: Place = PlaceFactory.create(latitude=latitude, longitude=SAINT_DENIS[1], **fields)
    return place


def offer(reaching: str = "distance", **area: Any) -> Service:
    """Make a service without place that reaches people over an area."""
    service: Service = AreaServiceFactory.create(areas=[area])
    if reaching:
        ServiceTermFactory.create(
            service=service, term__vocabulary=Vocabulary.SUPPORT_MODE, term__code=reaching
        )
    return service


def keys(result: Found) -> list[int]:
    """Keys of the places found, in their order."""
    return [place.pk for place in result.places]


def offered(result: Found) -> list[int]:
    """Keys of the offers over the area, in their order."""
    return [offer.service.id for _scope, offer in result.area_offers]


def test_a_search_without_any_place_around_is_widened_and_says_so(pantin: Commune) -> None:
    far = place_at(30)
    result = found(ou="Pantin")
    assert (keys(result), result.radius, result.widened_from) == ([far.pk], 50, 20)


def test_a_search_that_holds_a_place_is_not_widened(pantin: Commune) -> None:
    near = place_at(15)
    place_at(30)
    result = found(ou="Pantin")
    assert (keys(result), result.radius, result.widened_from) == ([near.pk], 20, None)


def test_nothing_within_the_widest_radius_leaves_the_one_asked_for(pantin: Commune) -> None:
    place_at(RADII[-1] + 10)
    result = found(ou="Pantin", rayon="10")
    assert (result.total, result.radius, result.widened_from) == (0, 10, None)


def test_places_counted_by_radius_are_those_that_each_radius_holds(pantin: Commune) -> None:
    distances = [1, 4.9, 5.1, 9, 12, 19.9, 20.1, 49, 51, 99, 101]
    for km in distances:
        place_at(km)
    expected = {radius: sum(km <= radius for km in distances) for radius in RADII}
    assert found(ou="Pantin").counts == expected


def test_places_counted_by_radius_are_those_of_the_need(pantin: Commune) -> None:
    service = ServiceFactory.create(place=place_at(1), needs=["ameli"])
    ServiceFactory.create(place=service.place, needs=["ameli"])
    place_at(2)
    assert found(ou="Pantin", besoin="ameli").counts == dict.fromkeys(RADII, 1)


def test_pages_hold_every_place_once(pantin: Commune) -> None:
    places = {place_at(1).pk for _ in range(2 * PAGE_SIZE + 5)}
    pages = [found(number, ou="Pantin") for number in (1, 2, 3)]
    assert [len(page.places) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 5]
    assert {key for page in pages for key in keys(page)} == places
    assert {page.page_count for page in pages} == {3}


def test_a_page_beyond_the_last_is_empty_and_says_so(pantin: Commune) -> None:
    place_at(1)
    result = found(2, ou="Pantin")
    assert (result.places, result.total, result.page_count) == ([], 1, 1)
    assert result.is_beyond


def test_an_empty_search_gives_nothing_and_asks_nothing() -> None:
    PlaceFactory.create()
    HelplineFactory.create(is_general=True)
    assert found() == found(ou="", q="") == Found()


def test_a_search_without_a_place_covers_the_whole_country() -> None:
    places = {PlaceFactory.create(name="Pimms").pk, place_at(500, name="Pimms").pk}
    result = found(q="pimms")
    assert set(keys(result)) == places
    assert (result.total, result.radius, result.counts) == (2, None, {})


def test_a_name_of_several_communes_waits_for_a_choice() -> None:
    for code in ("93", "23"):
        CommuneFactory.create(name="Saint-Denis", department__code=code, department__name=code)
    PlaceFactory.create()
    HelplineFactory.create(is_general=True)
    assert found(ou="Saint-Denis") == Found()


def test_an_unknown_place_is_no_wall(pantin: Commune) -> None:
    line = HelplineFactory.create(is_general=True)
    national = offer(is_national=True)
    result = found(ou="Qzwxqzwx")
    assert (result.helplines, offered(result)) == ([line], [national.pk])


def test_helplines_appear_when_nothing_is_found(pantin: Commune) -> None:
    need = NeedFactory.create(code="ameli")
    of_need, general = HelplineFactory.create(), HelplineFactory.create(is_general=True)
    need.helplines.add(of_need, general)
    HelplineFactory.create()
    assert found(ou="Pantin", besoin="ameli").helplines == [of_need, general]


def test_helplines_appear_when_the_search_was_widened(pantin: Commune) -> None:
    line = HelplineFactory.create(is_general=True)
    place_at(30)
    assert found(ou="Pantin").helplines == [line]


def test_helplines_do_not_appear_beside_places_found(pantin: Commune) -> None:
    HelplineFactory.create(is_general=True)
    place_at(1)
    assert found(ou="Pantin").helplines == []


def test_offers_over_an_area_are_given_the_narrowest_first(pantin: Commune) -> None:
    national = offer(is_national=True)
    regional = offer(region=RegionFactory.create())
    departmental = offer(department=DepartmentFactory.create())
    communal = offer(commune=pantin)
    assert offered(found(ou="Pantin")) == [communal.pk, departmental.pk, regional.pk, national.pk]


def test_an_offer_over_another_territory_is_not_proposed(pantin: Commune) -> None:
    other = CommuneFactory.create(
        code="23096",
        department__code="23",
        department__name="Creuse",
        department__region__code="75",
        department__region__name="Nouvelle-Aquitaine",
    )
    offer(commune=other)
    offer(department=other.department)
    offer(region=other.department.region)
    assert offered(found(ou="Pantin")) == []


def test_an_offer_is_as_wide_as_the_area_that_holds_the_person(pantin: Commune) -> None:
    elsewhere = CommuneFactory.create()
    split: Service = AreaServiceFactory.create(
        areas=[{"commune": elsewhere}, {"region": RegionFactory.create()}]
    )
    departmental = offer(department=DepartmentFactory.create())
    assert offered(found(ou="Pantin")) == [departmental.pk, split.pk]


def test_an_offer_over_a_city_is_proposed_in_its_arrondissements() -> None:
    paris = CommuneFactory.create(code="75056", name="Paris", department__code="75")
    CommuneFactory.create(
        code="75118", name="Paris 18e Arrondissement", department__code="75", parent=paris
    )
    city = offer(commune=paris)
    assert offered(found(ou="Paris 18")) == [city.pk]


def test_a_department_is_proposed_what_covers_it_whole(pantin: Commune) -> None:
    offer(commune=pantin)
    departmental = offer(department=DepartmentFactory.create())
    regional = offer(region=RegionFactory.create())
    assert offered(found(ou="93")) == [departmental.pk, regional.pk]


@pytest.mark.parametrize(
    ("reaching", "is_proposed"),
    [("distance", True), ("domicile", True), ("atelier", False), ("", False)],
)
def test_a_national_offer_is_proposed_only_when_it_reaches_people(
    pantin: Commune, reaching: str, is_proposed: bool
) -> None:
    national = offer(reaching, is_national=True)
    assert offered(found(ou="Pantin")) == ([national.pk] if is_proposed else [])


@pytest.mark.parametrize("state", [State.DRAFT, State.TO_REVIEW, State.ARCHIVED])
def test_an_unpublished_offer_or_one_of_an_unpublished_actor_is_not_proposed(
    pantin: Commune, state: State
) -> None:
    AreaServiceFactory.create(state=state, areas=[{"commune": pantin}])
    AreaServiceFactory.create(actor=ActorFactory.create(state=state), areas=[{"commune": pantin}])
    assert offered(found(ou="Pantin")) == []


def test_an_offer_that_does_not_cover_the_need_is_not_proposed(pantin: Commune) -> None:
    NeedFactory.create(code="css")
    AreaServiceFactory.create(needs=["ameli"], areas=[{"commune": pantin}])
    assert offered(found(ou="Pantin", besoin="css")) == []
    assert len(found(ou="Pantin", besoin="ameli").area_offers) == 1


def test_few_offers_are_proposed_and_on_the_first_page_only(pantin: Commune) -> None:
    for _ in range(MAX_AREA_OFFERS + 2):
        offer(commune=pantin)
    assert len(found(ou="Pantin").area_offers) == MAX_AREA_OFFERS
    assert offered(found(2, ou="Pantin")) == []


def test_an_offer_of_several_areas_is_proposed_once(pantin: Commune) -> None:
    areas = [{"commune": pantin}, {"department": pantin.department}, {"is_national": True}]
    several = AreaServiceFactory.create(areas=areas)
    assert offered(found(ou="Pantin")) == [several.pk]


def test_a_place_found_knows_its_closures_to_come(pantin: Commune) -> None:
    today = timezone.localdate()
    place, day = place_at(1), timedelta(days=1)
    for start, end in ((-9, -1), (20, 30), (3, 5)):
        ClosureFactory.create(place=place, starts_on=today + start * day, ends_on=today + end * day)
    closures = found(ou="Pantin").places[0].closed_days
    assert closures[-2:] == [(today + n * day, today + m * day) for n, m in ((3, 5), (20, 30))]


@pytest.mark.parametrize("count", [2, 20])
def test_a_search_takes_few_queries_whatever_the_number_of_places(
    pantin: Commune, count: int
) -> None:
    for _ in range(count):
        ServiceFactory.create(place=place_at(1), needs=["ameli"])
    asked = searched(ou="Pantin", besoin="ameli")
    with as_served(), CaptureQueriesContext(connection) as queries:
        result = find(asked)
        assert [place.commune_name for place in result.places]
    assert len(queries) <= MAX_QUERIES
    assert len(result.places) == count
