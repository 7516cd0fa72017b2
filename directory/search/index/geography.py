"""Which places lie within a circle, from positions sorted into bands.

Slots follow narrow bands of latitude and, inside a band, longitude: a circle is at most three
ranges of slots a band, of which the middle one is inside whatever the exact positions. Only the
two ends, the rim, are measured one by one.
"""

import math
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter, mul
from typing import Any, TypeAlias

from directory.models.querysets import EARTH_RADIUS_KM, Point

CACHED_CIRCLES = 192
"""Circles kept: a dozen for each of the last places searched from, 5 MB at 200,000 places."""

Vectors: TypeAlias = "tuple[array[float], array[float], array[float]]"

_MARGIN = 1e-9
"""Degrees (0.1 mm) by which ranges yield to exact measures, against rounding."""

_EDGE = 1e-9
"""Part of a squared chord within which the exact formula decides: far above its rounding."""

_DENSITY = 600_000.0
"""Places for which a band 1 km high balances the cost of bands and that of the rim."""


def distance_km(first: Point, second: Point) -> float:
    """Return the great-circle distance of two points, by the formula of `haversine_sql`."""
    latitude, other = math.radians(first[0]), math.radians(second[0])
    d_lat = (other - latitude) / 2.0
    d_lng = (math.radians(second[1]) - math.radians(first[1])) / 2.0
    chord = math.sin(d_lat) ** 2 + math.cos(latitude) * math.cos(other) * math.sin(d_lng) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))


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
        self.bands: dict[int, tuple[int, int]] = {}
        self.ids = array("q")
        self.latitudes, self.longitudes = array("d"), array("d")
        for band in sorted(own):
            # Rows are in the order of their keys, which the sort keeps between equals.
            ids, latitudes, longitudes = zip(*sorted(own[band], key=itemgetter(2)), strict=True)
            self.bands[band] = (len(self.ids), len(self.ids) + len(ids))
            self.ids.extend(ids)
            self.latitudes.extend(latitudes)
            self.longitudes.extend(longitudes)
        self.ids.extend(row[0] for row in rows if None in row)
        self.vectors = _unit_vectors(self.latitudes, self.longitudes)
        self.circle: Callable[[Point, float], int] = lru_cache(CACHED_CIRCLES)(self._circle)

    def point(self, slot: int) -> Point | None:
        """Return the position of a slot, None when unknown."""
        if slot >= self.located:
            return None
        return self.latitudes[slot], self.longitudes[slot]

    def _circle(self, point: Point, km: float) -> int:
        """Return the bitset of places at `km` or less from `point`."""
        reach = math.degrees(km / EARTH_RADIUS_KM) + _MARGIN
        first = int((point[0] - reach) // self.height)
        last = int((point[0] + reach) // self.height)
        shape = _Circle(point, km)
        ranges: list[tuple[int, int]] = []
        for band in range(first, last + 1):
            if band in self.bands:
                ranges += self._in_band(shape, band)
        return from_ranges(ranges)

    def _in_band(self, shape: "_Circle", band: int) -> list[tuple[int, int]]:
        """Return the ranges of slots of one band that are inside the circle."""
        start, end = self.bands[band]
        inner, outer = shape.widths(band * self.height, (band + 1) * self.height)
        center = shape.point[1]
        if abs(center) + outer >= 180.0:
            return self._measured(shape, start, end)
        west = bisect_left(self.longitudes, center - outer, start, end)
        east = bisect_right(self.longitudes, center + outer, west, end)
        if inner <= 0.0:
            return self._measured(shape, west, east)
        inner_west = bisect_left(self.longitudes, center - inner, west, east)
        inner_east = bisect_right(self.longitudes, center + inner, inner_west, east)
        return [
            *self._measured(shape, west, inner_west),
            (inner_west, inner_east),
            *self._measured(shape, inner_east, east),
        ]

    def _measured(self, shape: "_Circle", start: int, end: int) -> list[tuple[int, int]]:
        """Return the places inside, by chords of the unit sphere; by the exact formula on the edge.

        A squared chord costs a sixth of a haversine.
        """
        if start == end:
            return []
        x0, y0, z0 = shape.vector
        surely, maybe = shape.squared_chord * (1 - _EDGE), shape.squared_chord * (1 + _EDGE)
        xs, ys, zs = (own[start:end] for own in self.vectors)
        return [
            (slot, slot + 1)
            for slot, x, y, z in zip(range(start, end), xs, ys, zs, strict=True)
            if (gap := (dx := x - x0) * dx + (dy := y - y0) * dy + (dz := z - z0) * dz) <= maybe
            and (gap < surely or self._is_inside(shape, slot))
        ]

    def _is_inside(self, shape: "_Circle", slot: int) -> bool:
        return distance_km(shape.point, (self.latitudes[slot], self.longitudes[slot])) <= shape.km


def _unit_vectors(latitudes: Sequence[float], longitudes: Sequence[float]) -> Vectors:
    """Return the coordinates of positions on the unit sphere, axis by axis."""
    norths = array("d", map(math.radians, latitudes))
    easts = array("d", map(math.radians, longitudes))
    widths = array("d", map(math.cos, norths))
    return (
        array("d", map(mul, widths, map(math.cos, easts))),
        array("d", map(mul, widths, map(math.sin, easts))),
        array("d", map(math.sin, norths)),
    )


class _Circle:
    """How wide, in degrees of longitude, a circle is at each latitude."""

    def __init__(self, point: Point, km: float) -> None:
        self.point, self.km = point, km
        self.radius = km / EARTH_RADIUS_KM
        (x,), (y,), (z,) = _unit_vectors([point[0]], [point[1]])
        self.vector = x, y, z
        self.squared_chord = 4.0 * math.sin(min(self.radius, math.pi) / 2.0) ** 2
        self.cosine = math.cos(math.radians(point[0]))
        holds_a_pole = math.radians(90.0 - abs(point[0])) <= self.radius
        if holds_a_pole or self.radius >= math.pi / 2:
            self.widest_at, self.widest = point[0], 360.0
        else:
            sine = math.sin(math.radians(point[0])) / math.cos(self.radius)
            self.widest_at = math.degrees(math.asin(max(-1.0, min(1.0, sine))))
            ratio = math.sin(self.radius) / self.cosine
            self.widest = math.degrees(math.asin(min(1.0, ratio)))

    def widths(self, south: float, north: float) -> tuple[float, float]:
        """Return the narrowest and the widest half-widths between two latitudes."""
        if self.widest >= 180.0:
            return 0.0, 360.0
        edges = (self._width(south), self._width(north))
        widest = self.widest if south <= self.widest_at <= north else max(edges)
        return min(edges) - _MARGIN, widest + _MARGIN

    def _width(self, latitude: float) -> float:
        gap = math.radians(latitude - self.point[0]) / 2.0
        left = math.sin(self.radius / 2.0) ** 2 - math.sin(gap) ** 2
        if left <= 0.0:
            return 0.0
        ratio = left / (self.cosine * math.cos(math.radians(latitude)))
        return 360.0 if ratio >= 1.0 else 2.0 * math.degrees(math.asin(math.sqrt(ratio)))


def from_ranges(ranges: list[tuple[int, int]]) -> int:
    """Return the bitset of disjoint ranges of slots, in ascending order.

    A range [a, b) is 2**b - 2**a: the sums of ends and of starts are bitsets of their own.
    """
    if not ranges:
        return 0
    base = ranges[0][0]
    size = (ranges[-1][1] - base) // 8 + 1
    starts, ends = bytearray(size), bytearray(size)
    for start, end in ranges:
        if start < end:
            starts[(start - base) >> 3] |= 1 << (start - base & 7)
            ends[(end - base) >> 3] |= 1 << (end - base & 7)
    return (int.from_bytes(ends, "little") - int.from_bytes(starts, "little")) << base
