"""Opening hours as a visitor types them, day by day, and back.

What cannot be read for sure is no mistake of theirs: it is kept in their words for a moderator.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.exchange import french_hours, hours_text
from directory.exchange.french_hours import DAYS
from directory.search.index.plain_hours import plain_week
from directory.search.opening import OFF_ON_HOLIDAYS

NAMES = dict(
    zip(
        DAYS,
        (
            gettext_lazy("lundi"),
            gettext_lazy("mardi"),
            gettext_lazy("mercredi"),
            gettext_lazy("jeudi"),
            gettext_lazy("vendredi"),
            gettext_lazy("samedi"),
            gettext_lazy("dimanche"),
        ),
        strict=True,
    )
)
IN_A_DAY = 24 * 60


@dataclass(frozen=True)
class Read:
    """Hours in the OpenStreetMap format; or, when nobody can read them, the words that say them."""

    opening_hours: str
    words: str = ""


def typed(opening_hours: str) -> dict[str, str] | None:
    """Return each day as one would type it; None when an ordinary week does not tell them all."""
    if not opening_hours:
        return dict.fromkeys(DAYS, "")
    spans = plain_week(opening_hours)
    if spans is None:
        return None
    days: dict[str, list[str]] = {day: [] for day in DAYS}
    for start, end in spans:
        number = start // IN_A_DAY
        times = (_clock(start - number * IN_A_DAY), _clock(end - number * IN_A_DAY))
        days[DAYS[number]].append("-".join(times))
    return {day: ", ".join(told) or _("fermé") for day, told in days.items()}


def lines(opening_hours: str) -> list[str]:
    """Return a line for each open day; the hours as they are written when they are not plain."""
    days = typed(opening_hours)
    if days is None:
        return [opening_hours]
    closed = {"", _("fermé")}
    told = [f"{NAMES[day]}\u00a0: {text}" for day, text in days.items() if text not in closed]
    return [*told, _("fermé les jours fériés")] if OFF_ON_HOLIDAYS in opening_hours else told


def read_days(days: Mapping[str, str], before: str) -> Read:
    """Read a week typed day by day; `before` tells whether holidays are closed."""
    result = french_hours.to_osm(days)
    if result.problems:
        said = [f"{NAMES[day]}\u00a0: {text}" for day, text in days.items() if text.strip()]
        return Read("", "\n".join(said))
    return Read(_holidays(result.opening_hours, before))


def read_text(text: str, before: str) -> Read:
    """Read a week typed as a sentence."""
    if not text.strip():
        return Read("")
    found = hours_text.to_osm(text)
    return Read(_holidays(found, before)) if found else Read("", text.strip())


def _holidays(opening_hours: str, before: str) -> str:
    if OFF_ON_HOLIDAYS not in before:
        return opening_hours
    return french_hours.closed_on_public_holidays(opening_hours)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}h{minutes % 60:02d}" if minutes % 60 else f"{minutes // 60}h"
