"""From the results to the sheet in five gestures, with and without JavaScript; notes that stay."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import places
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.places import PAGES

pytestmark = pytest.mark.django_db(transaction=True)

ADD = re.compile("^Ajouter au carnet")


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def visitor(open_page: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    """A visitor with a small telephone, in a directory of some twenty places."""
    places.build()
    return open_page(viewport=PHONE, java_script_enabled=request.param)


@pytest.fixture
def mediator(open_page: Callable[..., Page]) -> Page:
    """A mediator at a computer, with JavaScript."""
    places.build()
    return open_page(viewport=DESKTOP)


def control(page: Page, name: str | re.Pattern[str]) -> Locator:
    """What adds or removes: a link, that JavaScript makes a button."""
    return page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name))


def add(page: Page, rank: int) -> str:
    """Add the place of this rank in the list; its name."""
    card = page.locator(".cards > li").nth(rank)
    name = card.get_by_role("heading").inner_text()
    control(card, ADD).click()  # type: ignore[arg-type]
    expect(control(card, re.compile("^Retirer du carnet"))).to_be_visible()  # type: ignore[arg-type]
    return name


def bar(page: Page) -> Locator:
    """The carnet's bar."""
    return page.get_by_role("complementary", name="Votre carnet")


def kept_files(page: Page) -> list[bytes]:
    """The PDF files that the page gets to come; the browser's own viewer is not under test."""
    files: list[bytes] = []

    def keep(route: Route) -> None:
        files.append(route.fetch().body())
        route.fulfill(content_type="text/html", body="<title>PDF</title>")

    page.route("**/fiche.pdf?**", keep)
    return files


def chosen(page: Page) -> list[str]:
    """The names of the carnet's page."""
    return page.locator(".carnet-list h3 a").all_inner_texts()


# --- From the results to the sheet ----------------------------------------------------------------


def test_three_places_are_on_a_sheet_then_a_file_in_five_gestures(visitor: Page) -> None:
    visitor.goto(PAGES["results"])
    names = [add(visitor, rank) for rank in range(3)]  # gestures 1, 2, 3
    bar(visitor).get_by_role("link", name="Imprimer la fiche").click()  # 4
    expect(visitor).to_have_url(re.compile(r"/fiche/\?lieux=\d+,\d+,\d+&besoin=ameli$"))
    for name in names:
        expect(visitor.get_by_text(name).first).to_be_visible()
    files = kept_files(visitor)
    visitor.get_by_role("link", name=re.compile("PDF")).click()  # 5
    expect(visitor).to_have_title("PDF")
    assert [file[:5] for file in files] == [b"%PDF-"]


def test_adding_keeps_the_eye_on_the_same_place(visitor: Page) -> None:
    visitor.goto(PAGES["results"])
    add(visitor, 2)
    expect(visitor.locator(".cards > li").nth(2)).to_be_in_viewport()
    expect(bar(visitor)).to_contain_text("Carnet\u00a0: 1\u00a0lieu")
    expect(bar(visitor)).to_be_in_viewport()


def test_carnet_follows_the_search_from_page_to_page(visitor: Page) -> None:
    visitor.goto(PAGES["results"])
    add(visitor, 0)
    add(visitor, 1)
    visitor.get_by_role("link", name="Page suivante").click()
    expect(bar(visitor)).to_contain_text("Carnet\u00a0: 2\u00a0lieux")
    visitor.locator(".cards > li h3 a").first.click()
    expect(bar(visitor)).to_contain_text("Carnet\u00a0: 2\u00a0lieux")
    control(visitor, ADD).click()
    expect(bar(visitor)).to_contain_text("Carnet\u00a0: 3\u00a0lieux")
    bar(visitor).get_by_role("link", name="Voir le carnet").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Votre carnet\u00a0: 3 lieux")


def test_what_is_added_can_be_removed_on_the_spot(visitor: Page) -> None:
    visitor.goto(PAGES["results"])
    add(visitor, 0)
    control(visitor, re.compile("^Retirer du carnet")).click()
    expect(control(visitor, ADD).first).to_be_visible()
    expect(bar(visitor)).to_be_hidden()


def test_carnet_is_put_in_order_then_one_goes_on_searching(visitor: Page) -> None:
    visitor.goto(PAGES["results"])
    a, b = add(visitor, 0), add(visitor, 1)
    bar(visitor).get_by_role("link", name="Voir le carnet").click()
    assert chosen(visitor) == [a, b]
    visitor.get_by_role("link", name=re.compile("^Descendre")).click()
    expect(visitor.locator(".carnet-list h3 a").first).to_have_text(b)
    assert chosen(visitor) == [b, a]
    visitor.get_by_role("link", name=re.compile("^Retirer")).first.click()
    expect(visitor.locator(".carnet-list h3 a")).to_have_count(1)
    visitor.get_by_role("link", name="Ajouter d’autres lieux").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Guéret (Creuse)")
    expect(bar(visitor)).to_contain_text("Carnet\u00a0: 1\u00a0lieu")
    expect(control(visitor, re.compile("^Retirer du carnet"))).to_have_count(1)


def test_short_link_opens_the_same_carnet_elsewhere(
    visitor: Page, open_page: Callable[..., Page]
) -> None:
    visitor.goto(PAGES["results"])
    names = [add(visitor, 0), add(visitor, 1)]
    bar(visitor).get_by_role("link", name="Voir le carnet").click()
    link = visitor.locator(".short-link").inner_text()
    elsewhere = open_page(viewport=PHONE)
    elsewhere.goto(link)
    assert chosen(elsewhere) == names


# --- With JavaScript ------------------------------------------------------------------------------


def test_adding_reloads_nothing_and_survives_a_reload(mediator: Page) -> None:
    mediator.goto(PAGES["results"])
    mediator.evaluate("window.stillHere = true")
    add(mediator, 0)
    assert mediator.evaluate("window.stillHere")
    assert mediator.url.endswith(PAGES["results"])
    expect(mediator.locator("[data-carnet-said]")).to_have_text(
        "Ajouté. Carnet\u00a0: 1\u00a0lieu."
    )
    mediator.reload()
    expect(bar(mediator)).to_contain_text("Carnet\u00a0: 1\u00a0lieu")
    expect(control(mediator, re.compile("^Retirer du carnet"))).to_have_count(1)


def test_adding_works_with_the_keyboard_and_keeps_the_focus(mediator: Page) -> None:
    mediator.goto(PAGES["results"])
    button = mediator.get_by_role("button", name=ADD).first
    button.focus()
    mediator.keyboard.press("Space")
    expect(bar(mediator)).to_contain_text("Carnet\u00a0: 1\u00a0lieu")
    expect(mediator.locator(":focus")).to_have_attribute("data-carnet-toggle", re.compile(r"\d+"))
    mediator.keyboard.press("Enter")
    expect(bar(mediator)).to_be_hidden()


def test_link_that_comes_later_adds_then_shows_the_carnet(mediator: Page) -> None:
    mediator.goto(PAGES["results"])
    add(mediator, 0)
    mediator.evaluate(
        """document.querySelector("main").insertAdjacentHTML("beforeend",
            '<p><a href="/carnet/?lieux=1000003" data-carnet-add="1000003">…</a></p>')"""
    )
    mediator.get_by_role("link", name="Ajouter au carnet").click()
    expect(bar(mediator)).to_contain_text("Carnet\u00a0: 2\u00a0lieux")
    mediator.get_by_role("link", name="Voir mon carnet").click()
    expect(mediator).to_have_url(re.compile(r"lieux=\d+,1000003"))


def test_carnet_without_address_opens_the_one_of_this_browser(mediator: Page) -> None:
    mediator.goto(PAGES["results"])
    name = add(mediator, 0)
    mediator.goto("/carnet/")
    expect(mediator).to_have_url(re.compile(r"lieux=\d+$"))
    assert chosen(mediator) == [name]


def test_carnet_received_by_a_link_does_not_replace_ones_own(mediator: Page) -> None:
    mediator.goto(PAGES["results"])
    add(mediator, 0)
    number = mediator.evaluate("localStorage.carnet")
    other = mediator.locator(".cards > li").nth(3).get_attribute("id")
    assert other
    mediator.goto("about:blank")
    mediator.goto(f"/carnet/?lieux={other.removeprefix('lieu-')}")
    expect(mediator.get_by_text("Ce carnet vient d’un lien.")).to_be_visible()
    assert mediator.evaluate("localStorage.carnet") == number
    mediator.get_by_role("link", name="Voir mon carnet").click()
    expect(mediator).to_have_url(re.compile(rf"lieux={number}$"))


def test_full_carnet_says_so_and_adds_nothing(mediator: Page) -> None:
    mediator.goto("/")
    mediator.evaluate("localStorage.carnet = [...Array(20).keys()].map((n) => n + 5000).join(',')")
    mediator.goto(PAGES["results"])
    mediator.get_by_role("button", name=ADD).first.click()
    expect(mediator.locator("[data-carnet-said]")).to_contain_text("Votre carnet est plein")
    expect(bar(mediator)).to_contain_text("Carnet\u00a0: 20\u00a0lieux")


def test_address_that_carries_a_carnet_gives_it_to_the_browser_and_forgets_it(
    mediator: Page,
) -> None:
    mediator.goto(PAGES["results"])
    number = (mediator.locator(".cards > li").first.get_attribute("id") or "").removeprefix("lieu-")
    mediator.goto(f"{PAGES['results']}&carnet={number}")
    expect(bar(mediator)).to_contain_text("Carnet\u00a0: 1\u00a0lieu")
    assert "carnet=" not in mediator.url
    assert mediator.locator("a[href*='carnet=']").count() == 0


def test_browser_that_keeps_nothing_goes_on_with_links(
    open_page: Callable[..., Page],
) -> None:
    places.build()
    page = open_page(viewport=PHONE)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no'); }})"
    )
    page.goto(PAGES["results"])
    add(page, 0)
    assert "carnet=" in page.url


# --- Everybody ------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_pages_with_a_carnet_in_hand_are_accessible_and_fit_the_screen(
    open_page: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    width: int,
) -> None:
    built = places.build(4)
    page = open_page(viewport={"width": width, "height": 740})
    number = built.centre.pk
    for address in (
        f"{PAGES['carnet']}#notes={number}:bonjour",
        f"/partager/?lieux={number}&langue=ar",
        f"{PAGES['results']}&carnet={number}",
        f"{PAGES['place']}?carnet={number}",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert_accessible(page)
