"""The merge page in a browser: two widths, axe, the keyboard alone, without JavaScript.

SCREENSHOTS=1 keeps what it looks like in var/screenshots/.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from directory.exchange import locks
from directory.models import DuplicateCandidate, Place
from directory.vocabularies.duplicates import DuplicateReason, DuplicateStatus
from tests.browser.conftest import DESKTOP, PHONE
from tests.duplicates.twins import OTHER_PHONE, moderator, pair_of, place_of
from tests.factories import ServiceFactory, StopFactory, TermFactory

pytestmark = pytest.mark.django_db(transaction=True)

SMALLEST = 24
"""CSS pixels: the smallest side of a target (WCAG 2.2, 2.5.8)."""


@pytest.fixture
def pair() -> DuplicateCandidate:
    """Two records that differ in many ways."""
    first = place_of("une-liste", name="France services", opening_hours="Mo-Fr 09:00-12:00")
    second = place_of(
        "autre-liste",
        name="Communauté de communes du Canal de l’Ourcq et des Rives de la Marne",
        phone=OTHER_PHONE,
        websites=["https://www.communaute-de-communes-du-canal.example/nos-services/numerique/"],
        summary="Un accueil au rez-de-chaussée.\nSonnez à la porte bleue.",
    )
    locks.lock(second, ["phone"])
    second.terms.set([TermFactory.create()])
    ServiceFactory.create(place=first, needs=["ameli"])
    StopFactory.create(place=second)
    return pair_of(first, second, reasons=[DuplicateReason.SAME_ADDRESS])


@pytest.fixture
def sign_in(live_server: LiveServer, client: Client) -> Callable[[Page, DuplicateCandidate], None]:
    """Open the merge page of a pair as a moderator."""

    def signed(page: Page, pair: DuplicateCandidate) -> None:
        cookie = moderator(client).cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
        )
        page.goto(reverse("admin:directory_duplicatecandidate_change", args=[pair.pk]))

    return signed


@pytest.fixture(params=[PHONE, DESKTOP], ids=["360", "1280"])
def shown(
    request: pytest.FixtureRequest,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, DuplicateCandidate], None],
    pair: DuplicateCandidate,
) -> Page:
    """The merge page with all its parts open, on a telephone then on a computer."""
    page = open_page(viewport=request.param)
    sign_in(page, pair)
    page.locator("summary").last.click()
    if os.environ.get("SCREENSHOTS") == "1":
        folder = Path(settings.BASE_DIR) / "var" / "screenshots"
        page.screenshot(path=folder / f"merge-{request.param['width']}.png", full_page=True)
    return page


def test_the_merge_page_is_readable_and_faultless(
    shown: Page,
    assert_accessible: Callable[[Page], None],
    assert_no_sideways_scroll: Callable[[Page], None],
) -> None:
    assert_no_sideways_scroll(shown)
    for target in shown.locator(".merge-option input, .merge-buttons button").all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= SMALLEST
    assert_accessible(shown)


def test_two_records_are_merged_with_the_keyboard_alone(
    page: Page, sign_in: Callable[[Page, DuplicateCandidate], None], pair: DuplicateCandidate
) -> None:
    sign_in(page, pair)
    page.locator("#kept-first").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#kept-second")).to_be_checked()
    page.locator("#name-first, #name-second").and_(page.locator(":checked")).focus()
    page.keyboard.press("ArrowDown")
    wanted = page.locator("[name=name]:checked").get_attribute("value")
    while page.evaluate("document.activeElement.name") != "merge":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Les deux fiches n’en font plus qu’une")).to_be_visible()
    place = Place.objects.get()
    assert place.pk == pair.second_id
    assert (place.name == "France services") == (wanted == "first")


def test_two_places_are_told_apart_without_javascript(
    no_js: Page, sign_in: Callable[[Page, DuplicateCandidate], None], pair: DuplicateCandidate
) -> None:
    sign_in(no_js, pair)
    no_js.get_by_role("button", name="Ce sont deux lieux différents").click()
    expect(no_js.get_by_text("C’est noté")).to_be_visible()
    pair.refresh_from_db()
    assert pair.status == DuplicateStatus.DIFFERENT
