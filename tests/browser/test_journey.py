"""From the question to the telephone: the way a visitor goes, with and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from directory.models import Contribution
from directory.moderation.contributions import guard
from tests.browser import places
from tests.browser.conftest import PHONE, Watch
from tests.browser.places import PAGES

pytestmark = pytest.mark.django_db(transaction=True)

SEARCH = re.compile("Chercher de l’aide")


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def visitor(open_page: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    """A visitor with a small telephone, in a directory of some twenty places."""
    places.build()
    return open_page(viewport=PHONE, java_script_enabled=request.param)


def field(page: Page, label: str) -> Locator:
    """The field of this label; a script may add a list of suggestions under the same label."""
    return page.get_by_label(label).and_(page.locator("input"))


def write_town(page: Page, town: str) -> None:
    """Write where one is, then leave the field as one does: suggestions fold."""
    field(page, "Où êtes-vous").fill(town)
    page.keyboard.press("Tab")


def test_visitor_finds_who_to_call(visitor: Page) -> None:
    visitor.goto("/")
    visitor.get_by_label("Mon compte Ameli").check()
    write_town(visitor, "guéret")
    visitor.get_by_role("button", name=SEARCH).click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Guéret (Creuse)")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Mon compte Ameli")

    first = visitor.get_by_role("heading", level=3).first.get_by_role("link")
    name = first.inner_text()
    first.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(name)
    call = visitor.get_by_role("link", name=re.compile("^Appeler le"))
    expect(call).to_have_attribute("href", "tel:+33199001234")
    expect(call).to_be_in_viewport()


def test_visitor_finds_without_choosing_a_need(visitor: Page) -> None:
    visitor.goto("/")
    write_town(visitor, "23000")
    visitor.get_by_role("button", name=SEARCH).click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("lieux près de Guéret")
    expect(visitor.get_by_role("alert")).to_have_count(0)


def test_visitor_searches_with_the_enter_key(visitor: Page) -> None:
    visitor.goto("/")
    field(visitor, "Où êtes-vous").fill("Guéret")
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Guéret")


def test_suggestions_never_hide_the_search_button(phone: Page) -> None:
    places.build()
    phone.goto("/")
    field(phone, "Où êtes-vous").press_sequentially("guéret")
    expect(phone.get_by_role("option").first).to_be_visible()
    button = phone.get_by_role("button", name=SEARCH)
    button.scroll_into_view_if_needed()
    button.click(timeout=3000)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Guéret (Creuse)")


def test_visitor_chooses_a_suggestion(phone: Page) -> None:
    places.build()
    phone.goto("/")
    field(phone, "Où êtes-vous").press_sequentially("saint d")
    phone.get_by_role("option").filter(has_text="Seine-Saint-Denis").click()
    phone.get_by_role("button", name=SEARCH).click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Saint-Denis (Seine-Saint-")


def test_visitor_chooses_between_homonyms(visitor: Page) -> None:
    visitor.goto("/")
    write_town(visitor, "saint denis")
    visitor.get_by_role("button", name=SEARCH).click()
    visitor.get_by_role("link", name=re.compile(r"^Saint-Denis \(Seine-Saint-Denis\)")).click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Saint-Denis (Seine-Saint-")


def test_visitor_changes_the_search_from_the_results(visitor: Page) -> None:
    visitor.goto(PAGES["results"])
    visitor.get_by_text("Changer ma recherche").click()
    where = field(visitor, "Ville, village ou code postal")
    expect(where).to_have_value("Guéret")
    where.fill("Creuse")
    visitor.get_by_role("button", name="Chercher").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Creuse (23)")


def test_visitor_turns_the_page_and_comes_back(visitor: Page) -> None:
    visitor.goto(PAGES["results"].replace("besoin=ameli", ""))
    first = visitor.get_by_role("heading", level=3).first.inner_text()
    visitor.get_by_role("link", name="Page suivante").click()
    assert visitor.get_by_role("heading", level=3).first.inner_text() != first
    visitor.get_by_role("link", name="Page d’avant").click()
    assert visitor.get_by_role("heading", level=3).first.inner_text() == first


def test_visitor_goes_back_to_the_results_from_a_place(visitor: Page) -> None:
    visitor.goto(PAGES["results"])
    visitor.get_by_role("heading", level=3).first.get_by_role("link").click()
    visitor.get_by_role("navigation", name="Vous êtes ici").get_by_role(
        "link", name="Résultats"
    ).click()
    assert visitor.url.endswith(PAGES["results"])


def test_visitor_corrects_the_hours(visitor: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "FASTEST", 0.0)
    Contribution.objects.all().delete()
    visitor.goto(PAGES["place"])
    visitor.get_by_role("link", name="Corriger cette fiche").click()
    visitor.get_by_role("link", name="Les horaires sont faux").click()
    expect(visitor.get_by_label("Lundi")).to_have_value("9h-12h, 13h30-17h")
    visitor.get_by_label("Lundi").fill("fermé")
    visitor.get_by_role("button", name="Envoyer").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Merci")
    stored = Contribution.objects.get()
    assert stored.kind == "hours"
    assert stored.changes["opening_hours"]["after"] == "Tu-Fr 09:00-12:00,13:30-17:00; PH off"


def test_visitor_says_in_one_click_that_all_is_right(visitor: Page) -> None:
    visitor.goto(PAGES["report"])
    visitor.get_by_role("button", name="Tout est toujours juste").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Merci")
    assert Contribution.objects.filter(kind="confirmation").count() == 1


def test_visitor_who_is_too_quick_or_wrong_keeps_what_was_typed(
    visitor: Page, watch: Watch
) -> None:
    watch.expect_error("400")
    visitor.goto(PAGES["report-form"])
    phone = visitor.get_by_label("Téléphone du lieu")
    phone.fill("12")
    visitor.get_by_role("button", name="Envoyer").click()
    expect(visitor.get_by_role("alert")).to_contain_text("Ce numéro n’est pas lisible")
    expect(phone).to_have_value("12")
    visitor.get_by_role("alert").get_by_role("link").first.click()
    assert visitor.url.endswith("#id_phone")


def test_results_print_without_buttons_that_paper_cannot_press(visitor: Page) -> None:
    visitor.goto(PAGES["place"])
    visitor.emulate_media(media="print")
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    expect(visitor.get_by_text("01\u00a099\u00a000\u00a012\u00a034").first).to_be_visible()
    expect(visitor.get_by_role("link", name="Corriger cette fiche")).to_be_hidden()
