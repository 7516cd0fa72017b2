"""Pages of results in a steady order: block after block, and inside a block ranks or nearness."""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from heapq import nsmallest
from itertools import islice, pairwise
from typing import Any

from directory.search.criteria import Facet, Sort
from directory.search.index.answers import Hit
from directory.search.index.bits import has, slots_of
from directory.search.index.matching import Matching
from directory.search.index.store import Orders
from directory.search.ranking import (
    COMPLETE_KM,
    DECLARED_KM,
    OPEN_NOW_KM,
    RECENT_KM,
    Bonus,
    effective_km,
)

RINGS = (1, 3, 5, 7, 10, 14, 20, 28, 38, 50, 70, 100, 140, 200, 400, 800, 1600)
"""Radii, in km, tried until one holds the page: at least `MAX_BONUS_KM` apart."""

FEW = 60
"""Places that are sooner measured than told apart by rings."""

FAR = 200
"""Places before a page from which inner rings are looked for."""

WALKED = 6
"""Steps along an order that cost as much as ranking one place."""

Key = Callable[[int], Any]


class Pager:
    """Orders the places of a matching."""

    def __init__(self, matching: Matching) -> None:
        self.matching = matching
        self.index, self.criteria = matching.index, matching.criteria
        self.rows, self.base = self.index.rows, self.index.base
        self._asks_needs = Facet.NEED in self.criteria.facets

    def page(self, start: int, size: int) -> list[Hit]:
        """Return `size` hits from the one numbered `start`, the first being 0."""
        hits: list[Hit] = []
        for is_silent, block in ((False, self.matching.strict), (True, self.matching.unsure)):
            for part, order in self._parts(block):
                count = part.bit_count()
                if size > 0 and start < count:
                    slots = order(part, start, min(size, count - start))
                    hits += self._hits(slots, is_silent)
                    size -= len(slots)
                start = max(0, start - count)
        return hits

    def _parts(self, block: int) -> list[tuple[int, Callable[[int, int, int], list[int]]]]:
        """Cut a block into the parts that follow each other, each with its order."""
        sort, near = self.criteria.sort, self.criteria.point is not None
        if sort == Sort.NAME:
            return [(block, self._by_name)]
        if sort == Sort.VERIFIED:
            if not near:
                return [(block, self._by_verified)]
            dated = self.index.verified_since(None)
            return [(block & dated, self._lately_verified), (block & ~dated, self._nearest_plain)]
        order = self._nearest if near else self._by_commune
        if not self._asks_needs:
            return [(block, order)]
        exact = self.matching.exact
        return [(block & exact, order), (block & ~exact, order)]

    def _hits(self, slots: list[int], is_silent: bool) -> list[Hit]:
        kms: Sequence[float | None] = [None] * len(slots)
        if self.criteria.point:
            kms = self.matching.distances(slots)
        exact, declared = self.matching.exact, self.matching.declared
        return [
            Hit(
                id=self.rows.id(slot),
                distance=km,
                is_silent=is_silent,
                is_exact=not self._asks_needs or has(exact, slot),
                is_declared=not self._asks_needs or has(declared, slot),
            )
            for slot, km in zip(slots, kms, strict=True)
        ]

    # Ranks

    def _by_name(self, block: int, start: int, size: int) -> list[int]:
        return self._ranked(block, start, size, self.base.by_name, self._name_key)

    def _name_key(self, slot: int) -> tuple[Any, ...]:
        return self.rows.name(slot), self.rows.id(slot)

    def _by_commune(self, block: int, start: int, size: int) -> list[int]:
        return self._ranked(block, start, size, self.base.by_commune, self._commune_key)

    def _commune_key(self, slot: int) -> tuple[Any, ...]:
        return self.rows.commune(slot), *self._name_key(slot)

    def _by_verified(self, block: int, start: int, size: int) -> list[int]:
        return self._ranked(block, start, size, self.base.by_verified, self._verified_key)

    def _verified_key(self, slot: int) -> tuple[Any, ...]:
        return -self.rows.verified(slot), *self._name_key(slot)

    def _ranked(self, block: int, start: int, size: int, order: Orders, key: Key) -> list[int]:
        """Return a page of the base's order, into which the tail's places are sorted."""
        tail = [slot for slot in self.index.tail_slots if has(block, slot)]
        mine = block & self.index.base_slots
        first = self._first(mine, start + size, order)
        if tail:
            first = sorted([*first, *tail], key=key)
        return first[start : start + size]

    def _first(self, block: int, wanted: int, order: Orders) -> list[int]:
        """Return the first places of the base in an order.

        Walking the order meets one match out of `size / count`, were they spread evenly; matches
        are ranked when that takes longer, or proves to: a department's communes are not.
        """
        count = block.bit_count()
        if self.base.size * wanted < count * count:
            buffer = block.to_bytes(self.base.size // 8 + 1, "little")
            walked = islice(order.slots, WALKED * count)
            held = (slot for slot in walked if buffer[slot >> 3] >> (slot & 7) & 1)
            found = list(islice(held, wanted))
            if len(found) == min(wanted, count):
                return found
        return nsmallest(wanted, slots_of(block), key=order.ranks.__getitem__)

    # Nearness

    def _bonuses(self) -> list[Bonus]:
        matching = self.matching
        found = [Bonus(COMPLETE_KM, self.index.complete)]
        if self._asks_needs:
            found.append(Bonus(DECLARED_KM, matching.declared))
        if matching.now:
            found.append(Bonus(OPEN_NOW_KM, matching.now.is_open))
        if self.criteria.verified_since:
            since = self.index.verified_since(self.criteria.verified_since)
            found.append(Bonus(RECENT_KM, since))
        return [bonus for bonus in found if bonus.places]

    def _nearest(self, block: int, start: int, size: int) -> list[int]:
        return self._by_growing_radius(block, start, size, self._bonuses())

    def _nearest_plain(self, block: int, start: int, size: int) -> list[int]:
        return self._by_growing_radius(block, start, size, [])

    def _by_growing_radius(
        self, block: int, start: int, size: int, bonuses: list[Bonus]
    ) -> list[int]:
        """Return a page by effective distance, measuring as few places as it takes.

        If a ring of radius r holds the page's end, only places at r + MAX_BONUS_KM or less can be
        in it; if all places that may pass before those of an inner ring come before the page, the
        inner ring is not measured.
        """
        outer, inner = block, 0
        inner_km = 0.0
        for km, wider in self._rings(block.bit_count(), start, size):
            ring = block & self.matching.circle(km)
            wide = block & self.matching.circle(wider)
            if wide.bit_count() <= start:
                inner, inner_km = ring, float(km)
            if ring.bit_count() >= start + size:
                outer = wide
                break
        return self._measured(outer & ~inner, start - inner.bit_count(), size, inner_km, bonuses)

    def _rings(self, count: int, start: int, size: int) -> Iterable[tuple[int, int]]:
        """Return the rings worth trying, and the wider ones.

        Were places spread evenly, smaller rings would not hold the page; they are denser near the
        point, most often. A far page may gain much from an inner ring, which smaller ones give.
        """
        wanted = start + size
        if count <= wanted + FEW:
            return []
        held = start // 8 if start > FAR else wanted
        least = self.criteria.radius * math.sqrt(held / count)
        return [
            (km, wider)
            for km, wider in pairwise(RINGS)
            if wider < self.criteria.radius and wider > least
        ]

    def _measured(
        self, block: int, start: int, size: int, inner_km: float, bonuses: list[Bonus]
    ) -> list[int]:
        """Sort a ring by effective distance; places that pass before `inner_km` are before it."""
        gains = dict.fromkeys(slots_of(block), 0.0)
        for bonus in bonuses:
            for slot in slots_of(block & bonus.places):
                gains[slot] += bonus.km
        slots = list(gains)
        kms = list(map(effective_km, self.matching.distances(slots), gains.values()))
        ranked = sorted(kms)
        if inner_km:
            start -= bisect_right(ranked, inner_km)
            ranked = ranked[bisect_right(ranked, inner_km) :]
        first, last = ranked[0], ranked[min(start + size, len(ranked)) - 1]
        keys = [
            (km, self.rows.id(slot), slot)
            for km, slot in zip(kms, slots, strict=True)
            if first <= km <= last
        ]
        return [slot for _km, _id, slot in sorted(keys)[start : start + size]]

    def _lately_verified(self, block: int, start: int, size: int) -> list[int]:
        """Return a page by date of verification, then distance."""
        wanted = start + size
        slots = list(slots_of(block))
        dates = sorted((self.rows.verified(slot) for slot in slots), reverse=True)
        last = dates[min(wanted, len(dates)) - 1]
        lately = [slot for slot in slots if self.rows.verified(slot) >= last]
        keys = [
            (-self.rows.verified(slot), km, self.rows.id(slot), slot)
            for slot, km in zip(lately, self.matching.distances(lately), strict=True)
        ]
        return [key[-1] for key in nsmallest(wanted, keys)[start:]]
