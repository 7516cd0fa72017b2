"""Places near each other made into one feature, so that each feature of a map can be pressed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from directory.search.index.grid import BITS

WIDE, HIGH = 1.5, 1.9
"""Squares of 32 pixels (48 and 61 pixels) within which two features are one: buttons are 44 pixels
wide, and a pin is as high above its place."""

REACH = (-2, -1, 0, 1, 2)
"""Squares around one, on each side, where what is that near may be."""


@dataclass(slots=True)
class Group:
    """Places that make one feature, in web Mercator integers.

    `x` and `y` are sums over places; `slots` are some of the places, one at least.
    """

    count: int
    silent: int
    x: float
    y: float
    west: int
    north: int
    east: int
    south: int
    slots: list[int] = field(default_factory=list)

    @property
    def center(self) -> tuple[float, float]:
        """The middle of its places."""
        return self.x / self.count, self.y / self.count

    def take(self, other: "Group") -> None:
        """Add the places of another group."""
        self.count += other.count
        self.silent += other.silent
        self.x += other.x
        self.y += other.y
        self.west, self.east = min(self.west, other.west), max(self.east, other.east)
        self.north, self.south = min(self.north, other.north), max(self.south, other.south)
        self.slots += other.slots


def group(parts: Iterable[Group], level: int) -> list[Group]:
    """Join the parts of each square of a level, then the squares whose middles are too near.

    The groups come as one reads: rows of squares from north to south, each from west to east.
    """
    shift = BITS - level
    squares: dict[tuple[int, int], Group] = {}
    for part in parts:
        x, y = part.center
        key = int(x) >> shift, int(y) >> shift
        if key in squares:
            squares[key].take(part)
        else:
            squares[key] = part
    _join(squares, 1 << shift)
    return sorted(
        squares.values(), key=lambda one: (int(one.center[1]) >> shift, one.x / one.count)
    )


def _join(squares: dict[tuple[int, int], Group], side: int) -> None:
    """Let the groups of most places take the neighbours that they touch."""
    wide, high = WIDE * side, HIGH * side
    for key in sorted(squares, key=lambda key: -squares[key].count):
        own = squares.get(key)
        if own is None:
            continue
        x, y = own.center
        for step_x in REACH:
            for step_y in REACH:
                near = key[0] + step_x, key[1] + step_y
                other = squares.get(near)
                if other is None or other is own:
                    continue
                other_x, other_y = other.center
                if abs(other_x - x) < wide and abs(other_y - y) < high:
                    own.take(other)
                    del squares[near]
