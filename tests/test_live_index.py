"""The index of a process without a server: built once, caught up with when asked."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from directory.search import live as module
from directory.search.live import LiveIndex
from tests.fake_index import Database, names


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
    monkeypatch.setattr("directory.search.live.timezone.now", lambda: later)
    live.refresh()
    assert database.builds == 2


def test_index_is_told_of_each_slice_of_time_once(
    live: LiveIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.refresh()
    later = timezone.now() + timedelta(seconds=module.SLICE_SECONDS)
    monkeypatch.setattr("directory.search.live.timezone.now", lambda: later)
    live.refresh()
    live.refresh()
    index: Any = live.current()
    assert index.advanced[1:] == [later]


def test_time_goes_on_while_the_database_is_gone(
    live: LiveIndex, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.refresh()
    database.is_gone = True
    later = timezone.now() + timedelta(seconds=module.SLICE_SECONDS)
    monkeypatch.setattr("directory.search.live.timezone.now", lambda: later)
    with pytest.raises(OperationalError):
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
