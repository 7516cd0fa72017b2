"""Wrong hours: a citizen says so, a moderator accepts, all follows; no import undoes it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from directory.models import Contribution, FieldProvenance, Place
from directory.moderation.contributions import guard
from tests.accounts import national, sign_in
from tests.browser import places
from tests.browser.conftest import DESKTOP, PHONE, Watch
from tests.browser.places import PAGES
from tests.imports.lists import load, write

pytestmark = pytest.mark.django_db(transaction=True)

HOURS = "Mo-Fr 09:00-12:00"
ALWAYS = "0h-24h"
CLICKS_MAX = 3


class Clicks:
    """Counts the clicks of a moderator."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, target: Any) -> None:
        """Click."""
        target.click()
        self.count += 1


@pytest.fixture
def moderator(open_page: Callable[..., Page], live_server: Any) -> Page:
    """A moderator, signed in with a code."""
    page = open_page(viewport=DESKTOP)
    client = sign_in(Client(), national())
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": live_server.url, "httpOnly": True}]
    )
    return page


def keep(page: Page, name: str) -> None:
    """Keep a picture of the page when asked."""
    if folder := os.environ.get("PICTURES"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def citizen(open_page: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    """A citizen with a small telephone."""
    return open_page(viewport=PHONE, java_script_enabled=request.param)


def test_wrong_hours_go_from_the_citizen_to_the_page_and_stay(
    citizen: Page, moderator: Page, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(guard, "FASTEST", 0.0)
    places.build(1)
    Contribution.objects.all().delete()
    row = {"nom": "Le relais", "code_insee": "23096", "commune": "Guéret", "code_postal": "23000",
           "latitude": "46.17", "longitude": "1.87", "horaires": HOURS}  # fmt: skip
    load(write(tmp_path, row))
    place = Place.objects.get(name="Le relais")
    assert place.opening_hours == HOURS

    # The citizen.
    citizen.goto(place.get_absolute_url())
    citizen.get_by_role("link", name="Corriger cette fiche").click()
    citizen.get_by_role("link", name="Les horaires sont faux").click()
    for day in ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"):
        citizen.get_by_label(day).fill(ALWAYS)
    citizen.get_by_role("button", name="Envoyer").click()
    expect(citizen.get_by_role("heading", level=1)).to_contain_text("Merci")
    receipt = citizen.url

    # The moderator.
    moderator.goto("/admin/directory/contribution/")
    keep(moderator, "contributions")
    click = Clicks()
    click(moderator.locator("#result_list tbody th a").first)
    keep(moderator, "decide")
    click(moderator.get_by_role("button", name="Accepter"))
    expect(moderator.locator(".messagelist")).to_contain_text("acceptée")
    assert click.count <= CLICKS_MAX

    # What everyone sees.
    citizen.goto(receipt)
    expect(citizen.get_by_role("heading", level=1)).to_contain_text("C’est corrigé")
    citizen.goto(place.get_absolute_url())
    expect(citizen.get_by_text("Ouvert maintenant").first).to_be_visible()
    expect(citizen.get_by_text("grâce à un contributeur")).to_contain_text("les horaires")
    citizen.goto("/recherche/?ou=Gu%C3%A9ret&acces=maintenant")
    expect(citizen.get_by_role("heading", level=3, name="Le relais")).to_be_visible()
    known = FieldProvenance.objects.get(place=place, field="opening_hours")
    assert (known.is_locked, known.credit) == (True, "contributor")

    # The producer's file, read again, changed.
    load(write(tmp_path, row | {"horaires": "Tu 09:00-12:00", "telephone": "+33199005678"}))
    place.refresh_from_db()
    assert place.opening_hours.endswith("00:00-24:00")
    assert place.phone == "+33199005678"
    known.refresh_from_db()
    assert (known.proposal, known.credit) == ("Tu 09:00-12:00", "contributor")
    citizen.goto(place.get_absolute_url())
    expect(citizen.get_by_text("Ouvert maintenant").first).to_be_visible()


def test_page_of_a_decision_is_accessible_and_fits(
    moderator: Page,
    assert_accessible: Callable[[Page], None],
    assert_no_sideways_scroll: Callable[[Page], None],
) -> None:
    places.build(1)
    moderator.goto(f"/admin/directory/contribution/{Contribution.objects.get().pk}/change/")
    for width in (1280, 360):
        moderator.set_viewport_size({"width": width, "height": 900})
        keep(moderator, "decision")
        assert_accessible(moderator)
        assert_no_sideways_scroll(moderator)


PUBLIC = ("report", "report-form", "report-hours", "propose", "follow-up", "ranking", "place")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_pages_of_a_contribution_are_accessible_and_fit(
    open_page: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    assert_no_sideways_scroll: Callable[[Page], None],
    width: int,
) -> None:
    places.build(1)
    page = open_page(viewport={"width": width, "height": 740})
    for name in PUBLIC:
        page.goto(PAGES[name])
        keep(page, name)
        assert_accessible(page)
        assert_no_sideways_scroll(page)


def test_what_is_asked_again_is_accessible_and_fits(
    open_page: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    assert_no_sideways_scroll: Callable[[Page], None],
    monkeypatch: pytest.MonkeyPatch,
    watch: Watch,
) -> None:
    monkeypatch.setattr(guard, "FASTEST", 0.0)
    watch.expect_error("400")
    watch.expect_error("429")
    none = {"address": 0, "everyone": 0}
    monkeypatch.setattr(settings, "CONTRIBUTIONS_PER_HOUR", none)
    places.build(1)
    page = open_page(viewport={"width": 320, "height": 740})
    for name, typed in {
        "refused": {"phone": "12", "commune": "Saint-Denis", "message": "06 39 98 00 01"},
        "too-many": {"name": "Un autre nom"},
    }.items():
        page.goto(PAGES["report-form"])
        for field, value in typed.items():
            page.locator(f"#id_{field}").fill(value)
        page.get_by_role("button", name="Envoyer").click()
        expect(page.get_by_role("alert")).to_be_visible()
        keep(page, name)
        assert_accessible(page)
        assert_no_sideways_scroll(page)
