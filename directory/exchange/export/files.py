"""The files of open data: their names, what they hold, and how they are written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone

from directory.exchange.export import complements, csv_file, facts, json_file, xlsx_file
from directory.exchange.export.row import ExportRow, RowWriter
from directory.models.querysets import PlaceQuerySet

Writer = Callable[[Iterator[list[ExportRow]]], Iterator[bytes]]


@dataclass(frozen=True)
class File:
    """A file. `write` takes every row and leaves out those that are not its own."""

    name: str
    content_type: str
    write: Writer


FILES = {
    file.name: file
    for file in (
        File("lieux.csv", "text/csv; charset=utf-8", csv_file.write),
        File(
            "lieux.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            xlsx_file.write,
        ),
        File(
            "lieux-tous.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            xlsx_file.write_everything,
        ),
        File("lieux.json", "application/json", json_file.write_json),
        File("lieux.geojson", "application/geo+json", json_file.write_geojson),
        File("lieux-hors-standard.csv", "text/csv; charset=utf-8", complements.write_outside),
        File("lieux-complements.csv", "text/csv; charset=utf-8", complements.write),
    )
}


@dataclass
class Counts:
    """Places gone through: those that the standard holds, and the others."""

    held: int = 0
    outside: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


def write(file: File, places: PlaceQuerySet, counts: Counts | None = None) -> Iterator[bytes]:
    """Yield a file's bytes, in the order of the places' keys; `counts` follows as it goes.

    `places` must be publishable. Memory does not grow with them.
    """
    return file.write(_rows(places, Counts() if counts is None else counts))


def _rows(places: PlaceQuerySet, counts: Counts) -> Iterator[list[ExportRow]]:
    known = facts.names()
    writer = RowWriter(known, timezone.localdate())
    for chunk in facts.chunks(places, known, settings.SITE_NAME):
        rows = [writer.row(one) for one in chunk]
        for row in rows:
            counts.outside += bool(row.reasons)
            counts.held += not row.reasons
            for reason in row.reasons:
                counts.reasons[reason] = counts.reasons.get(reason, 0) + 1
        yield rows
