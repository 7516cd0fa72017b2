"""What one process alone may do at a time: a lock that the death of its holder releases at once.

PostgreSQL: an advisory lock of the session, which ends with the connection. SQLite, hence one
machine: a lock on a file, which the system releases. No clock, nothing to clean
(docs/decisions/0018-background-work.md).
"""

import fcntl
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.db import Error, connection

_own = threading.local()


class HeldElsewhereError(RuntimeError):
    """Another process, or another thread, holds the name."""


@contextmanager
def hold(name: str) -> Iterator[None]:
    """Hold a name; raise HeldElsewhereError, without waiting, when another does.

    A thread may hold several times what it holds already.
    """
    mine = _own.__dict__.setdefault("names", set())
    if name in mine:
        yield
        return
    lock = _in_postgresql if connection.vendor == "postgresql" else _in_a_file
    with lock(name):
        mine.add(name)
        try:
            yield
        finally:
            mine.discard(name)


def is_held(name: str) -> bool:
    """Tell whether another process, or another thread, holds a name."""
    try:
        with hold(name):
            return False
    except HeldElsewhereError:
        return True


@contextmanager
def _in_postgresql(name: str) -> Iterator[None]:
    key = int.from_bytes(_digest(f"mediation:{name}")[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        if not cursor.fetchone()[0]:
            raise HeldElsewhereError(name)
    try:
        yield
    finally:
        # A connection that is lost has released it already.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


@contextmanager
def _in_a_file(name: str) -> Iterator[None]:
    database = str(connection.settings_dict["NAME"])
    # A database in memory is this process's alone, whatever its name.
    own = f":{os.getpid()}" if "memory" in database else ""
    folder = settings.VAR_DIR / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _digest(f"{database}{own}:{name}").hex()[:32]).open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise HeldElsewhereError(name) from error
        yield


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
