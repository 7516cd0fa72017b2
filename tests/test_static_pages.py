"""Pages about the site, pages for what went wrong, and the one that a supervisor reads."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory
from pytest_django import Settings

from directory.views import errors
from directory.vocabularies.names import Licence
from tests import factories as make
from tests.browser.places import text

pytestmark = pytest.mark.django_db

ABOUT = {
    "legal": "/mentions-legales/",
    "privacy": "/confidentialite/",
    "sources": "/sources/",
    "open_data": "/donnees/",
    "accessibility": "/accessibilite/",
}
WITH_CONTACT = [ABOUT["legal"], ABOUT["privacy"], ABOUT["accessibility"]]
CONTACT = "contact@coup-de-main.example"


# --- About the site -------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ABOUT.values(), ids=ABOUT)
def test_every_page_leads_to_the_pages_about_the_site(client: Client, url: str) -> None:
    home = client.get("/").content.decode()
    assert f'href="{url}"' in home
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("url", WITH_CONTACT)
def test_contact_address_is_given_once_set(client: Client, settings: Settings, url: str) -> None:
    settings.CONTACT_EMAIL = CONTACT
    main = client.get(url).content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    assert f'href="mailto:{CONTACT}"' in main


@pytest.mark.parametrize("url", WITH_CONTACT)
def test_missing_contact_address_is_said_to_be_missing(client: Client, url: str) -> None:
    answer = client.get(url)
    assert "mailto:" not in answer.content.decode()
    assert "à compléter" in text(answer).lower()


def test_legal_page_says_that_the_site_is_not_official(client: Client) -> None:
    said = text(client.get(ABOUT["legal"]))
    assert "n’est pas un site de l’État" in said
    assert "À compléter par la structure qui met ce site en ligne" in said


def test_legal_page_gives_the_emergency_numbers(client: Client) -> None:
    said = text(client.get(ABOUT["legal"]))
    assert [
        number for number in ("15", "112", "114") if not re.search(rf"\b{number}\b", said)
    ] == []


def test_privacy_page_says_what_a_report_keeps(client: Client) -> None:
    said = text(client.get(ABOUT["privacy"]))
    assert "Aucun cookie n’est posé quand vous lisez les pages" in said
    assert "le message, la fiche concernée et la date" in said
    assert "CNIL" in said


def test_accessibility_is_declared_as_not_audited_on_every_page(client: Client) -> None:
    assert "Accessibilité\u00a0: non conforme" in text(client.get("/"))
    said = text(client.get(ABOUT["accessibility"]))
    assert "l’audit n’a pas été réalisé" in said
    assert "Défenseur des droits" in said


def test_every_source_is_named_with_its_licence_and_date(client: Client) -> None:
    make.SourceFactory.create(
        slug="liste",
        name="La liste nationale",
        publisher="Une agence",
        licence=Licence.ODBL,
        attribution="© Une agence",
        vintage_on=date(2026, 10, 15),
        url="https://donnees.example/liste",
    )
    answer = client.get(ABOUT["sources"])
    said = text(answer)
    expected = ["La liste nationale", "Une agence", "ODbL", "© Une agence", "15 octobre 2026"]
    assert [words for words in expected if words not in said] == []
    assert 'href="https://donnees.example/liste"' in answer.content.decode()


def test_sources_of_an_empty_directory_say_so(client: Client) -> None:
    assert "Aucune liste n’est encore chargée" in text(client.get(ABOUT["sources"]))


# --- What went wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/cette-page-manque/", 404),
        ("/lieux/inconnu/", 404),
        ("/acteurs/inconnu/", 404),
        ("/recherche/?ou=%00", 400),
        (f"/recherche/?ou={'a' * 70_000}", 414),
    ],
    ids=["page", "place", "actor", "400", "414"],
)
def test_error_page_offers_a_search_and_the_way_home(client: Client, url: str, status: int) -> None:
    answer = client.get(url)
    html = answer.content.decode()
    assert answer.status_code == status
    assert re.search(r'<form[^>]*action="/recherche/"', html)
    assert 'name="ou"' in html
    assert 'href="/"' in html


def test_refused_visitor_gets_a_page_with_a_search() -> None:
    answer = errors.permission_denied(RequestFactory().get("/"), PermissionError())
    assert answer.status_code == 403
    assert 'name="ou"' in answer.content.decode()


def test_failure_page_needs_neither_context_nor_database(client: Client) -> None:
    def refuse(*arguments: Any) -> Any:
        raise DatabaseError

    with connection.execute_wrapper(refuse):
        answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Ce n’est pas votre faute" in text(answer)
    assert 'href="/"' in answer.content.decode()


def test_failure_of_a_view_shows_the_failure_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any) -> None:
        raise RuntimeError("panne")

    monkeypatch.setattr("directory.views.search.finder.find", fail)
    answer = Client(raise_request_exception=False).get("/recherche/?ou=x")
    assert answer.status_code == 500
    assert "Le site est en panne" in text(answer)
    assert "RuntimeError" not in answer.content.decode()


@pytest.mark.parametrize("url", ["/cette-page-manque/", "/recherche/", "/recherche/?ou=%00"])
def test_error_and_results_pages_are_not_indexed(client: Client, url: str) -> None:
    assert '<meta name="robots" content="noindex">' in client.get(url).content.decode()


@pytest.mark.parametrize("url", ["/", "/acteurs/", "/sources/"])
def test_other_pages_are_indexed(client: Client, url: str) -> None:
    assert "noindex" not in client.get(url).content.decode()


# --- For a supervisor -----------------------------------------------------------------------------


def test_supervisor_learns_that_the_database_answers(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (200, True)


def test_supervisor_learns_that_the_database_is_down(client: Client) -> None:
    def refuse(*arguments: Any) -> Any:
        raise DatabaseError

    with connection.execute_wrapper(refuse):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, False)


def test_state_of_health_is_never_cached(client: Client) -> None:
    assert "no-store" in client.get("/healthz")["Cache-Control"]
