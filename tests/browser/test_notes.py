"""Notes about the places of a carnet: in the address after the #, never sent to the server."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import places
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.places import PAGES
from tests.browser.test_carnet import add, bar

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mediator(open_page: Callable[..., Page]) -> Page:
    """A mediator at a computer, with JavaScript."""
    places.build()
    return open_page(viewport=DESKTOP)


def note(page: Page) -> Locator:
    """The note of the first place, unfolded."""
    details = page.locator("[data-note-block]").first
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    return details.get_by_label("Votre note")


def test_note_stays_in_the_address_and_is_never_sent(mediator: Page) -> None:
    asked: list[str] = []
    mediator.on("request", lambda request: asked.append(f"{request.url} {request.post_data}"))
    mediator.goto(PAGES["results"])
    add(mediator, 0)
    add(mediator, 1)
    bar(mediator).get_by_role("link", name="Voir le carnet").click()
    note(mediator).fill("Mardi, 10 h & après ; 100 %")
    expect(mediator).to_have_url(re.compile(r"#notes=\d+:Mardi%2C%2010%20h"))
    mediator.get_by_role("link", name=re.compile("^Descendre")).click()
    expect(mediator.locator("[data-note]").nth(1)).to_have_value("Mardi, 10 h & après ; 100 %")
    expect(mediator.locator("[data-note]").first).to_have_value("")
    mediator.reload()
    expect(mediator.locator("[data-note]").nth(1)).to_have_value("Mardi, 10 h & après ; 100 %")
    sheet = mediator.get_by_role("link", name="Imprimer la fiche").get_attribute("href")
    assert "#notes=" in (sheet or "")
    # The browser itself keeps fragments out of what it asks.
    assert [url for url in asked if "Mardi" in url.split("#")[0]] == []


def test_note_is_still_there_after_searching_for_another_place(mediator: Page) -> None:
    mediator.goto(PAGES["results"])
    add(mediator, 0)
    bar(mediator).get_by_role("link", name="Voir le carnet").click()
    note(mediator).fill("Demander un rendez-vous")
    mediator.get_by_role("link", name="Ajouter d’autres lieux").click()
    bar(mediator).get_by_role("link", name="Voir le carnet").click()
    expect(mediator.locator("[data-note]").first).to_have_value("Demander un rendez-vous")


def test_note_is_not_offered_where_it_could_not_be_kept(
    open_page: Callable[..., Page],
) -> None:
    built = places.build(3)
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto(f"/carnet/?lieux={built.centre.pk}")
    expect(page.locator("[data-note]")).to_be_hidden()
