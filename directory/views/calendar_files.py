"""Dates to keep in one's calendar: the stops of what moves, the workshops. iCalendar (RFC 5545)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText, vUri

from directory.exchange import phones
from directory.models import Place, Service, Stop
from directory.models.territories import Commune
from directory.views import short_links
from directory.views.contact_files import as_file
from directory.views.freshness import revalidated
from directory.views.moved import follows_merges
from directory.views.recurrence import Series, series_of

AHEAD = timedelta(days=2 * 366)
"""How far the file tells when clocks change: beyond its last date."""

CONTENT_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"


@dataclass(frozen=True)
class Announced:
    """What every date of a file tells; `key` is unique in the site."""

    place: Place
    key: str
    title: str
    where: str


@follows_merges
@revalidated
def stop_dates(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Answer the coming dates of a stop; 404 when it is over."""
    stop = get_object_or_404(
        Stop.objects.select_related("commune__department", "place__commune__department").filter(
            place__in=Place.objects.published()
        ),
        pk=number,
        place__slug=slug,
    )
    town = stop.commune
    announced = Announced(
        stop.place,
        f"passage-{number}",
        _("%(place)s, passage à %(town)s") % {"place": stop.place.name, "town": town.name},
        ", ".join(filter(None, [stop.label, f"{town.name} ({town.department.name})"])),
    )
    days = [stop.on] if stop.on and stop.on >= timezone.localdate() else []
    return _answer(request, announced, _series(stop.opening_hours, town, []), days)


@follows_merges
@revalidated
def workshop_dates(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Answer the coming dates of a service that has hours of its own."""
    service = get_object_or_404(
        Service.objects.published()
        .select_related("place__commune__department")
        .exclude(opening_hours=""),
        pk=number,
        place__slug=slug,
    )
    place = service.place
    if place is None:
        raise Http404
    closures = list(place.closures.values_list("starts_on", "ends_on"))
    series = _series(service.opening_hours, place.commune, closures)
    title = f"{service.name}, {place.name}"
    announced = Announced(place, f"atelier-{number}", title, place.full_address)
    return _answer(request, announced, series, [])


def _series(hours: str, commune: Commune, closures: list[tuple[date, date]]) -> list[Series]:
    department = commune.department
    return series_of(hours, department.time_zone, timezone.now(), department.code, closures)


def _answer(
    request: HttpRequest, announced: Announced, series: Sequence[Series], days: Sequence[date]
) -> HttpResponse:
    if not series and not days:
        raise Http404
    events = [_timed(one) for one in series] + [_whole_day(day) for day in days]
    place = announced.place
    link = short_links.place_url(request, place)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Coup de main sante//FR")
    calendar.add("method", "PUBLISH")
    for rank, event in enumerate(events, start=1):
        event.add("uid", f"{announced.key}-{rank}@{request.get_host()}")
        event.add("dtstamp", place.updated_at.astimezone(UTC))
        event.add("summary", announced.title)
        event.add("location", vText(announced.where))
        event.add("description", vText(_description(place, link)))
        event.add("url", vUri(link))
        calendar.add_component(event)
    today = timezone.localdate()
    calendar.add_missing_timezones(first_date=today - AHEAD, last_date=today + AHEAD)
    return as_file(calendar.to_ical(), CONTENT_TYPE, f"{place.slug}-{announced.key}.ics")


def _timed(series: Series) -> Event:
    event = Event()
    event.add("dtstart", series.start)
    event.add("dtend", series.end)
    if series.rule:
        zone = series.start.tzinfo
        last = datetime.combine(series.until, time(23, 59, 59), tzinfo=zone)
        event.add("rrule", {**series.rule, "until": last.astimezone(UTC)})
        if series.exceptions:
            hour = series.start.time()
            event.add("exdate", [datetime.combine(day, hour, zone) for day in series.exceptions])
    return event


def _whole_day(day: date) -> Event:
    event = Event()
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    return event


def _description(place: Place, link: str) -> str:
    lines = [_("Appelez avant de venir.")]
    if place.phone:
        number = phones.display(place.phone).replace(phones.NBSP, " ")
        lines.insert(0, _("Téléphone\u00a0: %(number)s") % {"number": number})
    return "\n".join([*lines, link])
