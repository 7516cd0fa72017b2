"""Sending with the device's own programs; leaving nothing on a shared computer."""

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, Response, expect

from directory.views import sms
from tests.browser import places
from tests.browser.conftest import DESKTOP, PHONE, Watch
from tests.browser.places import PAGES

pytestmark = pytest.mark.django_db(transaction=True)

TEXTS = [
    "",
    "Été à l’hôpital « Œuvre » – n° 5…",
    "a" * 160,
    "a" * 161,
    "a" * 152 + "€" + "a" * 152,
    "a" * 307,
    "ê" * 200,
    "مفتوح – Hôpital’s",
    "م" * 134,
    "م" * 135,
    "Médecin 😀" * 20,
    "1ʳᵉ étage, ﬁn 2²\n[à 3 €]",
]


def sms_link(page: Page) -> str:
    """The text that the telephone's own program receives."""
    href = page.get_by_role("link", name="Envoyer par SMS").get_attribute("href") or ""
    return unquote(href.partition("body=")[2])


# --- Share ----------------------------------------------------------------------------------------


def test_links_follow_the_text_as_it_is_changed(open_page: Callable[..., Page]) -> None:
    number = places.build(2).centre.pk
    page = open_page(viewport=PHONE)
    page.goto(f"/partager/?lieux={number}")
    page.get_by_label("Texte du SMS").fill("À mardi, l’été")
    assert sms_link(page) == "A mardi, l'été"
    expect(page.locator("[data-share-count]")).to_have_text("Un seul SMS.")
    page.get_by_label("Texte du SMS").fill("a" * 400)
    expect(page.locator("[data-share-count]")).to_contain_text("3 SMS. C’est long")
    expect(page.get_by_role("button", name="Prendre mes changements")).to_be_hidden()


def test_text_is_changed_without_javascript(open_page: Callable[..., Page]) -> None:
    number = places.build(2).centre.pk
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto(f"/partager/?lieux={number}")
    page.get_by_label("Texte du SMS").fill("À mardi")
    page.get_by_role("button", name="Prendre mes changements").click()
    expect(page.get_by_label("Texte du SMS")).to_have_value("À mardi")
    assert sms_link(page) == "A mardi"
    assert "mardi" not in page.url


def test_text_is_copied(open_page: Callable[..., Page]) -> None:
    number = places.build(2).centre.pk
    page = open_page(viewport=PHONE, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"/partager/?lieux={number}")
    page.get_by_role("button", name="Copier le texte du message").click()
    expect(page.get_by_role("status").filter(has_text="Le texte est copié.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("Texte du message").input_value()


def test_devices_own_sheet_gets_the_text(open_page: Callable[..., Page]) -> None:
    number = places.build(2).centre.pk
    page = open_page(viewport=PHONE)
    page.add_init_script("navigator.share = async (given) => { window.given = given; };")
    page.goto(f"/partager/?lieux={number}")
    page.get_by_role("button", name="Autre application").click()
    assert page.evaluate("window.given.text") == page.get_by_label("Texte du message").input_value()


def test_browser_counts_and_writes_sms_as_the_server_does(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/effacer/")
    told = page.evaluate(
        """async (texts) => {
            const { plain, segments } = await import("/static/js/sms.js");
            return texts.map((text) => [plain(text), segments(text)]);
        }""",
        TEXTS,
    )
    assert told == [[sms.plain(text), sms.segments(text)] for text in TEXTS]


# --- Erase ----------------------------------------------------------------------------------------


def leave_traces(page: Page) -> None:
    """Add a place, write a note."""
    page.goto(PAGES["results"])
    page.get_by_role("button", name=re.compile("^Ajouter au carnet")).first.click()
    page.get_by_role("link", name="Voir le carnet").click()
    page.locator("[data-note-block] summary").first.click()
    page.get_by_label("Votre note").first.fill("Pour la dame du mardi")


def traces(page: Page) -> int:
    """How many things the site has in this browser."""
    return int(page.evaluate("localStorage.length + sessionStorage.length"))


@pytest.fixture
def kiosk(open_page: Callable[..., Page]) -> Page:
    """A shared computer, with traces of a person."""
    places.build(4)
    page = open_page(viewport=DESKTOP)
    page.clock.install()
    leave_traces(page)
    assert traces(page) == 2
    return page


def test_saying_yes_empties_the_browser_and_leaves_the_page(kiosk: Page) -> None:
    kiosk.get_by_role("link", name="Tout effacer", exact=True).click()
    dialog = kiosk.get_by_role("dialog", name="Tout effacer")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Oui, tout effacer").click()
    expect(kiosk.get_by_role("heading", level=1)).to_have_text("C’est effacé")
    assert traces(kiosk) == 0
    # The carnet's page has left the history: "back" shows the search, its carnet empty.
    kiosk.go_back()
    expect(kiosk.get_by_role("complementary", name="Votre carnet")).to_be_hidden()


def test_saying_no_keeps_everything_and_gives_the_focus_back(kiosk: Page) -> None:
    link = kiosk.get_by_role("link", name="Tout effacer", exact=True)
    link.click()
    keep = kiosk.get_by_role("button", name="Non, je continue")
    expect(keep).to_be_focused()
    keep.click()
    expect(link).to_be_focused()
    assert traces(kiosk) == 2


def test_escape_closes_the_question(kiosk: Page) -> None:
    kiosk.get_by_role("link", name="Tout effacer", exact=True).click()
    kiosk.keyboard.press("Escape")
    expect(kiosk.get_by_role("dialog")).to_be_hidden()
    assert traces(kiosk) == 2


def test_ten_minutes_of_rest_offer_to_erase_and_erase_nothing(
    kiosk: Page, assert_accessible: Callable[[Page], None]
) -> None:
    kiosk.clock.fast_forward("09:50")
    expect(kiosk.get_by_role("dialog")).to_be_hidden()
    kiosk.clock.fast_forward("00:20")
    dialog = kiosk.get_by_role("dialog", name="Vous êtes toujours là")
    expect(dialog).to_be_visible()
    assert_accessible(kiosk)
    kiosk.clock.fast_forward("02:00:00")
    expect(dialog).to_be_visible()
    assert traces(kiosk) == 2


def test_any_gesture_puts_the_offer_off(kiosk: Page) -> None:
    kiosk.clock.fast_forward("09:00")
    kiosk.keyboard.press("ArrowDown")
    kiosk.clock.fast_forward("09:00")
    expect(kiosk.get_by_role("dialog")).to_be_hidden()
    kiosk.clock.fast_forward("01:30")
    expect(kiosk.get_by_role("dialog")).to_be_visible()


def test_own_device_is_not_asked_again(kiosk: Page) -> None:
    kiosk.clock.fast_forward("10:10")
    kiosk.get_by_role("button", name="C’est mon appareil").click()
    kiosk.clock.fast_forward("01:00:00")
    expect(kiosk.get_by_role("dialog")).to_be_hidden()


def test_home_page_without_traces_asks_nothing(open_page: Callable[..., Page]) -> None:
    places.build(2)
    page = open_page()
    page.clock.install()
    page.goto("/")
    page.clock.fast_forward("30:00")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_erasing_works_without_javascript(open_page: Callable[..., Page]) -> None:
    places.build(2)
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto(PAGES["results"])
    page.get_by_role("link", name="Ordinateur partagé").click()
    page.get_by_role("button", name="Oui, tout effacer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est effacé")


def test_browser_is_told_to_empty_its_cache_and_storage(
    open_page: Callable[..., Page], watch: Watch
) -> None:
    places.build(2)
    page = open_page(java_script_enabled=False)
    page.goto("/effacer/")
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 (Playwright refuses a builtin)
    page.get_by_role("button", name="Oui, tout effacer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est effacé")
    (posted,) = [answer for answer in answers if answer.request.method == "POST"]
    assert posted.header_value("clear-site-data") == '"cache", "storage"'
