"""The map by keyboard and by ear: everything is reached, named, left, and large enough."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from tests.browser import map_world
from tests.browser.conftest import PHONE, Watch
from tests.browser.map_world import PIXEL, TILES_HOST, URL, MapWorld, marker

pytestmark = pytest.mark.django_db(transaction=True)

MARKERS = ".leaflet-marker-pane button"
LEAST = 44
"""CSS pixels of a side that a finger finds."""


@pytest.fixture
def world(watch: Watch, settings: Settings) -> MapWorld:
    """Places, and tiles that answer."""
    map_world.with_tiles(settings)
    watch.answer(TILES_HOST, "image/png", PIXEL)
    return map_world.build()


@pytest.fixture
def shown(open_page: Callable[..., Page], world: MapWorld) -> Page:
    """A results page whose map is drawn, without animation."""
    page = open_page(reduced_motion="reduce")
    page.goto(URL)
    expect(page.locator(MARKERS)).to_have_count(4)
    return page


def focused(page: Page) -> str:
    """The name of what has the focus."""
    return str(
        page.evaluate(
            "document.activeElement.getAttribute('aria-label') ||"
            " document.activeElement.textContent.trim()"
        )
    )


def test_map_can_be_skipped(shown: Page) -> None:
    skip = shown.get_by_role("link", name="Passer la carte")
    skip.focus()
    expect(skip).to_be_in_viewport()
    shown.keyboard.press("Enter")
    assert shown.evaluate("document.activeElement.id") == "apres-carte"
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.closest('#carte')") is None


def test_markers_come_after_one_another_with_tab(shown: Page) -> None:
    shown.locator("[data-map-canvas]").focus()
    told = []
    for _ in range(12):
        shown.keyboard.press("Tab")
        if shown.evaluate("Boolean(document.activeElement.closest('.leaflet-marker-pane'))"):
            told.append(focused(shown).split(",")[0])
    assert told == ["Toujours ouvert", "Jamais ouvert", "Le bus", "2 lieux"]


@pytest.mark.parametrize("key", ["Enter", " "])
def test_marker_opens_its_panel_and_escape_comes_back_to_it(shown: Page, key: str) -> None:
    marker(shown, "Jamais ouvert").focus()
    shown.keyboard.press(key)
    panel = shown.get_by_role("region", name="Lieu choisi sur la carte")
    expect(panel).to_be_focused()
    shown.keyboard.press("Tab")
    assert focused(shown) == "Fermer"
    shown.keyboard.press("Tab")
    assert focused(shown).startswith("Appeler")
    shown.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert focused(shown).startswith("Jamais ouvert")


def test_close_button_comes_back_to_the_marker(shown: Page) -> None:
    marker(shown, "Le bus").press("Enter")
    shown.get_by_role("button", name="Fermer").press("Enter")
    assert focused(shown).startswith("Le bus")


def test_cluster_opens_and_the_focus_goes_on_inside(shown: Page) -> None:
    marker(shown, "2 lieux").press("Enter")
    expect(marker(shown, "La halte annexe")).to_be_visible()
    assert focused(shown).startswith("La halte")


def test_arrows_move_the_map_from_a_marker_and_the_focus_stays(shown: Page) -> None:
    marker(shown, "Toujours ouvert").focus()
    before = marker(shown, "Toujours ouvert").bounding_box()
    shown.keyboard.press("ArrowLeft")
    expect(shown.locator("[data-map-area]")).to_be_visible()
    after = marker(shown, "Toujours ouvert").bounding_box()
    assert before
    assert after
    assert after["x"] > before["x"] + 50
    assert focused(shown).startswith("Toujours ouvert")


def test_map_zooms_and_moves_without_dragging(shown: Page) -> None:
    shown.get_by_role("button", name="Agrandir la carte").click()
    shown.get_by_role("button", name="Réduire la carte").click()
    shown.get_by_text("Déplacer la carte sans glisser").click()
    before = marker(shown, "Toujours ouvert").bounding_box()
    shown.get_by_role("button", name="Vers la gauche").click()
    shown.wait_for_timeout(400)
    after = marker(shown, "Toujours ouvert").bounding_box()
    assert before
    assert after
    assert after["x"] > before["x"] + 50


def test_controls_are_told_in_french(shown: Page) -> None:
    told = shown.locator("[data-map-canvas] [title], [data-map-canvas] [aria-label]").evaluate_all(
        "all => all.map(one => one.title || one.getAttribute('aria-label'))"
    )
    assert "Agrandir la carte" in told
    assert [text for text in told if "Zoom" in text or "map" in text.lower().split()] == []


def test_everything_to_press_is_large_enough(shown: Page) -> None:
    marker(shown, "Le bus").click()
    shown.wait_for_timeout(300)
    small = shown.evaluate(
        """(least) => [...document.querySelectorAll(
            '#carte button, #carte summary, #carte .leaflet-bar a, #carte .button')]
            .map((one) => [one.textContent.trim() || one.ariaLabel, one.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < least || box.height < least))
            .map(([name]) => name)""",
        LEAST,
    )
    assert small == []


def test_focus_shows_on_markers_and_clusters(shown: Page) -> None:
    for name in ("Toujours ouvert", "2 lieux"):
        shown.locator("[data-map-canvas]").focus()
        shown.keyboard.press("Tab")
        marker(shown, name).focus()
        width = marker(shown, name).evaluate(
            "one => parseFloat(getComputedStyle(one).outlineWidth)"
        )
        assert width >= 3


def test_map_and_its_panel_are_accessible(
    shown: Page, assert_accessible: Callable[[Page], None]
) -> None:
    shown.get_by_text("Que veulent dire les repères").click()
    marker(shown, "Le bus").click()
    expect(shown.locator("[data-map-panel]")).to_be_visible()
    assert_accessible(shown)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_map_on_a_small_screen_is_accessible_and_never_scrolls_sideways(
    open_page: Callable[..., Page],
    world: MapWorld,
    scheme: str,
    assert_accessible: Callable[[Page], None],
    assert_no_sideways_scroll: Callable[[Page], None],
) -> None:
    phone = open_page(viewport=PHONE, has_touch=True, is_mobile=True, color_scheme=scheme)
    phone.goto(URL)
    phone.get_by_role("button", name="Afficher la carte").tap()
    marker(phone, "Le bus").tap()
    expect(phone.locator("[data-map-panel]")).to_be_visible()
    assert_no_sideways_scroll(phone)
    assert_accessible(phone)
