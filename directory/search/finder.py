"""Finds a page of places for a search, widens it when it holds none, never ends in a wall.

Which places, in what order, with what counts: the search index says it. Rows are then read by key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import OperationalError
from django.db.models import Case, Exists, IntegerField, Min, OuterRef, Q, Value, When
from django.utils import timezone

from directory.models import Helpline, Place, Service, ServiceTerm
from directory.search.criteria import Criteria, Facet
from directory.search.filters import RADII, SearchFilter
from directory.search.index import Answer, Hit, SearchIndex
from directory.search.live import live
from directory.search.territory import WhereKind
from directory.vocabularies.names import Vocabulary

PAGE_SIZE = 20
MAX_AREA_OFFERS = 6
"""Offers over an area shown beside the places: a short block, not a second list."""

REACHING_MODES = ("distance", "domicile")
"""A national offer is proposed only when it reaches people: a network's presentation does not."""

NATIONAL, REGIONAL, DEPARTMENTAL, COMMUNAL = 4, 3, 2, 1
"""How wide the area of an offer is; the narrowest, nearest to the person, comes first."""


@dataclass
class Found:
    """A page of results. Distances are in km, `counts` are places by radius.

    `places` match every facet; `silent_places` come after them and do not say.
    """

    places: list[Place] = field(default_factory=list)
    silent_places: list[Place] = field(default_factory=list)
    total: int = 0
    silent_total: int = 0
    page: int = 1
    radius: int | None = None
    widened_from: int | None = None
    counts: dict[int, int] = field(default_factory=dict)
    facet_counts: dict[Facet, dict[str, int]] = field(default_factory=dict)
    silent_counts: dict[Facet, int] = field(default_factory=dict)
    corrections: dict[str, str] = field(default_factory=dict)
    area_offers: list[Service] = field(default_factory=list)
    helplines: list[Helpline] = field(default_factory=list)

    @property
    def page_count(self) -> int:
        """Number of pages of both blocks, at least one."""
        return max(1, -(-(self.total + self.silent_total) // PAGE_SIZE))

    @property
    def is_beyond(self) -> bool:
        """Whether the page asked for does not exist."""
        return self.page > self.page_count


def find(search: SearchFilter, page: int = 1) -> Found:
    """Return one page of places for a search; in at most four queries whatever their number."""
    found = Found(page=page)
    if search.where.kind == WhereKind.CHOICES:
        return found
    if search.where.kind == WhereKind.UNKNOWN:
        return _with_way_out(search, found)
    if not _asks_something(search):
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


def _asks_something(search: SearchFilter) -> bool:
    return bool(search.where.label or search.criteria.words or search.criteria.facets)


def _widened(search: SearchFilter, found: Found, index: SearchIndex) -> Answer:
    """Answer in the radius asked for, else in the next one where a place matches for sure."""
    criteria: Criteria = search.criteria
    start = (found.page - 1) * PAGE_SIZE
    answer = index.answer(criteria, start, PAGE_SIZE)
    if criteria.point is None:
        return answer
    found.radius = search.radius
    wider = [km for km in RADII if km > search.radius and answer.radius_counts.get(km)]
    if answer.total or not wider:
        return answer
    found.radius, found.widened_from = wider[0], search.radius
    return index.answer(replace(criteria, radius=float(wider[0])), start, PAGE_SIZE)


def _rows(hits: Sequence[Hit]) -> list[tuple[Hit, Place]]:
    """Read the places of a page by key; one that has just gone is left out."""
    places = (
        Place.objects.published()
        .filter(pk__in=[hit.id for hit in hits])
        .select_related("commune__department")
        .with_next_closure(timezone.localdate())
    )
    by_key = {place.pk: place for place in places} if hits else {}
    rows = [(hit, by_key[hit.id]) for hit in hits if hit.id in by_key]
    for hit, place in rows:
        place.distance = hit.distance
    return rows


def _with_way_out(search: SearchFilter, found: Found) -> Found:
    if found.page == 1:
        found.area_offers = area_offers(search)
    if not found.total or found.widened_from:
        found.helplines = list(
            Helpline.objects.filter(
                Q(is_general=True) | Q(needs__in=[n.pk for n in search.chosen_needs])
            ).distinct()
        )
    return found


def area_offers(search: SearchFilter) -> list[Service]:
    """Return outreach, home and remote services that cover what was typed, nearest first.

    `scope` tells how wide their area is (see NATIONAL and the others).
    """
    services = Service.objects.published().without_place()
    where = search.where
    if where.commune:
        services = services.serving(where.commune)
    elif where.department:
        services = services.serving_department(where.department)
    else:
        services = services.filter(areas__is_national=True)
    reaching = ServiceTerm.objects.filter(
        service=OuterRef("pk"),
        term__vocabulary=Vocabulary.SUPPORT_MODE,
        term__code__in=REACHING_MODES,
    )
    return list(
        services.covering(search.need_codes)
        .select_related("actor")
        .annotate(
            scope=Min(
                Case(
                    When(areas__is_national=True, then=Value(NATIONAL)),
                    When(areas__region__isnull=False, then=Value(REGIONAL)),
                    When(areas__department__isnull=False, then=Value(DEPARTMENTAL)),
                    default=Value(COMMUNAL),
                    output_field=IntegerField(),
                )
            )
        )
        .filter(Q(scope__lt=NATIONAL) | Exists(reaching))
        .order_by("scope", "pk")[:MAX_AREA_OFFERS]
    )
