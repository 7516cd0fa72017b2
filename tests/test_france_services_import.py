"""The France Services list: every row stored or told, nothing personal kept."""

import csv
import gzip
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from pytest_django import DjangoDbBlocker

from directory.exchange import vocabulary_loader
from directory.exchange.importing import Mode
from directory.exchange.report import Report
from directory.exchange.report_text import lines
from directory.management.commands.import_france_services import SHIPPED, Command
from directory.models import Place, ServiceNeed
from directory.search.opening import parse
from directory.vocabularies.names import Appointment, Basis, Itinerancy, PositionPrecision
from tests.factories import ActorFactory, CommuneFactory
from tests.real_geography import real_geography

COLUMNS = (
    "id_fs,insee_dep,lib_fs,adresse,complement_adresse,insee_com,code_postal,lib_com,latitude,"
    "longitude,mail,telephone,h_lundi,h_mardi,h_mercredi,h_jeudi,h_vendredi,h_samedi,prise_rdv,"
    "commentaire,type_fs,format_fs,groupe_fs,labellisation_fs"
).split(",")
ROW = {
    "id_fs": "1",
    "insee_dep": "93",
    "lib_fs": "France services de Pantin",
    "adresse": "1 rue de l'École",
    "insee_com": "93055",
    "code_postal": "93500",
    "lib_com": "Pantin",
    "latitude": "48.9362",
    "longitude": "2.3574",
    "mail": "accueil@exemple.fr",
    "telephone": "01 99 00 12 34",
    "h_lundi": "09:00 - 12:00 / 14:00 - 17:00",
    "prise_rdv": "Non",
    "type_fs": "Principal",
    "format_fs": "Fixe",
}
LISTED = 2845
"""Rows of the shipped list."""


@pytest.fixture
def territory(db: None) -> None:
    vocabulary_loader.load(settings.FIXTURES_DIR)
    CommuneFactory.create(code="93055", name="Pantin", postcode="93500")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "liste.csv"


def write(path: Path, *rows: dict[str, str], columns: list[str] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def load(path: Path, **changed: str) -> Report:
    """Load a list of one row, the usual one with some cells changed."""
    return Command.load(write(path, {**ROW, **changed}), quiet=True)


def test_a_row_becomes_a_place(territory: None, file: Path) -> None:
    report = load(file)
    place = Place.objects.get()
    assert (report.rows, report.added, report.rejected, report.problems) == (1, 1, 0, [])
    assert place.name == "France services de Pantin"
    assert place.full_address == "1 rue de l’École, 93500 Pantin"
    assert (place.phone, place.emails) == ("+33199001234", ["accueil@exemple.fr"])
    assert place.opening_hours.startswith("Mo 09:00-12:00,14:00-17:00")
    assert place.position_precision == PositionPrecision.ADDRESS


def test_needs_are_all_deduced_by_a_named_rule(territory: None, file: Path) -> None:
    load(file)
    known = set(ServiceNeed.objects.values_list("basis", "rule"))
    assert known == {(Basis.DEDUCED, "programme:france-services")}


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("id_fs", "", "identifiant absent"),
        ("lib_fs", "  ", "nom absent"),
        ("insee_com", "99999", "commune inconnue"),
    ],
)
def test_a_row_that_cannot_be_stored_is_told_and_does_not_stop_the_rest(
    territory: None, file: Path, column: str, value: str, reason: str
) -> None:
    nowhere = {"lib_com": "Nulle-Part", "code_postal": "", "latitude": "", "longitude": ""}
    wrong = {**ROW, **nowhere, "id_fs": "2", column: value}
    report = Command.load(write(file, wrong, ROW), quiet=True)
    assert (report.rows, report.added, report.rejected) == (2, 1, 1)
    told = report.problems[0]
    assert (told.line, told.column) == (2, column)
    assert reason in told.reason


def test_an_identifier_seen_twice_is_stored_once_and_told(territory: None, file: Path) -> None:
    report = Command.load(write(file, ROW, ROW), quiet=True)
    assert (report.added, report.rejected, report.problems[0].line) == (1, 1, 3)


def test_a_row_cut_short_is_told_and_does_not_stop_the_rest(territory: None, file: Path) -> None:
    write(file, ROW)
    file.write_text(file.read_text(encoding="utf-8") + "2,93,France services\n", encoding="utf-8")
    report = Command.load(file, quiet=True)
    assert (report.rows, report.added, report.rejected) == (2, 1, 1)
    assert report.problems[0].line == 3


def test_a_row_with_too_many_cells_is_told(territory: None, file: Path) -> None:
    text = write(file, ROW).read_text(encoding="utf-8").rstrip() + ",trop,encore\n"
    file.write_text(text, encoding="utf-8")
    report = Command.load(file, quiet=True)
    assert [problem.reason for problem in report.problems] == [
        f"{len(COLUMNS) + 2} cellules au lieu de {len(COLUMNS)}"
    ]


@pytest.mark.parametrize(
    ("column", "field", "limit"),
    [
        ("lib_fs", "name", 200),
        ("adresse", "address", 240),
        ("complement_adresse", "address_complement", 240),
        ("groupe_fs", "group_name", 120),
    ],
)
def test_a_text_too_long_for_its_column_does_not_stop_the_rest(
    territory: None, file: Path, column: str, field: str, limit: int
) -> None:
    long = {**ROW, "id_fs": "2", column: "très long " * 60}
    report = Command.load(write(file, long, ROW), quiet=True)
    assert report.stored + report.rejected == report.rows == 2
    assert all(len(value) <= limit for value in Place.objects.values_list(field, flat=True))


def test_a_null_character_does_not_stop_the_rest(territory: None, file: Path) -> None:
    nul = {**ROW, "id_fs": "2", "adresse": "1 rue\0 Haute"}
    report = Command.load(write(file, nul, ROW), quiet=True)
    assert report.stored + report.rejected == report.rows == 2
    assert not any("\0" in text for text in Place.objects.values_list("address", flat=True))


def test_unreadable_hours_and_phone_are_told_with_their_line(territory: None, file: Path) -> None:
    report = load(file, telephone="12", h_mardi="le matin")
    assert {(p.line, p.column, p.value) for p in report.problems} == {
        (2, "telephone", "12…"),
        (2, "h_mardi", "le matin"),
    }
    assert Place.objects.get().phone == ""


def test_a_nominative_email_is_left_out_and_counted(territory: None, file: Path) -> None:
    report = load(file, mail="sophie.exemple@exemple.fr")
    assert Place.objects.get().emails == []
    assert report.dropped["courriel nominatif"] == 1
    assert not any("sophie" in line for line in lines(report, Mode.RUN, whole=True))


def test_a_mobile_in_a_comment_is_dropped_and_counted(territory: None, file: Path) -> None:
    report = load(file, commentaire="Accueil en mairie. Contact : 06 39 98 12 34")
    written = " ".join(str(value) for value in Place.objects.values().get().values())
    assert "39 98" not in written
    assert "639981234" not in written
    assert sum(n for kind, n in report.dropped.items() if kind.startswith("commentaire")) == 1


@pytest.mark.parametrize(
    ("published", "itinerancy"),
    [
        ("Fixe", Itinerancy.FIXED),
        ("Fixe_antenne(s)", Itinerancy.FIXED),
        ("Multisites", Itinerancy.BOTH),
        ("Bus_équivalent", Itinerancy.ITINERANT),
        ("Itinérante", Itinerancy.ITINERANT),
        ("Autre", Itinerancy.UNKNOWN),
        ("", Itinerancy.UNKNOWN),
    ],
)
def test_a_format_is_read_as_itinerancy(
    territory: None, file: Path, published: str, itinerancy: str
) -> None:
    load(file, format_fs=published)
    assert Place.objects.get().itinerancy == itinerancy


@pytest.mark.parametrize(
    ("published", "comment", "appointment"),
    [
        ("Oui", "", Appointment.POSSIBLE),
        ("Non", "", Appointment.UNKNOWN),
        ("Oui", "Uniquement sur rendez-vous", Appointment.REQUIRED),
    ],
)
def test_a_comment_tells_more_of_appointments_than_the_column(
    territory: None, file: Path, published: str, comment: str, appointment: str
) -> None:
    load(file, prise_rdv=published, commentaire=comment)
    assert Place.objects.get().appointment == appointment


@pytest.mark.parametrize(
    "antenna",
    [
        {"lib_fs": "France services du Pré", "groupe_fs": "Est"},
        {"lib_fs": "France services de Pantin - Antenne du Pré"},
    ],
    ids=["by group", "by name"],
)
def test_an_antenna_is_linked_to_its_principal(
    territory: None, file: Path, antenna: dict[str, str]
) -> None:
    second = {**ROW, "id_fs": "2", "type_fs": "Antenne", **antenna}
    other = {**ROW, "id_fs": "3", "lib_fs": "France services des Lilas"}
    Command.load(write(file, second, {**ROW, "groupe_fs": "Est"}, other), quiet=True)
    principals = Place.objects.filter(principal__source_records__external_id="1")
    assert [place.name for place in principals] == [antenna["lib_fs"]]


def test_an_antenna_without_a_sure_principal_is_counted(territory: None, file: Path) -> None:
    report = load(file, type_fs="Antenne")
    assert report.repairs["antenna-without-principal"] == 1


def test_an_operator_is_recognised_and_its_networks_joined(territory: None, file: Path) -> None:
    pimms = ActorFactory.create(slug="pimms-mediation", name="Pimms Médiation")
    label = ActorFactory.create(slug="france-services")
    load(file, lib_fs="France services Pimms de Pantin")
    place = Place.objects.get()
    assert place.operator == pimms
    assert set(place.networks.all()) == {pimms, label}


@pytest.mark.parametrize("missing", ["id_fs", "insee_com", "latitude"])
def test_a_missing_column_is_told_by_its_name(db: None, file: Path, missing: str) -> None:
    write(file, ROW, columns=[name for name in COLUMNS if name != missing])
    with pytest.raises(CommandError, match=f"Colonnes absentes : {missing}"):
        Command.load(file, quiet=True)


UNREADABLE: dict[str, bytes] = {
    "vide.csv": b"",
    "texte.csv.gz": b"no archive",
    "coupe.csv.gz": gzip.compress(b"x" * 5000)[:-10],
    "abime.csv.gz": gzip.compress(b"x" * 5000)[:12] + b"\xff" * 40,
}


@pytest.mark.parametrize("name", sorted(UNREADABLE))
def test_a_file_that_is_no_list_is_refused_in_words(db: None, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(UNREADABLE[name])
    with pytest.raises(CommandError, match=name):
        call_command("import_france_services", tmp_path / name, verbosity=0, stdout=StringIO())
    with pytest.raises(CommandError, match="absent"):
        call_command("import_france_services", tmp_path / "absent.csv", verbosity=0)


@pytest.fixture
def shipped(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Report]]:
    """Load the shipped list twice over the real geography."""
    with real_geography(django_db_blocker), transaction.atomic():
        vocabulary_loader.load(settings.FIXTURES_DIR)
        yield [Command.load(SHIPPED, quiet=True) for _ in range(2)]


def test_the_shipped_list_is_wholly_stored_and_the_same_when_read_again(
    shipped: list[Any],
) -> None:
    first, second = shipped
    assert first.rows == first.stored + first.rejected == LISTED
    assert (second.added, second.updated, second.unchanged) == (0, 0, first.stored)
    with gzip.open(SHIPPED, "rt", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    days = [name for name in COLUMNS if name.startswith("h_")]
    with_hours = {row["id_fs"] for row in rows if any(row[day].strip() for day in days)}
    places = Place.objects.filter(source_records__external_id__in=with_hours)
    read = sum(parse(place.opening_hours, "Europe/Paris") is not None for place in places)
    assert read >= 0.99 * len(with_hours)
