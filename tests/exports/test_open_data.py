"""The addresses of open data: the page, whole files, searches, what is sent again."""

import csv
import gzip
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import Settings

from directory.exchange.export import kept, state
from directory.exchange.export.files import FILES
from directory.models import Change, Source
from directory.models.changes import KEEP
from directory.vocabularies.names import Licence, Vocabulary
from tests import factories as make
from tests.browser.places import text
from tests.exports import reading, rich

pytestmark = pytest.mark.django_db
CSV = "/donnees/lieux.csv"
WORKBOOK = "/donnees/lieux-tous.xlsx"


@pytest.fixture(autouse=True)
def source(tmp_path: Path, settings: Settings) -> Source:
    """A source, and a folder of its own for the files that are kept."""
    settings.VAR_DIR = tmp_path
    return rich.ready()


def body(answer: Any) -> bytes:
    """What a client receives."""
    return b"".join(answer.streaming_content)


def names(client: Client, query: str) -> list[str]:
    """Names of the places that a search downloads."""
    told = body(client.get(f"{CSV}?{query}")).decode()
    return [row["nom"] for row in csv.DictReader(io.StringIO(told, newline=""))]


# --- The page -------------------------------------------------------------------------------------


def test_page_links_every_file_with_its_weight_once_written(client: Client, source: Source) -> None:
    rich.place(source)
    rich.place(source, pivot="")
    call_command("write_open_data", verbosity=0, stdout=io.StringIO())
    answer = client.get("/donnees/")
    for name in FILES:
        assert f'href="/donnees/{name}"' in answer.content.decode()
    said = text(answer)
    assert said.count("ko)") == len(FILES)
    assert "Chaque fichier contient 1 lieu" in said
    assert "1 autre lieu est dans un fichier à part" in said


def test_page_says_that_the_standard_holds_no_place(client: Client, source: Source) -> None:
    rich.place(source, pivot="")
    body(client.get(CSV))
    said = text(client.get("/donnees/"))
    assert "ces fichiers sont vides. 1 lieu est dans un fichier à part" in said


def test_page_gives_a_department_as_a_workbook(client: Client, source: Source) -> None:
    """Whoever opens a spreadsheet finds every place there, in the standard or not."""
    rich.place(source, name="Dans le standard")
    rich.place(source, name="Sans SIRET", pivot="")
    page = client.get("/donnees/").content.decode()
    assert re.search(r'action="/donnees/lieux-tous\.xlsx".*<option value="93">', page, re.DOTALL)
    workbook = load_workbook(io.BytesIO(body(client.get(f"{WORKBOOK}?departement=93"))))
    head, *rows = workbook["lieux"].iter_rows(values_only=True)
    told = {row[head.index("nom")]: row[head.index("hors_standard")] for row in rows}
    assert told == {"Dans le standard": None, "Sans SIRET": "pas de SIRET, de RNA ni de RIDET"}


def test_page_says_the_licence_and_the_words_to_cite(client: Client, source: Source) -> None:
    rich.place(source)
    Source.objects.update(attribution="ANCT, liste d’août", licence=Licence.LO2)
    said = text(client.get("/donnees/"))
    assert "Licence Ouverte 2.0" in said
    assert "ANCT, liste d’août" in said


def test_page_names_what_is_kept_apart(client: Client) -> None:
    closed = make.SourceFactory.create(slug="hub", name="Liste du hub", licence=Licence.ODBL)
    rich.place(closed)
    assert "Liste du hub" in text(client.get("/donnees/")).split("pas dans ces fichiers")[1]


def test_every_page_leads_to_the_data(client: Client) -> None:
    assert 'href="/donnees/"' in client.get("/").content.decode()


# --- Whole files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_file_is_what_the_export_writes(name: str, client: Client, source: Source) -> None:
    rich.place(source)
    rich.place(source, pivot="")
    answer = client.get(f"/donnees/{name}")
    assert answer["Content-Type"] == FILES[name].content_type
    stem, ending = name.rsplit(".", 1)
    dated = f"{stem}-{timezone.localdate().isoformat()}.{ending}"
    assert answer["Content-Disposition"] == f'attachment; filename="{dated}"'
    assert body(answer) == reading.written(name)


def test_file_is_kept_and_served_again_from_disk(
    client: Client, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    rich.place(source)
    first = body(client.get(CSV))
    monkeypatch.delattr("directory.exchange.export.files.write")
    assert body(client.get(CSV)) == first
    told = kept.known(FILES["lieux.csv"])
    assert told
    assert (told.size, told.held, told.outside) == (len(first), 1, 0)


def test_abandoned_download_leaves_no_file(client: Client, source: Source) -> None:
    rich.place(source)
    answer: Any = client.get(CSV)
    next(iter(answer.streaming_content))
    answer.close()
    assert kept.known(FILES["lieux.csv"]) is None
    assert [path for path in kept.folder().iterdir() if path.suffix == ".data"] == []


def test_former_files_are_deleted(client: Client, source: Source) -> None:
    for _time in range(2):
        rich.place(source)
        body(client.get(CSV))
    assert len(list(kept.folder().glob("lieux.csv.*.data"))) == 1


def test_folder_that_cannot_be_written_keeps_nothing_and_answers(
    client: Client, source: Source, settings: Settings, tmp_path: Path
) -> None:
    rich.place(source)
    settings.VAR_DIR = tmp_path / "file"
    settings.VAR_DIR.write_text("")
    assert body(client.get(CSV)) == reading.written("lieux.csv")


@pytest.mark.parametrize("name", ["lieux-hors-standard.xlsx", "lieux.xml", "lieux.pdf"])
def test_file_that_does_not_exist_is_not_found(name: str, client: Client) -> None:
    assert client.get(f"/donnees/{name}").status_code == 404


@pytest.mark.parametrize("query", ["", "?departement=93", "?ou=zzzz"])
def test_pages_of_other_sites_may_read(query: str, client: Client) -> None:
    answer = client.get(f"{CSV}{query}")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post(CSV).status_code == 405
    answer: Any = client.head(CSV)
    assert (answer.status_code, body(answer)) == (200, b"")


# --- Searches -------------------------------------------------------------------------------------


def test_search_downloads_what_it_finds(client: Client, source: Source) -> None:
    rich.place(source, name="Ici")
    pantin = make.CommuneFactory(code="93055", name="Pantin")
    rich.place(source, name="Là", commune=pantin, latitude=48.8966, longitude=2.4017)
    assert names(client, "ou=Pantin&rayon=5") == ["Là"]
    assert names(client, "departement=93") == ["Ici", "Là"]
    assert names(client, "bbox=2.39,48.89,2.41,48.90") == ["Là"]
    assert names(client, "q=ici") == ["Ici"]


def test_search_leaves_closed_sources_out(client: Client, source: Source) -> None:
    rich.place(source, name="Ouvert")
    rich.place(make.SourceFactory.create(slug="hub", licence=Licence.ODBL), name="Fermé")
    assert names(client, "departement=93") == ["Ouvert"]


def test_search_by_facet_keeps_only_what_is_sure(client: Client, source: Source) -> None:
    free, silent = rich.place(source, name="Gratuit"), rich.place(source, name="Muet")
    service = make.ServiceFactory(place=free)
    make.ServiceTermFactory(service=service, term=rich.term(Vocabulary.COST, "gratuit"))
    assert names(client, "prix=gratuit") == ["Gratuit"]
    assert silent.pk


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("besoin=inconnu", "besoin"),
        ("rayon=7", "rayon"),
        ("bbox=1,2", "bbox"),
        ("ou=zzzzzz", "ou"),
        ("lat=48.9", "lon"),
        ("jour=lundi", "heure"),
        ("couleur=bleu", "couleur"),
        ("ou=Pantin&ou=Lyon", "ou"),
    ],
)
def test_unreadable_search_is_refused(query: str, parameter: str, client: Client) -> None:
    answer = client.get(f"{CSV}?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert parameter in {error["parameter"] for error in json.loads(answer.content)["errors"]}
    assert "ETag" not in answer


@pytest.mark.parametrize("query", ["page=2", "tri=nom", "carnet=1,2", "ou="])
def test_parameter_that_chooses_no_place_gives_the_whole_file(
    query: str, client: Client, source: Source
) -> None:
    rich.place(source)
    assert body(client.get(f"{CSV}?{query}")) == reading.written("lieux.csv")


def test_results_page_downloads_what_it_shows(client: Client, source: Source) -> None:
    rich.place(source, name="Médiathèque du canal", latitude=49.0, longitude=2.36)
    page = client.get("/recherche/?ou=Saint-Denis&rayon=5&q=mediateque").content.decode()
    [url] = re.findall(r'href="(/donnees/lieux-tous\.xlsx[^"]*)"', page)
    answer = client.get(url.replace("&amp;", "&").replace("-tous.xlsx", ".csv"))
    assert "Médiathèque du canal" in body(answer).decode()


def test_results_page_without_a_place_offers_no_download(client: Client) -> None:
    assert "/donnees/lieux" not in client.get("/recherche/?ou=Saint-Denis").content.decode()


# --- Sent again, or not ---------------------------------------------------------------------------


@pytest.mark.parametrize("url", [CSV, f"{CSV}?departement=93", "/donnees/lieux.xlsx"])
@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
def test_unchanged_file_is_not_sent_again(
    url: str, header: str, client: Client, source: Source
) -> None:
    rich.place(source)
    asked = {"ETag": "if-none-match", "Last-Modified": "if-modified-since"}[header]
    first = client.get(url)
    again = client.get(url, headers={asked: first[header]})
    assert again.status_code == 304
    assert again["ETag"] == first["ETag"]
    assert again["Access-Control-Allow-Origin"] == "*"


def changes(source: Source) -> dict[str, Any]:
    """Ways to change what is exported."""
    place = rich.place(source)
    return {
        "place": lambda: type(place).objects.update(name="Autre nom"),
        "licence": lambda: Source.objects.update(licence=Licence.UNKNOWN),
        "service": lambda: make.ServiceFactory(place=place),
        "closure": lambda: make.ClosureFactory(place=place),
    }


@pytest.mark.parametrize("change", ["place", "licence", "service", "closure"])
def test_changed_file_is_sent_again(change: str, client: Client, source: Source) -> None:
    change_it = changes(source)[change]
    etag = client.get(CSV)["ETag"]
    change_it()
    assert client.get(CSV, headers={"if-none-match": etag}).status_code == 200


def test_state_outlives_the_log(source: Source) -> None:
    rich.place(source)
    before = state.current()
    Change.objects.all().delete()
    pruned = state.current()
    rich.place(source)
    Change.objects.all().delete()
    assert len({before.version, pruned.version, state.current().version}) == 3
    # What was deleted is older than a day: nothing changed since some midnight after that.
    assert timezone.now() - KEEP <= pruned.changed_at <= timezone.now()


def test_compressed_file_is_the_same_and_not_sent_again(client: Client, source: Source) -> None:
    rich.place(source, description="mot " * 400)
    first: Any = client.get(CSV, headers={"accept-encoding": "gzip"})
    assert first["Content-Encoding"] == "gzip"
    assert first["ETag"].startswith('W/"')
    assert gzip.decompress(body(first)) == reading.written("lieux.csv")
    again = client.get(CSV, headers={"accept-encoding": "gzip", "if-none-match": first["ETag"]})
    assert again.status_code == 304
