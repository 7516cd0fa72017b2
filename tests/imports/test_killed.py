"""An import killed at any moment, in a real process: nothing partial is left."""

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests.imports.lists import ready, write

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 220
"""More than two of the chunks that an import by row commits: the database grows at each kill."""
KILLS = 10
STARTED = 60.0
"""Seconds given to a process to start, on a busy machine."""

# Starts once, then forks a process for each import asked for on its input: « source mode path ».
IMPORTER = """
import os, sys
from pathlib import Path
import django
django.setup()
from directory.exchange.importing import Mode, Request, run
print("ready", flush=True)
for line in sys.stdin:
    source, mode, path = line.split()
    if (pid := os.fork()) == 0:
        run(Request(source, (Path(path),), Mode(mode)))
        os._exit(0)
    print(pid, flush=True)
    _pid, status = os.waitpid(pid, 0)
    print(status, flush=True)
"""
COUNT = (
    "SELECT COUNT(*) FROM directory_placesource r JOIN directory_source s ON s.id = r.source_id"
    " WHERE s.slug = '{source}'"
)
PARTIAL = (
    "SELECT COUNT(*) FROM directory_place p WHERE"
    " NOT EXISTS (SELECT 1 FROM directory_placesource r WHERE r.place_id = p.id)"
    " OR NOT EXISTS (SELECT 1 FROM directory_place_terms t WHERE t.place_id = p.id)"
    " OR NOT EXISTS (SELECT 1 FROM directory_service v JOIN directory_serviceterm t"
    " ON t.service_id = v.id WHERE v.place_id = p.id)"
)
"""Places that lack a part which every row of the list gives."""


class Importer:
    """A process that imports in processes of its own, and the database that they share."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", IMPORTER],
            env=os.environ | {"DATABASE_URL": url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.said() == "ready"

    def said(self) -> str:
        """The next line that it tells."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def run(self, source: str, mode: str, path: Path, kill_after: float | None = None) -> float:
        """Import, killed after so many seconds if asked; return how long it lived."""
        assert self.process.stdin
        print(source, mode, path, file=self.process.stdin, flush=True)
        pid, start = int(self.said()), time.monotonic()
        if kill_after is not None:
            time.sleep(kill_after)
            # It may have ended by itself in the meantime.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        status = self.said()
        assert status in {"0", str(int(signal.SIGKILL))}
        return time.monotonic() - start

    def count(self, query: str) -> int:
        """A number that the database now gives."""
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(self.folder / "shared.sqlite3")) as shared:
                shared.create_function("REGEXP", 2, lambda r, t: bool(re.search(r, t)))
                return int(shared.execute(query).fetchone()[0])
        with connection.cursor() as cursor:
            cursor.execute(query)
            return int(cursor.fetchone()[0])

    def stop(self) -> None:
        """End it."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(STARTED)
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
def importer(tmp_path: Path) -> Iterator[Importer]:
    ready()
    made = Importer(tmp_path, shared_database(tmp_path))
    yield made
    made.stop()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    # The lists of these tests repeat each other: with a phone, rules would merge their places.
    row = {"typologie": "BIB", "telephone": ""}
    rows: Any = (row | {"id": str(n), "nom": f"Lieu {n}"} for n in range(ROWS))
    return write(tmp_path, *rows)


def stored_after_kills(importer: Importer, path: Path, mode: str) -> list[int]:
    """How many rows each of ten imports left, killed at a moment drawn over its whole life."""
    whole = importer.run("entier", mode, path)
    assert importer.count(COUNT.format(source="entier")) == ROWS
    left = []
    for number in range(KILLS):
        source = f"coupe-{number}"
        importer.run(source, mode, path, random.uniform(0, whole))
        left.append(importer.count(COUNT.format(source=source)))
        assert importer.count(PARTIAL) == 0
        importer.run(source, mode, path)
        assert importer.count(COUNT.format(source=source)) == ROWS
    return left


def test_a_killed_run_leaves_the_database_as_before_or_as_after(
    importer: Importer, path: Path
) -> None:
    assert set(stored_after_kills(importer, path, "run")) <= {0, ROWS}


def test_a_killed_import_by_row_leaves_whole_rows_only(importer: Importer, path: Path) -> None:
    assert all(0 <= left <= ROWS for left in stored_after_kills(importer, path, "row"))
    assert importer.count(PARTIAL) == 0
