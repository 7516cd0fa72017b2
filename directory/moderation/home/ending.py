"""Closures about to end: the moment to ask whether the place opens again."""

from datetime import date, timedelta

from django.db.models import QuerySet

from directory.models import Closure

ENDS, SOON = "fin", "bientot"
"""Parameter and value of the list that shows them."""
WITHIN = timedelta(days=7)


def ending_soon(rows: QuerySet[Closure], today: date) -> QuerySet[Closure]:
    """Keep the closures whose last day is today or within a week."""
    return rows.filter(ends_on__range=(today, today + WITHIN))
