"""Keeps the last whole file of each kind on disk: it is written once for a state of the data.

A file is written beside, then put in place at once: a reader sees a whole one, or none. Nothing is
lost with them; where the disk cannot be written, files are made anew each time.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from directory.exchange.export import files, state
from directory.exchange.export.files import Counts, File
from directory.models import Place

PIECE = 65_536
"""Bytes read at once."""


@dataclass(frozen=True)
class Kept:
    """What is known of a file: its weight in bytes, how many places it and its companion hold."""

    version: str
    size: int
    held: int
    outside: int
    made_at: datetime


def folder() -> Path:
    """Return where files are kept."""
    return Path(settings.VAR_DIR) / "exports"


def known(file: File) -> Kept | None:
    """Return what is known of the last file kept, None when there is none."""
    try:
        told: dict[str, Any] = json.loads(_card(file).read_text(encoding="utf-8"))
        made_at = parse_datetime(told.pop("made_at"))
        return Kept(**told, made_at=made_at) if made_at else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def whole(file: File, version: str) -> Iterator[bytes]:
    """Yield the whole file in the state `version`: the one kept, else a new one, then kept."""
    kept = known(file)
    if kept and kept.version == version:
        with suppress(FileNotFoundError):
            stream = _path(file, version).open("rb")
            with stream:
                while piece := stream.read(PIECE):
                    yield piece
            return
    yield from _made(file, version)


def _made(file: File, version: str) -> Iterator[bytes]:
    counts, size = Counts(), 0
    places = Place.objects.publishable()
    try:
        folder().mkdir(parents=True, exist_ok=True)
        stream = tempfile.NamedTemporaryFile(dir=folder(), prefix=".", delete=False)  # noqa: SIM115
    except OSError:
        yield from files.write(file, places)
        return
    try:
        with stream:
            for piece in files.write(file, places, counts):
                stream.write(piece)
                size += len(piece)
                yield piece
        # What was changed meanwhile may be there in part.
        if state.current().version == version:
            _keep(Path(stream.name), file, Kept(version, size, *_numbers(counts), timezone.now()))
    finally:
        Path(stream.name).unlink(missing_ok=True)


def _numbers(counts: Counts) -> tuple[int, int]:
    return counts.held, counts.outside


def _keep(made: Path, file: File, told: Kept) -> None:
    made.replace(_path(file, told.version))
    said = json.dumps(vars(told) | {"made_at": told.made_at.isoformat()})
    beside = made.with_suffix(".json")
    beside.write_text(said, encoding="utf-8")
    beside.replace(_card(file))
    for old in folder().glob(f"{file.name}.*.data"):
        if old != _path(file, told.version):
            with suppress(OSError):
                os.unlink(old)  # noqa: PTH108


def _path(file: File, version: str) -> Path:
    return folder() / f"{file.name}.{version}.data"


def _card(file: File) -> Path:
    return folder() / f"{file.name}.json"
