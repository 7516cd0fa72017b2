"""Narrowing the results: filters, what is active, what the places do not say."""

import gzip
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser import places
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.places import PAGES

pytestmark = pytest.mark.django_db(transaction=True)

NEAR_GUERET = "/recherche/?ou=Gu%C3%A9ret"
FILTERED = f"{NEAR_GUERET}&besoin=ameli&langue=ar"
FULL_PAGE_BUDGET = 60_000
WITH_MAP_BUDGET = 130_000
"""Bytes of everything that the first results page loads, compressed."""

TARGET = 44
"""CSS pixels: the smallest side of what a thumb must hit (WCAG 2.2, 2.5.5)."""


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def visitor(open_page: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    """A visitor with a small telephone, in a directory of some twenty places."""
    places.build()
    return open_page(viewport=PHONE, java_script_enabled=request.param)


def asked(page: Page) -> dict[str, list[str]]:
    """What the address of the page asks."""
    return parse_qs(urlsplit(page.url).query)


def unfold(page: Page, facet: str) -> None:
    """Open the filters of a small screen, then one facet."""
    page.locator("summary", has_text=re.compile("^Filtrer")).click()
    page.locator("summary", has_text=facet).click()


def test_filter_applies_and_keeps_the_place_and_the_need(visitor: Page) -> None:
    visitor.goto(PAGES["results"])
    unfold(visitor, "Langues parlées")
    visitor.get_by_role("checkbox", name=re.compile("^Arabe")).check()
    visitor.get_by_role("button", name="Appliquer les filtres").last.click()
    visitor.wait_for_url("**langue=ar**")
    query = asked(visitor)
    assert (query["ou"], query["besoin"], query["langue"]) == (["Guéret"], ["ameli"], ["ar"])
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Guéret (Creuse)")
    expect(visitor.get_by_role("link", name="Retirer le filtre Arabe")).to_be_visible()


def test_new_place_keeps_the_filters(visitor: Page) -> None:
    visitor.goto(FILTERED)
    visitor.get_by_text("Changer ma recherche").click()
    visitor.get_by_label("Ville, village ou code postal").fill("Creuse")
    visitor.get_by_role("button", name="Chercher").click()
    visitor.wait_for_url("**ou=Creuse**")
    assert asked(visitor)["langue"] == ["ar"]
    assert asked(visitor)["besoin"] == ["ameli"]


def test_chip_removes_its_filter_and_no_other(visitor: Page) -> None:
    visitor.goto(FILTERED)
    visitor.get_by_role("link", name="Retirer le filtre Arabe").click()
    expect(visitor.get_by_role("link", name="Retirer le filtre Arabe")).to_have_count(0)
    assert "langue" not in asked(visitor)
    assert (asked(visitor)["ou"], asked(visitor)["besoin"]) == (["Guéret"], ["ameli"])


def test_all_filters_are_removed_at_once_and_the_place_stays(visitor: Page) -> None:
    visitor.goto(FILTERED)
    visitor.get_by_role("link", name="Retirer tous les filtres").first.click()
    expect(visitor.get_by_role("link", name=re.compile("^Retirer"))).to_have_count(0)
    assert asked(visitor) == {"ou": ["Guéret"]}


def test_places_that_do_not_say_come_in_a_second_block(visitor: Page) -> None:
    visitor.goto(FILTERED)
    expect(visitor.get_by_role("heading", level=3).first).to_contain_text("(0)")
    second = visitor.get_by_role("region", name=re.compile("À vérifier par téléphone"))
    expect(second.get_by_role("heading", level=3).first).to_contain_text("(1)")


def test_phrase_said_on_the_results_is_understood_and_can_be_undone(visitor: Page) -> None:
    visitor.goto("/recherche/?ou=Creuse")
    visitor.get_by_text("Changer ma recherche").click()
    visitor.locator("#id_dit").fill("carte vitale à Guéret en arabe")
    visitor.get_by_role("button", name="Trouver").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Guéret (Creuse)")
    understood = visitor.get_by_role("region", name=re.compile("Vous avez écrit"))
    understood.get_by_role("link", name=re.compile("arabe", re.IGNORECASE)).click()
    expect(understood.get_by_role("link", name=re.compile("arabe", re.IGNORECASE))).to_have_count(0)
    assert "langue" not in asked(visitor)
    assert asked(visitor)["besoin"] == ["carte-vitale"]


def test_small_screen_folds_the_filters_and_counts_those_that_are_active(visitor: Page) -> None:
    visitor.goto(FILTERED)
    expect(visitor.get_by_role("button", name="Appliquer les filtres").last).to_be_hidden()
    expect(visitor.locator(".filters > summary")).to_have_text(re.compile(r"Filtrer\s\(2"))


def test_wide_screen_shows_the_filters_beside_the_list(
    open_page: Callable[..., Page], assert_accessible: Callable[[Page], None]
) -> None:
    places.build()
    page = open_page(viewport=DESKTOP)
    page.goto(FILTERED)
    filters = page.locator(".filters").bounding_box()
    card = page.locator(".card").first.bounding_box()
    assert filters
    assert card
    assert filters["x"] + filters["width"] < card["x"]
    expect(page.get_by_text("Langues parlées")).to_be_in_viewport()
    assert_accessible(page)


def test_unfolded_filters_are_accessible_and_large_enough_for_a_thumb(
    phone: Page,
    assert_accessible: Callable[[Page], None],
    assert_no_sideways_scroll: Callable[[Page], None],
) -> None:
    places.build()
    phone.goto(FILTERED)
    phone.evaluate("document.querySelectorAll('details').forEach((it) => (it.open = true))")
    assert_accessible(phone)
    assert_no_sideways_scroll(phone)
    rows = phone.locator(".tick")
    heights = rows.evaluate_all("rows => rows.map((it) => it.getBoundingClientRect().height)")
    assert len(heights) > 10
    assert [height for height in heights if height < TARGET] == []


def test_paper_holds_no_filter_to_press(page: Page) -> None:
    places.build()
    page.goto(FILTERED)
    page.emulate_media(media="print")
    expect(page.locator(".filters")).to_be_hidden()
    expect(page.get_by_text("Arabe").last).to_be_visible()


def weights(page: Page) -> dict[str, int]:
    """Bytes of all that a first page of results loads, once compressed."""
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        answers.append(answer)

    page.on("response", keep)
    page.goto(NEAR_GUERET)
    page.wait_for_load_state("networkidle")
    return {answer.url: len(gzip.compress(answer.body())) for answer in answers}


def test_first_results_page_weighs_less_than_its_budget(phone: Page) -> None:
    places.build()
    loaded = weights(phone)
    assert any(url.endswith(".css") for url in loaded)
    assert any(url.endswith(".js") for url in loaded)
    assert sum(loaded.values()) < FULL_PAGE_BUDGET


def test_results_page_with_its_map_weighs_less_than_its_budget(page: Page) -> None:
    places.build()
    loaded = weights(page)
    assert any("/carte.geojson" in url for url in loaded)
    assert sum(loaded.values()) < WITH_MAP_BUDGET
