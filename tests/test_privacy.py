"""What a person searches stays theirs: no cookie, no third party, no trace, nothing written."""

import logging
import re
import runpy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.browser import places
from tests.browser.places import FORMS, PAGES
from tests.contributions.sending import ticket

pytestmark = pytest.mark.django_db

READING = {name: url for name, url in PAGES.items() if name not in FORMS}
WRITES = re.compile(r"\s*(?i:INSERT|UPDATE|DELETE|REPLACE|ALTER|CREATE|DROP|TRUNCATE)\b")
# A browser asks for these by itself; a link is only followed by a person.
ASKED = re.compile(
    r"<(?:link|script|img|iframe|source|video|audio|use|object|embed|form|input)\b[^>]*?"
    r"\s(?:src|href|srcset|action|data|poster)=[\"']?((?:https?:)?//[^\"'\s>]+)",
    re.IGNORECASE,
)
# gunicorn's atoms that say neither who asked nor what: method, path, status, size, time.
NAMELESS = set("tmUsbBMDLTpH")
SECRET = "Villesecrete"


@pytest.fixture(scope="module")
def answers(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> dict[str, Any]:
    """The answer of every reading page, each to a visitor without cookies."""
    with django_db_blocker.unblock(), transaction.atomic():
        places.build()
        found = {name: Client().get(url) for name, url in READING.items()}
        transaction.set_rollback(True)
    return found


def test_no_reading_page_poses_a_cookie(answers: dict[str, Any]) -> None:
    posing = {name: answer.cookies.keys() for name, answer in answers.items() if answer.cookies}
    assert posing == {}


def test_no_reading_page_depends_on_a_cookie(answers: dict[str, Any]) -> None:
    assert [n for n, answer in answers.items() if "Cookie" in answer.get("Vary", "")] == []


def test_no_reading_page_asks_another_site_for_anything(answers: dict[str, Any]) -> None:
    asking = {name: ASKED.findall(answer.content.decode()) for name, answer in answers.items()}
    assert {name: found for name, found in asking.items() if found} == {}


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://tiers.example/x.js">',
        "<link rel=stylesheet href=//tiers.example/x.css>",
        '<img alt="" src="http://tiers.example/x.png">',
        '<form method="post" action="https://tiers.example/">',
    ],
)
def test_request_to_another_site_is_seen(html: str) -> None:
    assert ASKED.search(html)


def test_no_page_writes_in_the_database() -> None:
    places.build()
    written: list[str] = []

    def record(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if WRITES.match(sql):
            written.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(record):
        for url in PAGES.values():
            Client().get(url)
    assert written == []


def test_report_is_the_only_page_that_writes() -> None:
    places.build()
    written: list[str] = []

    def record(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        written.extend(re.findall(r"^INSERT INTO \W?(\w+)", sql))
        return execute(sql, *arguments)

    with connection.execute_wrapper(record):
        Client().post(PAGES["report"], {"quoi": "ferme", "ticket": ticket()})
    # The cache counts what comes from an address, without the address.
    assert set(written) == {"directory_contribution", "shared_cache"}


# --- Logs -----------------------------------------------------------------------------------------


class Kept(logging.Handler):
    """Keeps what a log would write, traceback included."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[Kept]:
    """Listen to what the site writes in its logs, down to the smallest warning."""
    kept = Kept()
    requests = logging.getLogger("django.request")
    level = requests.level
    requests.setLevel(logging.DEBUG)
    for logger in (logging.getLogger(), requests):
        logger.addHandler(kept)
    yield kept
    requests.setLevel(level)
    for logger in (logging.getLogger(), requests):
        logger.removeHandler(kept)


def test_failure_is_logged_without_what_was_searched(
    log: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any) -> None:
        raise RuntimeError("panne")

    monkeypatch.setattr("directory.views.search.finder.find", fail)
    client = Client(raise_request_exception=False)
    assert client.get("/recherche/", {"ou": SECRET}).status_code == 500
    written = "\n".join(log.lines)
    assert "/recherche/" in written
    assert SECRET not in written


def test_missing_page_is_logged_without_what_was_searched(log: Kept) -> None:
    places.build()
    Client().get("/cette-page-manque/", {"ou": SECRET})
    Client().get("/recherche/", {"ou": "Guéret", "q": SECRET, "page": "9999"})
    written = "\n".join(log.lines)
    assert "/cette-page-manque/" in written
    assert SECRET not in written


def test_address_given_with_its_query_to_the_request_log_loses_it(log: Kept) -> None:
    logging.getLogger("django.request").error("Broken: %s", f"/recherche/?ou={SECRET}")
    assert log.lines == ["Broken: /recherche/"]


def test_access_log_names_neither_the_reader_nor_the_search() -> None:
    server = runpy.run_path(str(settings.BASE_DIR / "mediation" / "gunicorn.py"))
    atoms = set(re.findall(r"%\(([^)]+)\)s", server["access_log_format"]))
    assert atoms
    assert atoms <= NAMELESS


def test_access_log_is_not_kept_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACCESS_LOG", raising=False)
    server = runpy.run_path(str(settings.BASE_DIR / "mediation" / "gunicorn.py"))
    assert server["accesslog"] is None


def test_search_is_kept_by_no_table() -> None:
    places.build()
    Client().get("/recherche/", {"ou": SECRET, "q": SECRET})
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            assert SECRET not in str(cursor.fetchall()), table


def test_server_writes_of_a_request_that_fails_without_what_was_searched(
    caplog: pytest.LogCaptureFixture,
) -> None:
    config = runpy.run_path(str(settings.BASE_DIR / "mediation/gunicorn.py"))
    config["on_starting"](None)
    logger = logging.getLogger("gunicorn.error")
    try:
        # What gunicorn's workers write of an exception that escapes the application.
        logger.error("Error handling request %s", "/recherche/?ou=Gueret")
    finally:
        logger.filters.clear()
    assert caplog.messages == ["Error handling request /recherche/"]
