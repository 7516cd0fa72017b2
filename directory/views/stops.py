"""When a stop, or a workshop, takes place: in words, and as a file for one's calendar."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.search.kept import PlaceFacts, ServiceFacts, StopFacts
from directory.views import words
from directory.views.recurrence import DAYS, Series, series_of

MOST_DATES = 3
"""Single dates told on a page; the file has the others."""

A_MONDAY = date(2026, 1, 5)


@dataclass(frozen=True)
class StopRow:
    """A stop of an itinerant place; `dates_url` is a file for one's calendar, "" once over."""

    when: str
    label: str
    commune_name: str
    dates_url: str


def stop_row(place: PlaceFacts, stop: StopFacts) -> StopRow:
    """Return a stop as the page of its place shows it."""
    if stop.on:
        said = f"{date_format(stop.on, 'l')} {words.long_date(stop.on)}"
        has_dates = stop.on >= timezone.localdate()
    else:
        said = in_words(stop.opening_hours, place.time_zone)
        has_dates = bool(said)
    url = reverse("directory:stop-dates", args=[place.slug, stop.id]) if has_dates else ""
    return StopRow(said, stop.label, stop.commune_name, url)


def workshop_url(place: PlaceFacts, service: ServiceFacts) -> str:
    """Return the address of the dates of a service that has hours of its own, else ""."""
    if not in_words(service.opening_hours, place.time_zone):
        return ""
    return reverse("directory:workshop-dates", args=[place.slug, service.id])


def in_words(opening_hours: str, zone: str) -> str:
    """Return "chaque mardi de 9 h à 12 h", "le 2e jeudi du mois …", "" without a date to come."""
    if not opening_hours:
        return ""
    today = timezone.now().astimezone(ZoneInfo(zone)).date()
    alike: dict[str, list[tuple[time, time]]] = {}
    for series in _series(opening_hours, zone, today):
        # The afternoon of the same days is told with the morning.
        alike.setdefault(_days(series), []).append((series.start.time(), series.end.time()))
    told = [f"{days} {words.spans(sorted(spans))}" for days, spans in alike.items()]
    return "\u00a0; ".join(told[:MOST_DATES])


@lru_cache(maxsize=2048)
def _series(opening_hours: str, zone: str, today: date) -> tuple[Series, ...]:
    midnight = datetime.combine(today, time(), ZoneInfo(zone))
    return tuple(series_of(opening_hours, zone, midnight))


def _days(series: Series) -> str:
    if not series.rule:
        day = series.start.date()
        return f"{date_format(day, 'l')} {words.short_date(day)}"
    byday = series.rule["byday"]
    if series.rule["freq"] == "weekly":
        return _("chaque %(days)s") % {"days": words.listed([_name(code) for code in byday])}
    ranks: dict[str, list[str]] = {}
    for code in byday:
        ranks.setdefault(_name(code[-2:]), []).append(_rank(code[:-2]))
    return words.listed(
        [
            _("%(ranks)s %(day)s du mois") % {"ranks": words.listed(told), "day": name}
            for name, told in ranks.items()
        ]
    )


def _rank(rank: str) -> str:
    if rank == "-1":
        return _("le dernier")
    return _("le 1er") if rank == "1" else _("le %(rank)se") % {"rank": rank}


def _name(code: str) -> str:
    return date_format(A_MONDAY + timedelta(days=DAYS.index(code)), "l")
