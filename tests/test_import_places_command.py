"""The command that loads a list of the national standard: files, encodings, source, re-runs."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from directory.exchange import vocabulary_loader
from directory.models import AuditEntry, AuditEvent, Place, Source
from directory.vocabularies.names import Licence, State
from tests import factories

HEADER = [
    "id", "pivot", "nom", "commune", "code_postal", "code_insee", "adresse", "date_maj", "services",
    "courriels",
]  # fmt: skip
CELLS = [
    "l1", "00000000000000", "Médiathèque", "Saint-Denis", "93200", "93066", "1 rue du Canal",
    "2024-04-02", "Accès internet et matériel informatique", "",
]  # fmt: skip


@pytest.fixture
def _directory(db: Any) -> None:
    vocabulary_loader.load(settings.FIXTURES_DIR)
    factories.CommuneFactory(code="93066", name="Saint-Denis", postcode="93200")


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_directory")]


def line(*cells: str, delimiter: str = ",") -> str:
    """A line of CSV, quoted where needed."""
    return delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in cells) + "\n"


def row(key: str, name: str = "Médiathèque", delimiter: str = ",") -> str:
    """A row of v1.0.2."""
    return line(key, CELLS[1], name, *CELLS[3:], delimiter=delimiter)


def load(folder: Path, content: str | bytes, source: str = "ma-liste") -> list[str]:
    """Lines printed once the content is imported."""
    path = folder / "liste.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    out = StringIO()
    call_command("import_places", source, str(path), "--apply", verbosity=0, stdout=out)
    return out.getvalue().splitlines()


def told(line: str) -> list[str]:
    """Cells of a line of the table."""
    return [cell.strip() for cell in line.split("|")]


def test_an_unknown_source_is_created_without_licence(tmp_path: Path) -> None:
    load(tmp_path, line(*HEADER) + row("l1"))
    source = Source.objects.get(slug="ma-liste")
    assert (source.name, source.licence) == ("ma-liste", Licence.UNKNOWN)
    assert str(source.vintage_on) == "2024-04-02"


def test_a_known_source_keeps_its_licence(tmp_path: Path) -> None:
    factories.SourceFactory(slug="ma-liste", name="Ma liste", licence=Licence.ODBL)
    load(tmp_path, line(*HEADER) + row("l1"))
    source = Source.objects.get(slug="ma-liste")
    assert (source.name, source.licence) == ("Ma liste", Licence.ODBL)


def test_places_are_published_with_their_service(tmp_path: Path) -> None:
    load(tmp_path, line(*HEADER) + row("l1"))
    place = Place.objects.get()
    assert (place.state, place.slug) == (State.PUBLISHED, "mediatheque-saint-denis")
    assert [service.name for service in place.services.all()] == [
        "Ordinateurs et internet sur place"
    ]


def test_last_line_counts_every_row(tmp_path: Path) -> None:
    said = load(tmp_path, line(*HEADER) + row("l1") + row("l1"))
    assert said[-1] == (
        "2 lignes lues : 1 ajoutées, 0 modifiées, 0 inchangées, 1 rejetées ; 0 lieux disparus."
    )
    assert told(said[1])[:4] == ["rejeté", "3", "", "id"]


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    content = line(*HEADER) + row("l1") + row("l2") + row("l3", "Mairie")
    load(tmp_path, content)
    assert load(tmp_path, content)[-1].startswith(
        "3 lignes lues : 0 ajoutées, 0 modifiées, 3 inchangées"
    )
    assert Place.objects.count() == 3


def test_a_changed_row_is_updated(tmp_path: Path) -> None:
    load(tmp_path, line(*HEADER) + row("l1"))
    said = load(tmp_path, line(*HEADER) + row("l1", "Nouvelle médiathèque"))
    assert " 1 modifiées" in said[-1]
    assert Place.objects.get().name == "Nouvelle médiathèque"


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_delimiter_and_encoding_are_recognised(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    content = line(*HEADER, delimiter=delimiter) + row("l1", delimiter=delimiter)
    load(tmp_path, content.encode(encoding))
    assert Place.objects.get().name == "Médiathèque"


def test_v01_is_recognised_from_its_columns(tmp_path: Path) -> None:
    header = [*HEADER[:-1], "courriel"]
    service = "Accéder à une connexion internet;Accéder à du matériel"
    said = load(tmp_path, line(*header) + line(*CELLS[:8], service, "accueil@lieu.example"))
    place = Place.objects.get()
    assert place.emails == ["accueil@lieu.example"]
    assert place.services.get().terms.get().code == "acces-materiel"
    assert not [one for one in said if one.startswith(("écarté", "retiré"))]


def test_a_row_with_a_cell_too_many_does_not_stop_the_rest(tmp_path: Path) -> None:
    said = load(tmp_path, line(*HEADER) + row("l1") + line(*CELLS, "de trop") + row("l2"))
    assert told(said[1]) == ["rejeté", "3", "", "ligne", "", "", "11 cellules au lieu de 10"]
    assert Place.objects.count() == 2


def test_an_open_quote_loses_only_its_own_row(tmp_path: Path) -> None:
    broken = row("l2", 'La "Boussole').replace('La "', '"La ')
    said = load(tmp_path, line(*HEADER) + row("l1") + broken + row("l3") + row("l4"))
    assert said[-1] == (
        "4 lignes lues : 3 ajoutées, 0 modifiées, 0 inchangées, 1 rejetées ; 0 lieux disparus."
    )


def test_a_line_is_counted_from_where_its_row_begins(tmp_path: Path) -> None:
    two_lines = line(*CELLS[:6], "1 rue du Canal,\nbâtiment B", *CELLS[7:])
    said = load(tmp_path, line(*HEADER) + two_lines + row("", "Sans identifiant"))
    assert told(said[1])[:4] == ["rejeté", "4", "", "id"]
    assert Place.objects.get().address == "1 rue du Canal, bâtiment B"


def test_columns_outside_the_standard_are_counted(tmp_path: Path) -> None:
    said = load(tmp_path, line(*HEADER, "nb_aidants") + line(*CELLS, "2"))
    assert "retiré · colonne non lue, nb_aidants : 1" in said


def test_a_file_of_another_format_is_refused_naming_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Colonnes absentes : pivot, commune, code_postal, "):
        load(tmp_path, "id,nom\n1,Médiathèque\n")
    assert Source.objects.count() == 0


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Colonnes absentes"):
        load(tmp_path, "")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"absent\.csv"):
        call_command("import_places", "ma-liste", str(tmp_path / "absent.csv"), verbosity=0)


@pytest.mark.parametrize("slug", ["Ma liste", "é", "a" * 51])
def test_a_source_that_is_no_slug_is_refused(tmp_path: Path, slug: str) -> None:
    with pytest.raises(CommandError):
        load(tmp_path, line(*HEADER) + row("l1"), source=slug)


def test_an_import_is_written_in_the_log_and_a_comparison_is_not(tmp_path: Path) -> None:
    load(tmp_path, line(*HEADER) + row("l1"))
    assert AuditEntry.objects.get(event=AuditEvent.IMPORT).target == "ma-liste"
    AuditEntry.objects.all().delete()
    call_command("import_places", "ma-liste", str(next(tmp_path.iterdir())), verbosity=0)
    assert not AuditEntry.objects.exists()
