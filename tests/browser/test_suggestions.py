"""What JavaScript adds to the search: suggestions while typing, the position of the device."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import places
from tests.browser.conftest import DESKTOP, PHONE, Watch

pytestmark = pytest.mark.django_db(transaction=True)

GUERET = {"text": "Guéret (23)", "detail": "Creuse"}
GUERANDE = {"text": "Guérande (44)", "detail": "<b>Loire-Atlantique</b>"}
AFTER_A_PAUSE = 600
"""Milliseconds: more than the pause after which a page asks, and the answer."""


class Suggestions:
    """Answers in the server's place and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.held: list[Route] = []
        self.is_holding = False

    def answer(self, route: Route) -> None:
        """Answer the two names, or keep the request waiting."""
        self.asked.append(route.request.url.partition("/suggestions/?")[2])
        if self.is_holding:
            self.held.append(route)
        else:
            route.fulfill(json={"suggestions": [GUERET, GUERANDE]})


@pytest.fixture
def suggestions(page: Page) -> Suggestions:
    """A page on the home page, whose suggestions are faked."""
    fake = Suggestions()
    page.route("**/suggestions/**", fake.answer)
    page.goto("/")
    return fake


@pytest.fixture
def field(page: Page, suggestions: Suggestions) -> Locator:
    """The field of the place."""
    return page.get_by_role("combobox", name="Où êtes-vous")


def test_arrow_then_enter_chooses_and_the_focus_stays(page: Page, field: Locator) -> None:
    field.press_sequentially("gué")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    active = field.get_attribute("aria-activedescendant")
    assert active == options.first.get_attribute("id")
    field.press("Enter")
    expect(field).to_have_value("Guéret (23)")
    expect(field).to_be_focused()
    expect(page.get_by_role("listbox")).to_have_count(0)
    assert page.url.endswith("/")


def test_arrows_go_round_the_list(page: Page, field: Locator) -> None:
    field.press_sequentially("gué")
    expect(page.get_by_role("option")).to_have_count(2)
    field.press("ArrowUp")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Guérande")
    field.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Guéret")


def test_escape_closes_the_list_and_keeps_what_was_typed(page: Page, field: Locator) -> None:
    field.press_sequentially("gué")
    expect(page.get_by_role("listbox")).to_be_visible()
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(field).to_have_value("gué")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "false")


def test_enter_without_a_choice_searches_what_was_typed(page: Page, field: Locator) -> None:
    field.press_sequentially("gué")
    expect(page.get_by_role("listbox")).to_be_visible()
    field.press("Enter")
    page.wait_for_url("**/recherche/**")
    assert "ou=gu%C3%A9" in page.url


def test_suggestion_is_chosen_with_a_press(page: Page, field: Locator) -> None:
    field.press_sequentially("gué")
    page.get_by_role("option", name=re.compile("Guérande")).click()
    expect(field).to_have_value("Guérande (44)")
    expect(field).to_be_focused()


def test_suggestion_is_shown_as_text(page: Page, field: Locator) -> None:
    field.press_sequentially("gué")
    expect(page.get_by_role("option").last).to_contain_text("<b>Loire-Atlantique</b>")


def test_page_asks_once_a_pause(page: Page, suggestions: Suggestions, field: Locator) -> None:
    field.press_sequentially("guére", delay=20)
    page.wait_for_timeout(AFTER_A_PAUSE)
    assert suggestions.asked == ["champ=ou&q=gu%C3%A9re"]


def test_one_letter_asks_nothing(page: Page, suggestions: Suggestions, field: Locator) -> None:
    field.press_sequentially("g")
    page.wait_for_timeout(AFTER_A_PAUSE)
    assert suggestions.asked == []


def test_older_question_is_given_up(page: Page, suggestions: Suggestions, field: Locator) -> None:
    given_up: list[str] = []
    page.on("requestfailed", lambda request: given_up.append(request.url))
    suggestions.is_holding = True
    field.press_sequentially("gu")
    page.wait_for_timeout(AFTER_A_PAUSE)
    suggestions.is_holding = False
    field.press_sequentially("é")
    expect(page.get_by_role("option")).to_have_count(2)
    assert len(suggestions.held) == 1
    assert [url.endswith("q=gu") for url in given_up] == [True]


def test_phrase_has_its_suggestions(page: Page, suggestions: Suggestions) -> None:
    page.get_by_role("combobox", name="Dites-le avec vos mots").press_sequentially("carte")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert suggestions.asked == ["champ=dit&q=carte"]


def test_open_list_is_accessible(
    page: Page, field: Locator, assert_accessible: Callable[[Page], None]
) -> None:
    field.press_sequentially("gué")
    field.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    assert_accessible(page)


def test_search_works_when_suggestions_do_not_answer(page: Page, watch: Watch) -> None:
    watch.expect_error("500")
    page.route("**/suggestions/**", lambda route: route.fulfill(status=500))
    page.goto("/")
    field = page.get_by_label("Où êtes-vous")
    field.press_sequentially("gué")
    page.wait_for_timeout(AFTER_A_PAUSE)
    expect(page.get_by_role("listbox")).to_have_count(0)
    field.press("Enter")
    page.wait_for_url("**/recherche/**")


def test_page_without_javascript_has_plain_fields_and_no_position(no_js: Page) -> None:
    no_js.goto("/")
    expect(no_js.get_by_role("textbox", name="Où êtes-vous")).to_be_visible()
    expect(no_js.get_by_text("Utiliser ma position")).to_be_hidden()


def test_server_suggests_communes(page: Page) -> None:
    places.build()
    page.goto("/")
    page.get_by_label("Où êtes-vous").press_sequentially("guer")
    expect(page.get_by_role("option")).to_have_text(re.compile("Guéret"))


def test_position_is_rounded_before_it_leaves_the_device(open_page: Callable[..., Page]) -> None:
    places.build()
    page = open_page(
        viewport=PHONE,
        permissions=["geolocation"],
        geolocation={"latitude": 46.170342, "longitude": 1.874698},
    )
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto("/")
    page.get_by_label("Où êtes-vous").fill("Limoges")
    page.get_by_role("button", name="Utiliser ma position").click()
    page.wait_for_url("**/recherche/**")
    assert "lat=46.17&lon=1.87&" in f"{page.url}&"
    assert "Limoges" not in page.url
    assert [url for url in sent if "46.1703" in url or "1.8746" in url] == []


def test_refused_position_says_what_to_do(open_page: Callable[..., Page]) -> None:
    page = open_page(viewport=DESKTOP, permissions=[])
    page.goto("/")
    page.get_by_role("button", name="Utiliser ma position").click()
    expect(page.get_by_text("Écrivez le nom de votre ville.")).to_be_visible()
    expect(page.get_by_label("Où êtes-vous")).to_be_focused()


def test_typed_place_replaces_the_position(page: Page) -> None:
    places.build()
    page.goto("/recherche/?lat=46.17&lon=1.87")
    page.get_by_text("Changer ma recherche").click()
    page.get_by_label("Ville, village ou code postal").fill("Guéret")
    page.get_by_role("button", name="Chercher").click()
    page.wait_for_url("**ou=Gu**")
    assert "lat=" not in page.url
