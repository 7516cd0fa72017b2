"""The change log: which places a committed write touched, so that every process's index follows.

Triggers write it (docs/decisions/0007-change-log.md): nothing else sees bulk operations, raw SQL
and cascades alike. They name what they see, a place, a service or an actor, and touch no other
table than the log; the reader finds the places. TRUNCATE alone goes unseen.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connections, models, transaction
from django.db.models.functions import Now
from django.db.utils import OperationalError
from django.utils import timezone

from directory.models.change_triggers import LOG
from directory.models.places import Place
from directory.models.services import Service

KEEP = timedelta(days=1)
"""How long a row stays: a reader late by more than half of it builds anew."""

READ_MAX = 10_000
"""Rows read at once: beyond, nobody applies them one by one."""

PRUNE_CHUNK = 1_000
"""Rows deleted at once: some milliseconds of SQLite's only write lock."""


class ChangedKind(models.TextChoices):
    """What a row of the log names."""

    PLACE = "place", "Lieu"
    SERVICE = "service", "Service"
    ACTOR = "actor", "Acteur"
    EVERYTHING = "everything", "Tout"


@dataclass(frozen=True)
class Position:
    """How far a reader has read. `version` is the greatest id committed then, for people to read.

    `horizon` decides. PostgreSQL gives ids before rows become visible, so a number could not tell
    what was seen: it is the snapshot of the last reading. SQLite has one writer: the greatest id.
    """

    horizon: str
    version: int


@dataclass(frozen=True)
class Changes:
    """Places changed since a position, and the new one. `places` is None: too many to tell."""

    position: Position
    places: set[int] | None


# Rows whose transaction was not over at the reader's last snapshot and is at this one. The second
# condition keeps out numbers that come from another server, by a restored copy. The reader's own
# transaction is in no snapshot: its rows are given each time.
POSTGRESQL_READ = """
WITH seen AS (SELECT pg_current_snapshot() AS snapshot)
SELECT seen.snapshot::text, (SELECT MAX(id) FROM directory_change), log.kind, log.object_id
FROM seen LEFT JOIN directory_change AS log
ON log.transaction_id >= pg_snapshot_xmin(%(horizon)s::pg_snapshot)::text::bigint
AND ((NOT pg_visible_in_snapshot(log.transaction_id::text::xid8, %(horizon)s::pg_snapshot)
      AND pg_visible_in_snapshot(log.transaction_id::text::xid8, seen.snapshot))
     OR log.transaction_id = pg_current_xact_id_if_assigned()::text::bigint)
LIMIT %(limit)s
"""
SQLITE_READ = """
SELECT seen.id, seen.id, log.kind, log.object_id
FROM (SELECT COALESCE(MAX(seq), 0) AS id FROM sqlite_sequence WHERE name = 'directory_change')
AS seen LEFT JOIN directory_change AS log ON log.id > CAST(%(horizon)s AS INTEGER)
LIMIT %(limit)s
"""
POSITION = {
    "postgresql": "SELECT pg_current_snapshot()::text, MAX(id) FROM directory_change",
    "sqlite": "SELECT COALESCE(MAX(seq), 0), COALESCE(MAX(seq), 0) FROM sqlite_sequence "
    "WHERE name = 'directory_change'",
}


class ChangeQuerySet(models.QuerySet["Change"]):
    """Ways to read the log and to keep it short. All raise django.db.Error without a database."""

    def position(self) -> Position:
        """Return the present end of the log: read it before what must not miss a change."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(POSITION[cursor.db.vendor])
            horizon, version = cursor.fetchone()
        return Position(str(horizon), version or 0)

    def since(self, last: Position) -> Changes:
        """Return what was committed since `last`, each row once, late commits included.

        One query; one more for services and three for actors, when rows name any.
        """
        with connections[self.db].cursor() as cursor:
            vendor = cursor.db.vendor
            query = POSTGRESQL_READ if vendor == "postgresql" else SQLITE_READ
            cursor.execute(query, {"horizon": last.horizon, "limit": READ_MAX + 1})
            rows = cursor.fetchall()
        horizon, version = str(rows[0][0]), rows[0][1] or last.version
        position = Position(horizon, version)
        if len(rows) > READ_MAX or _is_before(horizon, last.horizon):
            return Changes(position, None)
        return Changes(position, places_of([(kind, key) for _h, _v, kind, key in rows if kind]))

    def prune(self) -> int:
        """Delete at most `PRUNE_CHUNK` rows older than `KEEP`; return how many. Never waits."""
        old = self.filter(changed_at__lt=timezone.now() - KEEP).order_by("changed_at")
        with _impatient(self.db):
            try:
                with transaction.atomic(using=self.db):
                    rows = old.select_for_update(skip_locked=True).values_list("pk", flat=True)
                    return self.filter(pk__in=list(rows[:PRUNE_CHUNK])).delete()[0]
            except OperationalError:
                if connections[self.db].vendor != "sqlite":
                    raise
                return 0  # somebody writes: the next hour will do


class Change(models.Model):
    """A committed write that the search index must follow. Written by triggers only."""

    kind = models.CharField("objet", max_length=10, choices=ChangedKind)
    # No foreign key: a deleted place leaves its number here.
    object_id = models.BigIntegerField("numéro")
    changed_at = models.DateTimeField("changé le", db_default=Now())
    transaction_id = models.BigIntegerField("transaction (PostgreSQL)", null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        db_table = LOG
        verbose_name = "changement"
        ordering = ("pk",)
        indexes = (
            models.Index(fields=["transaction_id"], name="change_transaction_idx"),
            models.Index(fields=["changed_at"], name="change_changed_at_idx"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


def _is_before(horizon: str, last: str) -> bool:
    """Tell whether the log is younger than what was read: another database took its place."""
    newest, oldest = horizon.split(":"), last.split(":")
    return int(newest[min(1, len(newest) - 1)]) < int(oldest[0])


def places_of(rows: Sequence[tuple[str, int]]) -> set[int] | None:
    """Return the places that rows (kind, id) name as they stand now; None for all of them."""
    named: dict[str, set[int]] = {kind: set() for kind in ChangedKind}
    for kind, key in rows:
        named[kind].add(key)
    services, actors = named[ChangedKind.SERVICE], named[ChangedKind.ACTOR]
    if named[ChangedKind.EVERYTHING]:
        return None
    found: list[models.QuerySet[Any, Any]] = []
    if services:
        found.append(Service.objects.filter(pk__in=services).values_list("place", flat=True))
    if actors:
        networks = Place.networks.through.objects.filter(actor__in=actors)
        found += [
            Place.objects.filter(operator__in=actors).values_list("pk", flat=True),
            networks.values_list("place", flat=True),
            Service.objects.filter(actor__in=actors).values_list("place", flat=True),
        ]
    places = named[ChangedKind.PLACE].union(*(query.order_by() for query in found))
    return {key for key in places if key is not None}


@contextmanager
def _impatient(using: str) -> Iterator[None]:
    """On SQLite, fail at once rather than wait for the write lock."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        (patience,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")
