"""Opening hours as a calendar repeats them: the simplest rule that gives the very same dates.

A rule is proposed (each Tuesday; each first Tuesday of the month), its dates are compared with
those that the hours give, holidays and closures taken out; what it has too many are exceptions.
Hours that no rule gives become single dates.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from directory.search.opening import open_intervals

AHEAD = timedelta(days=366)
"""How far a rule is told: past a year, hours have changed more often than not."""

MOST_SINGLE = 26
"""Single dates told when no rule fits: half a year of weekly ones."""

MOST_EXCEPTIONS = 0.25
"""Share of a rule's dates that exceptions may take out: beyond, it is not the rule."""

LONGEST = timedelta(days=1)
"""A place that never closes has no date to write down."""

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


Rule = dict[str, str | list[str]]
"""The parts of an RRULE that matter here: `freq` and `byday`."""


@dataclass(frozen=True)
class Series:
    """Dates with the same hours: `rule` are the parts of an RRULE, {} for a single date.

    Start and end are of the first date, aware, in the place's zone; `until` is the last day.
    """

    start: datetime
    end: datetime
    rule: Rule
    until: date
    exceptions: tuple[date, ...] = ()


def series_of(
    opening_hours: str,
    zone: str,
    now: datetime,
    department: str = "",
    closures: Iterable[tuple[date, date]] = (),
) -> list[Series]:
    """Return the series of a year from `now` (aware) in the order of their first date."""
    today = datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(), ZoneInfo(zone))
    horizon = today + AHEAD
    # A day more at both ends: no night is cut at midnight.
    between = (today - timedelta(days=1), horizon + timedelta(days=1))
    spans = open_intervals(opening_hours, zone, between, department, closures)
    alike: dict[tuple[time, timedelta], list[datetime]] = defaultdict(list)
    for start, end in spans:
        if start < horizon and end > now and end - start <= LONGEST:
            alike[start.time(), _length(start, end)].append(start)
    last = (horizon - timedelta(days=1)).date()
    series = [
        one for (_hour, length), starts in alike.items() for one in _repeated(starts, length, last)
    ]
    return sorted(series, key=lambda one: one.start)[: max(MOST_SINGLE, len(alike))]


def _length(start: datetime, end: datetime) -> timedelta:
    """Return the time on the wall: two hours across the change of October are two hours told."""
    return end.replace(tzinfo=None) - start.replace(tzinfo=None)


def _repeated(starts: list[datetime], length: timedelta, last: date) -> list[Series]:
    dates = [start.date() for start in starts]
    rules = [
        (extra, rule)
        for rule, given in (_weekly(dates, last), _last_of_month(dates, last), _ranked(dates, last))
        if len(dates) > 1 and (extra := _exceptions(dates, given)) is not None
    ]
    if not rules:
        return [Series(one, _after(one, length), {}, one.date()) for one in starts[:MOST_SINGLE]]
    # The fewest exceptions; of two alike, the rule that comes first is the simplest.
    extra, rule = min(rules, key=lambda proposed: len(proposed[0]))
    return [Series(starts[0], _after(starts[0], length), rule, last, extra)]


def _exceptions(dates: list[date], given: set[date]) -> tuple[date, ...] | None:
    """Return what a rule gives too much, None when it is not the rule of these dates."""
    extra = given.difference(dates)
    if not given.issuperset(dates) or len(extra) > MOST_EXCEPTIONS * len(given):
        return None
    return tuple(sorted(extra))


def _after(start: datetime, length: timedelta) -> datetime:
    return (start.replace(tzinfo=None) + length).replace(tzinfo=start.tzinfo)


def _weekly(dates: list[date], last: date) -> tuple[Rule, set[date]]:
    weekdays = {day.weekday() for day in dates}
    rule: Rule = {"freq": "weekly", "byday": [DAYS[number] for number in sorted(weekdays)]}
    return rule, {day for day in _days(dates[0], last) if day.weekday() in weekdays}


def _ranked(dates: list[date], last: date) -> tuple[Rule, set[date]]:
    """Propose the first and third Tuesdays of each month, say."""
    ranks = {(_rank(day), day.weekday()) for day in dates}
    rule: Rule = {
        "freq": "monthly",
        "byday": [f"{rank}{DAYS[number]}" for rank, number in sorted(ranks)],
    }
    return rule, {d for d in _days(dates[0], last) if (_rank(d), d.weekday()) in ranks}


def _last_of_month(dates: list[date], last: date) -> tuple[Rule, set[date]]:
    weekdays = {day.weekday() for day in dates}
    rule: Rule = {"freq": "monthly", "byday": [f"-1{DAYS[number]}" for number in sorted(weekdays)]}
    return rule, {
        d
        for d in _days(dates[0], last)
        if d.weekday() in weekdays and (d + timedelta(days=7)).month != d.month
    }


def _rank(day: date) -> int:
    return (day.day - 1) // 7 + 1


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
