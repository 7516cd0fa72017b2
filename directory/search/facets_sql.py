"""What each facet means in SQL: the specification that exports and the admin apply as it is."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from directory.models import Closure, Place, Service, ServiceNeed, ServiceTerm, Stop
from directory.search.criteria import (
    EVERYONE,
    PLACE_TERMS,
    SERVICE_TERMS,
    Access,
    Criteria,
    Facet,
)
from directory.search.opening import opening_at, week
from directory.vocabularies.names import Appointment, Basis, Itinerancy

EVENING_MINUTE = 18 * 60
"""Minutes from midnight at which an evening begins: the usual end of office hours."""

WEEKDAYS = range(5)
SATURDAY = 5
A_MONDAY = "2026-01-05"

WITHOUT_APPOINTMENT = (
    Appointment.NOT_NEEDED,
    Appointment.POSSIBLE,
    Appointment.RECOMMENDED,
)


def matches(facet: Facet, criteria: Criteria) -> Q:
    """Return the condition that a place matches one of the facet's chosen codes."""
    codes = criteria.facets[facet]
    if facet == Facet.NEED:
        return Q(pk__in=_needs(criteria).values("service__place"))
    if facet in SERVICE_TERMS:
        wanted = codes | {EVERYONE} if facet == Facet.PUBLIC else codes
        terms = _service_terms(facet).filter(term__code__in=wanted)
        return Q(pk__in=terms.values("service__place"))
    if facet in PLACE_TERMS:
        return Q(Exists(_place_terms(facet).filter(term__code__in=codes)))
    if facet == Facet.ACCESS:
        return _any(_access(Access(code), criteria) for code in codes)
    moving = Q(itinerancy__in=(Itinerancy.ITINERANT, Itinerancy.BOTH))
    return {
        Facet.ITINERANT: moving | Q(Exists(Stop.objects.filter(place=OuterRef("pk")))),
        Facet.VERIFIED: Q(verified_on__gte=criteria.verified_since),
        Facet.DEPARTMENT: Q(commune__department__in=codes),
        Facet.REGION: Q(commune__department__region__in=codes),
    }[facet]


def is_silent(facet: Facet, criteria: Criteria) -> Q:
    """Return the condition that a place says nothing of a facet of SILENT_FACETS."""
    if facet == Facet.NEED:
        told = ServiceNeed.objects.filter(service__in=_services())
        return ~Q(pk__in=told.order_by().values("service__place"))
    if facet in SERVICE_TERMS:
        return ~Q(pk__in=_service_terms(facet).values("service__place"))
    if facet in PLACE_TERMS:
        return ~Q(Exists(_place_terms(facet)))
    silent = Q(pk__in=[])
    if criteria.facets[Facet.ACCESS] & {Access.NOW, Access.AT, Access.EVENING, Access.SATURDAY}:
        silent |= Q(opening_hours="")
    if Access.NO_APPOINTMENT in criteria.facets[Facet.ACCESS]:
        silent |= Q(appointment=Appointment.UNKNOWN)
    return silent


def _services() -> QuerySet[Service]:
    """Return the services of all places: named place by place, PostgreSQL took minutes at 25,000.

    Those without a place are left out: a null would make every "not in" unknown.
    """
    return Service.objects.published().filter(place__isnull=False)


def _needs(criteria: Criteria) -> QuerySet[ServiceNeed]:
    rows = ServiceNeed.objects.filter(
        service__in=_services(), need__code__in=criteria.accepted_needs
    ).order_by()
    return rows.filter(basis=Basis.DECLARED) if criteria.declared_only else rows


def _service_terms(facet: Facet) -> QuerySet[ServiceTerm]:
    return ServiceTerm.objects.filter(
        service__in=_services(), term__vocabulary__in=SERVICE_TERMS[facet]
    ).order_by()


def _place_terms(facet: Facet) -> QuerySet:
    return Place.terms.through.objects.filter(
        place=OuterRef("pk"), term__vocabulary__in=PLACE_TERMS[facet]
    )


def _any(conditions: Iterable[Q]) -> Q:
    union = Q(pk__in=[])
    for condition in conditions:
        union |= condition
    return union


def _access(access: Access, criteria: Criteria) -> Q:
    if access == Access.PHONE:
        return ~Q(phone="")
    if access == Access.NO_APPOINTMENT:
        return Q(appointment__in=WITHOUT_APPOINTMENT)
    if access == Access.NOW:
        return _open_now(criteria)
    return _any(
        Q(opening_hours=hours) for hours in _distinct_hours() if _fits(hours, access, criteria)
    )


def _distinct_hours() -> list[str]:
    published = Place.objects.published().exclude(opening_hours="")
    return list(published.order_by().values_list("opening_hours", flat=True).distinct())


def _fits(hours: str, access: Access, criteria: Criteria) -> bool:
    """Tell whether hours hold a moment of an ordinary week, which SQL cannot read."""
    days = ordinary_week(hours)
    if access == Access.SATURDAY:
        return bool(days[SATURDAY])
    if access == Access.EVENING:
        return any(end > EVENING_MINUTE for day in WEEKDAYS for _start, end in days[day])
    if criteria.day is None or criteria.minute is None:
        return False
    return any(start <= criteria.minute < end for start, end in days[criteria.day])


def ordinary_week(hours: str) -> list[list[tuple[int, int]]]:
    """Return the open spans of seven days from Monday, in minutes from midnight; end up to 1,440.

    Hours that cannot be read have no span.
    """
    days = week(hours, "Europe/Paris", date.fromisoformat(A_MONDAY)) or [[] for _ in range(7)]
    return [
        [
            (start.hour * 60 + start.minute, (end.hour * 60 + end.minute) or 24 * 60)
            for start, end in spans
        ]
        for spans in days
    ]


def _open_now(criteria: Criteria) -> Q:
    """Evaluate each distinct hours and department once; closures are told by SQL."""
    if criteria.now is None:
        return Q(pk__in=[])
    pairs = (
        Place.objects.published()
        .exclude(opening_hours="")
        .order_by()
        .values_list("opening_hours", "commune__department", "commune__department__time_zone")
        .distinct()
    )
    by_department: dict[str, list[str]] = {}
    zones = set()
    for hours, department, zone in pairs:
        zones.add(zone)
        if opening_at(hours, zone, criteria.now, department).is_open:
            by_department.setdefault(department, []).append(hours)
    opened = _any(
        Q(commune__department=department, opening_hours__in=hours)
        for department, hours in by_department.items()
    )
    return opened & ~_any(_closed_in(zone, criteria.now) for zone in sorted(zones))


def _closed_in(zone: str, now: datetime) -> Q:
    """Whether a dated closure covers today, which is the place's own day."""
    today = now.astimezone(ZoneInfo(zone)).date()
    covering = Closure.objects.filter(
        place=OuterRef("pk"), starts_on__lte=today, ends_on__gte=today
    )
    return Q(Exists(covering), commune__department__time_zone=zone)
