"""What comes after a place in the order of results: pages that hold while the data change.

A page that begins at a number repeats or skips places when others come or go before it. One that
begins after a key does neither: each place is met once, wherever the last one read has gone. The
order is that of `Pager`, part by part.
"""

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from heapq import nsmallest
from itertools import pairwise
from typing import Any

from directory.search.index.answers import Hit
from directory.search.index.bits import has, slots_of
from directory.search.index.matching import Matching
from directory.search.index.paging import RINGS, WALKED, Key, Pager
from directory.search.index.store import Orders
from directory.search.ranking import MAX_BONUS_KM, Bonus, effective_km

Place = tuple[Any, ...]
"""Where a place stands in the order: the number of its part, then what orders the part."""

Row = tuple[int, Place]
"""A slot, and where it stands in its part."""

MARGIN_KM = 0.001
"""km by which a ring yields to exact measures: places at one address are as far as each other."""


@dataclass(frozen=True)
class Followed:
    """Hits after a place, and where each stands. `withheld` places match but are not of `only`."""

    hits: list[Hit]
    places: list[Place]
    total: int
    silent_total: int
    withheld: int
    corrections: dict[str, str]


class Follower(Pager):
    """Pages of a matching that begin after a place; `only` is the bitset of those to list."""

    def __init__(self, matching: Matching, only: int) -> None:
        super().__init__(matching)
        self.strict, self.unsure = matching.strict & only, matching.unsure & only
        self._after: dict[str, Callable[[int, Place, int], list[Row]]] = {
            "_by_name": self._after_name,
            "_by_commune": self._after_commune,
            "_by_verified": self._after_verified,
            "_nearest": self._after_nearest,
            "_nearest_plain": self._after_plain,
            "_lately_verified": self._after_lately,
        }

    def after(self, last: Place, size: int) -> list[tuple[Hit, Place]]:
        """Return `size` hits after `last`, () for the first ones, and where each stands."""
        found: list[tuple[Hit, Place]] = []
        first, number = last[0] if last else 0, 0
        for is_silent, block in ((False, self.strict), (True, self.unsure)):
            for part, order in self._parts(block):
                wanted = size - len(found)
                if part and number >= first and wanted > 0:
                    own = last[1:] if number == first else ()
                    rows = self._after[order.__name__](part, own, wanted)
                    hits = self._hits([slot for slot, _place in rows], is_silent)
                    places = ((number, *place) for _slot, place in rows)
                    found += zip(hits, places, strict=True)
                number += 1
        return found

    # Ranks

    def _after_name(self, block: int, last: Place, size: int) -> list[Row]:
        return self._ranked_after(block, last, size, self.base.by_name, self._name_key)

    def _after_commune(self, block: int, last: Place, size: int) -> list[Row]:
        return self._ranked_after(block, last, size, self.base.by_commune, self._commune_key)

    def _after_verified(self, block: int, last: Place, size: int) -> list[Row]:
        return self._ranked_after(block, last, size, self.base.by_verified, self._verified_key)

    def _ranked_after(
        self, block: int, last: Place, size: int, order: Orders, key: Key
    ) -> list[Row]:
        start = bisect_right(order.slots, last, key=key) if last else 0
        tail = [slot for slot in self.index.tail_slots if has(block, slot)]
        slots = self._from(block & self.index.base_slots, start, size, order)
        rows = [(slot, key(slot)) for slot in (*slots, *tail)]
        return sorted((row for row in rows if row[1] > last), key=lambda row: row[1])[:size]

    def _from(self, block: int, start: int, size: int, order: Orders) -> list[int]:
        """Return the first places of a block from a rank of the base's order.

        Walks the order when the block is dense in it, as `Pager._first` does; else ranks its
        places.
        """
        count = block.bit_count()
        if self.base.size * size < count * count:
            buffer = block.to_bytes(self.base.size // 8 + 1, "little")
            found = []
            for slot in order.slots[start : start + WALKED * count]:
                if buffer[slot >> 3] >> (slot & 7) & 1:
                    found.append(slot)
                    if len(found) == size:
                        return found
        ranks = order.ranks
        left = (slot for slot in slots_of(block) if ranks[slot] >= start)
        return nsmallest(size, left, key=ranks.__getitem__)

    # Nearness

    def _after_nearest(self, block: int, last: Place, size: int) -> list[Row]:
        return self._near_after(block, last, size, self._bonuses())

    def _after_plain(self, block: int, last: Place, size: int) -> list[Row]:
        return self._near_after(block, last, size, [])

    def _near_after(self, block: int, last: Place, size: int, bonuses: list[Bonus]) -> list[Row]:
        """Return the places that follow by effective distance, measuring as few as it takes.

        An effective distance is at most MAX_BONUS_KM less than the true one: no place nearer than
        the last's effective distance can follow; and when a ring holds enough of those that surely
        follow, none beyond MAX_BONUS_KM more can pass before them.
        """
        km = last[0] if last else -math.inf
        circle = self.matching.circle
        left = block & ~circle(km - MARGIN_KM) if km > MARGIN_KM else block
        passed = (left & circle(km + MAX_BONUS_KM)).bit_count() if last else 0
        for ring, wider in pairwise(RINGS):
            if ring > km and (left & circle(ring)).bit_count() >= passed + size:
                left &= circle(wider)
                break
        gains = dict.fromkeys(slots_of(left), 0.0)
        for bonus in bonuses:
            for slot in slots_of(left & bonus.places):
                gains[slot] += bonus.km
        kms = map(effective_km, self.matching.distances(list(gains)), gains.values())
        rows = ((slot, (own, self.rows.id(slot))) for slot, own in zip(gains, kms, strict=True))
        return nsmallest(size, (row for row in rows if row[1] > last), key=lambda row: row[1])

    def _after_lately(self, block: int, last: Place, size: int) -> list[Row]:
        """Return the places that follow by date of verification, then distance."""
        days = ((slot, -self.rows.verified(slot)) for slot in slots_of(block))
        left = [(slot, day) for slot, day in days if not last or day >= last[0]]
        same_day = sum(day == last[0] for _slot, day in left) if last else 0
        ranked = sorted(day for _slot, day in left)
        if not ranked:
            return []
        latest = ranked[min(same_day + size, len(ranked)) - 1]
        kept = [(slot, day) for slot, day in left if day <= latest]
        kms = self.matching.distances([slot for slot, _day in kept])
        rows = (
            (slot, (day, km, self.rows.id(slot))) for (slot, day), km in zip(kept, kms, strict=True)
        )
        return nsmallest(size, (row for row in rows if row[1] > last), key=lambda row: row[1])
