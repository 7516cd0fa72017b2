"""What templates may apply to a value with `|`, beyond what Jinja2 knows."""

from datetime import date

from django.utils import html
from django.utils.formats import number_format
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.text import capfirst

from directory.views import words


def number(value: float) -> str:
    """Return the number as the language writes it, thousands apart: "12 345"."""
    if isinstance(value, int) and -1000 < value < 1000:
        return str(value)
    return number_format(value, force_grouping=True)


def linebreaks(value: str) -> SafeString:
    """Return paragraphs, one for each block of text; what is not safe is escaped."""
    return mark_safe(html.linebreaks(value, autoescape=not isinstance(value, SafeData)))  # noqa: S308


def french_date(value: date | None) -> str:
    """Return "1er janvier 2026", "" for none."""
    return words.long_date(value) if value else ""


def french_day(value: date | None) -> str:
    """Return "1er janvier", "" for none."""
    return words.short_date(value) if value else ""


FILTERS = {
    "capfirst": capfirst,
    "french_date": french_date,
    "french_day": french_day,
    "linebreaks": linebreaks,
    "number": number,
}
