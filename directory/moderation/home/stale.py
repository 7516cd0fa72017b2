"""Which published places are to be checked again: the only function to swap for another rule."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from directory.models import Place
from directory.vocabularies.names import State

FRESHNESS, STALE = "fraicheur", "a-verifier"
"""Parameter and value of the list that shows them."""
AFTER = timedelta(days=365)


def stale(rows: QuerySet[Place], today: date) -> QuerySet[Place]:
    """Keep the published places that neither a person nor their producer dated within a year."""
    since = today - AFTER
    return rows.filter(
        Q(verified_on=None) | Q(verified_on__lt=since),
        Q(source_updated_on=None) | Q(source_updated_on__lt=since),
        state=State.PUBLISHED,
    )
