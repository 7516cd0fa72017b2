"""Times, distances and phone numbers, said in plain French.

Non-breaking spaces keep a number and its unit on one line (Lexique de l'Imprimerie nationale).
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from directory.search.opening import Opening

NBSP = "\u00a0"


def hour(moment: time | datetime) -> str:
    """Return "9 h", "13 h 30", or "minuit"."""
    if (moment.hour, moment.minute) == (0, 0):
        return _("minuit")
    values = {"hour": moment.hour, "minutes": f"{moment.minute:02d}"}
    if moment.minute:
        return _("%(hour)s\u00a0h\u00a0%(minutes)s") % values
    return _("%(hour)s\u00a0h") % values


def short_date(value: date) -> str:
    """Return "1er janvier", "23 novembre"."""
    if value.day == 1:
        return _("1er %(month)s") % {"month": date_format(value, "F")}
    return date_format(value, "j F")


def long_date(value: date) -> str:
    """Return "1er janvier 2026"."""
    return f"{short_date(value)} {value.year}"


def day(value: date, today: date) -> str:
    """Return "aujourd’hui", "demain" or "lundi 23 novembre"."""
    if value == today:
        return _("aujourd’hui")
    name = f"{date_format(value, 'l')} {short_date(value)}"
    if value == today + timedelta(days=1):
        return _("demain, %(day)s,") % {"day": name}
    return name


def opening_text(opening: Opening, now: datetime) -> str:
    """Return whether a place is open, in words; `now` is aware, in any zone."""
    change = opening.until or opening.opens_at
    today = now.astimezone(change.tzinfo).date() if change else None
    return _opening_text(opening, today, get_language())


@lru_cache(maxsize=8192)
def _opening_text(opening: Opening, today: date | None, language: str | None) -> str:
    """Say it once for all the places that open and close at the same times."""
    if opening.is_open is None:
        return _("Horaires non renseignés")
    if opening.is_open:
        if opening.until and _last_day(opening.until) == today:
            return _("Ouvert maintenant, ferme à %(hour)s") % {"hour": hour(opening.until)}
        return _("Ouvert maintenant")
    if opening.opens_at and today:
        values = {"day": day(opening.opens_at.date(), today), "hour": hour(opening.opens_at)}
        return _("Fermé, ouvre %(day)s à %(hour)s") % values
    return _("Fermé en ce moment")


def _last_day(until: datetime) -> date:
    """Return the last day open: closing at midnight is closing that evening."""
    return until.date() - timedelta(days=1) if until.time() == time() else until.date()


def spans(open_spans: list[tuple[time, time]]) -> str:
    """Return "de 9 h à 12 h et de 14 h à 17 h", or "fermé" for none."""
    if not open_spans:
        return _("fermé")
    if open_spans == [(time(), time())]:
        return _("jour et nuit")
    said = [
        _("de %(start)s à %(end)s") % {"start": hour(start), "end": hour(end)}
        for start, end in open_spans
    ]
    return listed(said)


def listed(parts: list[str]) -> str:
    """Return "un", "un et deux", "un, deux et trois"; "" for none."""
    if len(parts) < 2:
        return "".join(parts)
    first = _(", ").join(parts[:-1])
    return _("%(first)s et %(last)s") % {"first": first, "last": parts[-1]}


def distance(km: float | None) -> str:
    """Return "850 m" under one km, "3,2 km" under ten, "12 km" beyond, "" when unknown."""
    if km is None:
        return ""
    metres = round(km * 100) * 10
    if metres < 1000:
        return f"{metres}{NBSP}m"
    rounded = f"{km:.1f}".replace(".", ",").removesuffix(",0") if km < 9.95 else f"{km:.0f}"
    return f"{rounded}{NBSP}km"


WALKABLE_KM = 3.0
"""Beyond this a walking time helps nobody who is old, tired or ill."""

WALK_KM_PER_HOUR = 3.5
"""Pace of older people in town (measured means: 3.2 to 4.3 km/h)."""

DETOUR = 1.3
"""Streets are this much longer than the straight line, a usual ratio for French towns."""


def walk(km: float | None) -> str:
    """Return "environ 12 min à pied", "" when too far or unknown; from a straight line in km."""
    if km is None or km > WALKABLE_KM:
        return ""
    minutes = max(1, round(km * DETOUR / WALK_KM_PER_HOUR * 60))
    return _("environ %(minutes)s\u00a0min à pied") % {"minutes": minutes}
