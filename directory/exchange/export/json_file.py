"""Writes JSON and GeoJSON: the standard's columns as names, null where nothing is known."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from directory.exchange.export.row import ExportRow

NUMBERS = ("latitude", "longitude")


def values(cells: dict[str, str]) -> dict[str, str | float | None]:
    """Return cells as JSON says them: degrees are numbers."""
    told: dict[str, str | float | None] = {name: cell or None for name, cell in cells.items()}
    for name in NUMBERS:
        told[name] = float(cells[name]) if cells[name] else None
    return told


def feature(cells: dict[str, str]) -> dict[str, Any]:
    """Return a GeoJSON feature (RFC 7946); its geometry is null where no address is known."""
    told = values(cells)
    point = [told["longitude"], told["latitude"]]
    known = None not in point
    return {
        "type": "Feature",
        "id": cells["id"],
        "geometry": {"type": "Point", "coordinates": point} if known else None,
        "properties": told,
    }


def write_json(chunks: Iterator[list[ExportRow]]) -> Iterator[bytes]:
    """Yield a list of objects."""
    yield from _listed(chunks, values, "[", "]\n")


def write_geojson(chunks: Iterator[list[ExportRow]]) -> Iterator[bytes]:
    """Yield a FeatureCollection."""
    yield from _listed(chunks, feature, '{"type":"FeatureCollection","features":[', "]}\n")


def _listed(
    chunks: Iterator[list[ExportRow]],
    told: Callable[[dict[str, str]], Any],
    before: str,
    after: str,
) -> Iterator[bytes]:
    yield before.encode()
    separator = "\n"
    for chunk in chunks:
        rows = [_compact(told(row.cells)) for row in chunk if not row.reasons]
        if rows:
            yield (separator + ",\n".join(rows)).encode()
            separator = ",\n"
    yield f"\n{after}".encode()


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
