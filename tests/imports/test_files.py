"""Files as people send them: CSV, XLSX, JSON and GeoJSON read alike, harmful ones refused."""

import gzip
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from directory.exchange import table_files
from directory.exchange.importing import ImportRefusedError
from directory.exchange.tables import UnreadableFileError
from directory.models import Place, Source
from tests.imports.lists import ROW, load, ready, text_of, write


def workbook(path: Path, *rows: list[Any]) -> Path:
    """A workbook of one sheet."""
    book = Workbook()
    assert book.active
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    """Cells of each row of a file."""
    return [row.cells for row in table_files.read(path).rows]


def content(folder: Path, data: bytes, name: str = "liste.csv") -> Path:
    """A file of these bytes."""
    (folder / name).write_bytes(data)
    return folder / name


# --- The same list in every kind of file ----------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "csv.gz", "xlsx", "json", "list.json", "geojson"])
def test_every_kind_of_file_gives_the_same_place(tmp_path: Path, kind: str) -> None:
    ready()
    path = tmp_path / f"liste.{kind}"
    if kind == "xlsx":
        workbook(path, list(ROW), list(ROW.values()))
    elif kind == "geojson":
        names = ROW.keys() - {"latitude", "longitude"}
        point = {"type": "Point", "coordinates": [float(ROW["longitude"]), float(ROW["latitude"])]}
        one = {"type": "Feature", "geometry": point, "properties": {n: ROW[n] for n in names}}
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [one]}))
    elif kind.endswith("json"):
        path.write_text(json.dumps([ROW] if "list" in kind else {"total": 1, "items": [ROW]}))
    else:
        data = text_of({}).encode()
        path.write_bytes(gzip.compress(data) if kind.endswith("gz") else data)
    report = load(path)
    place = Place.objects.get()
    assert (report.added, report.problems, dict(report.repairs)) == (1, [], {})
    assert (place.name, place.point, place.phone) == (
        "Médiathèque", (48.9362, 2.3574), "+33199001234",
    )  # fmt: skip


def test_a_workbook_gives_days_and_whole_numbers_as_a_csv_would(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "x.xlsx",
        [],
        [" ID ", "jour", "instant", "code", "vrai", "vide"],
        [
            "a",
            date(2024, 4, 2),
            datetime(2024, 4, 2, 10, 30),  # noqa: DTZ001 (as spreadsheets hold it)
            1053.0,
            True,
            None,
        ],
    )
    [cells] = rows_of(path)
    assert cells == {
        "id": "a", "jour": "2024-04-02", "instant": "2024-04-02T10:30:00", "code": "1053",
        "vrai": "true", "vide": "",
    }  # fmt: skip


def test_json_lists_and_depths_become_cells(tmp_path: Path) -> None:
    one = {"id": 7, "codes": ["a", "b"], "adresse": {"voie": "1 rue"}, "rien": None}
    path = content(tmp_path, json.dumps([one]).encode(), "x.json")
    assert rows_of(path) == [{"id": "7", "codes": "a|b", "adresse.voie": "1 rue", "rien": ""}]


def test_objects_that_lack_a_key_have_an_empty_cell(tmp_path: Path) -> None:
    path = content(tmp_path, b'[{"id": "a"}, {"nom": "b"}]', "x.json")
    assert rows_of(path) == [{"id": "a", "nom": ""}, {"id": "", "nom": "b"}]


@pytest.mark.django_db
def test_control_characters_are_taken_out(tmp_path: Path) -> None:
    ready()
    one = json.dumps([ROW | {"nom": "Média\x02th\x00èque", "date_maj": "\x1b"}])
    report = load(content(tmp_path, one.encode(), "x.json"))
    assert (report.added, Place.objects.get().name) == (1, "Médiathèque")


# --- Encodings and breaks -------------------------------------------------------------------------


def test_a_text_encoded_twice_is_read_once(tmp_path: Path) -> None:
    twice = "id,nom\n1,Médiathèque – l’été\n".encode().decode("cp1252").encode()
    table = table_files.read(content(tmp_path, twice))
    assert [row.cells["nom"] for row in table.rows] == ["Médiathèque – l’été"]
    assert table.repairs == {"encoded-twice-line": 1}


def test_capitals_with_accents_are_left_alone(tmp_path: Path) -> None:
    table = table_files.read(content(tmp_path, "id,nom\n1,CHÂTEAU PÃO\n".encode()))
    assert [row.cells["nom"] for row in table.rows] == ["CHÂTEAU PÃO"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_three_ways(tmp_path: Path, end: str) -> None:
    path = content(tmp_path, end.join(["id,nom", "1,un", "2,deux", ""]).encode())
    assert [cells["nom"] for cells in rows_of(path)] == ["un", "deux"]


def test_two_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    assert rows_of(content(tmp_path, b"id,nom,nom\n1,a,b\n")) == [
        {"id": "1", "nom": "a", "nom (2)": "b"}
    ]


# --- What is refused ------------------------------------------------------------------------------


def zipped(path: Path, **members: bytes) -> Path:
    """An archive."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return path


def with_macros(folder: Path) -> Path:
    path = workbook(folder / "x.xlsx", ["id"], ["1"])
    with ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    return path


def with_entities(folder: Path) -> Path:
    path = workbook(folder / "x.xlsx", ["id"], ["1"])
    with ZipFile(path, "a") as archive:
        archive.writestr("xl/more.xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>')
    return path


REFUSED = {
    "entités XML": with_entities,
    "XLS": lambda folder: content(folder, b"\xd0\xcf\x11\xe0" + b"\0" * 600),
    "UTF-16": lambda folder: content(folder, "id,nom".encode("utf-16")),
    "pas du texte": lambda folder: content(folder, bytes(range(256)) * 20),
    "GZIP abîmée": lambda folder: content(folder, gzip.compress(b"x" * 5000)[:-10]),
    "dépasse 20 Mo": lambda folder: content(folder, b"x" * 20_000_001),
    "décompressé, le fichier dépasse 50 Mo": lambda folder: content(
        folder, gzip.compress(b"\n" * 50_000_001)
    ),
    "décompressé, le classeur dépasse 50 Mo": lambda folder: zipped(
        folder / "x.xlsx", xl__workbook_xml=b"", xl__sheet_xml=b" " * 50_000_001
    ),
    "n’est pas un classeur": lambda folder: zipped(folder / "x.zip", a=b"b"),
    "archive abîmée": lambda folder: content(folder, b"PK\x03\x04" + b"\1" * 100),
    "classeur XLSX abîmé": lambda folder: zipped(folder / "x.xlsx", xl__workbook_xml=b"<x>"),
    "macros": with_macros,
    "cellule B2 contient une formule": lambda folder: workbook(
        folder / "x.xlsx", ["id", "nom"], ["1", "=HYPERLINK(1)"]
    ),
    "JSON illisible": lambda folder: content(folder, b'[{"id": 1,'),
    "pas de liste": lambda folder: content(folder, b'{"id": 1}'),
    "crochets": lambda folder: content(folder, b"[" * 100_000),
    "plus de 200000 lignes": lambda folder: content(folder, b"id\n" + b"1\n" * 200_001),
}


@pytest.mark.parametrize("words", REFUSED)
def test_a_harmful_file_is_refused_in_words(tmp_path: Path, words: str) -> None:
    path = REFUSED[words](tmp_path)
    with pytest.raises(UnreadableFileError, match=words):
        rows_of(path)


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["cellule B2 contient une formule", "macros", "pas du texte"])
def test_a_refused_file_leaves_nothing(tmp_path: Path, words: str) -> None:
    with pytest.raises(ImportRefusedError, match=f"{words}|Colonnes absentes"):
        load(REFUSED[words](tmp_path))
    assert Source.objects.count() == 0


def test_rows_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, *({"id": str(n)} for n in range(3)))
    table = table_files.read(path)
    first = next(iter(table.rows))
    assert first.cells["id"] == "0"
    assert [row.cells["id"] for row in table.rows] == ["0", "1", "2"]
