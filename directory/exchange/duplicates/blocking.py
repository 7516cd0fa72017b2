"""Which pairs are worth comparing: those that share a rare enough key. Linear in the records."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from directory.exchange.duplicates.record import Point, Record

LARGEST = 40
"""Records that a key may have: beyond, it tells nothing, and pairs would grow as its square."""
CELL = 0.002
"""Degrees of a cell of the map: 220 m by some 150."""
MANY_ADDRESSES = 3
"""Different addresses from which a phone is a switchboard, and counts for nothing."""

Key = tuple[str | int, ...]
Cell = tuple[int, int]


def keys(record: Record) -> Iterator[Key]:
    """Yield the keys of a record: identifiers, SIRET, phone, street and words of its town, cell."""
    for identifier in record.identifiers:
        yield ("identifier", identifier)
    if record.pivot:
        yield ("pivot", record.pivot, record.town)
    if record.phone:
        yield ("phone", record.phone)
    town, way = record.town, record.address.own
    if way:
        yield ("way", town, max(way.split(), key=len))
    for word in record.name.own.split():
        yield ("word", town, word)
    for body in record.name.bodies:
        yield ("body", town, body)
    if not record.name.own and not record.name.bodies:
        yield ("name", town, record.name.plain)
    if record.point:
        yield ("cell", *cell(record.point))


def cell(point: Point) -> Cell:
    """Return the cell of the map that holds a point, in degrees."""
    return math.floor(point[0] / CELL), math.floor(point[1] / CELL)


def beside(of: Cell) -> Iterator[Cell]:
    """Yield the eight cells around one."""
    steps = ((i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j)
    return ((of[0] + i, of[1] + j) for i, j in steps)


def _around(record: Record) -> Iterator[Key]:
    """Yield the cells next to a record's own, each pair of neighbours by one of them only."""
    if record.point:
        row, column = cell(record.point)
        for step in ((0, 1), (1, -1), (1, 0), (1, 1)):
            yield ("cell", row + step[0], column + step[1])


def pairs(records: Sequence[Record], only: set[int] | None = None) -> Iterator[tuple[int, int]]:
    """Yield positions of two records that share a key, each pair once.

    With `only`, keys of places, pairs that hold at least one of them.
    """
    blocks: dict[Key, list[int]] = defaultdict(list)
    wanted = _keys_of(records, only)
    for rank, record in enumerate(records):
        for key in keys(record):
            if wanted is None or key in wanted:
                blocks[key].append(rank)
    seen: set[int] = set()
    for rank, other in _blocked(records, blocks):
        one, two = (rank, other) if rank < other else (other, rank)
        if only is not None and records[one].key not in only and records[two].key not in only:
            continue
        code = one << 32 | two
        if code not in seen:
            seen.add(code)
            yield one, two


def _keys_of(records: Iterable[Record], only: set[int] | None) -> set[Key] | None:
    if only is None:
        return None
    chosen = [record for record in records if record.key in only]
    wanted = {key for record in chosen for key in keys(record)}
    for record in chosen:
        if record.point:
            wanted |= {("cell", *near) for near in beside(cell(record.point))}
    return wanted


def _blocked(records: Sequence[Record], blocks: dict[Key, list[int]]) -> Iterator[tuple[int, int]]:
    for ranks in blocks.values():
        if len(ranks) <= LARGEST:
            yield from combinations(ranks, 2)
    for rank, record in enumerate(records):
        for key in _around(record):
            beside = blocks.get(key, ())
            if len(beside) <= LARGEST:
                yield from ((rank, other) for other in beside)
