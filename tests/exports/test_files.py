"""The files themselves: valid, always the same bytes, harmless to spreadsheets, of bounded cost."""

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from directory.exchange.export import csv_file, facts
from directory.models import Need, Place, Source
from directory.vocabularies.names import Basis, Vocabulary
from tests import factories as make
from tests.exports import reading, rich
from tests.exports.reading import NAMES, row, rows, written

pytestmark = pytest.mark.django_db
FORMULAS = ["=1+1", "+1+1", "-1+cmd", "@SUM(A1)", "'=1+1", "＝1+1"]


@pytest.fixture
def source() -> Source:
    return rich.ready()


@pytest.mark.parametrize("name", NAMES)
def test_every_row_follows_the_published_schema(name: str, source: Source, tmp_path: Path) -> None:
    rich.with_terms(rich.place(source), source)
    rich.place(source, **dict.fromkeys(("summary", "phone", "opening_hours", "itinerancy"), ""))
    rich.place(source, phone="3646", summary="long " * 100, emails=[], websites=["javascript:1"])
    rich.place(source, name="=1+1", description="=1+1", position_precision="commune")
    for code in ("", "0" * 14):
        rich.place(source, pivot=code)
    path = reading.saved(tmp_path, name)
    assert reading.faults(path) == []
    assert written("lieux.csv").count(b"ma-liste:") == 4


def test_checker_of_these_tests_sees_a_fault(source: Source, tmp_path: Path) -> None:
    rich.place(source)
    path = tmp_path / "lieux.csv"
    path.write_bytes(written("lieux.csv").replace(b"2024-04-02", b"02/04/2024"))
    assert reading.faults(path)


@pytest.mark.parametrize("name", [*NAMES, "lieux-hors-standard.csv", "lieux-complements.csv"])
def test_same_places_give_the_same_bytes(name: str, source: Source) -> None:
    rich.with_terms(rich.place(source), source)
    rich.place(source, pivot="")
    assert written(name) == written(name)


# --- Spreadsheets ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_holds_no_cell_that_a_spreadsheet_computes(text: str, source: Source) -> None:
    rich.place(source, name=text, description=text)
    computed = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
    begun = {name: cell for name, cell in row().items() if computed.match(cell)}
    assert begun == {"telephone": "+33199001234"}


def test_phones_and_degrees_are_written_as_they_are(source: Source) -> None:
    rich.place(source, longitude=-2.3)
    assert row()["telephone"] == "+33199001234"
    assert csv_file.guarded("-1.5e-05") == "-1.5e-05"
    assert csv_file.guarded("+33199001234") == "+33199001234"


@pytest.mark.parametrize("text", FORMULAS)
def test_workbook_holds_texts_and_no_formula(text: str, source: Source) -> None:
    rich.place(source, name=text)
    sheet = load_workbook(BytesIO(written("lieux.xlsx")))["lieux"]
    kinds = {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value}
    assert kinds == {"s", "n"}
    assert sheet["C2"].value == text.replace("'", "’")
    numbers = {
        cell.column_letter
        for line in sheet["A2:AF2"]
        for cell in line
        if cell.data_type == "n" and cell.value
    }
    assert numbers == {"I", "J"}


# --- JSON -----------------------------------------------------------------------------------------


def test_json_says_null_for_what_is_unknown_and_numbers_for_degrees(source: Source) -> None:
    rich.place(source, summary="")
    [told] = json.loads(written("lieux.json"))
    assert tuple(told) == reading.schema.columns()
    assert told["presentation_resume"] is None
    assert told["latitude"] == 48.93621


def test_geojson_gives_the_point_longitude_first_and_none_without_address(source: Source) -> None:
    rich.place(source)
    rich.place(source, position_precision="commune")
    first, second = json.loads(written("lieux.geojson"))["features"]
    assert first["geometry"]["coordinates"] == [pytest.approx(2.3574, abs=1e-3), 48.93621]
    assert second["geometry"] is None


@pytest.mark.parametrize("name", NAMES)
def test_file_of_no_place_can_be_read(name: str, source: Source, tmp_path: Path) -> None:
    path = reading.saved(tmp_path, name)
    if path.suffix in {".json", ".geojson"}:
        told = json.loads(path.read_bytes())
        assert (told if isinstance(told, list) else told["features"]) == []
    else:
        assert path.stat().st_size > 0


# --- What the standard has no column for ----------------------------------------------------------


def test_companion_tells_all_that_the_standard_cannot(source: Source) -> None:
    place = rich.place(
        source, pivot="", hours_note="Sauf en août", appointment="required", rounds="Le mardi",
        notes="Sonnez", booking_phone="+33199001299", group_name="Réseau", verified_on="2025-01-06",
    )  # fmt: skip
    service = make.ServiceFactory(place=place, name="Atelier", opening_hours="Tu 14:00-16:00")
    term = rich.term(Vocabulary.LANGUAGE, "ar")
    make.ServiceTermFactory(service=service, term=term, days="Tu 14:00-16:00")
    make.ServiceNeedFactory(service=service, need=Need.objects.get(code="ameli"))
    make.ServiceNeedFactory(
        service=service, need=Need.objects.get(code="css"), basis=Basis.DEDUCED, rule="règle"
    )
    make.ClosureFactory(place=place, reason="Travaux")
    make.StopFactory(place=place, label="Marché")
    told = row("lieux-hors-standard.csv")
    assert (told["besoins_declares"], told["besoins_deduits"]) == ("ameli", "css (règle)")
    [offered] = json.loads(told["services_detail"])
    assert offered["caracteristiques"] == {"language": ["ar (Tu 14:00-16:00)"]}
    assert offered["horaires"] == "Tu 14:00-16:00"
    assert json.loads(told["fermetures"])[0]["raison"] == "Travaux"
    assert json.loads(told["passages"])[0]["endroit"] == "Marché"
    expected = {
        "precision_horaires": "Sauf en août", "rendez_vous": "required", "tournees": "Le mardi",
        "a_savoir": "Sonnez", "telephone_rendez_vous": "+33199001299", "groupe": "Réseau",
        "verifie_le": "2025-01-06",
    }  # fmt: skip
    assert {name: told[name] for name in expected} == expected


def test_complements_tell_every_place_by_its_identifier(source: Source) -> None:
    for pivot in (rich.SIRET, ""):
        rich.place(source, pivot=pivot)
    told = [one["id"] for one in rows("lieux-complements.csv")]
    assert told == [rows()[0]["id"], rows("lieux-hors-standard.csv")[0]["id"]]


# --- Cost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*NAMES, "lieux-hors-standard.csv", "lieux-complements.csv"])
def test_queries_do_not_grow_with_places(
    name: str, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            written(name)
        return len(caught)

    rich.with_terms(rich.place(source), source)
    rich.with_terms(rich.place(source, pivot=""), source)
    few = queries()
    for pivot in (rich.SIRET, "", rich.SIRET):
        rich.with_terms(rich.place(source, pivot=pivot), source)
    assert queries() == few
    monkeypatch.setattr(facts, "CHUNK", 2)
    assert Place.objects.count() == 5
    assert few < queries() <= 4 + 3 * (few - 4)
