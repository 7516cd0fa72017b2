"""The hours of a place in a message: in words for a letter, in few characters for an SMS."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.search.kept import PlaceFacts
from directory.search.kept.facts import ClosureFacts
from directory.views import hours_words, words
from directory.views.hours_words import OrdinaryWeek
from directory.vocabularies.names import Itinerancy

CLOSURES_AHEAD = timedelta(days=60)
"""A message is read for some weeks: a later closure would only worry."""

A_MONDAY = date(2026, 1, 5)


def in_words(place: PlaceFacts, now: datetime) -> list[str]:
    """Return sentences about when to come."""
    if place.itinerancy == Itinerancy.ITINERANT:
        return [_("Ce lieu se déplace\u00a0: appelez pour savoir où et quand il passe.")]
    told = _week(place, now)
    said = hours_words.in_words(told) if told else []
    return said + [
        _("Fermé du %(start)s au %(end)s.")
        % {"start": words.short_date(c.starts_on), "end": words.short_date(c.ends_on)}
        for c in coming_closures(place, now)
    ]


def in_short(place: PlaceFacts, now: datetime) -> str:
    """Return "lun-ven 9h-12h, 14h-17h; sam 9h-12h", "" when no single week says it."""
    told = _week(place, now)
    if told is None or told.varies or place.itinerancy == Itinerancy.ITINERANT:
        return ""
    runs: list[list[int]] = []
    for number, spans in enumerate(told.days):
        if spans and runs and runs[-1][-1] == number - 1 and told.days[runs[-1][0]] == spans:
            runs[-1].append(number)
        elif spans:
            runs.append([number])
    return "; ".join(f"{_days(run)} {_spans(told.days[run[0]])}" for run in runs)


def closures_in_short(place: PlaceFacts, now: datetime) -> list[str]:
    """Return "fermé du 01/08 au 15/08" for each closure to come."""
    return [
        _("fermé du %(start)s au %(end)s")
        % {"start": f"{c.starts_on:%d/%m}", "end": f"{c.ends_on:%d/%m}"}
        for c in coming_closures(place, now)
    ]


def coming_closures(place: PlaceFacts, now: datetime) -> list[ClosureFacts]:
    """Return the closures not over that begin within CLOSURES_AHEAD."""
    today = _today(place, now)
    return [
        closure
        for closure in place.closures
        if closure.ends_on >= today and closure.starts_on <= today + CLOSURES_AHEAD
    ]


def _week(place: PlaceFacts, now: datetime) -> OrdinaryWeek | None:
    zone = place.time_zone
    return hours_words.ordinary_week(place.opening_hours, zone, _today(place, now))


def _today(place: PlaceFacts, now: datetime) -> date:
    return now.astimezone(ZoneInfo(place.time_zone)).date()


def _days(run: list[int]) -> str:
    names = [date_format(A_MONDAY + timedelta(days=n), "D").lower() for n in (run[0], run[-1])]
    return "-".join(dict.fromkeys(names))


def _spans(spans: list[tuple[time, time]]) -> str:
    if spans == [(time(), time())]:
        return "24h/24"
    return ", ".join(f"{_hour(start)}-{_hour(end, is_end=True)}" for start, end in spans)


def _hour(moment: time, is_end: bool = False) -> str:
    hour = 24 if is_end and moment == time() else moment.hour
    if moment.minute:
        return _("%(hour)sh%(minutes)s") % {"hour": hour, "minutes": f"{moment.minute:02d}"}
    return _("%(hour)sh") % {"hour": hour}
