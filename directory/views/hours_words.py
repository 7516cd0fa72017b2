"""A place's week in a few words, in the language now active.

Days with the same hours are told together: "Du lundi au jeudi : de 9 h à 12 h et de 14 h à 17 h".
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from opening_hours import State

from directory.search.index.plain_hours import plain_week
from directory.search.opening import parse, week
from directory.views import words

Spans = list[tuple[time, time]]

WEEKS_AHEAD = 53
"""A year and a week: hours of a season or of a first Tuesday show within it."""

RUN = 3
"""Days in a row from which "du lundi au mercredi" is shorter than naming each."""

A_MONDAY = date(2026, 1, 5)


@dataclass(frozen=True)
class OrdinaryWeek:
    """The open spans of the seven days; whether other weeks differ; whether some are not sure."""

    monday: date
    days: tuple[Spans, ...]
    varies: bool = False
    is_unsure: bool = False


def ordinary_week(opening_hours: str, zone: str, today: date) -> OrdinaryWeek | None:
    """Return the week of `today`, holidays left aside; None when hours are unknown or never."""
    monday = today - timedelta(days=today.weekday())
    days = week(opening_hours, zone, monday)
    if days is None:
        return None
    if plain_week(opening_hours) is not None:
        return OrdinaryWeek(monday, tuple(days)) if any(days) else None
    later = (
        week(opening_hours, zone, monday + timedelta(weeks=number))
        for number in range(1, WEEKS_AHEAD)
    )
    varies = any(other != days for other in later)
    if not any(days) and not varies:
        return None
    return OrdinaryWeek(monday, tuple(days), varies, _is_unsure(opening_hours, zone, monday))


def _is_unsure(opening_hours: str, zone: str, monday: date) -> bool:
    """Tell whether the text itself says "maybe" for part of the week."""
    hours = parse(opening_hours, zone, with_holidays=False)
    start = datetime.combine(monday, time(), tzinfo=ZoneInfo(zone))
    spans = hours.intervals(start, start + timedelta(weeks=1)) if hours else ()
    return any(state == State.UNKNOWN for _start, _end, state, _comment in spans)


def in_words(told: OrdinaryWeek) -> list[str]:
    """Return one sentence for each group of days, then what else must be known."""
    said = open_days(told)
    if told.varies:
        return [
            _("Semaine du %(day)s\u00a0:") % {"day": words.short_date(told.monday)},
            *(said or [_("Fermé toute la semaine.")]),
            _("Les horaires changent selon les semaines\u00a0: appelez avant de venir."),
        ]
    if told.is_unsure:
        return [*said, _("Certains horaires ne sont pas sûrs\u00a0: appelez avant de venir.")]
    return said


def open_days(told: OrdinaryWeek) -> list[str]:
    """Return one sentence for each group of days that have the same hours."""
    return [
        _("%(days)s\u00a0: %(hours)s.")
        % {"days": capfirst(_days(days)), "hours": words.spans(told.days[days[0]])}
        for days in _alike(told.days)
    ]


def _alike(days: tuple[Spans, ...]) -> list[list[int]]:
    """Group the open days that have the same hours, in the order of the week."""
    groups: list[list[int]] = []
    for number, spans in enumerate(days):
        if not spans:
            continue
        same = next((group for group in groups if days[group[0]] == spans), None)
        if same is None:
            groups.append([number])
        else:
            same.append(number)
    return groups


def _days(numbers: list[int]) -> str:
    """Return "tous les jours", "du lundi au jeudi", "lundi et mardi", …"""
    if len(numbers) == 7:
        return _("tous les jours")
    return words.listed([part for run in _runs(numbers) for part in _run_in_words(run)])


def _runs(numbers: list[int]) -> list[list[int]]:
    runs = [[numbers[0]]]
    for number in numbers[1:]:
        if number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _run_in_words(run: list[int]) -> list[str]:
    if len(run) < RUN:
        return [_day_name(number) for number in run]
    return [
        _("du %(first)s au %(last)s") % {"first": _day_name(run[0]), "last": _day_name(run[-1])}
    ]


def _day_name(number: int) -> str:
    return date_format(A_MONDAY + timedelta(days=number), "l")
