"""Writes CSV: UTF-8, commas, and no cell that a spreadsheet would compute."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from directory.exchange.export import schema
from directory.exchange.export.row import ExportRow

COMPUTED = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""What makes a spreadsheet compute a cell (OWASP, CSV Injection), even once guarded."""
NUMBER = re.compile(r"[+-]\d+(?:\.\d+)?(?:e[+-]?\d+)?")
"""A phone number or degrees: computing it gives it back."""


def guarded(cell: str) -> str:
    """Return a cell that a spreadsheet shows as text; the reader takes the apostrophe away."""
    if COMPUTED.match(cell) and not NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def lines(header: Sequence[str], records: Iterable[Sequence[str]]) -> str:
    """Return records as CSV, under a header unless it is empty."""
    stream = StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    if header:
        writer.writerow(header)
    writer.writerows([guarded(cell) for cell in record] for record in records)
    return stream.getvalue()


def write(chunks: Iterator[list[ExportRow]]) -> Iterator[bytes]:
    """Yield the rows that the standard holds."""
    yield lines(schema.columns(), ()).encode()
    for chunk in chunks:
        yield lines((), (list(row.cells.values()) for row in chunk if not row.reasons)).encode()
