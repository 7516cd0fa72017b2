"""Finds the pairs of the directory that may be one place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from directory.exchange.duplicates import blocking, reading
from directory.exchange.duplicates.record import Record
from directory.exchange.duplicates.score import REVIEW, Comparison, compare


@dataclass(frozen=True, slots=True)
class Found:
    """Two places, by their numbers, the smaller first, and what they have in common."""

    first: int
    second: int
    comparison: Comparison


def find(only: set[int] | None = None) -> Iterator[Found]:
    """Yield the pairs worth a decision; with `only`, numbers of places, those that hold one.

    Memory holds one department's places: two places of one town are never in two departments.
    Then come neighbours across a border of departments.
    """
    switchboards = reading.shared_phones()
    for records in reading.by_department(only, switchboards):
        yield from _alike(records, only)
    borders = reading.near_borders()
    for pair in _alike(reading.read_places(borders, switchboards), only):
        if borders[pair.first] != borders[pair.second]:
            yield pair


def _alike(records: Sequence[Record], only: set[int] | None) -> Iterator[Found]:
    """Yield the pairs of records, in the order of their numbers, that are worth a decision."""
    for one, other in blocking.pairs(records, only):
        first, second = records[one], records[other]
        comparison = compare(first, second)
        if comparison.score >= REVIEW:
            yield Found(first.key, second.key, comparison)
