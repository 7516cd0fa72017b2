"""The whole site without a mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from directory.moderation.contributions import guard
from tests.browser import places
from tests.browser.conftest import Watch
from tests.browser.places import PAGES

pytestmark = pytest.mark.django_db(transaction=True)

MAX_STEPS = 150
"""More than the stops of the longest page: a page that never ends is a trap."""

# What the focused element shows of it: an outline or a shadow, its own or its tile's.
FOCUS = """
async () => {
    // The browser scrolls to what it focuses in the next frame.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const it = document.activeElement;
    const shown = [it, ...(it.labels || [])].some((part) => {
        const style = getComputedStyle(part);
        const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        return outlined || style.boxShadow !== 'none';
    });
    const box = it.getBoundingClientRect();
    return {
        tag: it.tagName,
        told: it.outerHTML.slice(0, 100),
        shown,
        inside: box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight,
    };
}
"""


@pytest.fixture
def reader(open_page: Callable[..., Page], watch: Watch) -> Page:
    """Someone with a keyboard only, who wants no animation, in a full directory."""
    places.build()
    for status in ("404", "400"):
        watch.expect_error(status)
    return open_page(reduced_motion="reduce")


def test_first_stop_of_every_page_skips_to_its_content(reader: Page) -> None:
    wrong = []
    for name, url in PAGES.items():
        reader.goto(url)
        reader.keyboard.press("Tab")
        link = reader.locator(":focus")
        if link.get_attribute("href") != "#contenu" or not link.is_visible():
            wrong.append(name)
    assert wrong == []


def test_skipping_leads_into_the_content(reader: Page) -> None:
    reader.goto(PAGES["results"])
    reader.keyboard.press("Tab")
    expect(reader.get_by_role("link", name="Aller au contenu")).to_be_in_viewport()
    reader.keyboard.press("Enter")
    reader.keyboard.press("Tab")
    assert reader.evaluate("document.activeElement.closest('main') !== null")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(MAX_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is never reached with Tab")


def test_search_is_done_with_the_keyboard_alone(reader: Page) -> None:
    reader.goto("/")
    tab_to(reader, "input[name=besoin]")
    reader.keyboard.press("ArrowDown")
    chosen = reader.evaluate("document.activeElement.value")
    assert chosen
    tab_to(reader, "#id_ou")
    reader.keyboard.type("Guéret")
    tab_to(reader, "main button[type=submit]")
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Guéret (Creuse)")
    assert f"besoin={chosen}" in reader.url


def test_place_is_opened_and_reported_with_the_keyboard_alone(
    reader: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "FASTEST", 0.0)
    reader.goto("/recherche/?ou=Gu%C3%A9ret")
    tab_to(reader, "h3 a")
    reader.keyboard.press("Enter")
    reader.wait_for_url("**/lieux/**")
    tab_to(reader, "a[href^='tel:']")
    tab_to(reader, "a[href$='/signaler/']")
    reader.keyboard.press("Enter")
    reader.wait_for_url("**/signaler/")
    tab_to(reader, "a[href='?quoi=horaires']")
    reader.keyboard.press("Enter")
    reader.wait_for_url("**quoi=horaires")
    tab_to(reader, "#id_horaires_Mo")
    reader.keyboard.type("fermé")
    tab_to(reader, "main .panel button[type=submit]")
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Merci")


def test_folded_form_opens_with_the_keyboard(reader: Page) -> None:
    reader.goto(PAGES["results"])
    tab_to(reader, "summary")
    reader.keyboard.press("Enter")
    expect(reader.locator("#id_ou")).to_be_visible()


@pytest.mark.parametrize("name", ["home", "results", "place", "report-form", "actors", "actor"])
def test_focus_is_always_seen_and_never_trapped(reader: Page, name: str) -> None:
    reader.goto(PAGES[name])
    stops = []
    for _ in range(MAX_STEPS):
        reader.keyboard.press("Tab")
        stop = reader.evaluate(FOCUS)
        if stop["tag"] == "BODY":
            break
        stops.append(stop)
    assert [stop["told"] for stop in stops if not stop["shown"]] == []
    assert [stop["told"] for stop in stops if not stop["inside"]] == []
    assert 5 < len(stops) < MAX_STEPS


def test_trap_for_robots_is_never_reached(reader: Page) -> None:
    reader.goto(PAGES["report-hours"])
    for _ in range(40):
        reader.keyboard.press("Tab")
        assert reader.evaluate("document.activeElement.name") != "website"
