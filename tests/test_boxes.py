"""Boxes of the map: what is read, what is refused and why, and what a search inside one finds."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from directory.models import Place
from directory.search import finder, gazetteer
from directory.search.boxes import NOT_FOUR, OUT_OF_THE_WORLD, UPSIDE_DOWN, Box, read_box
from directory.search.filters import SearchFilter
from tests.factories import CommuneFactory, DepartmentFactory, PlaceFactory, StopFactory

CREUSE = "1.5,46,2.3,46.4"


@pytest.fixture(autouse=True)
def fresh_gazetteer() -> Iterator[None]:
    gazetteer.clear()
    yield
    gazetteer.clear()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2.3,46,1.5,46.4", UPSIDE_DOWN),
        ("1.5,46.4,2.3,46", UPSIDE_DOWN),
        ("1.5,46,1.5,46.4", UPSIDE_DOWN),
        ("-190,46,2.3,46.4", OUT_OF_THE_WORLD),
        ("1.5,46,2.3,91", OUT_OF_THE_WORLD),
        (",".join(["1"] * 40), NOT_FOUR),
        ("1.5,46,2.3", NOT_FOUR),
        ("1,5,46,2,3,46,4", NOT_FOUR),
        ("a,b,c,d", NOT_FOUR),
        ("nan,46,2.3,46.4", NOT_FOUR),
        ("1.5,46,inf,46.4", NOT_FOUR),
        (",,,", NOT_FOUR),
        ("9" * 10_000, NOT_FOUR),
    ],
)
def test_unreadable_box_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read_box(text)
    assert refused.value.messages == [str(why)]


SIDES = st.tuples(
    st.floats(-180, 179), st.floats(-90, 89), st.floats(0.001, 1), st.floats(0.001, 1)
)


@given(SIDES)
def test_written_box_is_read_again_to_the_metre(sides: tuple[float, float, float, float]) -> None:
    west, south, wide, high = sides
    box = Box(west, south, min(180, west + wide), min(90, south + high))
    again = read_box(str(box))
    assert vars(again) == pytest.approx(vars(box), abs=1e-5)


def search(**fields: str) -> SearchFilter:
    return SearchFilter(QueryDict(urlencode(fields)))


def place_at(latitude: float, longitude: float, **fields: object) -> Place:
    place: Place = PlaceFactory.create(latitude=latitude, longitude=longitude, **fields)
    return place


@pytest.fixture
def gueret(db: None) -> None:
    CommuneFactory.create(
        code="23096",
        name="Guéret",
        department=DepartmentFactory.create(code="23", name="Creuse"),
        latitude=46.17,
        longitude=1.87,
    )


def both_find(asked: SearchFilter) -> list[int]:
    """Keys found, by the index and by SQL alike."""
    found = [place.id for place in finder.find(asked).places]
    assert found == [place.pk for place in asked.qs]
    return found


@pytest.mark.usefixtures("gueret")
def test_box_holds_the_places_inside_and_on_its_border_and_no_other() -> None:
    inside, corner = place_at(46.2, 1.9), place_at(46.4, 2.3)
    place_at(46.41, 1.9)
    place_at(46.2, 1.49)
    assert set(both_find(search(bbox=CREUSE))) == {inside.pk, corner.pk}


@pytest.mark.usefixtures("gueret")
def test_distances_in_a_box_are_told_from_the_place_typed() -> None:
    far, near = place_at(46.39, 2.29), place_at(46.18, 1.87)
    assert both_find(search(ou="Guéret", bbox=CREUSE)) == [near.pk, far.pk]
    assert finder.find(search(ou="Guéret", bbox=CREUSE)).places[1].distance == pytest.approx(
        40.5, abs=0.5
    )


@pytest.mark.usefixtures("gueret")
def test_distances_in_a_box_without_a_place_typed_are_told_from_its_middle() -> None:
    border, middle = place_at(46.39, 2.29), place_at(46.2, 1.9)
    assert both_find(search(bbox=CREUSE)) == [middle.pk, border.pk]
    assert finder.find(search(bbox=CREUSE)).places[0].distance == pytest.approx(0, abs=0.01)


@pytest.mark.usefixtures("gueret")
def test_box_replaces_the_usual_radius_but_not_one_that_is_asked() -> None:
    far, near = place_at(46.39, 2.29), place_at(46.18, 1.87)
    assert both_find(search(ou="Guéret", bbox=CREUSE)) == [near.pk, far.pk]
    assert both_find(search(ou="Guéret", bbox=CREUSE, rayon="20")) == [near.pk]


@pytest.mark.usefixtures("gueret")
def test_box_and_department_both_limit() -> None:
    elsewhere = DepartmentFactory.create(code="87", name="Haute-Vienne")
    inside = place_at(46.2, 1.9, commune=CommuneFactory.create(code="23001", department_id="23"))
    place_at(46.2, 1.91, commune=CommuneFactory.create(code="87001", department=elsewhere))
    assert both_find(search(ou="Creuse", bbox=CREUSE)) == [inside.pk]


@pytest.mark.usefixtures("gueret")
def test_empty_box_is_not_widened() -> None:
    place_at(46.6, 1.9)
    found = finder.find(search(ou="Guéret", bbox=CREUSE))
    assert (found.total, found.radius, found.counts) == (0, None, {})


@pytest.mark.usefixtures("gueret")
def test_place_that_passes_through_counts_where_it_is_based() -> None:
    base = place_at(46.6, 1.9)
    StopFactory.create(place=base, latitude=46.2, longitude=1.9)
    assert both_find(search(bbox=CREUSE)) == []
