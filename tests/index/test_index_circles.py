"""Circles over bands hold the places that are near enough, and no other."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from directory.search.index.bits import slots_of
from directory.search.index.geography import Bands
from tests.index.naive import km_between

POINTS = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
NEARBY = st.tuples(st.floats(47, 49), st.floats(1, 4))


def inside(bands: Bands, point: tuple[float, float], km: float) -> set[int]:
    return {bands.ids[slot] for slot in slots_of(bands.circle(point, km))}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(NEARBY, max_size=60) | st.lists(POINTS, max_size=20),
    NEARBY | POINTS,
    st.sampled_from([5, 20, 50, 100, 400, 6_000, 15_000]),
)
@example([(0.0, -179.9)], (0.0, 179.9), 50)
@example([(89.9, -100.0)], (89.9, 80.0), 50)
def test_a_circle_holds_the_places_within_its_radius(
    points: list[tuple[float, float]], center: tuple[float, float], km: float
) -> None:
    bands = Bands((key, *point) for key, point in enumerate(points))
    distances = {key: km_between(center, point) for key, point in enumerate(points)}
    found = inside(bands, center, km)
    assert {key for key, own in distances.items() if own < km - 1e-6} <= found
    assert found <= {key for key, own in distances.items() if own < km + 1e-6}


@pytest.mark.parametrize("km", [5, 20, 100])
def test_a_circle_over_a_close_grid_holds_its_whole_rim(km: float) -> None:
    grid = [(47 + i / 61, 1 + j / 47) for i in range(120) for j in range(150)]
    near = {key for key, point in enumerate(grid) if km_between((48, 2.4), point) <= km}
    assert inside(Bands((key, *point) for key, point in enumerate(grid)), (48, 2.4), km) == near
