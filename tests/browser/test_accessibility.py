"""Every public page: no fault that axe-core sees, targets that a thumb can hit, no noise.

SCREENSHOTS=1 keeps what each page looks like in var/screenshots/.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page

from tests.browser import places
from tests.browser.conftest import DESKTOP, PHONE, Watch
from tests.browser.places import PAGES

pytestmark = pytest.mark.django_db(transaction=True)

VIEWPORTS = {"360": PHONE, "1280": DESKTOP}
TARGET = 44
"""CSS pixels: the smallest side of what a thumb must hit (WCAG 2.2, 2.5.5)."""

# Primary actions, a label standing for its box; a link inside a sentence follows the sentence
# (exception of the criterion).
TARGETS = (
    "a.button, button, input, select, textarea, summary, .pill, .tile label, "
    "label:has(input[type=checkbox], input[type=radio])"
)
SMALL = """
(selector, least) => [...document.querySelectorAll(selector)]
    .filter((it) => !it.closest('.trap') && !['hidden', 'radio', 'checkbox'].includes(it.type))
    .map((it) => [it, it.getBoundingClientRect()])
    .filter(([, box]) => box.width && box.height)
    .filter(([, box]) => box.height < least || box.width < least)
    .map(([it, box]) => `${it.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)
""".replace("(selector, least)", "([selector, least])")


@pytest.fixture(params=VIEWPORTS)
def visitor(open_page: Callable[..., Page], watch: Watch, request: pytest.FixtureRequest) -> Page:
    """A visitor with a telephone, then with a computer; 404 pages are expected."""
    places.build()
    watch.expect_error("404")
    watch.expect_error("400")
    return open_page(viewport=VIEWPORTS[request.param])


def keep(page: Page, name: str) -> None:
    """Keep a picture of the whole page when asked."""
    if os.environ.get("SCREENSHOTS") == "1":
        width = page.viewport_size["width"] if page.viewport_size else 0
        folder = Path(settings.BASE_DIR) / "var" / "screenshots"
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)


def faults(page: Page, check: Callable[[Page], None]) -> dict[str, str]:
    """What a check says against each public page and against the refused report."""
    found = {}
    for name, url in PAGES.items():
        page.goto(url)
        found[name] = _fault(page, check)
        keep(page, name)
    page.goto(PAGES["report-form"])
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_role("alert").wait_for()
    page.wait_for_load_state()
    found["report-error"] = _fault(page, check)
    keep(page, "report-error")
    return {name: fault for name, fault in found.items() if fault}


def _fault(page: Page, check: Callable[[Page], None]) -> str:
    try:
        check(page)
    except AssertionError as error:
        return str(error)
    return ""


def test_axe_finds_no_fault_on_any_page(
    visitor: Page, assert_accessible: Callable[[Page], None]
) -> None:
    assert faults(visitor, assert_accessible) == {}


def test_axe_finds_no_fault_once_everything_is_unfolded(
    visitor: Page, assert_accessible: Callable[[Page], None]
) -> None:
    found = {}
    for name in ("home", "results", "results-choices", "place"):
        visitor.goto(PAGES[name])
        visitor.evaluate("document.querySelectorAll('details').forEach((it) => (it.open = true))")
        found[name] = _fault(visitor, assert_accessible)
    assert {name: fault for name, fault in found.items() if fault} == {}


def test_every_primary_target_is_large_enough_for_a_thumb(visitor: Page) -> None:
    def check(page: Page) -> None:
        assert page.evaluate(SMALL, [TARGETS, TARGET]) == []

    assert faults(visitor, check) == {}


def test_small_target_is_seen(visitor: Page) -> None:
    visitor.goto("/")
    visitor.evaluate(
        "document.querySelector('main button').style.cssText = 'height:20px;min-height:0;padding:0'"
    )
    assert len(visitor.evaluate(SMALL, [TARGETS, TARGET])) == 1


def test_dark_theme_keeps_its_contrasts(
    open_page: Callable[..., Page], assert_accessible: Callable[[Page], None]
) -> None:
    places.build()
    dark = open_page(viewport=PHONE, color_scheme="dark")
    for name in ("home", "results", "place", "report-form", "actors"):
        dark.goto(PAGES[name])
        assert_accessible(dark)
