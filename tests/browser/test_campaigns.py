"""From a moderator's campaign to the place's own correction, in a browser, without an account."""

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

from directory.models import Campaign, ConfirmationRequest, Place
from directory.moderation.campaigns import sending
from tests.accounts import PASSWORD, code, install_codes, national
from tests.browser import places
from tests.browser.conftest import DESKTOP, PHONE, Watch
from tests.campaigns.mailing import stop_address, token_of

pytestmark = pytest.mark.django_db(transaction=True)

VIEWS: dict[str, dict[str, Any]] = {
    "320": {"viewport": {"width": 320, "height": 640}},
    "360": {"viewport": PHONE},
    "1280": {"viewport": DESKTOP},
    "without-javascript": {"viewport": PHONE, "java_script_enabled": False},
}
Look = Callable[[Page, str], None]


@pytest.fixture(params=VIEWS)
def view(request: pytest.FixtureRequest, transactional_db: None) -> dict[str, Any]:
    """A width, with or without JavaScript."""
    cache.clear()
    return VIEWS[request.param]


@pytest.fixture
def look(assert_accessible: Any, assert_no_sideways_scroll: Any, view: dict[str, Any]) -> Look:
    """Check a page, and keep its picture when SCREENSHOTS=1."""

    def checked(page: Page, name: str) -> None:
        if not view.get("java_script_enabled", True):
            return  # axe is a script
        page.wait_for_load_state()
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        if os.environ.get("SCREENSHOTS") == "1":
            folder = Path(settings.VAR_DIR) / "screenshots"
            width = view["viewport"]["width"]
            page.screenshot(
                path=folder / f"campaign-{name}-{width}.png", full_page=True, caret="initial"
            )

    return checked


def enter(page: Page) -> None:
    """Sign in by hand."""
    chief = national()
    install_codes(chief)
    page.goto("/admin/")
    page.get_by_label("Adresse électronique ou identifiant").fill(chief.username)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Code à 6 chiffres").fill(code())
    page.get_by_role("button", name="Se connecter").click()
    expect(page).to_have_url(re.compile(r"/admin/$"))


TITLES = {
    "again": "C’est demandé",
    "form": "Corriger votre fiche",
    "ask": "Votre fiche est-elle juste\u00a0?",
    "corrected": "Merci, votre fiche est corrigée",
    "used": "Ce lien a déjà servi",
    "confirmed": "Merci, votre fiche est confirmée",
    "stopped": "Nous ne vous écrirons plus",
}


def expect_title(page: Page, name: str) -> None:
    """Check what the page's title says."""
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[name])


def send(office: Page, look: Look) -> str:
    """Write a campaign, read it, launch it; return the e-mail."""
    enter(office)
    office.goto("/admin/directory/campaign/add/")
    office.get_by_label("Nom").fill("Printemps")
    office.get_by_label("Votre mot").fill("Nous préparons le guide de l’été.")
    office.get_by_role("button", name="Enregistrer", exact=True).first.click()
    expect(office.get_by_text("accueil@centre.example").first).to_be_visible()
    look(office, "preview")
    office.get_by_role("button", name="Envoyer 1 message").click()
    expect(office.get_by_text("1 message va partir.")).to_be_visible()
    sending.run(0.0)
    office.reload()
    look(office, "progress")
    return str(mail.outbox[-1].body)


def correct(visitor: Page, link: str, look: Look) -> None:
    """Correct the telephone and the hours, the first time wrongly."""
    visitor.goto(link)
    expect_title(visitor, "ask")
    look(visitor, "ask")
    visitor.get_by_role("button", name="Non, je corrige").click()
    expect_title(visitor, "form")
    look(visitor, "form")
    visitor.get_by_label("Téléphone du lieu").fill("12")
    visitor.get_by_role("button", name="Envoyer").click()
    expect(visitor.get_by_role("alert")).to_contain_text("10 chiffres")
    look(visitor, "form-error")
    visitor.get_by_label("Téléphone du lieu").fill("01 99 00 77 77")
    visitor.get_by_label("Samedi").fill("9h-12h")
    visitor.get_by_role("button", name="Envoyer").click()
    expect_title(visitor, "corrected")
    look(visitor, "done")


def confirm_by_another_link(visitor: Page, link: str, look: Look) -> None:
    """Ask a link again, since the first one has served; confirm by one click."""
    visitor.goto(link)
    expect_title(visitor, "used")
    look(visitor, "closed")
    visitor.get_by_role("button", name="Envoyer un nouveau lien").click()
    expect_title(visitor, "again")
    look(visitor, "again")
    sending.run(0.0)
    visitor.goto(f"/mon-lieu/{token_of(str(mail.outbox[-1].body))}/")
    visitor.get_by_role("button", name="Oui, tout est juste").click()
    expect_title(visitor, "confirmed")


def refuse(visitor: Page, address: str, look: Look) -> None:
    """Refuse e-mails."""
    visitor.goto(address)
    look(visitor, "stop")
    visitor.get_by_role("button", name="Ne plus nous écrire").click()
    expect_title(visitor, "stopped")
    look(visitor, "stopped")


def test_place_answers_a_campaign_by_itself(
    open_page: Callable[..., Page], view: dict[str, Any], look: Look, watch: Watch
) -> None:
    world = places.build(3)
    Place.objects.update(emails=[], verified_on=None, verification_method="")
    Place.objects.filter(pk=world.centre.pk).update(emails=["accueil@centre.example"])
    watch.expect_error("410")
    watch.expect_error("400")
    body = send(open_page(**view), look)
    visitor, link = open_page(**view), f"/mon-lieu/{token_of(body)}/"
    correct(visitor, link, look)
    confirm_by_another_link(visitor, link, look)
    refuse(visitor, stop_address(body), look)
    visitor.goto(world.centre.get_absolute_url())
    expect(visitor.get_by_text("Vérifié par le lieu lui-même le")).to_be_visible()
    expect(visitor.get_by_text("01\u00a099\u00a000\u00a077\u00a077").first).to_be_visible()
    assert visitor.context.cookies() == []
    assert Campaign.objects.get().state == "done"
    assert ConfirmationRequest.objects.count() == 2
