"""Tells which state of the data an export would show: the same words, the same bytes.

Read from the change log, in the database itself: every process says the same.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from directory.models import Source
from directory.models.changes import KEEP

RECENT = timedelta(minutes=10)
"""A transaction begun before another may end after it: the count of recent rows then differs, where
the greatest number would not."""

# The greatest number ever given outlives the rows, which are deleted after a day.
LAST_GIVEN = {
    "postgresql": "SELECT last_value FROM directory_change_id_seq",
    "sqlite": "SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'directory_change'",
}
READ = """
SELECT ({last_given}), (SELECT MAX(id) FROM directory_change),
(SELECT COUNT(*) FROM directory_change WHERE changed_at > %s),
(SELECT MAX(changed_at) FROM directory_change)
"""


@dataclass(frozen=True)
class DataState:
    """`version` changes with the data and with the release.

    The data have not changed since `changed_at` (aware).
    """

    version: str
    changed_at: datetime


def current() -> DataState:
    """Return the present state; two queries."""
    now = timezone.now()
    with connection.cursor() as cursor:
        statement = READ.format(last_given=LAST_GIVEN[connection.vendor])
        cursor.execute(statement, [now - RECENT])
        row = cursor.fetchone()
    sources = Source.objects.order_by("pk").values_list("pk", "slug", "name", "licence")
    # Two databases may share a folder, and begin alike.
    said = repr((row, list(sources), settings.RELEASE, str(connection.settings_dict["NAME"])))
    digest = hashlib.sha256(said.encode()).hexdigest()[:24]
    return DataState(digest, _moment(row[-1]) or _some_midnight(now))


def _moment(value: datetime | str | None) -> datetime | None:
    """Return what a database says of a moment: SQLite gives a text in UTC."""
    moment = parse_datetime(value) if isinstance(value, str) else value
    if moment is None or timezone.is_aware(moment):
        return moment
    return moment.replace(tzinfo=timezone.get_fixed_timezone(0))


def _some_midnight(now: datetime) -> datetime:
    """Return a moment since which nothing changed, when the log is empty.

    Its rows are kept for a day: the last change is older, and the next midnight is not before it.
    """
    day = timezone.localdate(now - KEEP) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time.min))
