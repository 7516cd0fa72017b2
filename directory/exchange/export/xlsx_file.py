"""Writes XLSX: each row goes to disk as it comes, and texts are texts, never formulas."""

from collections.abc import Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.writer.excel import ExcelWriter

from directory.exchange.export import schema
from directory.exchange.export.json_file import NUMBERS
from directory.exchange.export.row import ExportRow

PIECE = 65_536
"""Bytes read back at once."""
LONGEST = 32_767
"""Characters of a cell, by the format."""
MADE_ON = datetime(2000, 1, 1)  # noqa: DTZ001 (the format knows no time zone)
"""Workbooks tell when they were made: the same places must give the same bytes."""


class _Undated(ZipFile):
    """An archive whose members all bear the same day."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *args: Any, **kwargs: Any) -> None:
        """Write a small member."""
        super().writestr(_member(str(zinfo_or_arcname)), data)

    def write(self, filename: Any, arcname: Any = None, *args: Any, **kwargs: Any) -> None:
        """Copy a file, piece by piece."""
        with open(filename, "rb") as source, self.open(_member(str(arcname)), "w") as target:  # noqa: PTH123
            while piece := source.read(PIECE):
                target.write(piece)


REASON = "hors_standard"
"""The column that says why the standard cannot hold a place; empty when it can."""


def write(chunks: Iterator[list[ExportRow]]) -> Iterator[bytes]:
    """Yield a workbook, written whole to a file without a name first."""
    yield from _written(chunks, has_everything=False)


def write_everything(chunks: Iterator[list[ExportRow]]) -> Iterator[bytes]:
    """Yield a workbook of every place, for people: those outside the standard are there too."""
    yield from _written(chunks, has_everything=True)


def _written(chunks: Iterator[list[ExportRow]], *, has_everything: bool) -> Iterator[bytes]:
    with TemporaryFile() as stream:
        _fill(stream, chunks, has_everything=has_everything)
        stream.seek(0)
        while piece := stream.read(PIECE):
            yield piece


def _fill(stream: IO[bytes], chunks: Iterator[list[ExportRow]], *, has_everything: bool) -> None:
    workbook = Workbook(write_only=True)
    workbook.properties.creator = ""
    workbook.properties.created = workbook.properties.modified = MADE_ON
    sheet = workbook.create_sheet("lieux")
    sheet.freeze_panes = "A2"
    sheet.append([*schema.columns(), *([REASON] if has_everything else [])])
    for chunk in chunks:
        for row in chunk:
            cells = [_cell(sheet, *pair) for pair in row.cells.items()]
            if has_everything:
                sheet.append([*cells, _cell(sheet, REASON, " ; ".join(row.reasons))])
            elif not row.reasons:
                sheet.append(cells)
    with _Undated(stream, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(workbook, archive).save()


def _cell(sheet: Any, name: str, text: str) -> Any:
    if not text:
        return None
    if name in NUMBERS:
        return float(text)
    cell = WriteOnlyCell(sheet, text[:LONGEST])
    # openpyxl takes what begins with "=" for a formula.
    cell.data_type = "s"
    return cell


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    member.compress_type = ZIP_DEFLATED
    return member
