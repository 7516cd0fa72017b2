"""A reading of the database in which all tables are of the same moment."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.db import connection, transaction


@contextmanager
def _reading_only() -> Iterator[None]:
    """Let SQLite begin without the write lock, which another writer may hold for long."""
    if connection.vendor != "sqlite":
        yield
        return
    sqlite: Any = connection
    sqlite.ensure_connection()
    mode = sqlite.transaction_mode
    sqlite.transaction_mode = "DEFERRED"
    try:
        yield
    finally:
        sqlite.transaction_mode = mode


@contextmanager
def without_collecting() -> Iterator[None]:
    """Let no garbage collector run: a fifth of a build went into looking for cycles among rows.

    A build makes none; those that requests make meanwhile wait for its end.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def consistent_reading() -> Iterator[None]:
    """Open a transaction that sees one state of the database.

    PostgreSQL's default level sees what others commit between two queries. A transaction already
    open keeps its own level, which can no longer change.
    """
    is_outermost = not connection.in_atomic_block
    with _reading_only() if is_outermost else nullcontext(), transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
