"""The watch itself: a guard that sees nothing would let everything through."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import Watch

STRICT = "default-src 'self'; script-src 'self'; connect-src 'self' https:"


@pytest.fixture
def show(page: Page) -> Callable[[str], None]:
    """Show a body as one of the site's pages, under a strict policy."""

    def shown(body: str) -> None:
        def answer(route: Route) -> None:
            route.fulfill(
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": STRICT},
                body=f"<!doctype html><html lang=fr><title>Essai</title><main>{body}</main></html>",
            )

        page.route("**/essai", answer)
        page.goto("/essai")

    return shown


def test_third_party_request_is_stopped_and_recorded(
    show: Callable[[str], None], page: Page, watch: Watch
) -> None:
    show("<h1>Essai</h1>")
    outcome = page.evaluate("fetch('https://tiers.example/x').then(() => 'sent', () => 'stopped')")
    assert outcome == "stopped"
    assert watch.third_parties == ["https://tiers.example/x"]
    watch.third_parties.clear()
    watch.errors.clear()


def test_answered_host_is_no_third_party(
    show: Callable[[str], None], page: Page, watch: Watch
) -> None:
    watch.answer("tuiles.example", "text/plain", b"ici")
    show("<h1>Essai</h1>")
    script = "fetch('https://tuiles.example/x', {mode: 'no-cors'}).then(() => 'answered')"
    assert page.evaluate(script) == "answered"


def test_policy_breach_is_recorded(show: Callable[[str], None], page: Page, watch: Watch) -> None:
    show("<h1>Essai</h1><script>document.title = 'Pris'</script>")
    assert page.title() == "Essai"
    assert watch.breaches == ["script-src-elem refuses inline"]
    watch.breaches.clear()
    watch.errors.clear()


def test_console_error_is_recorded(show: Callable[[str], None], page: Page, watch: Watch) -> None:
    show("<h1>Essai</h1>")
    page.evaluate("console.error('faute')")
    assert [error.split(" ")[0] for error in watch.errors] == ["faute"]
    watch.errors.clear()


def test_expected_error_is_accepted(page: Page, watch: Watch) -> None:
    page.route("**/absente", lambda route: route.fulfill(status=404, body="absente"))
    page.goto("/absente")
    assert len(watch.errors) == 1
    assert "404" in watch.errors.pop()
    watch.expect_error("404")
    page.goto("/absente")
    assert watch.errors == []


def test_inaccessible_page_is_refused(
    show: Callable[[str], None], page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    show("<h1>Essai</h1><input>")
    with pytest.raises(AssertionError, match="label"):
        assert_accessible(page)


def test_accessible_page_passes_under_a_strict_policy(
    show: Callable[[str], None], page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    show("<h1>Essai</h1><label>Commune <input></label>")
    assert_accessible(page)


def test_reader_is_in_france(page: Page) -> None:
    told = "[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone]"
    assert page.evaluate(told) == ["fr-FR", "Europe/Paris"]


def test_page_without_javascript_runs_none(no_js: Page) -> None:
    no_js.set_content("<p>avant</p><script>document.body.textContent = 'apres'</script>")
    assert no_js.inner_text("body") == "avant"


def test_sideways_scroll_is_refused_on_a_phone(
    phone: Page, assert_no_sideways_scroll: Callable[[Page], None]
) -> None:
    page_start = "<meta name=viewport content='width=device-width'>"
    phone.set_content(f"{page_start}<p style='width: 300px'>étroit</p>")
    assert_no_sideways_scroll(phone)
    phone.set_content(f"{page_start}<p style='width: 500px'>large</p>")
    with pytest.raises(AssertionError):
        assert_no_sideways_scroll(phone)
