"""Finds a page of places for a search, widens it when it holds none, never ends in a wall.

Which places, in what order, with what counts: the search index says it. Rows are then read by key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import OperationalError

from directory.models import Helpline
from directory.search.criteria import Criteria, Facet
from directory.search.filters import RADII, SearchFilter
from directory.search.index import Answer, Hit, SearchIndex
from directory.search.kept import PlaceFacts, helplines, offers, shelf
from directory.search.kept.offers import Offer
from directory.search.live import live
from directory.search.territory import WhereKind

PAGE_SIZE = 20
MAX_AREA_OFFERS = 6
"""Offers over an area shown beside the places: a short block, not a second list."""


@dataclass
class Found:
    """A page of results. Distances are in km, `counts` are places by radius.

    `places` match every facet; `silent_places` come after them and do not say. `area_offers` are
    (scope, offer), see `directory.search.kept.offers`.
    """

    places: list[PlaceFacts] = field(default_factory=list)
    silent_places: list[PlaceFacts] = field(default_factory=list)
    total: int = 0
    silent_total: int = 0
    page: int = 1
    size: int = PAGE_SIZE
    radius: int | None = None
    widened_from: int | None = None
    counts: dict[int, int] = field(default_factory=dict)
    facet_counts: dict[Facet, dict[str, int]] = field(default_factory=dict)
    silent_counts: dict[Facet, int] = field(default_factory=dict)
    corrections: dict[str, str] = field(default_factory=dict)
    area_offers: list[tuple[int, Offer]] = field(default_factory=list)
    helplines: list[Helpline] = field(default_factory=list)

    @property
    def page_count(self) -> int:
        """Number of pages of both blocks, at least one."""
        return max(1, -(-(self.total + self.silent_total) // self.size))

    @property
    def is_beyond(self) -> bool:
        """Whether the page asked for does not exist."""
        return self.page > self.page_count


def find(search: SearchFilter, page: int = 1, size: int = PAGE_SIZE) -> Found:
    """Return one page of places for a search; no query when what it shows is kept in memory.

    `size` is the number of places of a page, one or more.
    """
    found = Found(page=page, size=size)
    if search.where.kind == WhereKind.CHOICES:
        return found
    if search.where.kind == WhereKind.UNKNOWN:
        return _with_way_out(search, found)
    if not asks_something(search):
        return found
    answer = _widened(search, found, current_index())
    found.total, found.silent_total = answer.total, answer.silent_total
    found.counts, found.corrections = answer.radius_counts, answer.corrections
    found.facet_counts, found.silent_counts = answer.counts, answer.silent_counts
    rows = _rows(answer.hits)
    found.places = [place for hit, place in rows if not hit.is_silent]
    found.silent_places = [place for hit, place in rows if hit.is_silent]
    return _with_way_out(search, found)


def current_index() -> SearchIndex:
    """Return the process's index; without a server's thread to follow changes, catch up first.

    Raises django.db.Error when it was never built and the database does not answer.
    """
    if not live.is_following:
        live.refresh()
    return live.current() or _built_now()


def _built_now() -> SearchIndex:
    """Build in the request itself: only for a server whose first build has failed."""
    live.refresh()
    index = live.current()
    if index is None:
        raise OperationalError("The search index could not be built.")
    return index


def asks_something(search: SearchFilter) -> bool:
    """Tell whether a search asks anything: a place, words, a filter, a box."""
    asked = search.criteria
    return bool(search.where.label or asked.words or asked.facets or asked.bbox)


def _widened(search: SearchFilter, found: Found, index: SearchIndex) -> Answer:
    """Answer in the radius asked for, else in the next one where a place matches for sure."""
    criteria: Criteria = search.criteria
    start = (found.page - 1) * found.size
    answer = index.answer(criteria, start, found.size)
    if criteria.circle_km is None:
        return answer
    found.radius = search.radius
    wider = [km for km in RADII if km > search.radius and answer.radius_counts.get(km)]
    if answer.total or not wider:
        return answer
    found.radius, found.widened_from = wider[0], search.radius
    return index.answer(replace(criteria, radius=float(wider[0])), start, found.size)


def _rows(hits: Sequence[Hit]) -> list[tuple[Hit, PlaceFacts]]:
    """Return the places of a page; one that has just gone is left out."""
    kept = shelf.get([hit.id for hit in hits])
    rows = [(hit, kept[hit.id]) for hit in hits if hit.id in kept]
    for hit, place in rows:
        place.distance = hit.distance
    return rows


def _with_way_out(search: SearchFilter, found: Found) -> Found:
    if found.page == 1:
        found.area_offers = area_offers(search)
    if not found.total or found.widened_from:
        codes = [need.code for need in search.chosen_needs]
        found.helplines = helplines.current().for_needs(codes)
    return found


def area_offers(search: SearchFilter) -> list[tuple[int, Offer]]:
    """Return outreach, home and remote services that cover what was typed, nearest first."""
    accepted = search.criteria.accepted_needs
    needs = frozenset(need.pk for need in search.needs if need.code in accepted)
    return offers.current().near(search.where, needs)[:MAX_AREA_OFFERS]
