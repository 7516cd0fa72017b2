"""What a map shows of a search: places, and clusters of those too near to be told apart.

Places of one square of 32 pixels are one feature, and so are neighbours too near to be pressed; the
squares grow until a view holds MAX_FEATURES at most (docs/decisions/0012-map.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from directory.models.querysets import Point
from directory.search.boxes import Box
from directory.search.criteria import Criteria
from directory.search.index.bits import has
from directory.search.index.circles import distance_km
from directory.search.index.clock import OpenNow
from directory.search.index.core import SearchIndex
from directory.search.index.grid import BITS, CODE_BITS, Corner, grid_of, point_at, square
from directory.search.index.grouping import Group, group
from directory.search.index.labels import DECLARED, ITINERANT, column
from directory.search.index.matching import Matching

MAX_FEATURES = 500

DEEPEST_ZOOM = 18
"""Closest that the site's maps go: what is still together there is told as a list."""

MAX_LISTED = 50
"""Places of such a list: more at one address is a fault of the data."""

_SQUARES_OF_A_TILE = 3
"""Levels between a tile of 256 pixels and a square of 32."""

_MAX_SQUARES = 4 * MAX_FEATURES
"""Squares of a view, neighbours not yet joined: twice a wide screen's."""

_PARTED_FROM = 48 << (BITS - 8 - DEEPEST_ZOOM)
"""Width (48 pixels when closest) from which looking closer parts a cluster."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map. `is_open` is None when its hours are unknown, `km` without an origin.

    `is_silent`: it does not say all that was asked. `declares_health`: it says itself that it helps
    with a health task.
    """

    id: int
    point: Point
    is_open: bool | None
    moves: bool
    declares_health: bool
    is_silent: bool
    km: float | None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Places too near each other to be told apart, `silent` of which do not say all asked.

    `box` holds them all. `ids` are theirs (MAX_LISTED at most) when looking closer would not part
    them.
    """

    point: Point
    count: int
    silent: int
    box: Box
    ids: tuple[int, ...] = ()


Feature = Spot | Cluster


@dataclass(frozen=True)
class Drawing:
    """What a view shows, in the order of reading; `total` places match, `silent_total` may."""

    features: list[Feature]
    total: int
    silent_total: int


def draw(
    index: SearchIndex,
    criteria: Criteria,
    zoom: int,
    origin: Point | None = None,
    only: int | None = None,
) -> Drawing:
    """Return what a map at a zoom (tiles of 256 pixels) shows of `criteria.bbox`.

    Distances are told from `origin`; `only` is a bitset of places, the others are left out. Raises
    ValueError without a box, and as `Matching` does.
    """
    if criteria.bbox is None:
        raise ValueError("A map shows a box.")
    matching = Matching(index, criteria)
    strict, unsure = matching.strict, matching.unsure
    if only is not None:
        strict, unsure = strict & only, unsure & only
    corner = Corner.of(criteria.bbox)
    level = min(zoom + _SQUARES_OF_A_TILE, CODE_BITS)
    while corner.squares(level) > _MAX_SQUARES:
        level -= 1
    painter = _Painter(index, strict, unsure, matching.now, corner)
    groups = group(painter.parts(level), level)
    while len(groups) > MAX_FEATURES:
        level -= 1
        groups = group(painter.parts(level), level)
    features = [
        painter.cluster(own) if own.count > 1 else painter.spot(own.slots[0], origin)
        for own in groups
    ]
    return Drawing(features, strict.bit_count(), unsure.bit_count())


class _Painter:
    """Tells what is known of places; of the `unsure` ones, that they do not say all asked."""

    def __init__(
        self, index: SearchIndex, strict: int, unsure: int, now: OpenNow | None, view: Corner
    ) -> None:
        self.index, self.unsure, self.view = index, unsure, view
        self.places = strict | unsure
        self.grid = grid_of(index.base.bands)
        self.one_by_one = self.grid.slots(self.places & index.base_slots)
        parents, columns = index.labels.parents, index.columns
        health = {column(DECLARED, code) for code in (*parents, *parents.values())}
        self.open = self._readable(now.is_open if now else 0)
        self.unknown = self._readable(now.is_unknown if now else self.places)
        self.moving = self._readable(columns.get(ITINERANT))
        self.health = self._readable(columns.union(health))
        self.silent = self._readable(unsure)

    def _readable(self, bits: int) -> bytes:
        """Write a bitset so that one bit is read without copying all."""
        return (bits & self.places).to_bytes(self.places.bit_length() // 8 + 1, "little")

    def parts(self, level: int) -> Iterable[Group]:
        """Yield the places one by one when they are few, else by square of a level."""
        for slot in self.one_by_one or ():
            yield self._single(slot, self.grid.xs[slot], self.grid.ys[slot])
        for slot in self.index.tail_slots:
            if has(self.places, slot):
                yield self._single(slot, *square(self._point(slot)))
        if self.one_by_one is not None:
            return
        own, unsure = (b & self.index.base_slots for b in (self.places, self.unsure))
        strict = own & ~unsure
        # Of the two blocks, the smaller tells the other.
        is_unsure = unsure.bit_count() <= strict.bit_count()
        block = self.grid.count(unsure if is_unsure else strict, level, self.view)
        side = 1 << (BITS - level)
        for code, (count, slot) in self.grid.count(own, level, self.view).items():
            x, y = self.grid.xs[slot], self.grid.ys[slot]
            west, north = x & -side, y & -side
            counted = block[code][0] if code in block else 0
            silent = counted if is_unsure else count - counted
            sums, bounds = (count * x, count * y), (west, north, west + side, north + side)
            yield Group(count, silent, *sums, *bounds, [slot])

    def _single(self, slot: int, x: int, y: int) -> Group:
        return Group(1, _bit(self.silent, slot), x, y, x, y, x + 1, y + 1, [slot])

    def _point(self, slot: int) -> Point:
        point = self.index.rows.point(slot)
        if point is None:
            raise ValueError("No place without a position is inside a box.")
        return point

    def spot(self, slot: int, origin: Point | None) -> Spot:
        """Return the place of a slot, with its distance from the origin when there is one."""
        point = self._point(slot)
        return Spot(
            id=self.index.rows.id(slot),
            point=point,
            is_open=None if _bit(self.unknown, slot) else bool(_bit(self.open, slot)),
            moves=bool(_bit(self.moving, slot)),
            declares_health=bool(_bit(self.health, slot)),
            is_silent=bool(_bit(self.silent, slot)),
            km=distance_km(origin, point) if origin else None,
        )

    def cluster(self, own: Group) -> Cluster:
        """Return the cluster of a group of several places."""
        # Squares go beyond the view, their places do not.
        view = self.view
        north, west = point_at(max(own.west, view.west), max(own.north, view.north))
        south, east = point_at(min(own.east, view.east + 1), min(own.south, view.south + 1))
        widest = max(own.east - own.west, own.south - own.north)
        is_whole = len(own.slots) == own.count and widest < _PARTED_FROM
        ids = map(self.index.rows.id, own.slots[:MAX_LISTED] if is_whole else ())
        return Cluster(
            point_at(*own.center), own.count, own.silent, Box(west, south, east, north), tuple(ids)
        )


def _bit(readable: bytes, slot: int) -> int:
    return readable[slot >> 3] >> (slot & 7) & 1
