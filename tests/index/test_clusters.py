"""What a map shows of a search: never too much, nothing lost, each place as it is."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.models import Place
from directory.search.boxes import Box
from directory.search.criteria import ANYWHERE_KM, Criteria, Facet
from directory.search.index import SearchIndex, build
from directory.search.index.bits import from_slots
from directory.search.index.builder import base_of
from directory.search.index.clusters import MAX_FEATURES, MAX_LISTED, Cluster, Spot, draw
from directory.search.index.gathering import Gathering
from directory.search.index.labels import Labels, column
from directory.search.index.records import records_of
from directory.search.index.store import Columns
from directory.search.index.tables import Rows, Tables, Town
from directory.search.index.wording import Normalizer
from tests.factories import NeedFactory, PlaceFactory, ServiceFactory, StopFactory
from tests.index.naive import Naive
from tests.index.searches import criteria
from tests.index.test_index_agreement import bearable, this_monday
from tests.index.worlds import World, Writer, worlds

FRANCE = Box(-6, 41, 10, 52)
WORLD = Box(-180, -90, 180, 90)
NOW = datetime(2026, 7, 15, 8, tzinfo=UTC)  # A Wednesday, 10:00 in Paris.
MONDAY = date(2026, 7, 13)
Points = tuple[tuple[float, float], ...]


def asked(box: Box, **fields: Any) -> Criteria:
    return Criteria(point=box.center, radius=ANYWHERE_KM, bbox=box, now=NOW, **fields)


class PointTables(Tables):
    """Places that say nothing but where they are, without a database."""

    def __init__(self, points: Points, first: int = 0) -> None:
        super().__init__([])
        self.points = list(enumerate(points, first))

    def positions(self) -> Rows:
        return iter([(key, *point) for key, point in self.points])

    def places(self) -> Iterator[list[tuple[Any, ...]]]:
        told = ("lieu", "", "23096", None, "", "", "", "", "", None, None)
        return iter([[(key, *told) for key, _point in self.points]] if self.points else [])

    def towns(self) -> dict[str, Town]:
        return {"23096": Town("Guéret", "23", "Creuse", None, "Europe/Paris", "")}

    def services(self) -> Rows:
        return iter(())

    needs = service_terms = place_terms = networks = services

    def with_stops(self) -> list[int]:
        return []

    def closures(self) -> dict[int, Any]:
        return {}


@cache
def index_of(points: Points, tail: Points = ()) -> SearchIndex:
    """An index of places; those of the tail come as if read again since the build."""
    labels, normalizer = Labels({}, {}, {}, {}), Normalizer()
    gathered = Gathering(PointTables(points), labels, normalizer, MONDAY)
    again = Gathering(PointTables(tail, len(points)), labels, normalizer, MONDAY)
    return SearchIndex(
        base_of(gathered),
        Columns(dict(gathered.columns)).with_rows(enumerate(records_of(again), len(points))),
        (1 << len(points) + len(tail)) - 1,
        labels,
        tuple(records_of(again)),
        built_at=NOW,
        build_seconds=0.0,
    )


def square_of(side: int, step: float, south: float = 45.0, west: float = 1.0) -> Points:
    """Places on a lattice, `step` degrees apart."""
    return tuple(
        (south + row * step, west + column * step) for row in range(side) for column in range(side)
    )


def total(features: list[Any]) -> int:
    return sum(one.count if isinstance(one, Cluster) else 1 for one in features)


def spots(features: list[Any]) -> list[Spot]:
    return [one for one in features if isinstance(one, Spot)]


def clusters(features: list[Any]) -> list[Cluster]:
    return [one for one in features if isinstance(one, Cluster)]


@pytest.mark.parametrize("zoom", [0, 6, 9, 13, 18, 22])
@pytest.mark.parametrize("box", [WORLD, FRANCE, Box(1, 45, 1.4, 45.4), Box(1.2, 45.2, 1.21, 45.21)])
@pytest.mark.parametrize(("side", "step"), [(70, 0.005), (30, 0.002), (40, 0.05)])
def test_a_view_never_holds_too_many_features_and_loses_no_place(
    side: int, step: float, box: Box, zoom: int
) -> None:
    points = square_of(side, step)
    drawing = draw(index_of(points), asked(box), zoom)
    inside = sum(box.holds(point) for point in points)
    assert total(drawing.features) == drawing.total == inside
    assert len(drawing.features) <= MAX_FEATURES


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(worlds(20), criteria(), st.integers(0, 22))
def test_a_map_shows_what_a_loop_over_places_finds(
    db: None, world: World, drawn: Criteria, zoom: int
) -> None:
    box = drawn.bbox or FRANCE
    wanted = Criteria(**{**vars(drawn), "bbox": box, "point": drawn.point or box.center})
    with transaction.atomic():
        writer = Writer()
        writer.write(world)
        known = bearable(wanted, world)
        drawing = draw(build(), known, zoom)
        transaction.set_rollback(True)
    naive = Naive(world, known, this_monday())
    strict, unsure = naive.blocks()
    by_id = {place["id"]: place for place in world["places"]}
    assert (drawing.total, drawing.silent_total) == (len(strict), len(unsure))
    assert total(drawing.features) == len(strict) + len(unsure)
    shown = [spot.id for spot in spots(drawing.features)]
    listed = [key for cluster in clusters(drawing.features) for key in cluster.ids]
    assert len(set(shown + listed)) == len(shown + listed)
    assert set(shown + listed) <= set(strict + unsure)
    for spot in spots(drawing.features):
        place = by_id[spot.id]
        assert spot.point == pytest.approx(place["point"])
        assert spot.is_open == naive.is_open(place)
        assert spot.is_silent == (spot.id in unsure)
        assert spot.moves == bool(naive.values(place, Facet.ITINERANT))
        health = {"demarche-sante", "ameli", "css"}
        assert spot.declares_health == bool(naive.needs(place, declared=True) & health)
    for cluster in clusters(drawing.features):
        inside = [p for p in world["places"] if p["point"] and cluster.box.holds(p["point"])]
        assert len(inside) >= cluster.count


@pytest.mark.parametrize("zoom", [6, 9, 12, 15, 18])
def test_two_features_are_never_too_near_to_be_pressed(zoom: int) -> None:
    points = square_of(25, 0.011) + square_of(9, 0.0007, 45.1, 1.1)
    drawing = draw(index_of(points), asked(FRANCE if zoom < 8 else Box(1, 45, 1.2, 45.2)), zoom)
    pixels = 256 * 2**zoom / 360
    middles = [one.point for one in drawing.features]
    near = [
        (a, b)
        for number, a in enumerate(middles)
        for b in middles[:number]
        if abs(a[1] - b[1]) * pixels < 24 and abs(a[0] - b[0]) * 1.4 * pixels < 24
    ]
    assert near == []


def test_a_cluster_zooms_to_a_box_that_holds_its_places() -> None:
    points = ((46.0, 2.0), (46.01, 2.012), (46.004, 2.02))
    (cluster,) = draw(index_of(points), asked(FRANCE), 8).features
    assert isinstance(cluster, Cluster)
    assert all(cluster.box.holds(point) for point in points)
    assert cluster.point == pytest.approx((46.0047, 2.0107), abs=0.001)


def test_places_of_one_address_are_told_one_by_one_at_any_zoom() -> None:
    together = draw(index_of(((46.0, 2.0),) * 3), asked(FRANCE), 6).features
    assert [set(cluster.ids) for cluster in clusters(together)] == [{0, 1, 2}]


def test_places_that_looking_closer_parts_are_not_listed() -> None:
    apart = draw(index_of(((46.0, 2.0), (46.01, 2.0))), asked(FRANCE), 6).features
    assert [cluster.ids for cluster in clusters(apart)] == [()]


def test_the_list_of_an_address_is_bounded() -> None:
    (crowd,) = clusters(draw(index_of(((46.0, 2.0),) * 80), asked(FRANCE), 18).features)
    assert (crowd.count, len(crowd.ids)) == (80, MAX_LISTED)


@pytest.mark.parametrize("count", [10, 2_500])
def test_places_changed_since_the_build_are_drawn(count: int) -> None:
    points = square_of(50, 0.02)[:count]
    drawing = draw(index_of(points, ((46.5, 3.0), (46.5, 3.5))), asked(Box(0.5, 44.5, 4, 47)), 8)
    assert {spot.id for spot in spots(drawing.features)} >= {count, count + 1}
    assert total(drawing.features) == count + 2


def test_features_come_as_one_reads() -> None:
    points = ((44.0, 1.0), (48.0, 6.0), (48.0, 1.0), (44.0, 6.0))
    drawing = draw(index_of(points), asked(FRANCE), 7)
    assert [spot.id for spot in spots(drawing.features)] == [2, 1, 0, 3]


def test_distances_are_told_from_the_origin_only() -> None:
    index = index_of(((46.0, 2.0),))
    near = spots(draw(index, asked(FRANCE), 9, origin=(46.1, 2.0)).features)
    assert [spot.km for spot in near] == [pytest.approx(11.12, abs=0.01)]
    assert [spot.km for spot in spots(draw(index, asked(FRANCE), 9).features)] == [None]


def test_a_map_without_a_box_is_a_fault() -> None:
    with pytest.raises(ValueError, match="box"):
        draw(index_of(()), Criteria(), 9)


@pytest.mark.django_db
def test_a_place_on_the_map_tells_whether_it_moves_and_declares_health_tasks() -> None:
    general = NeedFactory.create(code="demarche-sante")
    task = NeedFactory.create(code="ameli", parent=general)
    basics = NeedFactory.create(code="bases")
    health, other, moving = (
        PlaceFactory.create(latitude=46.0, longitude=longitude) for longitude in (1.0, 2.0, 3.0)
    )
    ServiceFactory.create(place=health, needs=[task])
    ServiceFactory.create(place=other, needs=[basics])
    StopFactory.create(place=moving)
    told = {
        spot.id: (spot.declares_health, spot.moves)
        for spot in spots(draw(build(), asked(Box(0, 45, 4, 47)), 8).features)
    }
    assert told == {health.pk: (True, False), other.pk: (False, False), moving.pk: (False, True)}
    assert Place.objects.count() == 3


@pytest.mark.parametrize("sure_share", [10, 2])
def test_clusters_tell_how_many_of_many_places_do_not_say_all_asked(sure_share: int) -> None:
    points = square_of(60, 0.01)
    index = index_of(points)
    said = from_slots(range(0, len(points), sure_share), len(points))
    columns = Columns(index.columns.bits | {column(Facet.COST, "gratuit"): said})
    told = SearchIndex(
        index.base, columns, index.alive, index.labels, built_at=NOW, build_seconds=0.0
    )
    view = asked(Box(0.5, 44.5, 2, 46), facets={Facet.COST: frozenset({"gratuit"})})
    drawing = draw(told, view, 8)
    sure = -(-len(points) // sure_share)
    assert (drawing.total, drawing.silent_total) == (sure, len(points) - sure)
    assert total(drawing.features) == len(points)
    silent = sum(one.silent for one in clusters(drawing.features))
    silent += sum(one.is_silent for one in spots(drawing.features))
    assert silent == len(points) - sure
