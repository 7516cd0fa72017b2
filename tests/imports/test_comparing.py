"""What an import says before it writes: what would change, and nothing is written."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from directory.exchange.importing import Mode
from directory.exchange.report import Kind
from directory.models import FieldProvenance, Place, PlaceSource, Source
from tests.imports.lists import load, ready, write


@pytest.fixture(autouse=True)
def _directory(db: Any) -> None:
    ready()


def command(*args: str) -> list[str]:
    """Lines printed by the command."""
    out = StringIO()
    call_command("import_places", *args, verbosity=0, stdout=out)
    return out.getvalue().splitlines()


def test_nothing_is_written_without_apply(tmp_path: Path) -> None:
    said = command("ma-liste", str(write(tmp_path, {})))
    assert (Place.objects.count(), Source.objects.count()) == (0, 0)
    assert said[-1] == (
        "1 lignes lues : 1 ajoutées, 0 modifiées, 0 inchangées, 0 rejetées ; 0 lieux disparus."
    )


@pytest.mark.parametrize("how", [["--apply"], ["--apply=run"], ["--apply=row"]])
def test_apply_writes(tmp_path: Path, how: list[str]) -> None:
    command("ma-liste", str(write(tmp_path, {})), *how)
    assert Place.objects.get().name == "Médiathèque"


def test_a_dry_run_counts_as_the_real_one(tmp_path: Path) -> None:
    load(write(tmp_path, {"id": "a"}, {"id": "b"}, {"id": "c"}))
    path = write(tmp_path, {"id": "a"}, {"id": "b", "nom": "Mairie"}, {"id": "d"}, {"id": ""})
    dry, real = load(path, Mode.DRY), load(path, Mode.RUN)
    assert dry.counts() == real.counts()
    assert (dry.added, dry.updated, dry.unchanged, dry.rejected, dry.gone) == (1, 1, 1, 1, 1)


def test_each_changed_field_is_told_with_both_values(tmp_path: Path) -> None:
    load(write(tmp_path, {}))
    changed = {"nom": "Bibliothèque", "telephone": "+33199005678", "frais_a_charge": "Payant"}
    report = load(write(tmp_path, changed), Mode.DRY)
    told = {e.column: (e.before, e.after) for e in report.journal if e.kind == Kind.CHANGED}
    assert told.keys() == {"nom", "téléphone", "services"}
    assert told["nom"] == ("Médiathèque", "Bibliothèque")
    assert told["téléphone"] == ("+33199001234", "+33199005678")
    assert ("gratuit" in told["services"][0], "payant" in told["services"][1]) == (True, True)


@pytest.mark.parametrize("mode", [Mode.RUN, Mode.ROW])
def test_a_second_run_changes_nothing(tmp_path: Path, mode: Mode) -> None:
    path = write(tmp_path, {"id": "a"}, {"id": "b", "latitude": "", "longitude": ""})
    load(path, mode)
    before = list(Place.objects.order_by("pk").values())
    report = load(path, mode)
    assert (report.added, report.updated, report.unchanged, report.gone) == (0, 0, 2, 0)
    assert list(Place.objects.order_by("pk").values()) == before


def test_a_row_dated_anew_is_not_a_change(tmp_path: Path) -> None:
    load(write(tmp_path, {}))
    report = load(write(tmp_path, {"date_maj": "2025-01-31"}))
    assert (report.updated, report.unchanged) == (0, 1)
    assert str(Place.objects.get().source_updated_on) == "2025-01-31"


def test_only_what_differs_is_written_again(tmp_path: Path) -> None:
    load(write(tmp_path, {}))
    service = Place.objects.get().services.get()
    load(write(tmp_path, {"telephone": ""}))
    assert Place.objects.get().services.get() == service


@pytest.mark.parametrize("ending", ["html", "csv"])
def test_the_report_file_tells_every_kind(tmp_path: Path, ending: str) -> None:
    same = {"id": "same", "nom": "Pareil"}
    load(write(tmp_path, {"id": "a"}, {"id": "gone", "nom": "Parti"}, same))
    Place.objects.filter(name="Médiathèque").update(phone="3646")
    place = Place.objects.get(name="Médiathèque")
    FieldProvenance.objects.create(place=place, field="phone", is_locked=True)
    path = write(
        tmp_path,
        {"id": "a", "telephone": "+33199005678", "adresse": "2 rue <b>"},
        {"id": "new", "nom": "=1+1", "latitude": "2.3574", "longitude": "48.9362"},
        {"id": "", "nom": "Sans identifiant"},
        {"id": "c", "date_maj": "un jour"},
        same,
    )
    target = tmp_path / f"rapport.{ending}"
    command("ma-liste", str(path), "--report", str(target))
    text = target.read_text(encoding="utf-8-sig")
    for word in (
        "Parti",
        "+33199005678",
        "remises en ordre",
        "identifiant absent",
        "date illisible",
    ):
        assert word in text
    if ending == "html":
        assert "2 rue &lt;b&gt;" in text
    else:
        cells = [cell for row in csv.reader(text.splitlines(), delimiter=";") for cell in row]
        assert "'=1+1" in cells
        # A dry run merges nothing: tests/duplicates/ tells of that kind.
        assert {kind.value for kind in Kind} - {Kind.JOINED} <= set(cells)


def test_a_report_of_another_kind_is_refused_before_anything(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"\.html ou \.csv"):
        command("ma-liste", str(write(tmp_path, {})), "--report", str(tmp_path / "x.pdf"))


def test_the_day_of_a_file_is_read_in_its_name(tmp_path: Path) -> None:
    load(write(tmp_path, {"date_maj": ""}, name="liste_20240801.csv"))
    assert str(Source.objects.get().vintage_on) == "2024-08-01"


def test_a_line_that_the_database_refuses_undoes_a_whole_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = broken_second_row(tmp_path, monkeypatch)
    with pytest.raises(CommandError, match="rien n’est écrit"):
        command("ma-liste", str(path), "--apply")
    assert (Place.objects.count(), Source.objects.count()) == (0, 0)


def test_a_line_that_the_database_refuses_is_rejected_alone_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = load(broken_second_row(tmp_path, monkeypatch), Mode.ROW)
    assert (report.rows, report.added, report.rejected) == (3, 2, 1)
    [told] = report.problems
    assert (told.line, told.reason) == (3, "refusé par la base (IntegrityError)")
    assert PlaceSource.objects.count() == Place.objects.count() == 2
    assert len([e for e in report.journal if e.kind == Kind.ADDED]) == 2


def broken_second_row(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list whose second row breaks a constraint of the database."""
    from directory.exchange import standard_cells

    monkeypatch.setattr(standard_cells, "phone", lambda cell, *_args: cell)
    return write(folder, {"id": "a"}, {"id": "b", "telephone": "wrong"}, {"id": "c"})
