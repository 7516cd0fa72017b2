"""Dates as French writes them: "1er janvier 2026"."""

from datetime import date

from django import template

from directory.views.words import long_date, short_date

register = template.Library()


@register.filter
def french_date(value: date | None) -> str:
    """Return "1er janvier 2026", "" for none."""
    return long_date(value) if value else ""


@register.filter
def french_day(value: date | None) -> str:
    """Return "1er janvier", "" for none."""
    return short_date(value) if value else ""
