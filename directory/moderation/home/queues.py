"""A queue of what waits, and the register of those that exist."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, Model, QuerySet
from django.urls import reverse
from django.utils import timezone

from directory.moderation.policy.grants import User

__all__ = ["Queue", "User", "listed", "queue", "waiting"]


@dataclass(frozen=True)
class Queue:
    """How many wait, where they are listed, since when. `label` is a plural, without the number."""

    code: str
    label: str
    count: int
    url: str
    oldest: date | None = None


Reader = Callable[[User], Queue | None]
READERS: dict[str, tuple[int, Reader]] = {}


def queue(rank: int) -> Callable[[Reader], Reader]:
    """Register a function as a queue; the smallest rank comes first."""

    def registered(reader: Reader) -> Reader:
        READERS[reader.__name__] = (rank, reader)
        return reader

    return registered


def waiting(code: str, rows: QuerySet, label: str, url: str, since: Any = None) -> Queue:
    """Return the queue of some rows; one query. `since` is a date of rows, or an expression."""
    asked: dict[str, Any] = {"count": Count("pk")}
    if since is not None:
        asked["oldest"] = Min(since)
    told = rows.order_by().aggregate(**asked)
    oldest = told.get("oldest")
    if isinstance(oldest, datetime):
        oldest = timezone.localtime(oldest).date()
    return Queue(code, label, told["count"], url, oldest)


def listed(model: type[Model], **parameters: str) -> str:
    """Return the address of a list of the admin, filtered."""
    meta = model._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return f"{url}?{urlencode(parameters)}" if parameters else url
