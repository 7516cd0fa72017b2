"""When a place is open, in its own time zone, holidays and closures included.

Opening hours follow the OpenStreetMap specification and are read by opening-hours-py, which knows
the national holidays only: those of Alsace-Moselle and of overseas departments come from
`holidays`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from opening_hours import OpeningHours, ParserError, State

HORIZON = timedelta(days=31)
"""How far ahead the next opening is looked for: past a month, "closed" helps more than a date."""

_REGIONAL = {
    "57": "57",
    "67": "6AE",
    "68": "6AE",
    "971": "971",
    "972": "972",
    "973": "973",
    "974": "974",
    "976": "976",
    "977": "BL",
    "978": "MF",
    "987": "PF",
    "988": "NC",
    "986": "WF",
    "975": "PM",
}
"""Departments with legal holidays of their own, by the code that `holidays` gives them."""

OFF_ON_HOLIDAYS = "PH off"


@dataclass(frozen=True)
class Opening:
    """`is_open` is None when hours are unknown. Times are in the place's zone."""

    is_open: bool | None
    until: datetime | None = None
    opens_at: datetime | None = None


UNKNOWN = Opening(None)

KNOWN_MAX = 20_000
UNCHANGED = timedelta(hours=1)
"""How long an answer without a next change is kept: the horizon moves on."""

_known: dict[tuple[object, ...], tuple[Opening, datetime, datetime]] = {}
"""Answers, and from when until when each holds: places share their hours, and hours change twice a
day."""


@lru_cache(maxsize=8192)
def parse(opening_hours: str, zone: str, with_holidays: bool = True) -> OpeningHours | None:
    """Return the parsed hours, None when empty or unreadable. Cached: 0.01 ms each otherwise."""
    if not opening_hours:
        return None
    country = "FR" if with_holidays else None
    try:
        return OpeningHours(opening_hours, timezone=ZoneInfo(zone), country=country)
    except (ParserError, SyntaxError):
        return None


@lru_cache(maxsize=256)
def regional_holidays(department: str, year: int) -> frozenset[date]:
    """Return the legal holidays that only this department has, in one year."""
    subdivision = _REGIONAL.get(department)
    if not subdivision:
        return frozenset()
    regional = holidays.country_holidays("FR", subdiv=subdivision, years=year)
    return frozenset(regional) - frozenset(holidays.country_holidays("FR", years=year))


def has_own_holidays(department: str) -> bool:
    """Tell whether a department has legal holidays that the rest of the country has not."""
    return department in _REGIONAL


def opening_at(
    opening_hours: str,
    zone: str,
    now: datetime,
    department: str = "",
    closures: Iterable[tuple[date, date]] = (),
) -> Opening:
    """Return whether the place is open at `now` (aware), until when, or when it opens next.

    `zone` is an IANA name, `closures` are (first day, last day) both included.
    """
    closed = list(closures)
    # Elsewhere places share their answers, and the search index has asked for them already.
    department = department if has_own_holidays(department) else ""
    key = (opening_hours, zone, department, *closed)
    known = _known.get(key)
    if known and known[1] <= now < known[2]:
        return known[0]
    hours = parse(opening_hours, zone)
    if hours is None:
        return UNKNOWN
    local = now.astimezone(ZoneInfo(zone))
    closed += _regional_days_off(opening_hours, department, local, local + HORIZON)
    opening, is_uncertain = _first_opening(hours, local, closed)
    if is_uncertain:
        return opening
    if len(_known) >= KNOWN_MAX:
        _known.clear()
    _known[key] = (opening, now, opening.until or opening.opens_at or now + UNCHANGED)
    return opening


def open_intervals(
    opening_hours: str,
    zone: str,
    between: tuple[datetime, datetime],
    department: str = "",
    closures: Iterable[tuple[date, date]] = (),
) -> list[tuple[datetime, datetime]]:
    """Return when the place is open for sure between two aware moments, in the place's zone.

    Holidays that the hours speak of and closures (both days included) are taken out; [] when hours
    are unknown.
    """
    hours = parse(opening_hours, zone)
    if hours is None:
        return []
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in between)
    closed = [*closures, *_regional_days_off(opening_hours, department, start, end)]
    return [
        span
        for opens, closes, state, _comment in hours.intervals(start, end)
        if state == State.OPEN
        for span in _without_closed_days(opens, closes, closed)
    ]


def _regional_days_off(
    opening_hours: str, department: str, start: datetime, end: datetime
) -> list[tuple[date, date]]:
    if OFF_ON_HOLIDAYS not in opening_hours:
        return []
    years = range(start.year, end.year + 1)
    return [(day, day) for year in years for day in regional_holidays(department, year)]


def _first_opening(
    hours: OpeningHours, now: datetime, closed: list[tuple[date, date]]
) -> tuple[Opening, bool]:
    """Return the opening, and whether hours that depend on something come before it."""
    horizon = now + HORIZON
    is_uncertain = False
    for first, last, state, _comment in hours.intervals(now, horizon):
        if state == State.UNKNOWN:
            is_uncertain = True
            if first <= now < last:
                return UNKNOWN, True
        elif state == State.OPEN:
            for start, end in _without_closed_days(first, last, closed):
                if start <= now < end:
                    return Opening(True, until=end if end < horizon else None), is_uncertain
                return Opening(False, opens_at=start), is_uncertain
    return UNKNOWN if is_uncertain else Opening(False), is_uncertain


def _without_closed_days(
    start: datetime, end: datetime, closed: list[tuple[date, date]]
) -> Iterator[tuple[datetime, datetime]]:
    """Cut an open interval at midnights where it enters or leaves a closed day."""
    cursor = start
    while cursor < end:
        covering = [last for first, last in closed if first <= cursor.date() <= last]
        if covering:
            cursor = _midnight(max(covering) + timedelta(days=1), cursor)
            continue
        stops = [_midnight(first, cursor) for first, _last in closed if first > cursor.date()]
        until = min([end, *stops])
        yield cursor, until
        cursor = until


def _midnight(day: date, like: datetime) -> datetime:
    return datetime.combine(day, time(), tzinfo=like.tzinfo)


def week(opening_hours: str, zone: str, monday: date) -> list[list[tuple[time, time]]] | None:
    """Return the open spans of the seven days from `monday`, holidays left aside.

    None when hours are unknown; an empty day is closed. A span that ends at midnight ends at 0:00.
    """
    hours = parse(opening_hours, zone, with_holidays=False)
    if hours is None:
        return None
    tz = ZoneInfo(zone)
    days = []
    for offset in range(7):
        start = datetime.combine(monday + timedelta(days=offset), time(), tzinfo=tz)
        end = datetime.combine(monday + timedelta(days=offset + 1), time(), tzinfo=tz)
        days.append(
            [
                (first.time(), last.time())
                for first, last, state, _comment in hours.intervals(start, end)
                if state == State.OPEN
            ]
        )
    return days
