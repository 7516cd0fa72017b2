"""Which merges may be made together: those of different places. The others wait for the next round.

Made in rounds, merges give the same directory as one after the other, in the order of the pairs.
"""

from collections.abc import Iterable, Mapping, Sequence

from directory.exchange.duplicates import pairs
from directory.exchange.duplicates.finding import Found
from directory.exchange.duplicates.parts import Side


class Book:
    """What became of places, and those that a person told apart."""

    def __init__(self, apart: dict[int, set[int]]) -> None:
        self._apart = apart
        self._now: dict[int, int] = {}

    def present(self, pair: Found) -> tuple[int, int]:
        """Return the places that the two of a pair are now, the smaller number first."""
        return pairs.ordered(self._follow(pair.first), self._follow(pair.second))

    def are_apart(self, one: int, other: int) -> bool:
        """Tell whether a person told two places apart."""
        return other in self._apart.get(one, ())

    def merge(self, kept: int, absorbed: int) -> None:
        """Hold for the kept place what a person said of the absorbed one."""
        self._now[absorbed] = kept
        for other in self._apart.pop(absorbed, set()):
            self._apart[other].discard(absorbed)
            self._apart[other].add(kept)
            self._apart[kept].add(other)

    def _follow(self, place: int) -> int:
        while place in self._now:
            place = self._now[place]
        return place


def pick(left: Sequence[Found], book: Book, most: int) -> tuple[list[Found], list[Found]]:
    """Return pairs that have no place in common, `most` at most, and those left, in their order.

    A pair waits when one of its places is in a pair before it; those that became one place go.
    """
    picked: list[Found] = []
    waiting: list[Found] = []
    taken: set[int] = set()
    for rank, pair in enumerate(left):
        if len(picked) == most:
            return picked, [*waiting, *left[rank:]]
        one, other = book.present(pair)
        if one == other:
            continue
        (waiting if taken & {one, other} else picked).append(Found(one, other, pair.comparison))
        taken |= {one, other}
    return picked, waiting


def without_antennas(
    picked: Iterable[Found], sides: Mapping[int, Side]
) -> tuple[list[Found], list[Found]]:
    """Return the pairs that name no principal of another's places, and those that do.

    Where an antenna leads follows its principal's merge.
    """
    free: list[Found] = []
    later: list[Found] = []
    places: set[int] = set()
    principals: set[int] = set()
    for pair in picked:
        own = {pair.first, pair.second}
        named = {sides[key].place.principal_id or 0 for key in own & sides.keys()} - {0}
        (later if own & principals or named & places else free).append(pair)
        places |= own
        principals |= named
    return free, later
