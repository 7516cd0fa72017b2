"""Small lists of places for the tests of imports, and how they are imported."""

import csv
import io
from pathlib import Path
from typing import Any

from django.conf import settings

from directory.exchange import vocabulary_loader
from directory.exchange.importing import Mode, Request, run
from directory.exchange.report import Report
from tests import factories

ROW = {
    "id": "l1",
    "pivot": "00000000000000",
    "nom": "Médiathèque",
    "commune": "Saint-Denis",
    "code_postal": "93200",
    "code_insee": "93066",
    "adresse": "1 rue du Canal",
    "latitude": "48.9362",
    "longitude": "2.3574",
    "telephone": "+33199001234",
    "date_maj": "2024-04-02",
    "services": "Aide aux démarches administratives",
    "frais_a_charge": "Gratuit",
}


def ready() -> None:
    """Load the vocabularies and two communes."""
    vocabulary_loader.load(settings.FIXTURES_DIR)
    factories.CommuneFactory(code="93066", name="Saint-Denis", postcode="93200")
    factories.CommuneFactory(
        code="93055", name="Pantin", postcode="93500", latitude=48.8966, longitude=2.4017
    )


def text_of(*rows: dict[str, str], delimiter: str = ",") -> str:
    """A list as CSV, of ROW changed."""
    whole = [ROW | row for row in rows]
    stream = io.StringIO(newline="")
    names = list(dict.fromkeys(name for row in whole for name in row))
    writer = csv.DictWriter(stream, names, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(whole)
    return stream.getvalue()


def write(folder: Path, *rows: dict[str, str], name: str = "liste.csv") -> Path:
    """A file of ROW changed."""
    path = folder / name
    path.write_text(text_of(*rows), encoding="utf-8")
    return path


def load(path: Path, mode: Mode = Mode.RUN, source: str = "ma-liste", **options: Any) -> Report:
    """Import a file."""
    return run(Request(source, (path,), mode, **options))
