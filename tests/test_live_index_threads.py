"""The index of a server: follows the log by itself, never makes anyone wait."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from directory.search import live as module
from directory.search.live import LiveIndex, State
from tests.fake_index import SOON, Database, names, within


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
    seen: list[str] = []
    publish = live._publish

    def watched(state: State) -> None:
        seen.append(state.index.names[1])  # type: ignore[attr-defined]
        publish(state)

    live.preload()
    monkeypatch.setattr(live, "_publish", watched)
    live._build_now()
    database.write(1, "Autre")
    live.refresh()
    assert seen == ["Autre"]


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
    monkeypatch.setattr("directory.search.live.timezone.now", lambda: later)
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
        "places_kept": 0,
        "size_bytes": 1000,
        "build_seconds": 0.25,
    }
