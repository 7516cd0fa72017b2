"""Reads hours while they are typed: a week into a text, a text into a week, each told in words."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from directory.admin.place_form.fields import read_hours
from directory.admin.place_form.form import WEEK
from directory.exchange import hours_week

TEXT_MAX = 1000
"""Characters of a text that is read."""


def answer(sent: Mapping[str, str]) -> dict[str, Any]:
    """Return the text, the week (None when it cannot show the text) and what is wrong, by field."""
    if sent.get("from") == "text":
        return _of_text(sent.get("opening_hours", "")[:TEXT_MAX])
    days = {day: sent.get(name, "")[:TEXT_MAX] for day, name in WEEK.items()}
    result = hours_week.to_osm(days, bool(sent.get("week_holidays")))
    problems = {
        WEEK[one.day]: str(hours_week.REASONS[one.reason]).capitalize() for one in result.problems
    }
    return {"opening_hours": result.opening_hours, "problems": problems}


def _of_text(text: str) -> dict[str, Any]:
    try:
        hours = read_hours(text)
    except ValidationError as error:
        return {"problems": {"opening_hours": " ".join(error.messages)}}
    week = hours_week.to_week(hours)
    told: dict[str, Any] = {"opening_hours": hours, "problems": {}, "week": None}
    if week is None:
        return told | {"note": not_a_week()}
    return told | {
        "week": {WEEK[day]: text for day, text in week.items()},
        "week_holidays": hours_week.is_closed_on_holidays(hours),
    }


def not_a_week() -> str:
    """Say that a text is kept as it is."""
    return _(
        "Une semaine ordinaire ne peut pas montrer ces horaires (saisons, semaines alternées, "
        "remarques)\u00a0: le texte est gardé tel quel. Remplir la semaine le remplacerait."
    )
