"""A week of opening hours as seven short French texts, and the OpenStreetMap string they make.

Only what an ordinary week tells whole goes both ways; seasons, alternate weeks and comments other
than an appointment stay a string.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from directory.exchange import french_hours
from directory.exchange.french_hours import DAYS, HoursResult
from directory.search.index.plain_hours import plain_week
from directory.search.opening import OFF_ON_HOLIDAYS

CLOSED = "fermé"
BY_APPOINTMENT = "sur rendez-vous"
MINUTES_IN_DAY = 24 * 60

REASONS = {
    "words-not-understood": _("un mot n’est pas compris. Écrivez par exemple 9h-12h et 14h-17h30."),
    "odd-number-of-times": _("il manque une heure de début ou de fin."),
    "bare-numbers": _("écrivez les heures avec un «\u00a0h\u00a0», par exemple 9h-12h."),
    "impossible-time": _("cette heure n’existe pas."),
    "reversed-range": _("la fin vient avant le début."),
    "opens-at-night": _("aucun lieu n’ouvre au milieu de la nuit\u00a0: relisez l’heure."),
    "appointment-part-unclear": _(
        "on ne sait pas quelles heures sont sur rendez-vous\u00a0: "
        "dites-le dans la précision sur les horaires."
    ),
}
"""What a person is told of each reason that french_hours names."""


def to_week(opening_hours: str) -> dict[str, str] | None:
    """Return the text of each day (keys Mo..Su), all "" when nothing is known.

    None when an ordinary week does not tell them all.
    """
    if not opening_hours:
        return dict.fromkeys(DAYS, "")
    week = dict.fromkeys(DAYS, CLOSED)
    for rule in opening_hours.split("; "):
        plain = rule.removesuffix(f' "{BY_APPOINTMENT}"')
        spans = plain_week(plain)
        if spans is None:
            return None
        if plain == OFF_ON_HOLIDAYS:
            continue
        told = _days_of(spans)
        by_appointment = plain != rule
        if by_appointment and any(len(times) > 1 for times in told.values()):
            return None
        for day in _named(plain):
            text = " et ".join(told.get(day, ())) or CLOSED
            week[day] = f"{text} {BY_APPOINTMENT}" if by_appointment else text
    return week


def is_closed_on_holidays(opening_hours: str) -> bool:
    """Tell whether the hours say that the place is closed on public holidays."""
    return OFF_ON_HOLIDAYS in opening_hours.split("; ")


def to_osm(days: Mapping[str, str], closed_on_holidays: bool) -> HoursResult:
    """Compose the string of a week; problems name the days that cannot be read."""
    result = french_hours.to_osm(days)
    if not closed_on_holidays:
        return result
    return HoursResult(
        french_hours.closed_on_public_holidays(result.opening_hours),
        result.repairs,
        result.problems,
        result.appointment_days,
    )


def _days_of(spans: tuple[tuple[int, int], ...]) -> dict[str, list[str]]:
    days: dict[str, list[str]] = {}
    for start, end in spans:
        number = start // MINUTES_IN_DAY
        first, last = start - number * MINUTES_IN_DAY, end - number * MINUTES_IN_DAY
        days.setdefault(DAYS[number], []).append(f"{_clock(first)}-{_clock(last)}")
    return days


def _named(rule: str) -> list[str]:
    """Return the days that a plain rule speaks of."""
    named: list[str] = []
    for part in rule.partition(" ")[0].split(","):
        first, last = DAYS.index(part[:2]), DAYS.index(part[-2:])
        named += DAYS[first : last + 1]
    return named


def _clock(minutes: int) -> str:
    return f"{minutes // 60}h{minutes % 60:02d}" if minutes % 60 else f"{minutes // 60}h"
