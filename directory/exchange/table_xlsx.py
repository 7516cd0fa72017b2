"""Reads the first sheet of an XLSX workbook, as a stream; refuses what is more than values."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from directory.exchange.tables import Row, Table, UnreadableFileError, column_names

MAX_COLUMNS = 500
XML_HEAD = 2_000
"""Bytes of a part before which its DOCTYPE stands."""
MAX_LINES = 1_048_576
"""Of a sheet, by its own format: blank lines are counted too."""
BROKEN = (
    BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, SyntaxError, EOFError,
    NotImplementedError, RuntimeError, zlib.error,
)  # fmt: skip
"""What openpyxl raises on a workbook that is damaged (ElementTree.ParseError is a SyntaxError), and
zipfile on one that is encrypted or packed otherwise."""

Opener = Callable[[], BinaryIO]


def read(opener: Opener, max_unpacked: int) -> Table:
    """Return the table; the first line that is not blank names the columns.

    Raises UnreadableFileError for macros, a formula, over `max_unpacked` bytes, or damage.
    """
    _check(opener, max_unpacked)
    start, header = next(_lines(opener), (0, ()))
    texts = [_text(cell) for cell in header]
    while texts and not texts[-1]:
        texts.pop()
    columns = column_names(texts)
    return Table(columns, _Rows(opener, columns, start))


class _Rows:
    def __init__(self, opener: Opener, columns: tuple[str, ...], header: int) -> None:
        self.opener, self.columns, self.header = opener, columns, header

    def __iter__(self) -> Iterator[Row]:
        width = len(self.columns)
        for line, cells in _lines(self.opener):
            if line > self.header:
                texts = [_text(cell) for cell in cells[:width]]
                texts += [""] * (width - len(texts))
                if any(texts):
                    yield Row(line, dict(zip(self.columns, texts, strict=True)))


def _check(opener: Opener, max_unpacked: int) -> None:
    try:
        with opener() as stream, ZipFile(stream) as archive:
            members = archive.infolist()
            has_entities = any(_has_doctype(archive, member) for member in members)
    except BROKEN as error:
        raise UnreadableFileError(
            _("archive abîmée. Enregistrez le classeur de nouveau.")
        ) from error
    names = [member.filename for member in members]
    if "xl/workbook.xml" not in names:
        raise UnreadableFileError(_("cette archive n’est pas un classeur XLSX."))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableFileError(
            _("ce classeur contient des macros. Enregistrez-le en XLSX simple.")
        )
    if has_entities:
        raise UnreadableFileError(
            _("ce classeur définit des entités XML. Enregistrez-le de nouveau.")
        )
    # zipfile never gives more than the size that the archive declares.
    if sum(member.file_size for member in members) > max_unpacked:
        raise UnreadableFileError(
            f"une fois décompressé, le classeur dépasse {max_unpacked // 1_000_000} Mo."
        )


def _has_doctype(archive: ZipFile, member: ZipInfo) -> bool:
    """Tell whether a part defines entities, which no spreadsheet does: they may grow for ever."""
    with archive.open(member) as part:
        return b"<!DOCTYPE" in part.read(XML_HEAD)


@contextmanager
def _sheet(opener: Opener) -> Iterator[Any]:
    with opener() as stream:
        try:
            workbook = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        except BROKEN as error:
            raise UnreadableFileError(
                _("classeur XLSX abîmé. Enregistrez-le de nouveau.")
            ) from error
        try:
            yield workbook.worksheets[0]
        finally:
            workbook.close()


def _lines(opener: Opener) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the lines that are not blank, with their numbers."""
    with _sheet(opener) as sheet:
        lines = iter(sheet.iter_rows(max_row=MAX_LINES, max_col=MAX_COLUMNS))
        line, done = 0, False
        while not done:
            line += 1
            try:
                cells = next(lines, None)
            except BROKEN as error:
                raise UnreadableFileError(f"classeur XLSX abîmé, ligne {line}.") from error
            done = cells is None
            if cells and any(cell.value is not None for cell in cells):
                yield line, tuple(_value(cell) for cell in cells)


def _value(cell: Any) -> Any:
    if cell.data_type == "f":
        raise UnreadableFileError(
            f"la cellule {cell.coordinate} contient une formule. Remplacez les formules par leurs "
            "valeurs (copier, puis collage spécial)."
        )
    return cell.value


def _text(value: Any) -> str:
    """Return a cell as a CSV would say it: days as ISO 8601, whole numbers without decimals."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
