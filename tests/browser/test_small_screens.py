"""Nothing is lost on a small screen nor with large letters (WCAG 1.4.4 and 1.4.10)."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser import places
from tests.browser.conftest import CHROMIUM_ARGUMENTS, DESKTOP, Watch
from tests.browser.places import PAGES

pytestmark = pytest.mark.django_db(transaction=True)

SMALL = {"width": 320, "height": 640}
WIDE = {"width": 640, "height": 900}
BROWSERS_LETTER = 16
"""CSS pixels of a letter when the reader sets nothing."""

# Texts that start or end outside the screen, those for screen readers left aside.
CUT = """
() => {
    const cut = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!node.data.trim() || node.parentElement.closest('.visually-hidden, .skip-link, .trap'))
            continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of range.getClientRects())
            if (box.width > 1 && (box.left < -1 || box.right > innerWidth + 1))
                cut.push(node.data.trim().slice(0, 60));
    }
    return cut;
}
"""


@pytest.fixture
def open_small(open_page: Callable[..., Page], watch: Watch) -> Callable[..., Page]:
    """Open pages of a full directory, missing ones included."""
    places.build()
    watch.expect_error("404")
    watch.expect_error("400")
    return open_page


def refused(page: Page, check: Callable[[Page], None]) -> list[str]:
    """Names of the public pages that fail a check."""
    found = []
    for name, url in PAGES.items():
        page.goto(url)
        try:
            check(page)
        except AssertionError:
            found.append(name)
    return found


def assert_nothing_cut(page: Page) -> None:
    """No text goes out of the screen."""
    assert page.evaluate(CUT) == []


def test_no_page_scrolls_sideways_at_320_pixels(
    open_small: Callable[..., Page], assert_no_sideways_scroll: Callable[[Page], None]
) -> None:
    assert refused(open_small(viewport=SMALL), assert_no_sideways_scroll) == []


def test_no_text_is_cut_at_320_pixels(open_small: Callable[..., Page]) -> None:
    assert refused(open_small(viewport=SMALL), assert_nothing_cut) == []


def test_unfolded_pages_do_not_scroll_sideways_at_320_pixels(
    open_small: Callable[..., Page], assert_no_sideways_scroll: Callable[[Page], None]
) -> None:
    small = open_small(viewport=SMALL)
    for name in ("home", "results", "results-choices", "place"):
        small.goto(PAGES[name])
        small.evaluate("document.querySelectorAll('details').forEach((it) => (it.open = true))")
        assert_no_sideways_scroll(small)
        assert_nothing_cut(small)


def test_page_zoomed_twice_says_the_same(open_small: Callable[..., Page]) -> None:
    wide, zoomed = open_small(viewport=WIDE), open_small(viewport=SMALL, device_scale_factor=2)
    lost = []
    for name, url in PAGES.items():
        wide.goto(url)
        zoomed.goto(url)
        if wide.inner_text("body").split() != zoomed.inner_text("body").split():
            lost.append(name)
    assert lost == []


@pytest.fixture(params=[WIDE, DESKTOP], ids=["640", "1280"])
def large_letters(
    launch_browser: Callable[..., Browser],
    live_server: LiveServer,
    watch: Watch,
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    """A page for someone who asked the browser for letters twice as large."""
    arguments = [*CHROMIUM_ARGUMENTS, f"--blink-settings=defaultFontSize={2 * BROWSERS_LETTER}"]
    browser = launch_browser(args=arguments)
    context = browser.new_context(base_url=live_server.url, viewport=request.param)
    watch.follow(context)
    places.build()
    watch.expect_error("404")
    watch.expect_error("400")
    yield context.new_page()
    browser.close()


def test_letters_twice_as_large_are_neither_cut_nor_scrolled_to(
    large_letters: Page, assert_no_sideways_scroll: Callable[[Page], None]
) -> None:
    def check(page: Page) -> None:
        size = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
        assert size >= 2 * BROWSERS_LETTER
        assert_no_sideways_scroll(page)
        assert_nothing_cut(page)

    assert refused(large_letters, check) == []


def test_cut_text_is_seen(open_small: Callable[..., Page]) -> None:
    page = open_small(viewport=SMALL)
    page.goto("/")
    page.evaluate("document.querySelector('h1').style.marginLeft = '-200px'")
    with pytest.raises(AssertionError):
        assert_nothing_cut(page)


def test_search_is_reached_without_scrolling_far(open_small: Callable[..., Page]) -> None:
    """The need's tiles come first, hence two screens and a half at most before the town."""
    small = open_small(viewport={"width": 360, "height": 740})
    small.goto("/")
    top = small.locator("#id_ou").bounding_box()
    assert top
    assert top["y"] < 2.5 * 740


def test_first_place_is_called_from_the_first_two_screens(
    open_small: Callable[..., Page],
) -> None:
    small = open_small(viewport={"width": 360, "height": 740})
    small.goto(PAGES["results"])
    box = small.locator("main a[href^='tel:']").first.bounding_box()
    assert box
    assert box["y"] < 2 * 740
