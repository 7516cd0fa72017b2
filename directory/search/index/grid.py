"""Where places fall on the squares of web maps, whatever their size, and how many of a search do.

Positions are kept as 32-bit integers of the web Mercator square (a centimetre), and as one code in
which the bits of both alternate: its first 2n bits name the square of level n, of which the world
has 2^n a side. Counting by square is done by C code at every step: 200,000 places one by one would
cost ten times what a request may.
"""

import math
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress, repeat
from operator import rshift
from weakref import WeakKeyDictionary

from directory.models.querysets import Point
from directory.search.boxes import Box
from directory.search.index.bits import lowest, slots_of
from directory.search.index.geography import Bands

BITS = 32
"""Bits of a coordinate."""

CODE_BITS = 24
"""Bits of a coordinate that codes keep: squares of 2 m."""

DEEPEST_SETS = 14
"""Deepest level whose sets of places are kept (1.7 km squares): 26 MB at 200,000 places."""

MAX_LATITUDE = 85.0511
"""Where web maps end."""

_ONE_BY_ONE = 2_000
"""Places few enough to be told one by one."""

_SELECTED = 2_000
"""Places few enough to be selected rather than counted by sets."""

_SPREAD = tuple(sum((n >> bit & 1) << 2 * bit for bit in range(8)) for n in range(256))
_DIGITS = bytes(max(0, byte - ord("0")) if byte in b"01" else 0 for byte in range(256))


def square(point: Point) -> tuple[int, int]:
    """Return the web Mercator position of (latitude, longitude), x eastwards and y southwards."""
    latitude = math.radians(max(-MAX_LATITUDE, min(MAX_LATITUDE, point[0])))
    x = (point[1] + 180.0) / 360.0
    y = (1.0 - math.asinh(math.tan(latitude)) / math.pi) / 2.0
    return tuple(max(0, min((1 << BITS) - 1, int(part * (1 << BITS)))) for part in (x, y))  # type: ignore[return-value]


def point_at(x: float, y: float) -> Point:
    """Return the latitude and longitude in degrees of a web Mercator position."""
    turn = math.pi * (1.0 - 2.0 * y / (1 << BITS))
    return math.degrees(math.atan(math.sinh(turn))), 360.0 * x / (1 << BITS) - 180.0


@dataclass(frozen=True, slots=True)
class Corner:
    """A box in web Mercator: `west` and `east` grow eastwards, `north` and `south` southwards."""

    west: int
    north: int
    east: int
    south: int

    @classmethod
    def of(cls, box: Box) -> "Corner":
        """Return the corners of a box in degrees."""
        west, north = square((box.north, box.west))
        east, south = square((box.south, box.east))
        return cls(west, north, east, south)

    def squares(self, level: int) -> int:
        """Return how many squares of a level it touches."""
        shift = BITS - level
        wide = (self.east >> shift) - (self.west >> shift) + 1
        return wide * ((self.south >> shift) - (self.north >> shift) + 1)


Counted = dict[int, tuple[int, int]]
"""By code of a square: how many places, and the slot of one of them."""


@dataclass
class _Row:
    """Sets of places of the squares of one row, from west to east, as windows over the row's own.

    `low` is the row's first slot, `size` how many slots it spans.
    """

    low: int = 0
    size: int = 0
    columns: list[int] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    windows: list[tuple[int, int]] = field(default_factory=list)


class Grid:
    """The positions of an index's base, by slot."""

    def __init__(self, bands: Bands) -> None:
        self.located = bands.located
        self.xs, self.ys = array("I", []), array("I", [])
        for point in zip(bands.latitudes, bands.longitudes, strict=True):
            x, y = square(point)
            self.xs.append(x)
            self.ys.append(y)
        self.codes = array("Q", map(code_of, self.xs, self.ys))

    def count(self, places: int, level: int, corner: Corner) -> Counted:
        """Count the places of a bitset, all inside the corner, by square of a level."""
        if level <= DEEPEST_SETS:
            return self._by_sets(places, level, corner)
        slots, codes = self._selected(places)
        squares = list(map(rshift, codes, repeat(2 * (CODE_BITS - level))))
        last = dict(zip(squares, slots, strict=True))
        return {code: (count, last[code]) for code, count in Counter(squares).items()}

    def slots(self, places: int) -> list[int] | None:
        """Return the slots of a bitset when they are few enough to be told one by one."""
        return list(slots_of(places)) if places.bit_count() <= _ONE_BY_ONE else None

    def _selected(self, places: int) -> tuple[list[int], list[int]]:
        """Return the slots of a bitset and their codes, in ascending order."""
        if not places:
            return [], []
        low, high = lowest(places), places.bit_length()
        # Binary digits are the quickest way from an integer to a selection.
        chosen = bin(places >> low)[:1:-1].encode().translate(_DIGITS)
        return (
            list(compress(range(low, high), chosen)),
            list(compress(self.codes[low:high], chosen)),
        )

    def _by_sets(self, places: int, level: int, corner: Corner) -> Counted:
        shift = BITS - level
        found: Counted = {}
        for y in range(corner.north >> shift, (corner.south >> shift) + 1):
            row = self._levels[level].get(y)
            kept = places >> row.low & ((1 << row.size) - 1) if row else 0
            if not row or not kept:
                continue
            first = bisect_left(row.columns, corner.west >> shift)
            last = bisect_right(row.columns, corner.east >> shift)
            for number in range(first, last):
                low, bits = row.windows[number]
                own = kept >> low & bits
                if own:
                    slot = row.low + low + lowest(own)
                    found[row.codes[number]] = own.bit_count(), slot
        return found

    @cached_property
    def _levels(self) -> dict[int, dict[int, _Row]]:
        """Sets of places by level and row: each level's are the unions of the next one's."""
        sets: dict[int, tuple[int, int, int]] = {}
        for code, slots in self._gathered():
            low = min(slots)
            bits = 0
            for slot in slots:
                bits |= 1 << (slot - low)
            sets[code] = low, max(slots) + 1, bits
        levels = {DEEPEST_SETS: self._rows(sets, DEEPEST_SETS)}
        for level in range(DEEPEST_SETS - 1, -1, -1):
            sets = _united(sets)
            levels[level] = self._rows(sets, level)
        return levels

    def _gathered(self) -> Iterator[tuple[int, list[int]]]:
        by_code: dict[int, list[int]] = {}
        shift = 2 * (CODE_BITS - DEEPEST_SETS)
        for slot, code in enumerate(map(rshift, self.codes, repeat(shift))):
            by_code.setdefault(code, []).append(slot)
        return iter(by_code.items())

    def _rows(self, sets: dict[int, tuple[int, int, int]], level: int) -> dict[int, _Row]:
        shift = BITS - level
        rows: dict[int, list[tuple[int, int]]] = {}
        for code, (low, _high, _bits) in sets.items():
            rows.setdefault(self.ys[low] >> shift, []).append((self.xs[low] >> shift, code))
        made = {}
        for y, squares in rows.items():
            squares.sort()
            low = min(sets[code][0] for _x, code in squares)
            high = max(sets[code][1] for _x, code in squares)
            made[y] = _Row(
                low,
                high - low,
                [x for x, _code in squares],
                [code for _x, code in squares],
                [(sets[code][0] - low, sets[code][2]) for _x, code in squares],
            )
        return made

    def prepare(self) -> None:
        """Make what the first request would otherwise wait for."""
        _ = self._levels


def code_of(x: int, y: int) -> int:
    """Return the code in which the first CODE_BITS bits of both coordinates alternate."""
    return (
        (_SPREAD[x >> 24] | _SPREAD[y >> 24] << 1) << 32
        | (_SPREAD[x >> 16 & 255] | _SPREAD[y >> 16 & 255] << 1) << 16
        | (_SPREAD[x >> 8 & 255] | _SPREAD[y >> 8 & 255] << 1)
    )


def _united(sets: dict[int, tuple[int, int, int]]) -> dict[int, tuple[int, int, int]]:
    """Return the sets of the squares four times as large."""
    larger: dict[int, tuple[int, int, int]] = {}
    for code, (low, high, bits) in sets.items():
        known = larger.get(code >> 2)
        if known is None:
            larger[code >> 2] = low, high, bits
            continue
        start = min(low, known[0])
        joined = bits << (low - start) | known[2] << (known[0] - start)
        larger[code >> 2] = start, max(high, known[1]), joined
    return larger


_grids: WeakKeyDictionary[Bands, Grid] = WeakKeyDictionary()


def grid_of(bands: Bands) -> Grid:
    """Return the grid of these positions, made once."""
    found = _grids.get(bands)
    if found is None:
        found = _grids[bands] = Grid(bands)
    return found
