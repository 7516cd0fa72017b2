"""The orientation sheet in a browser: printed without a blank page, read by a scanner, usable."""

import io
import math
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from directory.models import Need, Place
from tests import sheets
from tests.browser import places
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.places import PAGES

pytestmark = pytest.mark.django_db(transaction=True)

SMALL = {"width": 320, "height": 640}
POINT = 96 / 72
"""CSS pixels of a point."""

CODE, TESTED, SCAN = 26, 20, 150
"""Millimetres of a printed code, of the smallest to be read; dots an inch of the picture."""

SMALLEST = """
() => Math.min(...[...document.querySelectorAll('.sheet *')]
    .filter((it) => [...it.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
    .filter((it) => !it.closest('.visually-hidden') && it.getClientRects().length)
    .map((it) => parseFloat(getComputedStyle(it).fontSize)))
"""


def printed(page: Page) -> PdfReader:
    """The page as the browser prints it on A4."""
    page.evaluate("document.fonts.ready")
    return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))


def texts(reader: PdfReader) -> list[str]:
    return [page.extract_text().strip() for page in reader.pages]


def address(chosen: list[Place], need: str = "", language: str = "") -> str:
    numbers = ",".join(str(place.pk) for place in chosen)
    return f"/fiche/?lieux={numbers}&besoin={need}&langue={language}"


@pytest.fixture
def ameli() -> Need:
    """The need as the project ships it, with its translations."""
    places.build(2)
    return Need.objects.get(code="ameli")


@pytest.mark.parametrize(
    ("count", "language"),
    [(1, ""), (2, ""), (3, ""), (5, ""), (20, ""), (3, "en"), *((n, "ar") for n in (1, 2, 5, 20))],
)
def test_sheet_prints_a_page_for_two_places_and_none_is_blank(
    page: Page, ameli: Need, count: int, language: str
) -> None:
    page.goto(address([sheets.ordinary(n) for n in range(count)], ameli.code, language))
    pages = texts(printed(page))
    # Both languages and what to bring take one more page when places are even.
    assert len(pages) <= math.ceil(count / 2) + (bool(language) and count % 2 == 0)
    assert len(pages) == page.locator(".sheet-page").count()
    assert min(len(text) for text in pages) > 150
    assert "Où trouver de l’aide" in pages[0]


@pytest.mark.parametrize(("count", "language"), [(1, ""), (2, "ar"), (3, "en")])
def test_longest_places_print_whole_and_without_a_blank_page(
    page: Page, ameli: Need, count: int, language: str
) -> None:
    chosen = [sheets.longest(number) for number in range(count)]
    page.goto(address(chosen, ameli.code, language))
    pages = texts(printed(page))
    long = page.locator(".is-long").count()
    assert len(pages) == page.locator(".sheet-page").count() + long <= count + 1 + long
    assert min(len(text) for text in pages) > 150
    assert "".join(pages).count("Heure") == count


def test_place_never_starts_on_a_page_and_ends_on_another(page: Page, ameli: Need) -> None:
    page.goto(address([sheets.ordinary(number) for number in range(5)], ameli.code, "ar"))
    for text in texts(printed(page)):
        assert text.count("Appelez") == text.count("Heure")


def test_printed_sheet_has_neither_header_nor_footer_nor_buttons(page: Page, ameli: Need) -> None:
    page.goto(address([sheets.ordinary()], ameli.code))
    said = " ".join(texts(printed(page)))
    for text in ("Coup de main santé", "Mentions légales", "PDF", "Langue de la personne"):
        assert text not in said


@pytest.mark.parametrize("name", ["place", "place-bare", "results", "results-nothing"])
def test_other_pages_print_without_a_blank_page(page: Page, ameli: Need, name: str) -> None:
    page.goto(PAGES[name])
    assert min(len(text) for text in texts(printed(page))) > 40


@pytest.mark.parametrize("language", ["", "en", "ar"])
def test_letters_are_fourteen_points_at_least_on_paper(
    page: Page, ameli: Need, language: str
) -> None:
    page.goto(address([sheets.longest(n) for n in range(4)], ameli.code, language))
    page.emulate_media(media="print")
    assert page.evaluate(SMALLEST) >= 14 * POINT - 0.01
    number = page.locator(".sheet-number").first.evaluate(
        "it => parseFloat(getComputedStyle(it).fontSize)"
    )
    assert number >= 26 * POINT


@pytest.mark.parametrize("scale", [1, TESTED / CODE], ids=["as printed", "2 cm"])
def test_printed_codes_are_read(open_page: Callable[..., Page], ameli: Need, scale: float) -> None:
    page = open_page(viewport=DESKTOP, device_scale_factor=SCAN / 96 * scale)
    page.goto(address([sheets.ordinary(number) for number in range(3)], ameli.code, "ar"))
    page.emulate_media(media="print")
    links = page.locator(".sheet-link").evaluate_all("all => all.map((it) => it.href)")
    found = sheets.codes_on([page.screenshot(full_page=True)])
    assert sorted(found) == sorted(link.upper() for link in links)


def test_code_leads_to_its_place(page: Page, ameli: Need) -> None:
    place = sheets.ordinary()
    page.goto(address([place]))
    code = sheets.codes_on([page.screenshot(full_page=True)])[0]
    answer = page.goto(code)
    assert answer
    assert answer.status == 200
    assert page.get_by_role("heading", level=1).inner_text() == place.name


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["360", "1280"])
@pytest.mark.parametrize("language", ["", "ar"])
def test_axe_finds_no_fault(
    open_page: Callable[..., Page],
    ameli: Need,
    assert_accessible: Callable[[Page], None],
    viewport: Any,
    language: str,
) -> None:
    page = open_page(viewport=viewport)
    page.goto(address([sheets.ordinary(), sheets.longest(1)], ameli.code, language))
    assert_accessible(page)
    page.goto("/fiche/?lieux=999999")
    assert_accessible(page)


def test_dark_sheet_keeps_its_contrasts(
    open_page: Callable[..., Page], ameli: Need, assert_accessible: Callable[[Page], None]
) -> None:
    page = open_page(viewport=PHONE, color_scheme="dark")
    page.goto(address([sheets.ordinary()], ameli.code, "ar"))
    assert_accessible(page)


@pytest.mark.parametrize("language", ["", "en", "ar"])
def test_sheet_does_not_scroll_sideways_at_320_pixels(
    open_page: Callable[..., Page],
    ameli: Need,
    assert_no_sideways_scroll: Callable[[Page], None],
    language: str,
) -> None:
    page = open_page(viewport=SMALL)
    page.goto(address([sheets.longest()], ameli.code, language))
    assert_no_sideways_scroll(page)


def test_without_javascript_language_need_and_file_are_reached(no_js: Page, ameli: Need) -> None:
    no_js.goto(address([sheets.ordinary()]))
    assert no_js.get_by_text("Pour imprimer").is_visible()
    assert no_js.get_by_role("button", name="Imprimer").count() == 0
    no_js.get_by_label("Pour quelle démarche").select_option(ameli.label)
    no_js.get_by_role("button", name="Dire quoi apporter").click()
    assert no_js.get_by_text("Votre carte Vitale, ou une attestation de droits").is_visible()
    no_js.get_by_role("link", name="العربية").click()
    assert no_js.locator('[dir="rtl"]').first.is_visible()
    assert "besoin=ameli" in no_js.url
    link = no_js.get_by_role("link", name="Télécharger en PDF").get_attribute("href")
    answer = no_js.request.get(str(link))
    assert answer.headers["content-type"] == "application/pdf"
    assert PdfReader(io.BytesIO(answer.body())).pages


def test_button_prints(page: Page, ameli: Need) -> None:
    page.add_init_script("window.print = () => { window.printed = true; }")
    page.goto(address([sheets.ordinary()]))
    page.get_by_role("button", name="Imprimer").click()
    assert page.evaluate("window.printed")
    assert not page.get_by_text("Pour imprimer").is_visible()


def test_note_of_a_place_is_printed_and_never_sent(page: Page, ameli: Need) -> None:
    place = sheets.ordinary()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address([place])}#notes={place.pk}:demander%20le%20guichet%202")
    page.locator(".sheet-note").wait_for()
    assert "demander le guichet 2" in " ".join(texts(printed(page)))
    assert not [url for url in asked if "guichet" in url.split("#")[0]]
