"""A French reader's Chromium, and what no page of the site may ever do in it.

Every page opened through these fixtures is watched: a request to a third party, an error in the
console or a breach of the content security policy fails the test that caused it.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request, Route
from pytest_django.live_server_helper import LiveServer
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.browser.chromium import find_chromium

# Playwright's synchronous interface runs an event loop in this thread: Django would take the
# fixtures' queries for queries of an asynchronous view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE [::1]",
]
PATIENCE = 20.0
"""Seconds that the last requests of a test may take."""

LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}
REPORT_BREACHES = """
document.addEventListener("securitypolicyviolation", (event) =>
    window.reportBreach(`${event.effectiveDirective} refuses ${event.blockedURI || "inline"}`));
"""


@dataclass
class Watch:
    """What the pages of one test did."""

    third_parties: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)
    answers: dict[str, Callable[[Route], None]] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def answer(self, host: str, content_type: str, body: bytes) -> None:
        """Let pages ask this host, and answer in its place (map tiles, address search)."""
        self._instead(host, lambda route: route.fulfill(content_type=content_type, body=body))

    def refuse(self, host: str) -> None:
        """Let pages ask this host, which does not answer."""
        self._instead(host, lambda route: route.abort())
        self.expect_error("net::ERR_FAILED")

    def _instead(self, host: str, answer: Callable[[Route], None]) -> None:
        self.answers[host] = answer
        for context in self.contexts:
            context.route(f"https://{host}/**", answer)

    def expect_error(self, text: str) -> None:
        """Accept console errors that hold this text ("404" when a test asks a missing page)."""
        self.expected.append(text)

    def request(self, request: Request) -> None:
        """Record what is asked elsewhere; the browser itself finds no other machine."""
        address = urlsplit(request.url)
        is_here = address.scheme in {"data", "blob"} or address.hostname in LOCAL_HOSTS
        if not is_here and address.hostname not in self.answers:
            self.third_parties.append(request.url)

    def console(self, message: ConsoleMessage) -> None:
        """Keep errors nobody expected."""
        if message.type != "error" or message.location["url"].endswith("/favicon.ico"):
            return  # browsers ask for this one by themselves
        if not any(text in message.text for text in self.expected):
            self.errors.append(f"{message.text} ({message.location['url']})")

    def breach(self, told: str) -> None:
        """Keep what the content security policy refused."""
        self.breaches.append(told)

    def follow(self, context: BrowserContext) -> None:
        """Watch every page of this context, present and to come."""
        # Routes turn the browser's cache off: only what is answered in place of others has one.
        self.contexts.append(context)
        for host, answer in self.answers.items():
            context.route(f"https://{host}/**", answer)
        context.on("request", self.request)
        context.on("console", self.console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.expose_function("reportBreach", self.breach)
        context.add_init_script(REPORT_BREACHES)

    def verdict(self) -> None:
        """Fail when a page did what none may do."""
        assert self.third_parties == [], "a page asked a third party"
        assert self.breaches == [], "a page broke the content security policy"
        assert self.errors == [], "a page wrote errors in the console"


@pytest.fixture(autouse=True)
def _database(transactional_db: None) -> None:
    """An empty database: worlds may be copied into it."""
    from tests.browser import copies

    copies.begin()


@pytest.fixture(scope="session")
def base_url() -> None:
    """None: each test has its own server (and the plugin's fixture warns with pytest 9)."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """This machine's Chromium: no browser is downloaded."""
    chromium = find_chromium()
    assert chromium, "no Chromium on this machine: set CHROMIUM=/path/to/it"
    return {**browser_type_launch_args, "executable_path": chromium, "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A reader in metropolitan France."""
    return {**browser_context_args, "locale": "fr-FR", "timezone_id": "Europe/Paris"}


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What the pages did; the verdict falls when the test ends."""
    watching = Watch()
    yield watching
    watching.verdict()


class InFlight:
    """Requests that the server is answering."""

    def __init__(self) -> None:
        self.count = 0
        self.changed = threading.Condition()

    def started(self, **kwargs: Any) -> None:
        """One more."""
        with self.changed:
            self.count += 1

    def finished(self, **kwargs: Any) -> None:
        """One less."""
        with self.changed:
            self.count -= 1
            self.changed.notify_all()

    def wait(self) -> None:
        """Wait until all are answered."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.count <= 0, PATIENCE), "a request never ended"


@pytest.fixture
def in_flight(live_server: LiveServer) -> Iterator[InFlight]:
    """Follow the server's requests: the database must not go while one reads it."""
    follow = InFlight()
    request_started.connect(follow.started)
    request_finished.connect(follow.finished)
    yield follow
    request_started.disconnect(follow.started)
    request_finished.disconnect(follow.finished)


@pytest.fixture
def open_page(
    watch: Watch,
    new_context: CreateContextCallback,
    live_server: LiveServer,
    in_flight: InFlight,
) -> Iterator[Callable[..., Page]]:
    """Open a watched page in a context of its own: `open_page(viewport=…, color_scheme="dark")`."""
    contexts: list[BrowserContext] = []

    def opened(**options: Any) -> Page:
        options.setdefault("viewport", DESKTOP)
        options.setdefault("service_workers", "block")
        context = new_context(base_url=live_server.url, **options)
        watch.follow(context)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        # A map may still be asking; what it cannot reach any more is no fault of the page.
        watch.expect_error("net::ERR_INTERNET_DISCONNECTED")
        with suppress(Error):  # the test closed it
            context.set_offline(True)
    in_flight.wait()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page on a computer, 1280 pixels wide."""
    return open_page()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A page on a small telephone, 360 pixels wide."""
    return open_page(viewport=PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def no_js(open_page: Callable[..., Page]) -> Page:
    """A page without JavaScript, on a small telephone."""
    return open_page(viewport=PHONE, java_script_enabled=False)


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Run axe-core on the page as it stands: WCAG 2.2 level AA and good practice, no violation."""

    def check(page: Page) -> None:
        page.evaluate(AXE)
        results = page.evaluate(
            "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", AXE_TAGS
        )
        faults = [_told(violation) for violation in results["violations"]]
        assert faults == [], "\n".join(faults)

    return check


def _told(violation: dict[str, Any]) -> str:
    nodes = "; ".join(f"{node['target']}: {node['html']}" for node in violation["nodes"])
    return f"{violation['id']} ({violation['help']}) {nodes}"


@pytest.fixture
def assert_no_sideways_scroll() -> Callable[[Page], None]:
    """The page never needs to be scrolled sideways (WCAG 1.4.10)."""

    def check(page: Page) -> None:
        width, shown = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert width <= shown

    return check
