"""Forgets the history that is older than settings.HISTORY_DAYS, a few thousand rows at a time."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from directory.models import Revision
from directory.models.history_rows import TRACKED, history_of

CHUNK = 2_000
"""Rows deleted at once: the database stays free for others in between."""


def prune() -> int:
    """Delete old revisions and their rows; return how many revisions. Records stay as they are."""
    old = Revision.objects.filter(at__lt=timezone.now() - timedelta(days=settings.HISTORY_DAYS))
    count = 0
    while keys := list(old.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        for model in TRACKED:
            _empty(model, keys)
        count += len(keys)
        Revision.objects.filter(pk__in=keys).delete()
    return count


def _empty(model: type, keys: list[int]) -> None:
    rows = history_of(model).objects.filter(revision__in=keys).order_by()
    while chunk := list(rows.values_list("pk", flat=True)[:CHUNK]):
        history_of(model).objects.filter(pk__in=chunk).delete()
