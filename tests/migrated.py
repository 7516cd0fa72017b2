"""The database in memory as migrations leave it, kept from one run to the next on SQLite.

Replaying every migration costs each process 5 s. Its name is drawn from all that migrations read,
and `migrate` still runs on what is given back: only what nothing changed is spared.
"""

import hashlib
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READ = (
    "directory/migrations/*.py",
    "directory/models/**/*.py",
    "directory/moderation/completeness.py",
    "directory/vocabularies/**/*.py",
    "mediation/settings.py",
    "requirements.txt",
)
"""What decides how the database looks, and what fills it."""


def kept_in(folder: Path) -> Path:
    """The file of these migrations, there or not."""
    digest = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version}".encode())
    for pattern in READ:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return folder / f"migrated-{digest.hexdigest()[:16]}.sqlite3"


def give_back(kept: Path, uri: str) -> sqlite3.Connection:
    """Fill a database in memory, which lives as long as the connection returned."""
    memory = sqlite3.connect(uri, uri=True, check_same_thread=False)
    if kept.exists():
        with closing(sqlite3.connect(kept)) as file:
            file.backup(memory)
    return memory


def keep(kept: Path, memory: sqlite3.Connection) -> None:
    """Write the file, whole or not at all; drop those of older migrations."""
    for old in {*kept.parent.glob("migrated-*.sqlite3")} - {kept}:
        old.unlink(missing_ok=True)
    partial = kept.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(partial)) as file:
        memory.backup(file)
    partial.replace(kept)
