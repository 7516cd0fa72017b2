"""Opens a file that someone sent: what it is, by its content; refused when it may do harm."""

import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from directory.exchange import table_csv, table_json, table_xlsx
from directory.exchange.tables import Row, Table, UnreadableFileError

MAX_BYTES = 20_000_000
MAX_UNPACKED = 50_000_000
MAX_ROWS = 200_000
HEAD = 65_536
"""Bytes looked at to tell what a file is."""
MAX_CONTROLS = 0.01
"""Share of control characters from which bytes are no text."""
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")

Opener = Callable[[], BinaryIO]


def read(path: Path) -> Table:
    """Return the table that a CSV (gzipped or not), XLSX, JSON or GeoJSON file holds.

    Raises OSError when it cannot be opened, UnreadableFileError when it is refused: over 20 MB,
    50 MB unpacked or 200,000 rows, formulas, macros, no text. Rows are read as they are asked for.
    """
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableFileError(
            f"le fichier dépasse {MAX_BYTES // 1_000_000} Mo. Coupez-le en plusieurs."
        )
    opener: Opener = lambda: path.open("rb")  # noqa: E731
    with opener() as stream:
        head = stream.read(HEAD)
    if head.startswith(b"\x1f\x8b"):
        data = _unzipped(path)
        opener, head = (lambda: BytesIO(data)), data[:HEAD]
    table = _table(opener, head)
    return Table(table.columns, _Limited(table.rows), table.repairs)


def _table(opener: Opener, head: bytes) -> Table:
    if head.startswith(b"PK\x03\x04"):
        return table_xlsx.read(opener, MAX_UNPACKED)
    if head.startswith(OLD_EXCEL):
        raise UnreadableFileError(_("ancien format Excel (XLS). Enregistrez-le en XLSX ou en CSV."))
    if head.startswith(UTF_16):
        raise UnreadableFileError(_("texte en UTF-16. Enregistrez-le en CSV UTF-8."))
    if len(CONTROLS.findall(head)) > MAX_CONTROLS * len(head):
        raise UnreadableFileError(_("ce n’est pas du texte. Envoyez un CSV, un XLSX ou un JSON."))
    if head.removeprefix(table_csv.BOM).lstrip()[:1] in (b"{", b"["):
        return table_json.read(opener)
    return table_csv.read(opener)


def _unzipped(path: Path) -> bytes:
    try:
        with gzip.open(path) as stream:
            data = stream.read(MAX_UNPACKED + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UnreadableFileError(_("archive GZIP abîmée. Envoyez-la de nouveau.")) from error
    if len(data) > MAX_UNPACKED:
        raise UnreadableFileError(
            f"une fois décompressé, le fichier dépasse {MAX_UNPACKED // 1_000_000} Mo."
        )
    return data


class _Limited:
    """Rows, refused past the limit."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = rows

    def __iter__(self) -> Iterator[Row]:
        for count, row in enumerate(self.rows):
            if count >= MAX_ROWS:
                raise UnreadableFileError(
                    f"le fichier a plus de {MAX_ROWS} lignes. Coupez-le en plusieurs."
                )
            yield row
