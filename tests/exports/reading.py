"""Exports as tests read them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from frictionless import Resource, Schema, system
from frictionless.resources import TableResource

from directory.exchange.export import files, schema
from directory.exchange.export.files import FILES, Counts
from directory.models import Place

NAMES = ("lieux.csv", "lieux.xlsx", "lieux.json", "lieux.geojson")


def written(name: str, counts: Counts | None = None, places: Any = None) -> bytes:
    """A whole file."""
    chosen = Place.objects.publishable() if places is None else places
    return b"".join(files.write(FILES[name], chosen, counts))


def rows(name: str = "lieux.csv") -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(written(name).decode(), newline="")))


def row(name: str = "lieux.csv") -> dict[str, str]:
    """The only row of a CSV file."""
    [only] = rows(name)
    return only


def saved(folder: Path, name: str) -> Path:
    """A whole file on disk."""
    path = folder / name
    path.write_bytes(written(name))
    return path


def faults(path: Path) -> list[str]:
    """What the published schema refuses in a file."""
    published = Schema.from_descriptor(str(schema.PATH))
    with system.use_context(trusted=True):
        resource: Resource = TableResource(path=str(path), schema=published)
        if path.suffix == ".geojson":
            features = json.loads(path.read_text(encoding="utf-8"))["features"]
            resource = TableResource(
                data=[feature["properties"] for feature in features], schema=published
            )
        report = resource.validate()
    return [str(error.message) for task in report.tasks for error in task.errors] + [
        str(error.message) for error in report.errors
    ]
