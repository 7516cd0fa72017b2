"""What a query string means, and which places it picks."""

import math
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.models import Place
from directory.models.querysets import EARTH_RADIUS_KM, Point, bounding_box
from directory.search import gazetteer
from directory.search.filters import DEFAULT_RADIUS, RADII, TEXT_MAX, SearchFilter
from directory.vocabularies.names import State
from tests.factories import (
    SAINT_DENIS,
    ActorFactory,
    CommuneFactory,
    NeedFactory,
    PlaceFactory,
    RegionFactory,
    ServiceFactory,
)

UNPUBLISHED = [State.DRAFT, State.TO_REVIEW, State.ARCHIVED]
LATITUDES, LONGITUDES = (
    st.one_of(st.floats(*mainland), st.floats(*overseas)).map(lambda degrees: round(degrees, 7))
    for mainland, overseas in (((41, 51.1), (-50, 20)), ((-5, 10), (-179, 179)))
)
"""In degrees, to the centimetre: no published position is finer."""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_gazetteer() -> Iterator[None]:
    gazetteer.clear()
    yield
    gazetteer.clear()


def search(**fields: str | list[str]) -> SearchFilter:
    return SearchFilter(QueryDict(urlencode(fields, doseq=True)))


def found(**fields: str | list[str]) -> list[Place]:
    return list(search(**fields).qs)


def kilometres(one: Point, other: Point) -> float:
    """Return the great-circle distance by Vincenty's formula for a sphere, exact at any length."""
    lat_a, lng_a, lat_b, lng_b = map(math.radians, (*one, *other))
    turn = lng_b - lng_a
    across = math.cos(lat_b) * math.sin(turn)
    along = math.cos(lat_a) * math.sin(lat_b) - math.sin(lat_a) * math.cos(lat_b) * math.cos(turn)
    beside = math.sin(lat_a) * math.sin(lat_b) + math.cos(lat_a) * math.cos(lat_b) * math.cos(turn)
    return EARTH_RADIUS_KM * math.atan2(math.hypot(across, along), beside)


def towards(start: Point, bearing: float, km: float) -> Point:
    """Return the point reached from `start` after `km` on a bearing in radians."""
    latitude, arc = math.radians(start[0]), km / EARTH_RADIUS_KM
    sine = math.sin(latitude) * math.cos(arc) + math.cos(latitude) * math.sin(arc) * math.cos(
        bearing
    )
    turn = math.atan2(
        math.sin(bearing) * math.sin(arc) * math.cos(latitude),
        math.cos(arc) - math.sin(latitude) * sine,
    )
    return math.degrees(math.asin(sine)), start[1] + math.degrees(turn)


def place_at(km: float, bearing: float = 1.0, **fields: object) -> Place:
    latitude, longitude = towards(SAINT_DENIS, bearing, km)
    place: Place = PlaceFactory.create(latitude=latitude, longitude=longitude, **fields)
    return place


@settings(max_examples=40, deadline=None)
@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_distance_is_the_great_circle_of_an_independent_formula(
    latitude: float, longitude: float, from_latitude: float, from_longitude: float
) -> None:
    place = PlaceFactory.create(latitude=latitude, longitude=longitude)
    start = (from_latitude, from_longitude)
    measured = Place.objects.with_distance(start).get(pk=place.pk)
    expected = kilometres(start, (latitude, longitude))
    assert measured.distance == pytest.approx(expected, rel=1e-6, abs=1e-6)


@given(LATITUDES, LONGITUDES, st.floats(0, math.tau), st.sampled_from(RADII))
def test_the_box_never_cuts_the_circle(
    latitude: float, longitude: float, bearing: float, km: int
) -> None:
    south, west, north, east = bounding_box((latitude, longitude), km)
    reached = towards((latitude, longitude), bearing, km)
    assert south - 1e-9 <= reached[0] <= north + 1e-9
    assert west - 1e-9 <= reached[1] <= east + 1e-9


@pytest.mark.parametrize("bearing", [0.0, 0.8, 2.0, 3.14, 4.7, 5.5])
@pytest.mark.parametrize("km", RADII)
def test_a_radius_holds_what_is_just_inside_and_not_what_is_just_beyond(
    km: int, bearing: float
) -> None:
    inside = place_at(km * (1 - 1e-6), bearing)
    place_at(km * (1 + 1e-6), bearing)
    assert list(Place.objects.near(SAINT_DENIS, km)) == [inside]


def test_places_at_the_same_distance_keep_one_order() -> None:
    places = [PlaceFactory.create() for _ in range(4)]
    assert list(Place.objects.near(SAINT_DENIS, 5).nearest_first()) == places


@pytest.mark.parametrize(
    ("field", "value"),
    [("besoin", "inconnu"), ("rayon", "7"), ("rayon", "loin"), ("q", "x" * (TEXT_MAX + 1))],
)
def test_an_unreadable_value_is_told_and_the_others_are_applied(field: str, value: str) -> None:
    CommuneFactory.create(code="93066", name="Pantin")
    near = place_at(3, name="Pimms")
    place_at(30, name="Pimms")
    typed = search(**{"ou": "Pantin", field: value})
    assert list(typed.form.errors) == [field]
    assert list(typed.qs) == [near]


def test_an_unreadable_place_is_told_and_the_others_are_applied() -> None:
    PlaceFactory.create(name="Autre")
    named = PlaceFactory.create(name="Pimms")
    typed = search(ou="x" * (TEXT_MAX + 1), q="pimms")
    assert list(typed.form.errors) == ["ou"]
    assert list(typed.qs) == [named]


def test_an_unreadable_value_stays_in_its_field() -> None:
    assert search(rayon="7").form["rayon"].value() == "7"


@pytest.mark.parametrize("asked", ["sante", "ameli"])
def test_a_general_need_and_a_precise_one_answer_each_other(asked: str) -> None:
    general = NeedFactory.create(code="sante")
    precise = NeedFactory.create(code="ameli", parent=general)
    answering = {ServiceFactory.create(needs=[need]).place for need in (general, precise)}
    ServiceFactory.create(needs=["trajet"])
    assert set(found(besoin=asked)) == answering


def test_a_sister_need_does_not_answer() -> None:
    general = NeedFactory.create(code="sante")
    NeedFactory.create(code="ameli", parent=general)
    ServiceFactory.create(needs=[NeedFactory.create(code="css", parent=general)])
    assert found(besoin="ameli") == []


def test_exact_needs_come_before_the_general_one_even_farther() -> None:
    CommuneFactory.create(name="Pantin")
    general = NeedFactory.create(code="sante")
    precise = NeedFactory.create(code="ameli", parent=general)
    near, far = place_at(1), place_at(15)
    ServiceFactory.create(place=near, needs=[general])
    ServiceFactory.create(place=far, needs=[precise])
    assert found(ou="Pantin", besoin="ameli") == [far, near]


def test_several_needs_widen_the_answer() -> None:
    places = {ServiceFactory.create(needs=[code]).place for code in ("ameli", "css")}
    ServiceFactory.create(needs=["trajet"])
    assert set(found(besoin=["ameli", "css"])) == places


def test_a_place_whose_services_all_answer_appears_once() -> None:
    place = PlaceFactory.create()
    for _ in range(3):
        ServiceFactory.create(place=place, needs=["ameli"])
    assert found(besoin="ameli") == [place]


@pytest.mark.parametrize("typed", ["maison pantin", "PANTIN  maison", "pant mais", "Maïson"])
def test_text_is_found_when_every_word_is_there(typed: str) -> None:
    commune = CommuneFactory.create(name="Pantin")
    whole = PlaceFactory.create(name="Maison des services", commune=commune)
    PlaceFactory.create(name="Bibliothèque")
    assert found(q=typed) == [whole]


def test_text_is_not_found_when_one_word_is_missing() -> None:
    PlaceFactory.create(name="Maison des services")
    assert found(q="maison verte") == []


@pytest.mark.parametrize("field", ["operator__name", "group_name", "address"])
def test_text_is_looked_for_in_the_operator_the_group_and_the_address(field: str) -> None:
    if field == "operator__name":
        place = PlaceFactory.create(operator=ActorFactory.create(name="Pimms Médiation"))
    else:
        place = PlaceFactory.create(**{field: "Pimms Médiation"})
    assert found(q="pimms mediation") == [place]


@pytest.mark.parametrize("state", UNPUBLISHED)
def test_an_unpublished_place_never_appears(state: State) -> None:
    place = PlaceFactory.create(name="Pimms", state=state)
    ServiceFactory.create(place=place, needs=["ameli"])
    assert found(q="pimms") == found(besoin="ameli") == []


@pytest.mark.parametrize("state", UNPUBLISHED)
def test_an_unpublished_service_answers_no_need(state: State) -> None:
    place = ServiceFactory.create(needs=["ameli"], state=state).place
    assert found(besoin="ameli") == []
    assert found(q=place.name) == [place]


@pytest.mark.parametrize("state", UNPUBLISHED)
def test_a_service_of_an_unpublished_actor_answers_no_need(state: State) -> None:
    ServiceFactory.create(needs=["ameli"], actor=ActorFactory.create(state=state))
    assert found(besoin="ameli") == []


def test_a_place_is_shown_even_when_the_page_of_its_operator_is_not() -> None:
    place = PlaceFactory.create(name="Pimms", operator=ActorFactory.create(state=State.ARCHIVED))
    assert found(q="pimms") == [place]


@pytest.mark.parametrize("km", RADII)
def test_the_radius_asked_for_is_applied(km: int) -> None:
    CommuneFactory.create(name="Pantin")
    inside = place_at(km - 0.5)
    place_at(km + 0.5)
    assert found(ou="Pantin", rayon=str(km)) == [inside]


def test_without_a_radius_the_usual_one_is_applied() -> None:
    CommuneFactory.create(name="Pantin")
    inside = place_at(DEFAULT_RADIUS - 0.5)
    place_at(DEFAULT_RADIUS + 0.5)
    assert found(ou="Pantin") == [inside]


def test_places_are_given_the_nearest_first() -> None:
    CommuneFactory.create(name="Pantin")
    far, near, middle = place_at(15), place_at(2), place_at(8)
    assert found(ou="Pantin") == [near, middle, far]


def test_a_department_lists_its_places_by_commune_then_name() -> None:
    bobigny = CommuneFactory.create(code="93008", name="Bobigny")
    aubervilliers = CommuneFactory.create(code="93001", name="Aubervilliers")
    PlaceFactory.create(commune__department__code="23", commune__department__name="Creuse")
    second = PlaceFactory.create(commune=bobigny, name="Pimms")
    first = PlaceFactory.create(commune=bobigny, name="Agence")
    other = PlaceFactory.create(commune=aubervilliers)
    assert found(ou="93") == [other, first, second]


def test_a_region_lists_the_places_of_its_departments() -> None:
    region = RegionFactory.create(code="75", name="Nouvelle-Aquitaine")
    inside = PlaceFactory.create(
        commune__department__code="23",
        commune__department__name="Creuse",
        commune__department__region=region,
    )
    PlaceFactory.create()
    assert found(ou="nouvelle aquitaine") == [inside]


def test_a_commune_without_a_known_centre_lists_its_department() -> None:
    commune = CommuneFactory.create(name="Faaa", latitude=None, longitude=None)
    place = PlaceFactory.create(commune=commune)
    elsewhere = PlaceFactory.create(commune__name="Pirae")
    PlaceFactory.create(commune__department__code="23", commune__department__name="Creuse")
    assert set(found(ou="Faaa")) == {place, elsewhere}


def test_a_place_without_a_position_is_found_from_its_own_commune() -> None:
    commune = CommuneFactory.create(name="Pantin")
    place = PlaceFactory.create(commune=commune, latitude=None, longitude=None)
    assert found(ou="Pantin") == [place]
