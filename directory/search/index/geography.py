"""Which places lie within a circle, from positions sorted into bands.

Slots follow narrow bands of latitude and, inside a band, longitude: a circle is at most three
ranges of slots a band, of which the middle one is inside whatever the exact positions. Only the
two ends, the rim, are measured one by one.
"""

import math
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import Any

from directory.models.querysets import EARTH_RADIUS_KM, Point
from directory.search.index.bits import Slots
from directory.search.index.circles import MARGIN, Circle, distance_km, unit_vectors

CACHED_CIRCLES = 192
"""Circles kept: a dozen for each of the last places searched from, 5 MB at 200,000 places."""

_EDGE = 4e-15
"""Difference of cosines within which the exact formula decides: ten times their rounding."""

_DENSITY = 400_000.0
"""Places for which a band 1 km high balances the cost of bands and that of the rim."""


_FEW = 3
"""Places of a band that are sooner measured than told apart."""


class Bands:
    """Positions by slot, sorted by band; slots beyond `located` have no position."""

    def __init__(self, positions: Iterable[tuple[int, float | None, float | None]]) -> None:
        """`positions` are (place id, latitude, longitude); they give each place its slot."""
        rows = sorted(positions)
        located: list[Any] = [row for row in rows if None not in row]
        self.located = len(located)
        self.height = math.degrees(math.sqrt(_DENSITY / max(1, self.located)) / EARTH_RADIUS_KM)
        own: dict[int, list[Any]] = defaultdict(list)
        for row in located:
            own[int(row[1] // self.height)].append(row)
        self.first = min(own, default=0)
        self.starts = array("I", [0])
        self.ids = array("q")
        self.latitudes, self.longitudes = array("d"), array("d")
        for band in range(self.first, max(own, default=-1) + 1):
            # Rows are in the order of their keys, which the sort keeps between equals.
            for key, latitude, longitude in sorted(own.get(band, ()), key=itemgetter(2)):
                self.ids.append(key)
                self.latitudes.append(latitude)
                self.longitudes.append(longitude)
            self.starts.append(len(self.ids))
        self.ids.extend(row[0] for row in rows if None in row)
        self.vectors = unit_vectors(self.latitudes, self.longitudes)
        self.circle: Callable[[Point, float], int] = lru_cache(CACHED_CIRCLES)(self._circle)

    def point(self, slot: int) -> Point | None:
        """Return the position of a slot, None when unknown."""
        if slot >= self.located:
            return None
        return self.latitudes[slot], self.longitudes[slot]

    def _circle(self, point: Point, km: float) -> int:
        """Return the bitset of places at `km` or less from `point`."""
        reach = math.degrees(km / EARTH_RADIUS_KM) + MARGIN
        first = max(self.first, int((point[0] - reach) // self.height))
        last = min(self.first + len(self.starts) - 2, int((point[0] + reach) // self.height))
        if last < first:
            return 0
        shape = Circle(point, km)
        starts = self.starts[first - self.first : last - self.first + 2]
        edges = [band * self.height for band in range(first, last + 2)]
        if abs(point[1]) + shape.widest >= 180.0:
            # Across the antimeridian or over a pole, longitudes tell little.
            near = self._measured(shape, range(starts[0], starts[-1]))
            return from_ranges([], near, starts[0], starts[-1])
        inside, rim = self._told_apart(point[1], starts, shape.widths(edges))
        return from_ranges(inside, self._measured(shape, rim), starts[0], starts[-1])

    def _told_apart(
        self, center: float, starts: Slots, widths: Iterable[tuple[float, float]]
    ) -> tuple[list[tuple[int, int]], list[int]]:
        """Return the ranges of slots that are inside for sure, and the slots to be measured."""
        longitudes = self.longitudes
        inside: list[tuple[int, int]] = []
        rim: list[int] = []
        for (start, end), (inner, outer) in zip(pairwise(starts), widths, strict=True):
            west = bisect_left(longitudes, center - outer, start, end)
            east = bisect_right(longitudes, center + outer, west, end)
            if inner <= 0.0 or east - west <= _FEW:
                rim += range(west, east)
                continue
            inner_west = bisect_left(longitudes, center - inner, west, east)
            inner_east = bisect_right(longitudes, center + inner, inner_west, east)
            rim += range(west, inner_west)
            rim += range(inner_east, east)
            inside.append((inner_west, inner_east))
        return inside, rim

    def _measured(self, shape: Circle, slots: Iterable[int]) -> list[int]:
        """Return the places inside, by the cosine of the angle; by the exact formula on the edge.

        A cosine costs a tenth of a haversine.
        """
        x0, y0, z0 = shape.vector
        surely, maybe = shape.angle_cosine + _EDGE, shape.angle_cosine - _EDGE
        xs, ys, zs = self.vectors
        return [
            slot
            for slot in slots
            if (near := xs[slot] * x0 + ys[slot] * y0 + zs[slot] * z0) >= maybe
            and (near > surely or self._is_inside(shape, slot))
        ]

    def _is_inside(self, shape: Circle, slot: int) -> bool:
        return distance_km(shape.point, (self.latitudes[slot], self.longitudes[slot])) <= shape.km


def from_ranges(inside: list[tuple[int, int]], slots: list[int], first: int, last: int) -> int:
    """Return the bitset of disjoint ranges and of slots, all from `first` to `last`.

    A range [a, b) is 2**b - 2**a: the sums of ends and of starts are bitsets of their own.
    """
    size = (last - first) // 8 + 1
    starts, ends, others = bytearray(size), bytearray(size), bytearray(size)
    for start, end in inside:
        starts[(start - first) >> 3] |= 1 << (start - first & 7)
        ends[(end - first) >> 3] |= 1 << (end - first & 7)
    for slot in slots:
        others[(slot - first) >> 3] |= 1 << (slot - first & 7)
    ranges = int.from_bytes(ends, "little") - int.from_bytes(starts, "little")
    return (ranges | int.from_bytes(others, "little")) << first
