"""How many places every other choice would give."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import and_

from directory.search.criteria import SILENT_FACETS, YES, Access, Facet
from directory.search.index.labels import (
    APPOINTMENT_UNKNOWN,
    DECLARED,
    EVERYONE_COLUMN,
    HOURS_UNKNOWN,
    column,
)
from directory.search.index.matching import Matching
from directory.search.index.state import IndexState
from directory.search.index.store import Columns
from directory.search.index.tallies import Blocks, Tally, blocks_of

SILENT = "?"
"""Name, among the values of a facet, of the places that say nothing of it."""

PREFIXES = {**{str(facet): facet for facet in Facet}, DECLARED: Facet.NEED}
"""What columns begin with, and the facet that they tell."""


@dataclass(frozen=True)
class Kept:
    """The places among which values are counted: all, those of the base, those of the tail."""

    bits: int
    blocks: Blocks
    tail: int


class Choices:
    """What every value of a facet matches, in one state of the index.

    Places of the base are counted by a tally that the states share, those of the tail apart, as
    are values that no place had when the tally was made.
    """

    def __init__(self, index: IndexState, prefix: str) -> None:
        self.index, self.prefix, self.facet = index, prefix, PREFIXES[prefix]
        known = set(index.codes(prefix))
        if self.facet in SILENT_FACETS:
            known.add(SILENT)
        self.tally = self._shared_tally(known)
        self.gone = [code for code in self.tally.names if code not in known]
        late = known.difference(self.tally.names)
        self.late = self._matches(index.columns, index.alive, late)
        tail = self._matches(index.tail_columns, index.alive >> index.base.size, known - late)
        self.tail = {code: own for code, own in tail.items() if own}

    def _shared_tally(self, known: set[str]) -> Tally:
        base = self.index.base
        # What a need accepts may change without any place being read again.
        key = self.prefix, frozenset(self.index.labels.parents.items())
        if key not in base.tallies:
            codes = known.union(base.columns.codes(self.prefix))
            base.tallies[key] = Tally(self._matches(base.columns, self.index.base_slots, codes))
        return base.tallies[key]

    def _matches(self, columns: Columns, whole: int, codes: Collection[str]) -> dict[str, int]:
        """Return, over some columns and all of their places, what codes match."""
        prefix, facet, found = self.prefix, self.facet, {}
        for code in codes:
            names = [column(prefix, code)]
            if facet == Facet.NEED:
                names = [column(prefix, need) for need in self.index.accepted(code)]
            elif facet == Facet.PUBLIC:
                names.append(EVERYONE_COLUMN)
            found[code] = columns.union(names)
        if SILENT in codes:
            found[SILENT] = whole & ~columns.union(f"{prefix}:{c}" for c in columns.codes(prefix))
            if facet == Facet.ACCESS:
                found[SILENT] = columns.get(HOURS_UNKNOWN) & columns.get(APPOINTMENT_UNKNOWN)
        return found

    def counts(self, kept: Kept) -> dict[str, int]:
        """Count, by code, the places kept that each value matches; SILENT among them."""
        if kept.bits == self.index.alive:
            # The home page asks nothing else.
            everywhere = self.index.remember(f"#{self.prefix}", lambda: self._counted(kept))
            return dict(everywhere)
        return self._counted(kept)

    def _counted(self, kept: Kept) -> dict[str, int]:
        counts = self.tally.counts(kept.blocks)
        for code in self.gone:
            del counts[code]
        for code, own in self.tail.items():
            counts[code] += (kept.tail & own).bit_count()
        for code, own in self.late.items():
            counts[code] = (kept.bits & own).bit_count()
        return counts


def choices(index: IndexState, prefix: str) -> Choices:
    """Return the choices of a family of columns, made once for all searches."""
    return index.remember(f"={prefix}", lambda: Choices(index, prefix))


class Counting:
    """Counts the values of every facet around a search."""

    def __init__(self, matching: Matching) -> None:
        self.matching = matching
        self.index, self.criteria = matching.index, matching.criteria

    def counts(self) -> tuple[dict[Facet, dict[str, int]], dict[Facet, int]]:
        """Return what every other choice would give, and how many places are silent."""
        counts: dict[Facet, dict[str, int]] = {}
        silent: dict[Facet, int] = {}
        matches, whole = self.matching.matches, self._kept(self.matching.strict)
        for facet in Facet:
            kept = whole
            if facet in matches:
                rest = (own for other, own in matches.items() if other != facet)
                kept = self._kept(reduce(and_, rest, self.matching.within))
            prefix = self.matching.need_prefix if facet == Facet.NEED else facet
            own = choices(self.index, prefix).counts(kept)
            mute = own.pop(SILENT, 0)
            if facet in SILENT_FACETS:
                is_asked = facet == Facet.ACCESS and facet in matches
                silent[facet] = (
                    (kept.bits & self.matching.silent(facet)).bit_count() if is_asked else mute
                )
            for code in self._told_apart(facet, own):
                own[str(code)] = (kept.bits & self.matching.choice(facet, code)).bit_count()
            counts[facet] = own
        return counts, silent

    def _kept(self, bits: int) -> Kept:
        index = self.index
        if not index.tail:
            return Kept(bits, blocks_of(bits), 0)
        return Kept(bits, blocks_of(bits & index.base_slots), bits >> index.base.size)

    def _told_apart(self, facet: Facet, known: Collection[str]) -> set[str]:
        """Return the codes whose meaning depends on the search."""
        chosen = set(self.criteria.facets.get(facet, ()))
        if facet == Facet.ACCESS and self.criteria.now:
            chosen.add(Access.NOW)
        if facet == Facet.VERIFIED and self.criteria.verified_since:
            chosen.add(YES)
        return chosen if facet == Facet.NEED else chosen.difference(known)
