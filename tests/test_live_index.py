"""The index of a process: follows the log, is replaced whole, outlives the database."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from directory.models.changes import Changes, Position
from directory.search import live as module
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
        return Changes(position, frozenset(self.rows[last.version : position.version]))

    def prune(self) -> int:
        self.pruned += 1
        return module.PRUNE_CHUNK if self.pruned == 1 else 0

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


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    made = Database()
    made.gate.set()
    monkeypatch.setattr(module, "Change", SimpleNamespace(objects=made))
    monkeypatch.setattr(module, "POLL_SECONDS", 0.02)
    return made


@pytest.fixture
def live(database: Database) -> Iterator[LiveIndex]:
    made = LiveIndex(build=database.build)
    yield made
    database.gate.set()
    made.stop()


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


# --- Without a server -----------------------------------------------------------------------------


def test_first_use_builds_and_the_next_does_not(live: LiveIndex, database: Database) -> None:
    assert live.current() is live.current()
    assert database.builds == 1


def test_first_use_without_a_database_says_so(live: LiveIndex, database: Database) -> None:
    database.is_gone = True
    with pytest.raises(OperationalError):
        live.current()


def test_no_thread_runs_unless_asked(live: LiveIndex) -> None:
    before = threading.active_count()
    live.current()
    live.refresh()
    assert threading.active_count() == before
    assert live.status()["running"] is False


def test_refresh_applies_what_changed_without_building(live: LiveIndex, database: Database) -> None:
    live.refresh()
    database.write(1, "Autre")
    live.refresh()
    assert names(live)[1] == "Autre"
    assert database.builds == 1


def test_refresh_builds_anew_above_the_limit(
    live: LiveIndex, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "APPLY_MAX", 2)
    live.refresh()
    for key in (1, 2, 3):
        database.write(key, "Autre")
    live.refresh()
    assert (names(live)[3], database.builds) == ("Autre", 2)


def test_refresh_builds_anew_when_the_index_asks(live: LiveIndex, database: Database) -> None:
    live.refresh()
    object.__setattr__(live.current(), "needs_rebuild", True)
    live.refresh()
    assert database.builds == 2
    live.refresh()
    assert database.builds == 2


def test_reader_late_by_half_a_day_builds_anew(
    live: LiveIndex, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.refresh()
    later = timezone.now() + timedelta(hours=13)
    monkeypatch.setattr(module.timezone, "now", lambda: later)
    live.refresh()
    assert database.builds == 2


def test_index_is_told_of_each_slice_of_time_once(
    live: LiveIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.refresh()
    later = timezone.now() + timedelta(seconds=module.SLICE_SECONDS)
    monkeypatch.setattr(module.timezone, "now", lambda: later)
    live.refresh()
    live.refresh()
    index: Any = live.current()
    assert index.advanced[1:] == [later]


def test_new_index_knows_who_is_open_before_it_is_used(live: LiveIndex, database: Database) -> None:
    live.refresh()
    database.write(1, "Autre")
    live.refresh()
    index: Any = live.current()
    assert len(index.advanced) == 1


def test_index_is_built_anew_every_day(live: LiveIndex, database: Database) -> None:
    live.refresh()
    yesterday = timezone.now() - module.REBUILD_EVERY - timedelta(minutes=1)
    object.__setattr__(live.current(), "built_at", yesterday)
    live.refresh()
    assert database.builds == 2


def test_index_in_use_never_changes(live: LiveIndex, database: Database) -> None:
    held = names(live)
    swaps = live.swaps
    database.write(1, "Autre")
    live.refresh()
    assert held[1] == "Lieu 1"
    assert live.swaps == swaps + 1
    live.refresh()
    assert live.swaps == swaps + 1


def test_cleared_index_is_built_again(live: LiveIndex, database: Database) -> None:
    live.refresh()
    live.clear()
    assert live.status()["ready"] is False
    live.current()
    assert database.builds == 2


# --- With a server --------------------------------------------------------------------------------


def test_started_server_never_waits_for_the_first_build(
    live: LiveIndex, database: Database
) -> None:
    database.gate.clear()
    live.start()
    assert within(SOON, lambda: live.status()["building"])
    assert live.current() is None
    database.gate.set()
    assert within(SOON, lambda: live.current() is not None)


def test_started_server_keeps_the_index_built_before_the_fork(
    live: LiveIndex, database: Database
) -> None:
    live.preload()
    inherited = live.current()
    live.start()
    live.start()
    database.write(1, "Autre")
    assert within(SOON, lambda: names(live)[1] == "Autre")
    assert inherited is not live.current()
    assert database.builds == 1


def test_server_answers_and_follows_edits_while_it_builds(
    live: LiveIndex, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "APPLY_MAX", 2)
    live.preload()
    live.start()
    database.gate.clear()
    for key in (1, 2, 3):
        database.write(key, "Importé")
    assert within(SOON, lambda: live.status()["building"])
    assert live.status()["changes_pending"] >= 3
    database.write(4, "Corrigé")
    assert within(SOON, lambda: names(live)[4] == "Corrigé")
    assert names(live)[1] in {"Lieu 1", "Importé"}
    database.gate.set()
    assert within(SOON, lambda: names(live)[3] == "Importé")
    assert names(live)[4] == "Corrigé"
    assert within(SOON, lambda: live.status()["changes_pending"] == 0)


def test_new_index_never_brings_back_what_an_edit_changed(
    live: LiveIndex, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = set()
    live.preload()
    publish = live._publish
    monkeypatch.setattr(
        live, "_publish", lambda state: (seen.add(state.index.names[1]), publish(state))
    )
    live._build_now()
    database.write(1, "Autre")
    live.refresh()
    assert seen == {"Autre"}


def test_server_without_database_keeps_answering_and_says_so(
    live: LiveIndex, database: Database
) -> None:
    live.preload()
    live.start()
    database.is_gone = True
    assert within(SOON, lambda: live.status()["last_error"] == "OperationalError")
    assert names(live)[1] == "Lieu 1"
    assert live.status()["running"] is True
    database.is_gone = False
    database.write(1, "Autre")
    assert within(SOON, lambda: names(live)[1] == "Autre")


def test_status_never_tells_the_words_of_an_error(live: LiveIndex, database: Database) -> None:
    database.is_gone = True
    live.preload()
    assert "closed" not in str(live.status())


def test_age_grows_while_the_database_is_gone(
    live: LiveIndex, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.preload()
    database.is_gone = True
    later = timezone.now() + timedelta(minutes=1)
    monkeypatch.setattr(module.timezone, "now", lambda: later)
    live.preload()
    assert live.status()["age_seconds"] >= 60


def test_server_started_without_database_builds_when_it_comes(
    live: LiveIndex, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REBUILD_RETRY", timedelta(0))
    database.is_gone = True
    live.preload()
    live.start()
    assert live.current() is None
    database.is_gone = False
    assert within(SOON, lambda: live.current() is not None)


def test_place_that_cannot_be_applied_does_not_stop_the_others(
    live: LiveIndex, database: Database
) -> None:
    live.preload()
    live.start()
    database.rows.append(99)
    database.write(1, "Autre")
    assert within(SOON, lambda: names(live)[1] == "Autre")
    assert live.status()["last_error"] == "KeyError"


def test_server_deletes_old_rows_until_none_is_left(live: LiveIndex, database: Database) -> None:
    live.preload()
    live.start()
    assert within(SOON, lambda: database.pruned == 2)
    assert not within(0.2, lambda: database.pruned > 2)


def test_stopped_server_keeps_its_index(live: LiveIndex, database: Database) -> None:
    live.preload()
    live.start()
    live.stop()
    assert live.status()["running"] is False
    assert names(live)[1] == "Lieu 1"


def test_status_tells_what_a_supervisor_needs(live: LiveIndex, database: Database) -> None:
    database.write(1, "Autre")
    live.preload()
    told = live.status()
    assert told.pop("built_at") <= timezone.now().isoformat()
    assert told.pop("age_seconds") < SOON
    assert told == {
        "ready": True,
        "running": False,
        "building": False,
        "swaps": 1,
        "changes_pending": 0,
        "last_error": None,
        "last_error_at": None,
        "version": 1,
        "places": 5,
        "size_bytes": 1000,
        "build_seconds": 0.25,
    }
