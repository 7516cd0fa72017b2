"""One state of the published places: what matching and ordering read."""

import math
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Sized
from datetime import date
from functools import cached_property
from typing import TypeVar

from directory.models.querysets import Point
from directory.search.criteria import YES, Access, Facet
from directory.search.index.bits import slots_of
from directory.search.index.circles import Vectors, unit_vectors
from directory.search.index.clock import OpenNow, state_at
from directory.search.index.hours import is_open_at
from directory.search.index.labels import HOURS_UNKNOWN, PHONE, Labels, column
from directory.search.index.records import Record
from directory.search.index.store import Base, Columns, Rows
from directory.search.index.words import singular

Kept = TypeVar("Kept")

CLOSED_LISTS: dict[str, tuple[str, ...]] = {
    Facet.ITINERANT: (YES,),
    Facet.ACCESS: (Access.EVENING, Access.SATURDAY, Access.NO_APPOINTMENT, Access.PHONE),
}
"""Values of the facets that are no vocabulary, time of the search left aside."""

SLICES_KEPT = 4
"""Slices of time for which the openings of the tail are kept."""


class IndexState:
    """The base, the columns over it, and the tail: places read again since the build.

    A place read again leaves its slot for a new one at the end; `alive` holds the slots in use.
    Never changes, but for what it remembers of its own answers.
    """

    def __init__(
        self,
        base: Base,
        columns: Columns,
        alive: int,
        labels: Labels,
        tail: tuple[Record, ...] = (),
    ) -> None:
        self.base, self.columns, self.alive, self.labels = base, columns, alive, labels
        self.tail = tail
        self.rows = Rows(base, tail)
        self.base_slots = (1 << base.size) - 1
        self._memory: dict[str, object] = {}
        self._openings: dict[int, OpenNow] = {}

    @cached_property
    def tail_slots(self) -> list[int]:
        """Slots of the tail that hold a published place's last state."""
        return list(slots_of(self.alive & ~self.base_slots))

    @cached_property
    def tail_columns(self) -> Columns:
        """The columns of the tail, numbered from 0."""
        return self.columns.beyond(self.base.size)

    @cached_property
    def tail_points(self) -> dict[int, Point]:
        """Slots of the tail that have a position."""
        points = ((slot, self.rows.point(slot)) for slot in self.tail_slots)
        return {slot: point for slot, point in points if point}

    @cached_property
    def tail_vectors(self) -> Vectors:
        """Their coordinates on the unit sphere, in the same order."""
        points = self.tail_points.values()
        return unit_vectors([point[0] for point in points], [point[1] for point in points])

    @cached_property
    def positions(self) -> "tuple[array[int], array[float], array[float]]":
        """Keys, latitudes and longitudes by slot, NaN for places without a position."""
        bands, nowhere = self.base.bands, (math.nan, math.nan)
        if not self.tail and bands.located == self.base.size:
            return bands.ids, bands.latitudes, bands.longitudes
        points = [nowhere] * (self.base.size - bands.located)
        points += [record.point or nowhere for record in self.tail]
        return (
            bands.ids + array("q", [record.id for record in self.tail]),
            bands.latitudes + array("d", [latitude for latitude, _longitude in points]),
            bands.longitudes + array("d", [longitude for _latitude, longitude in points]),
        )

    def remember(self, key: str, make: Callable[[], Kept]) -> Kept:
        """Return what was made under this key, made once: the state does not change."""
        if key not in self._memory:
            self._memory[key] = make()
        return self._memory[key]  # type: ignore[return-value]

    def codes(self, prefix: str) -> frozenset[str]:
        """Return the codes of a family of columns that published places have.

        Those of ACCESS and ITINERANT, closed lists, are told even when no place has them.
        """
        columns = self.columns
        found = {
            code for code in columns.codes(prefix) if columns.get(column(prefix, code)) & self.alive
        }
        return frozenset(found.union(CLOSED_LISTS.get(prefix, ())))

    def without(self, prefix: str) -> int:
        """Return the places that have no column of a family."""

        def make() -> int:
            columns = self.columns
            return self.alive & ~columns.union(
                column(prefix, code) for code in columns.codes(prefix)
            )

        return self.remember(f"?{prefix}", make)

    def accepted(self, need: str) -> set[str]:
        """Return the needs that answer this one: itself, its general one, those it generalises."""
        parents = self.labels.parents
        children = {code for code, parent in parents.items() if parent == need}
        return {need, parents.get(need, need)} | children

    @cached_property
    def complete(self) -> int:
        """Places whose phone and hours are known."""
        return self.columns.get(PHONE) & ~self.columns.get(HOURS_UNKNOWN)

    # Words

    def bearing(self, word: str) -> int:
        """Return the places one of whose words begins with `word`, or is its singular."""
        return self._bearing(word, exactly=False) | self.bearing_exactly(singular(word))

    def bearing_exactly(self, word: str) -> int:
        """Return the places that bear this very word."""
        return self._bearing(word, exactly=True) if word else 0

    def _bearing(self, word: str, exactly: bool) -> int:
        def fits(other: str) -> bool:
            return other == word if exactly else other.startswith(word)

        words = self.base.words
        found = words.exactly(word) if exactly else words.beginning(word)
        for label, names in self.labels.words.items():
            if fits(label):
                found |= self.columns.union(names)
        late = 0
        for other, bits in self._tail_bearing.items():
            if fits(other):
                late |= bits
        return (found | late << self.base.size) & self.alive

    @cached_property
    def _tail_bearing(self) -> dict[str, int]:
        """The places of the tail, numbered from 0, that bear each word."""
        found: dict[str, int] = {}
        for slot in self.tail_slots:
            number = slot - self.base.size
            for word in self.tail[number].words:
                found[word] = found.get(word, 0) | 1 << number
        return found

    @cached_property
    def tail_words(self) -> Counter[str]:
        """Words of the tail and how many of its places bear them."""
        return Counter({word: bits.bit_count() for word, bits in self._tail_bearing.items()})

    def correct(self, word: str) -> str | None:
        """Return the known word that this one, found nowhere, may be a misspelling of."""
        near = self.base.speller.near(word, self.tail_words)
        return next((other for other in near if self.bearing_exactly(other)), None)

    # Times

    def open_now(self, start: int) -> OpenNow:
        """Return who is open at the start of a slice."""
        found = self._openings.get(start)
        if found is None:
            found = self._opened(self.base.clock.at(start), start, self.tail_slots)
            kept = dict(sorted(self._openings.items())[-SLICES_KEPT + 1 :])
            self._openings = kept | {start: found}
        return found

    def take_openings(self, former: "IndexState") -> None:
        """Hold the openings of the state this one follows: only what it added is evaluated.

        Slots that it gave up stay in them, as those of the base do: they are not alive.
        """
        first = self.base.size + len(former.tail)
        added = [slot for slot in self.tail_slots if slot >= first]
        self._openings = {
            start: self._opened(seen, start, added) for start, seen in former._openings.items()
        }

    def _opened(self, seen: OpenNow, start: int, slots: list[int]) -> OpenNow:
        """Add what slots of the tail are at the start of a slice."""
        size, is_open, is_unknown = self.base.size, 0, 0
        for slot in slots:
            state = state_at(self.rows.hours(slot), start)
            if state is None:
                is_unknown |= 1 << slot - size
            elif state:
                is_open |= 1 << slot - size
        return OpenNow(seen.is_open | is_open << size, seen.is_unknown | is_unknown << size)

    def open_at(self, minute: int) -> int:
        """Return the places open at a minute of an ordinary week."""
        found = self.base.week.open_at(minute)
        for slot in self.tail_slots:
            if is_open_at(self.tail[slot - self.base.size].spans, minute):
                found |= 1 << slot
        return found

    def verified_since(self, day: date | None) -> int:
        """Return the places verified on `day` or later; on any day without one."""
        ordinal = day.toordinal() if day else 1
        found = self.base.verified_since(ordinal)
        for slot in self.tail_slots:
            if self.rows.verified(slot) >= ordinal:
                found |= 1 << slot
        return found

    @property
    def size_bytes(self) -> int:
        """Estimate of the memory held, in bytes."""
        base, words, speller = self.base, self.base.words, self.base.speller
        bits = [*self.columns.bits.values(), *words.frequent.values(), *base.week.open]
        tallied = [part for tally in base.tallies.values() for part in tally.parts]
        bits += [own for _position, own in tallied]
        arrays: list[Sized] = [words.slots, words.starts, words.frequencies]
        arrays += [
            *speller.trigrams.values(),
            base.verified,
            base.slots_by_id,
            base.bands.ids,
            speller.weights,
        ]
        arrays += [base.bands.latitudes, base.bands.longitudes, *base.bands.vectors]
        arrays += [slots for _hours, slots in base.clock.groups]
        for order in (base.by_commune, base.by_name, base.by_verified):
            arrays += [order.slots, order.ranks]
        arrays += [base.names.whole, base.names.ends, base.communes.numbers]
        hours = [part for hours, _slots in base.clock.groups for part in (hours, hours[0])]
        lists = [words.words, speller.words, base.communes.texts]
        texts = [*words.words, *base.communes.texts]
        return sum(map(sys.getsizeof, (*texts, *bits, *tallied, *arrays, *hours, *lists)))
