"""Reads JSON and GeoJSON as a stream: a list of objects, wherever it stands in the file."""

import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import ijson
from django.utils.translation import gettext as _

from directory.exchange.tables import Row, Table, UnreadableFileError, column_names

MAX_DEPTH = 30
"""Brackets one in another: more is an attack, or no list of places."""
OPENING = frozenset({"start_map", "start_array"})
CLOSING = frozenset({"end_map", "end_array"})

Opener = Callable[[], BinaryIO]


def read(opener: Opener) -> Table:
    """Return the table of the file's first list of objects; `line` counts its objects from 1.

    A GeoJSON point gives the columns latitude and longitude; lists of texts are joined by "|"; what
    is deeper keeps its path as name (`adresse.voie`). Raises UnreadableFileError.
    """
    prefix = _prefix(opener)
    names: dict[str, None] = {}
    for item in _items(opener, prefix):
        names |= dict.fromkeys(flat(item))
    columns = column_names(tuple(names))
    return Table(columns, _Rows(opener, prefix, columns))


class _Rows:
    def __init__(self, opener: Opener, prefix: str, columns: tuple[str, ...]) -> None:
        self.opener, self.prefix, self.columns = opener, prefix, columns

    def __iter__(self) -> Iterator[Row]:
        empty = dict.fromkeys(self.columns, "")
        for number, item in enumerate(_items(self.opener, self.prefix), start=1):
            cells = {" ".join(name.split()).lower(): text for name, text in flat(item).items()}
            yield Row(number, empty | cells)


def flat(item: dict[str, Any]) -> dict[str, str]:
    """Return an object as cells of text."""
    if item.get("type") == "Feature" and isinstance(item.get("properties"), dict):
        return {**_cells(item["properties"]), **_point(item.get("geometry"))}
    return _cells(item)


def _cells(item: dict[str, Any], path: str = "") -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, value in item.items():
        if isinstance(value, dict):
            cells |= _cells(value, f"{path}{name}.")
        else:
            cells[f"{path}{name}"] = _text(value)
    return cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "|".join(_text(part) for part in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _point(geometry: Any) -> dict[str, str]:
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return {}
    longitude, latitude = [*map(_text, geometry.get("coordinates") or ()), "", ""][:2]
    return {"latitude": latitude, "longitude": longitude}


def _items(opener: Opener, prefix: str) -> Iterator[dict[str, Any]]:
    try:
        with opener() as stream:
            for item in ijson.items(stream, prefix, use_float=True):
                if isinstance(item, dict):
                    yield item
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise _unreadable(error) from error


def _prefix(opener: Opener) -> str:
    """Return where the list of objects is, having checked the whole file."""
    depth, key, found = 0, "", ""
    try:
        with opener() as stream:
            for event, value in ijson.basic_parse(stream, use_float=True):
                depth += (event in OPENING) - (event in CLOSING)
                if depth > MAX_DEPTH:
                    raise UnreadableFileError(
                        f"plus de {MAX_DEPTH} crochets les uns dans les autres."
                    )
                if event == "map_key" and depth == 1:
                    key = value
                elif event == "start_array" and not found and depth == 1:
                    found = "item"
                elif event == "start_array" and not found and depth == 2 and key:
                    found = f"{key}.item"
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise _unreadable(error) from error
    if not found:
        raise UnreadableFileError(_("ce JSON ne contient pas de liste de lieux."))
    return found


def _unreadable(error: Exception) -> UnreadableFileError:
    return UnreadableFileError(f"JSON illisible ({str(error).splitlines()[0][:120]}).")
