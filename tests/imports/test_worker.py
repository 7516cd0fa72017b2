"""A worker of background tasks, killed at any moment: nothing is lost, nothing is done twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from directory.exchange import exclusive
from directory.management import worker_presence
from tests.imports.lists import ready, write
from tests.imports.sent import Elsewhere
from tests.imports.test_killed import shared_database

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 220
"""More than two of the chunks that an import by row commits: the database grows at each kill."""
KILLS = 10
LATER = 1.3
"""Up to when a worker is killed, in lives of the first: the database has grown since."""
PATIENCE = 60.0
"""Seconds given to a process, on a busy machine."""

# Starts Django once, then does what is asked on its input, a worker in a process of its own.
HARNESS = """
import json, os, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult
from directory.exchange import import_files, import_runs
from directory.models import ImportRun, Place, PlaceSource
from directory.models.import_runs import RunMode
from directory.tasks import enqueue_import

def send(path, source):
    with open(path, "rb") as stream:
        stored = [import_files.keep(stream)]
    with transaction.atomic():
        run = ImportRun.objects.create(
            source=source, file_name="liste.csv", stored_names=stored,
            digest=import_files.digest_of(stored),
        )
        enqueue_import(run)
    return run.pk

def ask(key, mode):
    run = ImportRun.objects.get(pk=key)
    with transaction.atomic():
        asked = import_runs.ask(run, RunMode(mode))
        if asked:
            enqueue_import(run)
    return asked

def look(key):
    run = ImportRun.objects.get(pk=key)
    tasks = DBTaskResult.objects.filter(args_kwargs__args=[key])
    return {
        "state": run.state, "added": run.counts.get("added"), "attempts": run.attempts,
        "ended": str(run.ended_at), "notice": run.notice, "error": run.error,
        "places": PlaceSource.objects.filter(source__slug=run.source).count(),
        "bare": Place.objects.filter(terms=None).count(),
        "tasks": sorted(tasks.values_list("status", flat=True)),
    }

print("ready", flush=True)
for line in sys.stdin:
    name, *given = json.loads(line)
    if name == "work":
        connection.close()
        if (pid := os.fork()) == 0:
            try:
                call_command(
                    "db_worker", batch=True, interval=0, startup_delay=False, reload=False,
                    verbosity=0,
                )
            finally:
                os._exit(0)
        print(pid, flush=True)
        print(os.waitpid(pid, 0)[1], flush=True)
    else:
        print(json.dumps(globals()[name](*given)), flush=True)
"""


class Harness:
    """A process that queues imports and starts workers, in a database that they share."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HARNESS],
            env=os.environ
            | {
                "DATABASE_URL": shared_database(folder),
                "DJANGO_VAR_DIR": str(folder),
                "TASKS_WORKER": "1",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.said() == "ready"

    def said(self) -> str:
        """The next line that it tells."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def do(self, *words: Any) -> Any:
        """Have something done; what it tells of it."""
        assert self.process.stdin
        print(json.dumps(words), file=self.process.stdin, flush=True)
        return self.said() if words[0] == "work" else json.loads(self.said())

    def work(self, kill_after: float | None = None) -> float:
        """Have a worker do all that waits, killed after so many seconds if asked; its life."""
        pid, start = int(self.do("work")), time.monotonic()
        if kill_after is not None:
            time.sleep(kill_after)
            # It may have ended by itself in the meantime.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert self.said() in {"0", str(int(signal.SIGKILL))}
        return time.monotonic() - start

    def stop(self) -> None:
        """End it."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[Harness]:
    ready()
    made = Harness(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def path(tmp_path: Path) -> str:
    rows: Any = ({"id": str(n), "nom": f"Lieu {n}", "typologie": "BIB"} for n in range(ROWS))
    return str(write(tmp_path, *rows))


def killed(harness: Harness, key: int, life: float) -> dict[str, Any]:
    """What is left of an import whose worker was killed, before and after another one came."""
    harness.work(random.uniform(0, life * LATER))
    left: dict[str, Any] = harness.do("look", key)
    harness.work()
    return left


def test_a_worker_killed_at_any_moment_loses_nothing_and_repeats_nothing(
    harness: Harness, path: str
) -> None:
    lives = {}
    for mode in ("run", "row"):
        key = harness.do("send", path, f"entier-{mode}")
        lives["read"] = harness.work()
        assert harness.do("ask", key, mode)
        lives[mode] = harness.work()
        assert harness.do("look", key)["places"] == ROWS
    for number in range(KILLS):
        mode = ("run", "row")[number % 2]
        key = harness.do("send", path, f"coupe-{number}")
        if number < 2:
            killed(harness, key, lives["read"])
        else:
            harness.work()
        shown = harness.do("look", key)
        assert (shown["state"], shown["places"], shown["added"]) == ("ready", 0, ROWS)
        harness.do("ask", key, mode)
        left = killed(harness, key, lives[mode])
        assert left["bare"] == 0
        if mode == "run":
            assert left["places"] == (ROWS if left["state"] == "done" else 0)
        done = harness.do("look", key)
        assert (done["state"], done["places"]) == ("done", ROWS), done
        assert done["tasks"] == ["SUCCESSFUL", "SUCCESSFUL"]
        if mode == "run":
            assert done["added"] == ROWS
        harness.work()
        assert harness.do("look", key) == done


def test_only_the_task_of_a_dead_worker_is_queued_again() -> None:
    task = DBTaskResult.objects.create(
        task_path="directory.tasks.work_on_import",
        args_kwargs={"args": [0], "kwargs": {}},
        backend_name="default",
        exception_class_path="",
        traceback="",
        run_after=timezone.now(),
    )
    task.claim("vivant")
    with Elsewhere("worker:vivant"):
        assert worker_presence.queue_again() == 0
    assert worker_presence.queue_again() == 1
    assert worker_presence.queue_again() == 0
    assert DBTaskResult.objects.get().status == TaskResultStatus.READY


def test_a_worker_shows_that_it_lives_as_long_as_it_works() -> None:
    with worker_presence.Presence("present"):
        assert exclusive.is_held("worker:present")
    assert not exclusive.is_held("worker:present")
