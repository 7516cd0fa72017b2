"""A log and an index without a database, which threads may share."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import OperationalError
from django.utils import timezone

from directory.models.changes import PRUNE_CHUNK, Changes, Position
from directory.search.live import LiveIndex

SOON = 2.0
"""Seconds within which a saved edit must be seen."""


@dataclass
class Database:
    """A log and the names of places, without a database: threads may share it."""

    names: dict[int, str] = field(default_factory=lambda: {n: f"Lieu {n}" for n in range(5)})
    rows: list[int] = field(default_factory=list)
    is_gone: bool = False
    builds: int = 0
    pruned: int = 0
    gate: threading.Event = field(default_factory=threading.Event)

    def write(self, key: int, name: str) -> None:
        """Change a place and log it."""
        self.names[key] = name
        self.rows.append(key)

    def position(self) -> Position:
        self._answer()
        return Position(str(len(self.rows)), len(self.rows))

    def since(self, last: Position) -> Changes:
        self._answer()
        position = self.position()
        return Changes(position, set(self.rows[last.version : position.version]))

    def prune(self) -> int:
        self.pruned += 1
        return PRUNE_CHUNK if self.pruned == 1 else 0

    def build(self) -> Any:
        """Read everything, then wait at the gate: slow builds are built so."""
        self._answer()
        self.builds += 1
        names = dict(self.names)
        assert self.gate.wait(10)
        return FakeIndex(self, names)

    def _answer(self) -> None:
        if self.is_gone:
            raise OperationalError("server closed the connection")


@dataclass(frozen=True)
class FakeIndex:
    """What the real index promises to `LiveIndex`, over names alone."""

    database: Database
    names: dict[int, str]
    advanced: list[datetime] = field(default_factory=list)
    needs_rebuild: bool = False
    built_at: datetime = field(default_factory=timezone.now)
    build_seconds: float = 0.25
    size_bytes: int = 1000

    @property
    def count(self) -> int:
        return len(self.names)

    def apply(self, ids: Iterable[int]) -> "FakeIndex":
        self.database._answer()
        fresh = {key: self.database.names[key] for key in ids}
        return replace(self, names=self.names | fresh, advanced=[])

    def advance(self, now: datetime) -> None:
        self.advanced.append(now)


def names(live: LiveIndex) -> dict[int, str]:
    """The names that the present index knows."""
    index: Any = live.current()
    found: dict[int, str] = index.names
    return found


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Tell whether a condition comes true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True
