"""Reads a producer's CSV file, and says which published format it is.

A bad row is told, never fatal: it may be the producer's only mistake among thousands of rows.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from directory.exchange.drafts import PlaceDraft, Report
from directory.models import Source

BOM = b"\xef\xbb\xbf"
DELIMITERS = (",", ";", "\t")
FALLBACK_ENCODING = "cp1252"
"""What spreadsheets on Windows write in France when they do not write UTF-8."""


UNREADABLE = ["?"]
"""What a record over the reader's limits is taken for: it then has the wrong number of cells."""


class UnknownFormatError(ValueError):
    """The file follows none of the known formats; the message names the missing columns."""


@dataclass(frozen=True)
class Row:
    """A record of the file by column name; `line` is where it begins, `problem` why it is lost."""

    line: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """A file: its columns in lower case, its records, and what was mended to read them."""

    columns: tuple[str, ...]
    rows: list[Row]
    repairs: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Format:
    """A published format: how to know it, and how to read it.

    `own` are the columns that no other format has.
    """

    name: str
    required: tuple[str, ...]
    own: frozenset[str]
    drafts: Callable[[Table, Source, Report], Iterator[PlaceDraft]]

    def missing(self, columns: Iterable[str]) -> list[str]:
        """Return the required columns that the file lacks."""
        known = set(columns)
        return [name for name in self.required if name not in known]


def recognise(table: Table, formats: Sequence[Format]) -> Format:
    """Return the format of a file by its columns; raise UnknownFormatError when it has none."""
    ranked = sorted(formats, key=lambda form: -len(form.own.intersection(table.columns)))
    for form in ranked:
        if not form.missing(table.columns):
            return form
    nearest = ranked[0]
    raise UnknownFormatError(
        f"ce fichier ne suit pas le {nearest.name}. "
        f"Colonnes absentes : {', '.join(nearest.missing(table.columns))}."
    )


def read(path: Path) -> Table:
    """Read a CSV file: comma, semicolon or tab; UTF-8 (BOM or not) or Windows-1252.

    Raises OSError when the file cannot be opened, and nothing for what it holds.
    """
    repairs: Counter[str] = Counter()
    lines = list(io.StringIO(_decode(path.read_bytes(), repairs), newline=""))
    delimiter = max(DELIMITERS, key=lambda mark: len(_cells(lines[0], mark)) if lines else 0)
    records = _records(lines, delimiter)
    _line, header, _count = next(records, (1, [], 1))
    columns = tuple(name.strip().lower() for name in header)
    rows = []
    for line, cells, count in records:
        if len(cells) > len(columns) and not any(cells[len(columns) :]):
            del cells[len(columns) :]
        if len(cells) != len(columns) and count > 1:
            # A quote left open swallows the rows that follow: each line is read again alone.
            repairs["open-quote"] += 1
            own = lines[line - 1 : line - 1 + count]
            pieces = [(line + i, _cells(text, delimiter)) for i, text in enumerate(own)]
        else:
            pieces = [(line, cells)]
        rows += [_row(at, piece, columns) for at, piece in pieces if any(piece)]
    return Table(columns, rows, repairs)


def _decode(data: bytes, repairs: Counter[str]) -> str:
    data = data.removeprefix(BOM)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "\n".join(_decode_line(line, repairs) for line in data.split(b"\n"))


def _decode_line(line: bytes, repairs: Counter[str]) -> str:
    """Read one line: files put together from several sources mix encodings."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        repairs["windows-1252-line"] += 1
        return line.decode(FALLBACK_ENCODING, errors="replace")


def _records(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str], int]]:
    """Yield each record with the number of its first line and how many lines it takes."""
    reader = csv.reader(lines, delimiter=delimiter)
    done = False
    while not done:
        start, cells = reader.line_num, []
        try:
            cells = next(reader)
        except StopIteration:
            done = True
        except csv.Error:
            # A cell over the reader's limit: the caller reads its lines again.
            cells = UNREADABLE
        if cells:
            yield start + 1, cells, reader.line_num - start


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return UNREADABLE


def _row(line: int, cells: list[str], columns: tuple[str, ...]) -> Row:
    if len(cells) == len(columns):
        return Row(line, dict(zip(columns, cells, strict=True)))
    return Row(line, {}, f"{len(cells)} cellules au lieu de {len(columns)}")
