"""Places by square of a map: counted by sets or one after the other, as a plain loop counts."""

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.search.boxes import Box
from directory.search.index.bits import from_slots
from directory.search.index.boxes import places_in
from directory.search.index.geography import Bands
from directory.search.index.grid import DEEPEST_SETS, Corner, Grid, point_at, square

FRANCE = st.tuples(st.floats(42, 51), st.floats(-5, 8))
TOWN = st.tuples(st.floats(48.8, 48.9), st.floats(2.2, 2.5))
WORLD = st.tuples(st.floats(-84, 84), st.floats(-179.9, 179.9))
LEVELS = [0, 3, 7, DEEPEST_SETS, DEEPEST_SETS + 1, 17, 21]
EVERYWHERE = Corner.of(Box(-180, -90, 180, 90))

Points = list[tuple[float, float]]


def bands_of(points: Points) -> Bands:
    return Bands((key, *point) for key, point in enumerate(points))


def naive_square(point: tuple[float, float], level: int) -> tuple[int, int]:
    """The square of a point, by the textbook's formula."""
    latitude = math.radians(point[0])
    northing = math.log(math.tan(latitude) + 1 / math.cos(latitude))
    side = 2.0**level
    return int((point[1] + 180) / 360 * side), int((1 - northing / math.pi) / 2 * side)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(FRANCE | TOWN | WORLD, max_size=80),
    st.lists(st.booleans(), min_size=80, max_size=80),
    st.sampled_from(LEVELS),
)
def test_each_square_counts_the_places_that_a_loop_finds_there(
    points: Points, chosen: list[bool], level: int
) -> None:
    bands = bands_of(points)
    slots = [slot for slot in range(len(points)) if chosen[slot]]
    counted = Grid(bands).count(from_slots(slots, len(points)), level, EVERYWHERE)
    positions = [bands.point(slot) or (0.0, 0.0) for slot in slots]
    expected = Counter(naive_square(point, level) for point in positions)
    told = {naive_square(bands.point(slot) or (0, 0), level): n for n, slot in counted.values()}
    assert told == expected
    assert all(chosen[slot] for _n, slot in counted.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(FRANCE | TOWN, max_size=80), st.lists(FRANCE, min_size=2, max_size=2))
def test_a_box_holds_the_places_that_a_loop_finds_inside(points: Points, corners: Points) -> None:
    (south, west), (north, east) = (min(corners), max(corners))
    box = Box(min(west, east), south, max(west, east), north)
    bands = bands_of(points)
    inside = places_in(bands, box)
    assert {bands.ids[slot] for slot in range(len(points)) if inside >> slot & 1} == {
        key
        for key, (latitude, longitude) in enumerate(points)
        if box.south <= latitude <= box.north and box.west <= longitude <= box.east
    }


@given(st.lists(FRANCE | TOWN, min_size=1, max_size=40), st.sampled_from([5, 12, 16]))
def test_squares_of_a_view_are_counted_whole(points: Points, level: int) -> None:
    bands = bands_of(points)
    west, east = min(p[1] for p in points), max(p[1] for p in points)
    corner = Corner.of(Box(west - 0.1, 41, east + 0.1, 52))
    everything = (1 << len(points)) - 1
    counted = Grid(bands).count(everything, level, corner)
    assert sum(count for count, _slot in counted.values()) == len(points)


@pytest.mark.parametrize("point", [(46.17, 1.87), (-20.88, 55.45), (4.93, -52.33), (0.0, 0.0)])
def test_position_on_the_map_comes_back_to_the_centimetre(point: tuple[float, float]) -> None:
    assert point_at(*square(point)) == pytest.approx(point, abs=1e-6)


@pytest.mark.parametrize("latitude", [-90.0, 90.0])
def test_poles_stay_on_the_map(latitude: float) -> None:
    x, y = square((latitude, 180.0))
    assert 0 <= x < 1 << 32
    assert 0 <= y < 1 << 32
