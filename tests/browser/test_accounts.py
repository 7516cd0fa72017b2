"""From the invitation to the moderators' side and out, with and without JavaScript."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import Page, expect

from directory.models import RoleKind
from tests.accounts import PASSWORD, code, install_codes, national
from tests.browser.conftest import DESKTOP, PHONE, Watch

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "normandie@annuaire.example"
CHOSEN = "trois chevaux gris"
VIEWS: dict[str, dict[str, Any]] = {
    "360": {"viewport": PHONE},
    "1280": {"viewport": DESKTOP},
    "without-javascript": {"viewport": PHONE, "java_script_enabled": False},
}
Check = Callable[[Page], None]


@pytest.fixture(autouse=True)
def nothing_counted(transactional_db: None) -> None:
    """Attempts of other tests are in a table that is no model's."""
    cache.clear()


@pytest.fixture(params=VIEWS)
def browser_page(open_page: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    """A browser's page, by width and with or without JavaScript."""
    return open_page(**VIEWS[request.param])


@pytest.fixture
def look(
    assert_accessible: Check, assert_no_sideways_scroll: Check, request: pytest.FixtureRequest
) -> Callable[[Page, str], None]:
    """Check a page, and keep its picture when SCREENSHOTS=1."""

    without_javascript = "without-javascript" in request.node.name

    def checked(page: Page, name: str) -> None:
        if without_javascript:
            return  # axe is a script
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        if os.environ.get("SCREENSHOTS") == "1" and page.viewport_size:
            folder = Path(settings.BASE_DIR) / "var" / "screenshots"
            width = page.viewport_size["width"]
            page.screenshot(path=folder / f"account-{name}-{width}.png", full_page=True)

    return checked


def sign_in_by_hand(page: Page, name: str, password: str, shown: str) -> None:
    """Type a password then a code."""
    page.goto("/admin/")
    page.get_by_label("Adresse électronique ou identifiant").fill(name)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Code à 6 chiffres").fill(shown)
    page.get_by_role("button", name="Se connecter").click()


def test_invited_person_opens_an_account_works_and_leaves(
    browser_page: Page, look: Callable[[Page, str], None], open_page: Callable[..., Page]
) -> None:
    chief = national()
    install_codes(chief)
    office = open_page()
    sign_in_by_hand(office, chief.username, PASSWORD, code())
    office.goto("/admin/directory/invitation/add/")
    office.get_by_label("Adresse électronique").fill(EMAIL)
    office.get_by_label("Rôle").select_option(RoleKind.NATIONAL)
    office.get_by_role("button", name="Enregistrer", exact=True).first.click()
    expect(office.get_by_text("ajouté").first).to_be_visible()
    found = re.search(r"(/compte/invitation/\S+)", str(mail.outbox[0].body))
    assert found

    page = browser_page
    page.goto(found[1])
    key = opens_account(page, look)
    page.get_by_role("link", name="Je les ai notés").click()
    expect(page.get_by_role("heading", name="L’annuaire")).to_be_visible()
    leaves(page, look)
    comes_back(page, look, key)


def opens_account(page: Page, look: Callable[[Page, str], None]) -> str:
    """Choose a password and install the application; return its key."""
    look(page, "invitation")
    page.get_by_label("Mot de passe choisi").fill("court")
    page.get_by_label("Le même, une seconde fois").fill("court")
    page.get_by_role("button", name="Ouvrir mon compte").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "invitation-refused")
    page.get_by_label("Mot de passe choisi").fill(CHOSEN)
    page.get_by_label("Le même, une seconde fois").fill(CHOSEN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("application de codes")
    look(page, "install")
    key = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label("Code à 6 chiffres").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "install-refused")
    page.get_by_label("Code à 6 chiffres").fill(code(key))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos codes de secours")
    expect(page.locator(".codes code")).to_have_count(10)
    look(page, "recovery-codes")
    return key


def leaves(page: Page, look: Callable[[Page, str], None]) -> None:
    """See the account's page, then sign out."""
    page.goto("/compte/")
    look(page, "home")
    page.get_by_role("link", name="Changer de mot de passe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Changer de mot de passe")
    look(page, "password")
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")
    look(page, "login")


def comes_back(page: Page, look: Callable[[Page, str], None], key: str) -> None:
    """Sign in again, after a wrong password."""
    page.goto("/admin/")
    page.get_by_label("Adresse électronique ou identifiant").fill(EMAIL)
    page.get_by_label("Mot de passe").fill("faux")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "login-refused")
    page.get_by_label("Mot de passe").fill(CHOSEN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre code")
    look(page, "code")
    # The code of the installation is spent.
    page.get_by_label("Code à 6 chiffres").fill(code(key, 1))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="L’annuaire")).to_be_visible()


def test_dead_links_say_what_to_do(
    browser_page: Page, look: Callable[[Page, str], None], watch: Watch
) -> None:
    watch.expect_error("410")
    browser_page.goto("/compte/invitation/x/")
    look(browser_page, "invitation-dead")
    browser_page.goto("/compte/mot-de-passe/nouveau/1-x/")
    look(browser_page, "password-dead")
    browser_page.goto("/compte/mot-de-passe/oublie/")
    look(browser_page, "password-lost")
