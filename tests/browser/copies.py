"""A world built once a process, then copied: 2 ms instead of a second for each test.

The copy is the whole database in memory, to the byte. It serves only where nothing was written
since the test began; elsewhere (PostgreSQL, a test that already wrote) the world is built.
"""

import pickle
import sqlite3
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import connection

from directory.search import gazetteer, lexicon, memory
from directory.search.live import live

World = TypeVar("World")
_kept: dict[Any, tuple[sqlite3.Connection, bytes]] = {}
_at_start: dict[str, int] = {}


def begin() -> None:
    """Note what was written so far."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        _at_start["changes"] = connection.connection.total_changes


def _is_untouched() -> bool:
    return (
        connection.vendor == "sqlite"
        and not connection.in_atomic_block
        and connection.connection.total_changes == _at_start.get("changes")
    )


def built_once(build: Callable[..., World]) -> Callable[..., World]:
    """Decorate a function that fills an empty database, and returns records of it."""

    @wraps(build)
    def built(*given: Any) -> World:
        if not _is_untouched():
            return build(*given)
        key = (build.__module__, given)
        if key not in _kept:
            world, copy = build(*given), sqlite3.connect(":memory:", check_same_thread=False)
            connection.connection.backup(copy)
            _kept[key] = (copy, pickle.dumps(world))
            return world
        copy, records = _kept[key]
        copy.backup(connection.connection)
        for kept_in_memory in (gazetteer, lexicon, live):
            kept_in_memory.clear()
        memory.forget_all()
        again: World = pickle.loads(records)  # noqa: S301 (written above)
        return again

    return built
