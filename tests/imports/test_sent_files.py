"""What the form refuses, beside its field, before anything is kept."""

import io
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from directory.exchange import table_files
from directory.models import ImportRun
from mediation import uploads
from tests.factories import SourceFactory
from tests.imports.lists import ROW, ready
from tests.imports.sent import importer, listed, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client: Client, tmp_path: Path, settings: Any) -> Client:
    settings.IMPORTS_DIR = tmp_path / "imports"
    ready()
    return importer(client)


def workbook(**more: bytes) -> bytes:
    """An XLSX of ROW; `more` are parts added to its archive, by name."""
    book = Workbook()
    for cells in (list(ROW), list(ROW.values())):
        book.active.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    with ZipFile(stream, "a", ZIP_DEFLATED) as archive:
        for name, content in more.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_formula() -> bytes:
    """An XLSX of which one cell is a formula."""
    book = Workbook()
    book.active.append(list(ROW))
    book.active.append(["=1+1", *list(ROW.values())[1:]])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


REFUSED = {
    "formula": (with_formula, "contient une formule"),
    "macro": (lambda: workbook(**{"xl/vbaProject.bin": b"x"}), "contient des macros"),
    "bomb": (lambda: workbook(**{"xl/big.xml": b"0" * 60_000_000}), "dépasse 50 Mo"),
    "binary": (lambda: bytes(range(256)) * 40, "ce n’est pas du texte"),
    "old Excel": (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "ancien format Excel"),
    "other archive": (lambda: b"PK\x03\x04" + bytes(100), "archive abîmée"),
    "other columns": (lambda: b"a,b\n1,2\n", "Colonnes absentes"),
    "no row": ((",".join(ROW) + "\n").encode, "n’a aucune ligne"),
    "empty": (lambda: b"", "vide"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_may_do_harm_or_cannot_be_read_is_refused_beside_its_field(
    moderator: Client, name: str
) -> None:
    content, why = REFUSED[name]
    answer = send(moderator, SimpleUploadedFile("liste.xlsx", content()))
    errors = answer.context["form"].errors
    assert set(errors) == {"file"}
    assert why.casefold() in str(errors["file"]).casefold()
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not ImportRun.objects.exists()
    assert not [path for path in Path(settings.IMPORTS_DIR).glob("*") if path.is_file()]


def test_a_file_over_the_limit_is_refused(
    moderator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.admin.import_forms.MAX_BYTES", 100)
    errors = send(moderator, listed()).context["form"].errors
    assert "dépasse 20\u00a0Mo" in str(errors["file"])


def test_a_body_over_the_limit_is_not_kept_and_is_told(
    moderator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_BODY", 100)
    monkeypatch.setattr("directory.admin.import_forms.MAX_BYTES", 100)
    answer = send(moderator, listed())
    assert not answer.wsgi_request.FILES
    assert "dépasse 20\u00a0Mo" in str(answer.context["form"].errors["file"])


def test_the_limits_are_those_of_the_command() -> None:
    assert table_files.MAX_BYTES == 20_000_000
    assert 2 * table_files.MAX_BYTES <= uploads.MAX_BODY


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"new_source": ""}, "new_source"),
        ({"new_source": "Ma liste"}, "new_source"),
        ({"new_source": "x" * 51}, "new_source"),
        ({"mapping": "inconnue"}, "mapping"),
        ({"mapping": "/etc/passwd.toml"}, "mapping"),
        ({"vintage_on": "hier"}, "vintage_on"),
        ({"file": ""}, "file"),
    ],
)
def test_a_wrong_field_is_told_and_the_others_kept(
    moderator: Client, fields: dict[str, str], field: str
) -> None:
    fields = {"vintage_on": "2024-09-02", "is_partial": "on"} | fields
    answer = send(moderator, fields.pop("file", listed()), **fields)
    assert set(answer.context["form"].errors) == {field}
    assert 'name="is_partial" id="id_is_partial" checked' in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_a_source_is_known_or_new_not_both(moderator: Client) -> None:
    source = SourceFactory.create(slug="connue")
    answer = send(moderator, listed(), source=source.pk, new_source="autre")
    assert set(answer.context["form"].errors) == {"new_source"}
    assert send(moderator, listed(), source=source.pk, new_source="").status_code == 302
    assert ImportRun.objects.get().source == "connue"
