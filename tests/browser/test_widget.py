"""The widget inside another site's page, 280 pixels wide; the page that composes its code."""

import threading
from collections.abc import Callable, Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Frame, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import places
from tests.browser.conftest import AXE, AXE_TAGS, PHONE, Watch
from tests.browser.test_accessibility import SMALL, TARGET, TARGETS
from tests.browser.test_small_screens import CUT

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = 280
QUERIES = {
    "places": "ou=Gu%C3%A9ret&besoin=ameli&fiches=3",
    "choices": "ou=Saint-Denis&fiches=99",
    "unknown": "ou=zzzzzzzz&besoin=inconnu",
    "nothing": "ou=Saint-Denis+(974)&besoin=mdph",
    "empty": "",
    "bare": "titre=non&formulaire=non&departement=23",
}
SANDBOX = "allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"


class OtherSite:
    """Another site of this machine, with one page."""

    def __init__(self) -> None:
        self.html = ""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(site.html.encode())

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def other_site() -> Iterator[OtherSite]:
    """The site that embeds: its origin is not the directory's."""
    site = OtherSite()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def embed(
    open_page: Callable[..., Page], other_site: OtherSite, live_server: LiveServer
) -> Callable[..., Frame]:
    """Open another site's page that holds the widget, and return its frame."""
    places.build()

    def opened(query: str, width: int = NARROW, page: Page | None = None) -> Frame:
        address = escape(f"{live_server.url}/widget/?{query}")
        other_site.html = (
            '<!doctype html><html lang="fr"><title>Mairie</title><link rel="icon" href="data:,">'
            f'<h1>Notre mairie</h1><iframe src="{address}" title="Annuaire" width="{width}" '
            f'height="600" sandbox="{SANDBOX}"></iframe>'
        )
        shown = page or open_page()
        shown.goto(other_site.url)
        frame = next(one for one in shown.frames if "/widget/" in one.url)
        frame.wait_for_load_state()
        return frame

    return opened


def test_widget_is_shown_inside_another_sites_page(embed: Callable[..., Frame]) -> None:
    frame = embed(QUERIES["places"])
    assert frame.locator("li.card").count() == 3
    expect(frame.get_by_role("heading", level=1)).to_be_visible()


def test_other_pages_refuse_to_be_framed(
    page: Page, watch: Watch, other_site: OtherSite, live_server: LiveServer
) -> None:
    places.build()
    other_site.html = (
        '<link rel="icon" href="data:,">'
        f'<iframe src="{live_server.url}/recherche/?ou=Creuse" title="x"></iframe>'
    )
    watch.expect_error("frame")
    page.goto(other_site.url)
    page.wait_for_load_state("networkidle")
    assert page.frames[1].locator("main").count() == 0


@pytest.mark.parametrize("name", QUERIES)
def test_widget_is_readable_from_280_pixels(embed: Callable[..., Frame], name: str) -> None:
    frame = embed(QUERIES[name])
    assert frame.evaluate("innerWidth") <= NARROW
    width, shown = frame.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert width <= shown
    assert frame.evaluate(CUT) == []
    assert frame.evaluate(SMALL, [TARGETS, TARGET]) == []


@pytest.mark.parametrize("name", QUERIES)
def test_axe_finds_no_fault_in_the_widget(page: Page, name: str) -> None:
    # axe in a frame of another origin needs a script there: the widget is read by itself.
    places.build()
    page.goto(f"/widget/?{QUERIES[name]}")
    page.evaluate(AXE)
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", AXE_TAGS
    )
    assert [one["id"] for one in found["violations"]] == []


def test_visitor_searches_and_turns_pages_without_leaving_the_frame(
    embed: Callable[..., Frame],
) -> None:
    frame = embed("besoin=ameli&fiches=2&titre=non")
    host = frame.page.url
    frame.get_by_label("Où êtes-vous").fill("Guéret")
    frame.get_by_role("button", name="Chercher").click()
    expect(frame.locator("li.card")).to_have_count(2)
    first = frame.locator("h3").first.inner_text()
    frame.get_by_role("link", name="Page suivante").click()
    expect(frame.get_by_text("Page 2 sur")).to_be_visible()
    assert frame.locator("h3").first.inner_text() != first
    assert {"besoin=ameli", "titre=non", "fiches=2"} <= set(frame.url.partition("?")[2].split("&"))
    assert frame.page.url == host


def test_place_opens_in_a_tab_of_its_own(
    embed: Callable[..., Frame], live_server: LiveServer
) -> None:
    frame = embed(QUERIES["places"])
    with frame.page.context.expect_page() as opening:
        frame.get_by_role("link", name="nouvel onglet").first.click()
    tab = opening.value
    tab.wait_for_load_state()
    assert tab.url.startswith(f"{live_server.url}/lieux/")
    # Out of the sandbox: the site works there, scripts and all, and knows nothing of who opened it.
    expect(tab.locator("[data-carnet-toggle]").first).to_have_role("button")
    assert tab.evaluate("window.opener") is None
    assert "/widget/" in frame.url


def test_widget_keeps_nothing_in_the_browser(embed: Callable[..., Frame]) -> None:
    frame = embed(QUERIES["places"])
    assert frame.page.context.cookies() == []
    assert frame.page.context.storage_state() == {"cookies": [], "origins": []}


def test_widget_works_without_javascript(embed: Callable[..., Frame], no_js: Page) -> None:
    frame = embed("", page=no_js)
    frame.get_by_label("Où êtes-vous").fill("Guéret")
    frame.get_by_role("button", name="Chercher").click()
    expect(frame.locator("li.card")).to_have_count(5)


# --- Composer -------------------------------------------------------------------------------------

COMPOSER = "/widget/composer/"


def preview(page: Page) -> Frame:
    """The live widget of the page."""
    page.locator("iframe.preview").scroll_into_view_if_needed()
    expect(page.frame_locator("iframe.preview").locator("h1")).to_have_count(1)
    return next(frame for frame in page.frames if "/widget/?" in frame.url)


def test_composer_without_javascript_gives_the_code_and_the_preview(no_js: Page) -> None:
    places.build()
    no_js.goto(COMPOSER)
    no_js.get_by_label("Autour de quelle commune").fill("gueret")
    no_js.get_by_label("Combien de lieux par page").fill("2")
    no_js.get_by_role("button", name="Voir le code").click()
    code = no_js.get_by_label("Code à copier").input_value()
    assert "fiches=2" in code
    assert "ou=Gu%C3%A9ret+%2823%29" in code
    assert preview(no_js).locator("li.card").count() == 2
    expect(no_js.get_by_role("button", name="Copier le code")).to_be_hidden()


def test_code_and_preview_follow_the_choices(page: Page) -> None:
    places.build()
    page.goto(COMPOSER)
    page.get_by_label("Dans un seul département").select_option("23")
    expect(page.get_by_role("status").filter(has_text="à jour")).to_be_visible()
    assert "departement=23" in page.get_by_label("Code à copier").input_value()
    assert "departement=23" in page.url
    assert preview(page).locator("li.card").count() == 5


def test_choice_that_cannot_be_read_is_said_beside_its_field(page: Page, watch: Watch) -> None:
    places.build()
    watch.expect_error("400")
    page.goto(COMPOSER)
    page.get_by_label("Largeur").fill("12")
    page.get_by_label("Hauteur").focus()
    expect(page.get_by_role("alert")).to_contain_text("entre 280 et 1600")
    expect(page.get_by_label("Largeur")).to_have_value("12")
    expect(page.get_by_label("Largeur")).to_have_attribute("aria-invalid", "true")


def test_code_is_copied(open_page: Callable[..., Page]) -> None:
    places.build()
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{COMPOSER}?besoin=ameli")
    page.get_by_role("button", name="Copier le code").click()
    expect(page.get_by_text("Le code est copié.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("Code à copier").input_value()


def test_code_is_chosen_where_the_browser_refuses_to_copy(open_page: Callable[..., Page]) -> None:
    places.build()
    page = open_page(viewport=PHONE)
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error())")
    page.goto(COMPOSER)
    page.get_by_role("button", name="Copier le code").click()
    expect(page.get_by_text("copiez-le")).to_be_visible()
    assert page.evaluate("getSelection().toString()").startswith("<iframe")


def test_composed_code_works_on_another_site(
    page: Page, open_page: Callable[..., Page], other_site: OtherSite
) -> None:
    places.build()
    page.goto(f"{COMPOSER}?departement=23&largeur=300")
    code = page.get_by_label("Code à copier").input_value()
    other_site.html = f'<!doctype html><link rel="icon" href="data:,">{code}'
    host = open_page()
    host.goto(other_site.url)
    expect(host.frame_locator("iframe").locator("li.card")).to_have_count(5)
