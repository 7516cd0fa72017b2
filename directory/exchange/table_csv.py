"""Reads CSV: comma, semicolon or tab; UTF-8 (BOM or not) or Windows-1252, line by line."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import BinaryIO

from directory.exchange.tables import Row, Table, column_names

BOM = b"\xef\xbb\xbf"
DELIMITERS = (",", ";", "\t")
FALLBACK_ENCODING = "cp1252"
"""What spreadsheets on Windows write in France when they do not write UTF-8."""
UNREADABLE = ["?"]
"""What a record over the reader's limits is taken for: it then has the wrong number of cells."""
MOJIBAKE = re.compile(r"[ÃÂ][\u0080-\u00bf\u0152-\u2122]|â[\u0080-\u2122]{2}")
"""« Ã© » for « é »: UTF-8 taken for Windows-1252 and written again in UTF-8."""
GUARDED = re.compile(r"'(?='*[=+\-@\t\r\n＝＋－＠])")
"""What an export writes before a cell that a spreadsheet would compute."""
LONE_RETURN = re.compile(r"(?<=\r)(?!\n)")

Opener = Callable[[], BinaryIO]


def read(opener: Opener) -> Table:
    """Return the table; raises nothing for what it holds."""
    repairs: Counter[str] = Counter()
    first = next((line for line in _lines(opener, Counter()) if line.strip()), "")
    delimiter = max(DELIMITERS, key=lambda mark: len(_cells(first, mark)))
    _line, header, _held = next(_records(_lines(opener, Counter()), delimiter), (1, [], []))
    columns = column_names(header)
    return Table(columns, _Rows(opener, delimiter, columns, repairs), repairs)


class _Rows:
    def __init__(
        self, opener: Opener, delimiter: str, columns: tuple[str, ...], repairs: Counter[str]
    ) -> None:
        self.opener, self.delimiter, self.columns = opener, delimiter, columns
        self.repairs = repairs

    def __iter__(self) -> Iterator[Row]:
        self.repairs.clear()
        records = _records(_lines(self.opener, self.repairs), self.delimiter)
        next(records, None)
        for line, cells, held in records:
            for at, piece in self._pieces(line, cells, held):
                if any(piece):
                    yield self._row(at, piece)

    def _pieces(
        self, line: int, cells: list[str], held: list[str]
    ) -> Iterator[tuple[int, list[str]]]:
        width = len(self.columns)
        if len(cells) > width and not any(cells[width:]):
            del cells[width:]
        if len(cells) == width or len(held) == 1:
            yield line, cells
            return
        # A quote left open swallows the rows that follow: each line is read again alone.
        self.repairs["open-quote"] += 1
        for offset, text in enumerate(held):
            yield line + offset, _cells(text, self.delimiter)

    def _row(self, line: int, cells: list[str]) -> Row:
        if len(cells) == len(self.columns):
            plain = [cell[1:] if GUARDED.match(cell) else cell for cell in cells]
            return Row(line, dict(zip(self.columns, plain, strict=True)))
        return Row(line, {}, f"{len(cells)} cellules au lieu de {len(self.columns)}")


def _lines(opener: Opener, repairs: Counter[str]) -> Iterator[str]:
    with opener() as stream:
        for number, raw in enumerate(stream):
            line = _decoded(raw if number else raw.removeprefix(BOM), repairs)
            if "\r" in line[:-2]:
                yield from LONE_RETURN.split(line)
            else:
                yield line


def _decoded(line: bytes, repairs: Counter[str]) -> str:
    """Read one line: files put together from several sources mix encodings."""
    try:
        text = line.decode()
        if not MOJIBAKE.search(text):
            return text
        repairs["encoded-twice-line"] += 1
        return mended(text)
    except UnicodeDecodeError:
        repairs["windows-1252-line"] += 1
        return line.decode(FALLBACK_ENCODING, errors="replace")


def mended(text: str) -> str:
    """Return a text whose accents were encoded twice as it was meant."""
    return MOJIBAKE.sub(_once, text)


def _once(match: re.Match[str]) -> str:
    try:
        return match[0].encode(FALLBACK_ENCODING).decode()
    except UnicodeError:
        return match[0]


def _records(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str], list[str]]]:
    """Yield each record with the number of its first line, and its lines."""
    held: list[str] = []

    def feed() -> Iterator[str]:
        for line in lines:
            held.append(line)
            yield line

    reader = csv.reader(feed(), delimiter=delimiter)
    start, done = 1, False
    while not done:
        cells: list[str] = []
        try:
            cells = next(reader)
        except StopIteration:
            done = True
        except csv.Error:
            # A cell over the reader's limit: the caller reads its lines again.
            cells = UNREADABLE
        if cells:
            yield start, cells, list(held)
        start += len(held)
        held.clear()


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return UNREADABLE
