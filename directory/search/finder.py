"""Finds a page of places for a search, widens it when it holds none, never ends in a wall."""

from dataclasses import dataclass, field

from django.db.models import Case, Count, Exists, IntegerField, Min, OuterRef, Q, Value, When
from django.utils import timezone

from directory.models import Helpline, Place, Service, ServiceTerm
from directory.search.criteria import Facet
from directory.search.filters import RADII, SearchFilter
from directory.search.where import WhereKind
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
    """A page of results. Distances are in km, `counts` are places by radius."""

    places: list[Place] = field(default_factory=list)
    total: int = 0
    page: int = 1
    radius: int | None = None
    widened_from: int | None = None
    counts: dict[int, int] = field(default_factory=dict)
    area_offers: list[Service] = field(default_factory=list)
    helplines: list[Helpline] = field(default_factory=list)
    facet_counts: dict[Facet, dict[str, int]] = field(default_factory=dict)
    silent_counts: dict[Facet, int] = field(default_factory=dict)

    @property
    def page_count(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def is_beyond(self) -> bool:
        """Whether the page asked for does not exist."""
        return self.page > self.page_count


def find(search: SearchFilter, page: int = 1) -> Found:
    """Return one page of places for a search; in at most five queries whatever their number."""
    found = Found(page=page)
    if search.where.kind == WhereKind.CHOICES:
        return found
    if search.where.kind == WhereKind.UNKNOWN:
        return _with_way_out(search, found)
    if not search.form.data or not _asks_something(search):
        return found
    if search.where.point:
        _count_by_radius(search, found)
    else:
        found.total = search.strict().count()
    if found.total and not found.is_beyond:
        start = (page - 1) * PAGE_SIZE
        found.places = list(
            search.ordered(found.radius)
            .select_related("commune__department")
            .with_next_closure(timezone.localdate())[start : start + PAGE_SIZE]
        )
    return _with_way_out(search, found)


def _asks_something(search: SearchFilter) -> bool:
    return bool(search.where.label or search.value("q") or search.value("besoin"))


def _count_by_radius(search: SearchFilter, found: Found) -> None:
    """Count places in every radius at once, and widen the one asked for when it holds none."""
    widest = search.strict(RADII[-1])
    found.counts = {
        int(name[1:]): count
        for name, count in widest.aggregate(
            **{f"r{km}": Count("pk", filter=Q(distance__lte=km)) for km in RADII}
        ).items()
    }
    holding = [km for km in RADII if km >= search.radius and found.counts[km]]
    found.radius = holding[0] if holding else search.radius
    found.total = found.counts[found.radius]
    if found.radius != search.radius:
        found.widened_from = search.radius


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
