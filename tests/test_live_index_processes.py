"""Real processes on a real database: a server's forked workers see what another one commits."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from directory.models import Place
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 2
SOON = 2.0
"""Seconds within which every worker must show a saved edit."""
STARTED = 30.0
"""Seconds given to a server to start, on a busy machine."""

# What gunicorn does: build once, fork, start in each worker. Each tells what it holds when that
# changes: its number, the names of published places, how many times it has built.
SERVER = """
import json, os, time
import django
django.setup()
from django.db import connections
from directory.search import live as module
from directory.search.index import build
builds = 0
def counted():
    global builds
    builds += 1
    return build()
live = module.LiveIndex(build=counted)
live.preload()
connections.close_all()
def worker(number):
    live.start()
    told = None
    while True:
        held = live.current()
        if held is not told:
            told = held
            names = sorted(held.rows.name(slot) for slot in range(held.rows.size + len(held.tail))
                           if held.alive >> slot & 1)
            os.write(1, (json.dumps([number, names, builds, live.status()]) + "\\n").encode())
        time.sleep(0.01)
for number in range({workers}):
    if os.fork() == 0:
        worker(number)
os.wait()
"""


class Server:
    """A master and its workers, and what these say."""

    def __init__(self, url: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER.replace("{workers}", str(WORKERS))],
            env=os.environ | {"DATABASE_URL": url},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.said: Queue[list[Any]] = Queue()
        self.builds = [0] * WORKERS
        self.listener = Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.put(json.loads(line))

    def all_show(self, names: list[str], seconds: float) -> bool:
        """Tell whether every worker holds exactly these places in time."""
        waiting, end = set(range(WORKERS)), time.monotonic() + seconds
        while waiting:
            try:
                number, held, self.builds[number], _status = self.said.get(
                    timeout=max(0.0, end - time.monotonic())
                )
            except Empty:
                return False
            waiting = waiting - {number} if held == names else waiting | {number}
        return True

    def stop(self) -> None:
        """Kill the whole family, which is alone in its session."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.listener.join()
        assert self.process.stdout
        self.process.stdout.close()


def shared_database(folder: Path) -> str:
    """The URL of a database that other processes may open, with what is committed in this one."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(folder / "shared.sqlite3")) as copy:
            connection.connection.backup(copy)
        return f"sqlite:///{folder / 'shared.sqlite3'}"
    given = urlsplit(os.environ["DATABASE_URL"])
    return given._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    for name in ("Alpha", "Bravo"):
        make.PlaceFactory(name=name)
    made = Server(shared_database(tmp_path))
    yield made
    made.stop()


def write(folder: Path, statement: str) -> None:
    """Write in the shared database, from this process."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(folder / "shared.sqlite3")) as shared:
            # The checks on text that Django writes need it.
            shared.create_function("REGEXP", 2, lambda rule, text: bool(re.search(rule, text)))
            shared.execute(statement)
            shared.commit()
        return
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_worker_shows_an_edit_within_two_seconds_without_building(
    server: Server, tmp_path: Path
) -> None:
    assert server.all_show(["alpha", "bravo"], STARTED)
    write(tmp_path, "UPDATE directory_place SET name = 'Charlie' WHERE name = 'Alpha'")
    assert server.all_show(["bravo", "charlie"], SOON)
    write(tmp_path, "UPDATE directory_place SET state = 'archived' WHERE name = 'Bravo'")
    assert server.all_show(["charlie"], SOON)
    assert server.builds == [1] * WORKERS


def test_every_worker_builds_again_after_an_import(server: Server, tmp_path: Path) -> None:
    assert server.all_show(["alpha", "bravo"], STARTED)
    columns = [f.column for f in Place._meta.concrete_fields if f.column and not f.primary_key]
    copied = ", ".join("'n' || n" if name == "slug" else name for name in columns)
    write(
        tmp_path,
        f"WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 600)"  # noqa: S608
        f" INSERT INTO directory_place ({', '.join(columns)}) SELECT {copied}"
        " FROM directory_place, counter WHERE name = 'Alpha'",
    )
    assert server.all_show(["alpha"] * 601 + ["bravo"], STARTED)
    assert server.builds == [2] * WORKERS
