"""The France Services list as a file: reading it, and making the copy that may be shipped."""

import csv
import gzip
import io
import re
import zlib
from collections import Counter
from datetime import date
from pathlib import Path

from directory.exchange.emails import is_nominative
from directory.exchange.france_services_comment_patterns import (
    HANGING,
    MAIL,
    PHONE,
    REMOVED,
    repair,
)
from directory.exchange.france_services_comments import scrub
from directory.exchange.phones import display
from directory.models import Source
from directory.vocabularies.names import Licence
from directory.vocabularies.normalization import normalize

SLUG = "france-services"
REQUIRED = ("id_fs", "lib_fs", "insee_com", "lib_com", "code_postal", "latitude", "longitude")


ANTENNA = "Antenne"
OLD_COLUMNS = {"groupe": "groupe_fs", "labellisation": "labellisation_fs"}
"""Names of columns in the lists of before 2023."""


class UnreadableFileError(ValueError):
    """The file is not a France Services list; the message says what is missing."""


def source() -> Source:
    """Return the list's source record, created when missing."""
    record, _created = Source.objects.update_or_create(
        slug=SLUG,
        defaults={
            "name": "Liste des France Services",
            "publisher": "Agence nationale de la cohésion des territoires (ANCT)",
            "url": "https://www.data.gouv.fr/fr/datasets/liste-des-structures-france-services/",
            "licence": Licence.LO2,
            "attribution": "ANCT, liste des France Services, août 2024, Licence Ouverte 2.0",
            "vintage_on": date(2024, 8, 1),
            "priority": 20,
        },
    )
    return record


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a list, plain or gzipped CSV in UTF-8.

    Raises UnreadableFileError when the file is no text or lacks a column.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
            if missing:
                raise UnreadableFileError(f"colonnes absentes : {', '.join(missing)}")
            return list(reader)
    except (UnicodeDecodeError, csv.Error, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UnreadableFileError(f"fichier illisible : {error}") from error


def current(old: dict[str, str]) -> dict[str, str]:
    """Return a row in the columns of 2024: the older list told formats and antennas otherwise."""
    row = {OLD_COLUMNS.get(name, name): cell for name, cell in old.items()}
    if "type_fs" not in row:
        row["type_fs"] = ANTENNA if row.get("format_fs") == ANTENNA else "Principal"
        moving = row.get("itinerance") == "Oui"
        bus = "bus" in normalize(row.get("lib_fs", "")).split()
        row["format_fs"] = ("Bus_équivalent" if bus else "Multisites") if moving else "Fixe"
    return row


def release(path: Path, target: Path) -> Counter[str]:
    """Write at `target` a gzipped copy without personal data; return what was taken out, by kind.

    Names, nominative e-mails and mobiles leave the free comments; nominative e-mails leave the mail
    column. The phone column is kept whole: it is the counter's own published line. The same file
    always gives the same bytes.
    """
    rows = read(path)
    dropped: Counter[str] = Counter()
    for row in rows:
        if row["mail"] and is_nominative(row["mail"], f"{row['lib_fs']} {row['lib_com']}"):
            dropped["mail, nominative-email"] += 1
            row["mail"] = ""
        row["commentaire"], found = _public_comment(row["commentaire"], row["insee_dep"])
        dropped.update({f"commentaire, {kind}": count for kind, count in found.items()})
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))
    return dropped


def _public_comment(comment: str, department: str) -> tuple[str, Counter[str]]:
    text, contacts, dropped = scrub(repair(comment), department)
    if not dropped:
        return comment, dropped
    remaining = iter(contacts)
    text = re.sub(f"[{PHONE}{MAIL}]", lambda _mark: _written(next(remaining)), text)
    return HANGING.sub(" ", text).replace(REMOVED, "").strip(), dropped


def _written(contact: str) -> str:
    return contact if "@" in contact else display(contact)
