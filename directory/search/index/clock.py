"""Who is open now, kept by slices of time: a request never evaluates opening hours.

Places that share hours, zone, department and closures are one group. The present slice is reached
from the one before by the groups whose next change has come, taken from a heap; `opening_at` alone
says who is open and until when, so that holidays and closures are those of the place's page.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock

from directory.search.index.bits import Slots
from directory.search.index.hours import Hours
from directory.search.opening import HORIZON, Opening, opening_at

SLICE = 300
"""Seconds of a slice. A place that opens at 9:03 shows open at 9:05."""

KEPT = 4
"""Slices kept: the present, the one prepared, and those that late requests ask for."""

_UNCERTAIN = ('"', "unknown")
"""Marks of hours that may be unknown at times: `opening_at` tells no end to that."""


@dataclass(frozen=True)
class OpenNow:
    """Bitsets of the places open, and of those whose hours are unknown, at the start of a slice."""

    is_open: int
    is_unknown: int


def slice_of(now: datetime) -> int:
    """Return the start of the slice of an aware time, as a timestamp."""
    return int(now.timestamp()) // SLICE * SLICE


@lru_cache(maxsize=8192)
def state_at(hours: Hours, start: int) -> bool | None:
    """Return whether hours are open at the start of a slice. Cached for lately changed places."""
    return _opening(hours, start).is_open


def _opening(hours: Hours, start: int) -> Opening:
    text, zone, department, closures = hours
    return opening_at(text, zone, datetime.fromtimestamp(start, UTC), department, closures)


class Clock:
    """Open and unknown places of successive slices, for groups of slots."""

    def __init__(self, groups: Sequence[tuple[Hours, Slots]], size: int) -> None:
        self.groups = [group for group in groups if group[0][0]]
        without_hours = bytearray(size // 8 + 1)
        for hours, slots in groups:
            if not hours[0]:
                _set(without_hours, slots, True)
        self._without_hours = bytes(without_hours)
        self._lock = Lock()
        self._kept: dict[int, OpenNow] = {}
        self._run: _Run | None = None

    def at(self, start: int) -> OpenNow:
        """Return who is open at the start of a slice; at once when it was prepared.

        Going forward costs the groups that change; going back evaluates all of them.
        """
        kept = self._kept.get(start)
        if kept:
            return kept
        with self._lock:
            if start not in self._kept:
                self._keep(start, self._reach(start))
            return self._kept[start]

    def _reach(self, start: int) -> OpenNow:
        if self._run is None or start > self._run.start + HORIZON.total_seconds():
            self._run = _Run(self.groups, self._without_hours, start)
        if start < self._run.start:
            return _Run(self.groups, self._without_hours, start).seen()
        self._run.advance(start)
        return self._run.seen()

    def _keep(self, start: int, seen: OpenNow) -> None:
        kept = dict(sorted(self._kept.items())[-KEPT + 1 :])
        self._kept = kept | {start: seen}


class _Run:
    """The groups' states at one slice, and when each may change."""

    def __init__(self, groups: list[tuple[Hours, Slots]], without_hours: bytes, start: int) -> None:
        self.groups, self.start = groups, start
        self.open = bytearray(len(without_hours))
        self.unknown = bytearray(without_hours)
        self.states: list[bool | None] = [False] * len(groups)
        self.changes: list[tuple[int, int]] = []
        for number in range(len(groups)):
            self._evaluate(number)
        heapq.heapify(self.changes)

    def advance(self, start: int) -> None:
        """Reach a later slice."""
        self.start = start
        due = []
        while self.changes and self.changes[0][0] <= start:
            due.append(heapq.heappop(self.changes)[1])
        pending, self.changes = self.changes, []
        for number in due:
            self._evaluate(number)
        for change in self.changes:
            heapq.heappush(pending, change)
        self.changes = pending

    def seen(self) -> OpenNow:
        """Return the present states as bitsets."""
        return OpenNow(int.from_bytes(self.open, "little"), int.from_bytes(self.unknown, "little"))

    def _evaluate(self, number: int) -> None:
        hours, slots = self.groups[number]
        opening = _opening(hours, self.start)
        before, self.states[number] = self.states[number], opening.is_open
        if before is not opening.is_open:
            _set(self.open, slots, opening.is_open is True)
            _set(self.unknown, slots, opening.is_open is None)
        self.changes.append((self._next_change(hours, opening), number))

    def _next_change(self, hours: Hours, opening: Opening) -> int:
        """Return the first time, as a timestamp, at which the answer may be another."""
        if any(mark in hours[0] for mark in _UNCERTAIN):
            return self.start + SLICE
        change = opening.until if opening.is_open else opening.opens_at
        if change is None:
            return self.start + int(HORIZON.total_seconds())
        return -int(-change.timestamp() // 1)


def _set(buffer: bytearray, slots: Slots, value: bool) -> None:
    for slot in slots:
        if value:
            buffer[slot >> 3] |= 1 << (slot & 7)
        else:
            buffer[slot >> 3] &= ~(1 << (slot & 7))
