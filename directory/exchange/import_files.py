"""Files of the imports sent through the admin: lists, reports and how far they are, for some days.

They are in settings.IMPORTS_DIR, which no server serves, under names drawn at random: what a
person called a file never names one here.
"""

import csv
import hashlib
import secrets
import string
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from django.conf import settings

from directory.exchange.report import Entry, Kind, Report

DAY = 86_400
"""Seconds."""
PART = ".part"


def new_name() -> str:
    """Return a name of letters alone: digits would be read as a date."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(32))


def path_of(name: str) -> Path:
    """Return where a file is, the folder being there; `name` comes from `new_name`."""
    folder = Path(settings.IMPORTS_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / name


def keep(chunks: Iterable[bytes]) -> str:
    """Keep a file sent by somebody; return its name."""
    name = new_name()
    with path_of(name).open("wb") as stream:
        for chunk in chunks:
            stream.write(chunk)
    return name


def forget(names: Iterable[str]) -> None:
    """Delete files, those that are there."""
    for name in names:
        path_of(name).unlink(missing_ok=True)


def digest_of(names: Iterable[str]) -> str:
    """Return the digest of what files hold; raise OSError when one is gone."""
    digest = hashlib.sha256()
    for name in names:
        with path_of(name).open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def keep_report(report: Report) -> str:
    """Keep what a report tells; return its name."""
    name = new_name()
    with path_of(name).open("w", encoding="utf-8", newline="", errors="replace") as stream:
        writer = csv.writer(stream)
        for entry in report.journal:
            writer.writerow([getattr(entry, slot) for slot in Entry.__slots__])
    return name


def entries(name: str, kinds: Iterable[Kind] = ()) -> Iterator[Entry]:
    """Yield what a kept report tells, of some kinds or of all; nothing once it is deleted."""
    wanted = frozenset(kinds)
    if not name:
        return
    with suppress(FileNotFoundError), path_of(name).open(encoding="utf-8", newline="") as stream:
        for kind, line, *texts in csv.reader(stream):
            if not wanted or kind in wanted:
                yield Entry(Kind(kind), int(line), *texts)


def page_of(name: str, kinds: Iterable[Kind], number: int, size: int) -> list[Entry]:
    """Return a page of entries, the first being 1."""
    return list(islice(entries(name, kinds), (number - 1) * size, number * size))


def say_progress(key: int, rows: int) -> None:
    """Write how many rows an import went through, outside its transaction."""
    path = path_of(f"progress-{key}")
    draft = path.with_suffix(PART)
    draft.write_text(str(rows), encoding="ascii")
    draft.replace(path)


def progress(key: int) -> int:
    """Return how many rows an import went through; 0 when it never said."""
    with suppress(OSError, ValueError):
        return int(path_of(f"progress-{key}").read_text(encoding="ascii"))
    return 0


def prune() -> int:
    """Delete files older than settings.IMPORTS_KEPT_DAYS; return how many."""
    limit, count = time.time() - settings.IMPORTS_KEPT_DAYS * DAY, 0
    for path in path_of("").iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < limit:
                path.unlink()
                count += 1
    return count
