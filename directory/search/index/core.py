"""The read-only search index: published places as bitsets, in the process's own memory."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from directory.search.criteria import Criteria
from directory.search.index.answers import Answer, Everywhere
from directory.search.index.bits import from_slots
from directory.search.index.clock import SLICE, slice_of
from directory.search.index.counting import PREFIXES, Counting, choices
from directory.search.index.following import Followed, Follower, Place
from directory.search.index.gathering import Gathering
from directory.search.index.grid import grid_of
from directory.search.index.labels import Labels, read_labels
from directory.search.index.matching import Matching
from directory.search.index.paging import Pager
from directory.search.index.reading import consistent_reading
from directory.search.index.records import Record, records_of
from directory.search.index.state import IndexState
from directory.search.index.store import Base, Columns
from directory.search.index.tables import Tables
from directory.search.index.wording import Normalizer
from directory.vocabularies.normalization import normalize

TAIL_MAX = 500
"""Places read again since the build beyond which a rebuild is worth it: each costs every search
some microseconds."""


class SearchIndex(IndexState):
    """One state of the published places. Never changes: `apply` makes another one."""

    def __init__(
        self,
        base: Base,
        columns: Columns,
        alive: int,
        labels: Labels,
        tail: tuple[Record, ...] = (),
        *,
        built_at: datetime,
        build_seconds: float = 0.0,
    ) -> None:
        super().__init__(base, columns, alive, labels, tail)
        self.built_at, self.build_seconds = built_at, build_seconds

    def answer(self, criteria: Criteria, start: int = 0, size: int = 20) -> Answer:
        """Return a page of the places that match, and what every other choice would give.

        Raise ValueError when a chosen value lacks its time, or `start` or `size` is negative.
        """
        if start < 0 or size < 0:
            raise ValueError("A page has neither a negative start nor a negative size.")
        matching = Matching(self, criteria)
        counts, silent_counts = Counting(matching).counts()
        return Answer(
            hits=Pager(matching).page(start, size),
            total=matching.strict.bit_count(),
            silent_total=matching.unsure.bit_count(),
            counts=counts,
            silent_counts=silent_counts,
            radius_counts=matching.radius_counts(),
            corrections=matching.corrections,
        )

    def after(self, criteria: Criteria, last: Place, size: int, only: int) -> Followed:
        """Return the `size` places of `only` after the one that stood at `last`, () for the first.

        Raise ValueError when a chosen value lacks its time.
        """
        matching = Matching(self, criteria)
        follower = Follower(matching, only)
        found = follower.after(last, size)
        held = (matching.strict | matching.unsure) & ~only
        return Followed(
            hits=[hit for hit, _place in found],
            places=[place for _hit, place in found],
            total=follower.strict.bit_count(),
            silent_total=follower.unsure.bit_count(),
            withheld=held.bit_count(),
            corrections=matching.corrections,
        )

    def everywhere(self, criteria: Criteria) -> Everywhere:
        """Return all the places that match, whatever their number, with their positions.

        Raise ValueError when a chosen value lacks its time.
        """
        matching = Matching(self, criteria)
        return Everywhere(matching.strict, matching.unsure, *self.positions)

    def apply(self, ids: Iterable[int]) -> "SearchIndex":
        """Return an index in which these places are as the database now says."""
        keys = sorted(set(ids))
        if not keys:
            return self
        with consistent_reading():
            normalizer = Normalizer()
            labels = read_labels(normalizer)
            monday = self.base.monday
            records = records_of(Gathering(Tables(keys), labels, normalizer, monday))
        first = self.base.size + len(self.tail)
        alive = self.alive & ~from_slots(self._slots(keys), first)
        index = SearchIndex(
            self.base,
            self.columns.with_rows(enumerate(records, first)),
            alive | ((1 << len(records)) - 1) << first,
            labels,
            (*self.tail, *records),
            built_at=self.built_at,
            build_seconds=self.build_seconds,
        )
        index.take_openings(self)
        return index

    def _slots(self, keys: list[int]) -> list[int]:
        """Return the slots that these places hold, in the base and in the tail."""
        gone = set(keys)
        held = [slot for slot in map(self.base.slot, keys) if slot is not None]
        return held + [slot for slot in self.tail_slots if self.rows.id(slot) in gone]

    def advance(self, now: datetime) -> None:
        """Hold who is open in the slice of `now`; prepare the next, and what counts and maps need.

        For a background thread, once a slice or more and before the index is used: requests then
        evaluate no opening hours and prepare nothing that all of them share.
        """
        self.open_now(slice_of(now))
        self.open_now(slice_of(now) + SLICE)
        for prefix in PREFIXES:
            choices(self, prefix)
            self.without(prefix)
        grid_of(self.base.bands).prepare()

    @property
    def count(self) -> int:
        """Number of published places."""
        return self.alive.bit_count()

    @property
    def needs_rebuild(self) -> bool:
        """Whether too many places were read again since the build."""
        return len(self.tail) > TAIL_MAX

    def words_starting(self, prefix: str, limit: int) -> list[str]:
        """Return the most frequent words of published places that begin with `prefix`."""
        start = normalize(prefix)
        known = self.base.words
        found = Counter({known.words[n]: known.frequencies[n] for n in known.span(start)})
        for word, names in self.labels.words.items():
            if word.startswith(start):
                found[word] += (self.columns.union(names) & self.alive).bit_count()
        found.update({w: n for w, n in self.tail_words.items() if w.startswith(start)})
        words: list[str] = []
        for word in sorted(found, key=lambda word: (-found[word], word)):
            if len(words) >= limit:
                break
            if self.bearing_exactly(word):
                words.append(word)
        return words
