"""Importing a list in the admin: sent, read, written, with a mouse, a keyboard and a thumb.

SCREENSHOTS=1 keeps what each page looks like in var/screenshots/.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from directory.models import ImportRun, Place
from directory.models.import_runs import RunMode, RunState
from tests.accounts import national
from tests.browser.conftest import DESKTOP, PHONE, Watch
from tests.browser.staff import enter
from tests.imports.lists import ready, text_of

pytestmark = pytest.mark.django_db(transaction=True)

VIEWPORTS = {"360": PHONE, "1280": DESKTOP}
LONG = "Un nom de lieu aussi long que les producteurs savent en écrire, et même un peu plus"


@pytest.fixture(autouse=True)
def _directory(transactional_db: None, tmp_path: Path, settings: Any) -> None:
    settings.IMPORTS_DIR = tmp_path / "imports"
    # The server reads and writes the list while it answers, on a machine that may be busy.
    expect.set_options(timeout=20_000)
    ready()


@pytest.fixture
def assert_accessible(
    assert_accessible: Callable[[Page], None], watch: Watch
) -> Callable[[Page], None]:
    """As everywhere, less what axe itself does to read the admin's sheets, which import others."""

    def check(page: Page) -> None:
        breaches, errors = list(watch.breaches), list(watch.errors)
        assert_accessible(page)
        page.wait_for_timeout(100)
        watch.breaches[:], watch.errors[:] = breaches, errors

    return check


@pytest.fixture(params=VIEWPORTS)
def moderator(
    open_page: Callable[..., Page], request: pytest.FixtureRequest, live_server: LiveServer
) -> Page:
    """Somebody signed in, with a telephone, then with a computer."""
    return signed_in(open_page(viewport=VIEWPORTS[request.param]), live_server.url)


def signed_in(page: Page, site: str) -> Page:
    """Open the page that sends a list."""
    enter(page, site, national("imports"))
    page.goto("/admin/directory/importrun/add/")
    expect(page.get_by_role("heading", name="Importer une liste de lieux")).to_be_visible()
    page.wait_for_load_state()
    return page


def a_list(content: str = "") -> FilePayload:
    """A list as a person chooses it: 60 places, one of which has no name."""
    rows: Any = ({"id": f"l{n}", "nom": f"{LONG} {n}" if n else ""} for n in range(61))
    text = content or text_of(*rows)
    return {"name": "liste_20240801.csv", "mimeType": "text/csv", "buffer": text.encode()}


def keep(page: Page, name: str) -> None:
    """Keep a picture of the whole page when asked."""
    if os.environ.get("SCREENSHOTS") == "1":
        width = page.viewport_size["width"] if page.viewport_size else 0
        folder = Path("var") / "screenshots"
        page.screenshot(path=folder / f"import-{name}-{width}.png", full_page=True)


def test_a_list_is_sent_read_and_written(
    moderator: Page,
    assert_accessible: Callable[[Page], None],
    assert_no_sideways_scroll: Callable[[Page], None],
) -> None:
    def check(name: str) -> None:
        keep(moderator, name)
        assert_accessible(moderator)
        assert_no_sideways_scroll(moderator)

    check("send")
    moderator.get_by_label("Liste de lieux").set_input_files(a_list("a,b\n1,2\n"))
    moderator.get_by_role("button", name="Voir ce qui changerait").click()
    expect(moderator.get_by_text("Choisissez une source, ou nommez-en une")).to_be_visible()
    moderator.get_by_label("Identifiant de la nouvelle source").fill("ma-liste")
    moderator.get_by_label("Liste de lieux").set_input_files(a_list("a,b\n1,2\n"))
    moderator.get_by_role("button", name="Voir ce qui changerait").click()
    expect(moderator.get_by_text("Ce fichier ne suit pas le")).to_be_visible()
    check("refused")
    moderator.get_by_label("Liste de lieux").set_input_files(a_list())
    moderator.get_by_role("button", name="Voir ce qui changerait").click()
    expect(moderator.get_by_role("heading", name="Ce qui changerait")).to_be_visible()
    assert not Place.objects.exists()
    check("preview")
    moderator.get_by_role("link", name="Lignes rejetées (1)").click()
    expect(moderator.get_by_role("cell", name="nom absent")).to_be_visible()
    moderator.get_by_label("J’ai lu l’aperçu.").check()
    moderator.get_by_role("button", name="Écrire").click()
    expect(moderator.get_by_role("heading", name="Ce qui a changé")).to_be_visible()
    check("done")
    assert Place.objects.count() == 60
    moderator.goto("/admin/directory/importrun/")
    expect(moderator.get_by_role("link", name="ma-liste", exact=True).first).to_be_visible()


def test_an_import_is_written_with_the_keyboard_and_without_javascript(
    no_js: Page, live_server: LiveServer
) -> None:
    page = signed_in(no_js, live_server.url)
    page.get_by_label("Identifiant de la nouvelle source").press_sequentially("ma-liste")
    page.get_by_label("Liste de lieux").set_input_files(a_list())
    page.get_by_label("Liste de lieux").press("Enter")
    if not page.get_by_role("heading", name="Ce qui changerait").is_visible():
        page.get_by_role("button", name="Voir ce qui changerait").press("Enter")
    expect(page.get_by_role("heading", name="Ce qui changerait")).to_be_visible()
    page.get_by_label("Ligne par ligne").press("Space")
    page.get_by_label("J’ai lu l’aperçu.").press("Space")
    page.get_by_role("button", name="Écrire").press("Enter")
    expect(page.get_by_role("heading", name="Ce qui a changé")).to_be_visible()
    assert ImportRun.objects.get().mode == "row"


def test_the_page_follows_an_import_by_itself(
    moderator: Page, assert_accessible: Callable[[Page], None]
) -> None:
    run = ImportRun.objects.create(
        source="ma-liste", file_name="liste.csv", state=RunState.READING, total=60
    )
    moderator.goto(f"/admin/directory/importrun/{run.pk}/change/")
    expect(moderator.get_by_role("progressbar", name="Lecture en cours")).to_be_visible()
    keep(moderator, "reading")
    assert_accessible(moderator)
    ImportRun.objects.update(state=RunState.APPLYING, mode=RunMode.RUN)
    expect(moderator.get_by_role("progressbar", name="Écriture en cours")).to_be_visible(
        timeout=15_000
    )
    expect(moderator.get_by_text("Lecture en cours")).to_have_count(0)
    ImportRun.objects.update(state=RunState.FAILED, error="la cellule B9 contient une formule.")
    expect(moderator.get_by_text("la cellule B9 contient")).to_be_visible(timeout=15_000)
