"""Which places match a search, facet by facet, and what each other choice would give."""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, reduce
from operator import and_

from directory.models.querysets import EARTH_RADIUS_KM, Point
from directory.search.criteria import SILENT_FACETS, Access, Criteria, Facet
from directory.search.index.boxes import places_in
from directory.search.index.circles import MARGIN, distance_km, distances_km
from directory.search.index.clock import OpenNow, slice_of
from directory.search.index.hours import DAY
from directory.search.index.labels import (
    APPOINTMENT_UNKNOWN,
    DECLARED,
    EVERYONE_COLUMN,
    HOURS_UNKNOWN,
    column,
)
from directory.search.index.state import IndexState

RADII = (5, 10, 20, 50, 100)
"""Radii counted, in km: those that the search offers (`directory.search.filters.RADII`)."""

HOURS_ACCESS = {Access.NOW, Access.AT, Access.EVENING, Access.SATURDAY}
"""Values of the access facet on which a place without hours is silent."""


class Matching:
    """A search's bitsets, over one state of the index."""

    def __init__(self, index: IndexState, criteria: Criteria) -> None:
        """Raise ValueError when a chosen value lacks what tells its meaning (`now`, `day`…)."""
        self.index, self.criteria = index, criteria
        self.corrections: dict[str, str] = {}
        self._check()
        self.base = index.alive & self._text() & self._territory() & self._box()
        km = criteria.circle_km
        self.within = self.base if km is None else self.base & self.circle(km)
        self.matches = {facet: self._matching(facet) for facet in criteria.facets}
        self.strict = reduce(and_, self.matches.values(), self.within)
        lenient = [own | self.silent(facet) for facet, own in self.matches.items()]
        self.unsure = reduce(and_, lenient, self.within) & ~self.strict

    def _check(self) -> None:
        chosen = self.criteria.facets.get(Facet.ACCESS, frozenset())
        if Access.NOW in chosen and self.criteria.now is None:
            raise ValueError("Access.NOW needs Criteria.now.")
        if Access.AT in chosen and None in (self.criteria.day, self.criteria.minute):
            raise ValueError("Access.AT needs Criteria.day and Criteria.minute.")
        if Facet.VERIFIED in self.criteria.facets and self.criteria.verified_since is None:
            raise ValueError("Facet.VERIFIED needs Criteria.verified_since.")

    def _text(self) -> int:
        found = self.index.alive
        for word in self.criteria.words:
            own = self.index.bearing(word)
            if not own:
                corrected = self.index.correct(word)
                if corrected is None:
                    return 0
                self.corrections[word] = corrected
                own = self.index.bearing(corrected)
            found &= own
        return found

    def _territory(self) -> int:
        criteria, columns = self.criteria, self.index.columns
        if criteria.point and not criteria.bbox:
            return self.index.alive
        if criteria.department:
            return columns.get(column(Facet.DEPARTMENT, criteria.department))
        if criteria.region:
            return columns.get(column(Facet.REGION, criteria.region))
        return self.index.alive

    def _box(self) -> int:
        box, index = self.criteria.bbox, self.index
        if box is None:
            return index.alive
        found = places_in(index.base.bands, box)
        for slot, point in index.tail_points.items():
            if box.holds(point):
                found |= 1 << slot
        return found

    @cached_property
    def _tail_distances(self) -> dict[int, float]:
        """Distances in km, as circles have them, of the slots of the tail asked for so far."""
        return {}

    def distances(self, slots: Sequence[int]) -> list[float]:
        """Return the distances, in km, from the searched point to places found around it.

        Raise ValueError when no point is searched.
        """
        center, index = self.criteria.point, self.index
        if center is None:
            raise ValueError("No distance without a searched point.")
        vectors, size = index.base.bands.vectors, index.base.size
        if not index.tail_slots:
            return distances_km(center, vectors, slots)
        kms = distances_km(center, index.tail_vectors, range(len(index.tail_points)))
        tail = dict(zip(index.tail_points, kms, strict=True))
        own = iter(distances_km(center, vectors, [slot for slot in slots if slot < size]))
        return [tail[slot] if slot >= size else next(own) for slot in slots]

    def circle(self, km: float) -> int:
        """Return the places at `km` or less from the searched point."""
        if self.criteria.point is None:
            return self.index.alive
        found = self.index.base.bands.circle(self.criteria.point, km)
        for slot in self._late_within(self.criteria.point, km):
            found |= 1 << slot
        return found

    def _late_within(self, center: Point, km: float) -> Iterator[int]:
        """Yield the slots of the tail at `km` or less; a latitude too far spares the formula."""
        reach, known = math.degrees(km / EARTH_RADIUS_KM) + MARGIN, self._tail_distances
        for slot, point in self.index.tail_points.items():
            if abs(point[0] - center[0]) <= reach:
                if slot not in known:
                    known[slot] = distance_km(center, point)
                if known[slot] <= km:
                    yield slot

    @cached_property
    def now(self) -> OpenNow | None:
        """Who is open at the start of the slice of `Criteria.now`."""
        now = self.criteria.now
        return self.index.open_now(slice_of(now)) if now else None

    @property
    def need_prefix(self) -> str:
        """What the columns of needs begin with."""
        return DECLARED if self.criteria.declared_only else Facet.NEED

    def needs(self, codes: Iterable[str], prefix: str = "") -> int:
        """Return the places that cover one of these needs."""
        return self.index.columns.union(column(prefix or self.need_prefix, code) for code in codes)

    @cached_property
    def exact(self) -> int:
        """Places that cover an exact need; all of them when no need is asked."""
        if Facet.NEED not in self.criteria.facets:
            return self.index.alive
        return self.needs(self.criteria.exact_needs)

    @cached_property
    def declared(self) -> int:
        """Places that say themselves that they cover the need for which they match."""
        if Facet.NEED not in self.criteria.facets:
            return self.index.alive
        exact = self.needs(self.criteria.exact_needs, DECLARED)
        return exact | (self.needs(self.criteria.accepted_needs, DECLARED) & ~self.exact)

    def _matching(self, facet: Facet) -> int:
        codes = self.criteria.facets[facet]
        if facet == Facet.NEED:
            return self.needs(self.criteria.accepted_needs)
        found = 0
        for code in codes:
            found |= self.choice(facet, code)
        return found

    def silent(self, facet: Facet) -> int:
        """Return the places that say nothing of a facet, or of what is asked in it."""
        if facet == Facet.ACCESS:
            return self._silent_on_access()
        if facet not in SILENT_FACETS:
            return 0
        prefix = self.need_prefix if facet == Facet.NEED else facet
        return self.index.without(prefix)

    def _silent_on_access(self) -> int:
        columns = self.index.columns
        hours, appointment = columns.get(HOURS_UNKNOWN), columns.get(APPOINTMENT_UNKNOWN)
        chosen = self.criteria.facets.get(Facet.ACCESS)
        if chosen is None:
            return self.index.alive & hours & appointment
        unknown = 0
        for code in chosen:
            if code == Access.NOW and self.now:
                unknown |= self.now.is_unknown
            elif code in HOURS_ACCESS:
                unknown |= hours
            elif code == Access.NO_APPOINTMENT:
                unknown |= appointment
        return self.index.alive & unknown & ~self.matches[Facet.ACCESS]

    def choice(self, facet: Facet, code: str) -> int:
        """Return the places that choosing this value alone would match."""
        index, criteria = self.index, self.criteria
        if facet == Facet.NEED:
            # What the search itself would take, its own hierarchy told.
            children = criteria.children.get(code, frozenset())
            return self.needs({code, *children, criteria.parents.get(code, code)})
        if facet == Facet.PUBLIC:
            return index.columns.union((column(facet, code), EVERYONE_COLUMN))
        if facet == Facet.VERIFIED:
            since = criteria.verified_since
            return index.verified_since(since) if since else 0
        if facet == Facet.ACCESS and code == Access.NOW:
            return self.now.is_open if self.now else 0
        if facet == Facet.ACCESS and code == Access.AT:
            return index.open_at((criteria.day or 0) * DAY + (criteria.minute or 0))
        return index.columns.get(column(facet, code))

    def radius_counts(self) -> dict[int, int]:
        """Count, by radius in km, the places that match all but the radius; {} within a box."""
        if self.criteria.point is None or self.criteria.bbox:
            return {}
        strict = reduce(and_, self.matches.values(), self.base)
        return {km: (strict & self.circle(km)).bit_count() for km in RADII}
