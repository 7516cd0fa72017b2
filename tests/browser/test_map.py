"""The map: an extra beside the list, drawn with what the search finds, and never in its way."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from tests.browser import map_world
from tests.browser.conftest import PHONE, Watch
from tests.browser.map_world import PIXEL, TILES_HOST, URL, MapWorld, marker

pytestmark = pytest.mark.django_db(transaction=True)

MARKERS = ".leaflet-marker-pane button"


@pytest.fixture
def world(watch: Watch, settings: Settings) -> MapWorld:
    """Places, and tiles that answer."""
    map_world.with_tiles(settings)
    watch.answer(TILES_HOST, "image/png", PIXEL)
    return map_world.build()


@pytest.fixture
def shown(page: Page, world: MapWorld) -> Page:
    """A results page on a wide screen, its map drawn."""
    page.goto(URL)
    expect(page.locator(MARKERS)).to_have_count(4)
    return page


def names(page: Page) -> list[str]:
    return [one.get_attribute("aria-label") or "" for one in page.locator(MARKERS).all()]


def test_wide_screen_shows_the_map_beside_the_list(shown: Page) -> None:
    listed, drawn = (shown.locator(part).bounding_box() for part in ("#liste", "#carte"))
    assert listed
    assert drawn
    assert listed["x"] + listed["width"] <= drawn["x"]
    assert abs(listed["y"] - drawn["y"]) < 100
    expect(shown.locator("[data-map-toggle]")).to_be_hidden()
    expect(shown.locator(".leaflet-tile-loaded").first).to_be_attached()


def test_every_marker_says_its_place_its_state_and_its_distance(shown: Page) -> None:
    told = [name.replace("\u00a0", " ") for name in names(shown)]
    assert sorted(told) == [
        "2 lieux, agrandir",
        "Jamais ouvert, fermé, à 32 km",
        "Le bus, horaires non connus, se déplace, à 32 km",
        "Toujours ouvert, ouvert, à 32 km",
    ]


def test_markers_are_told_as_one_reads(shown: Page) -> None:
    assert [name.split(",")[0] for name in names(shown)] == [
        "Toujours ouvert",
        "Jamais ouvert",
        "Le bus",
        "2 lieux",
    ]


def test_what_a_marker_is_shows_by_its_shape_and_not_its_colour_alone(shown: Page) -> None:
    def drawn(name: str) -> list[str | None]:
        uses = marker(shown, name).locator("use").all()
        return [(use.get_attribute("href") or "").split("#")[1] for use in uses]

    assert drawn("Toujours ouvert") == ["pin", "check"]
    assert drawn("Jamais ouvert") == ["pin", "bar"]
    assert drawn("Le bus") == ["van", "bus"]


def test_moving_the_map_searches_nothing_and_announces_nothing(shown: Page) -> None:
    before = shown.locator("#liste").inner_text()
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(urlsplit(request.url).path))
    shown.locator("[data-map-canvas]").focus()
    shown.keyboard.press("ArrowRight")
    expect(shown.locator("[data-map-area]")).to_be_visible()
    assert shown.url.endswith(URL.split("?")[1])
    assert shown.locator("#liste").inner_text() == before
    assert "/recherche/" not in asked
    assert (
        shown.locator("#carte [aria-live], #carte [role=status], #carte [role=alert]").count() == 0
    )


def test_search_in_the_area_lists_what_the_map_shows(shown: Page, world: MapWorld) -> None:
    for _ in range(3):
        shown.locator(".leaflet-control-zoom-out").click()
        shown.wait_for_timeout(300)
    shown.get_by_role("link", name="Chercher dans cette zone").click()
    expect(shown.get_by_role("heading", level=1)).to_contain_text(
        "6 lieux dans la zone de la carte"
    )
    query = parse_qs(urlsplit(shown.url).query)
    assert set(query) == {"ou", "bbox"}
    expect(shown.locator(MARKERS).first).to_be_visible()
    expect(shown.get_by_text("Les distances partent de")).to_be_visible()
    shown.get_by_role("link", name="Quitter la zone de la carte").click()
    expect(shown.get_by_role("heading", level=1)).to_contain_text("près de Guéret")


def test_filters_stay_in_the_area_and_another_town_leaves_it(shown: Page) -> None:
    shown.goto(f"{URL}&bbox=1.4,46.2,2.4,46.6")
    shown.get_by_role("button", name="Appliquer les filtres").click()
    shown.wait_for_load_state()
    assert parse_qs(urlsplit(shown.url).query)["bbox"] == ["1.4,46.2,2.4,46.6"]
    expect(shown.locator(MARKERS)).to_have_count(2)
    shown.get_by_text("Changer ma recherche").click()
    shown.get_by_label("Ville, village ou code postal").fill("Guéret")
    shown.get_by_role("button", name="Chercher", exact=True).click()
    shown.wait_for_load_state()
    assert "bbox" not in parse_qs(urlsplit(shown.url).query)


def test_card_and_marker_light_up_together(shown: Page, world: MapWorld) -> None:
    lit = "is-lit"
    card = shown.locator(f"#lieu-{world.opened.pk}")
    own = marker(shown, "Toujours ouvert")
    card.hover()
    assert lit in (own.get_attribute("class") or "")
    card.get_by_role("link", name="Voir la fiche").focus()
    shown.mouse.move(0, 0)
    assert lit in (own.get_attribute("class") or "")
    shown.locator("h1").click()
    own.hover()
    assert lit in (card.get_attribute("class") or "")
    shown.mouse.move(0, 0)
    assert lit not in (card.get_attribute("class") or "")


def test_card_of_a_place_in_a_cluster_lights_the_cluster(shown: Page, world: MapWorld) -> None:
    shown.locator(f"#lieu-{world.pair[0].pk}").hover()
    assert "is-lit" in (marker(shown, "2 lieux").get_attribute("class") or "")


def test_panel_tells_the_phone_the_hours_and_where_to_go_on(shown: Page, world: MapWorld) -> None:
    marker(shown, "Toujours ouvert").click()
    panel = shown.get_by_role("region", name="Lieu choisi sur la carte")
    expect(panel.get_by_role("heading")).to_have_text("Toujours ouvert")
    expect(panel).to_contain_text("Ouvert maintenant")
    expect(panel.get_by_role("link", name="Appeler Toujours ouvert")).to_have_attribute(
        "href", "tel:+33199001234"
    )
    expect(panel.get_by_role("link", name="Voir la fiche")).to_have_attribute(
        "href", "/lieux/toujours-ouvert/"
    )
    carnet = panel.get_by_role("link", name="Ajouter au carnet")
    expect(carnet).to_have_attribute("href", re.compile(f"^/carnet/.lieux={world.opened.pk}&"))


def test_place_of_the_panel_goes_into_the_carnet_without_leaving_the_map(
    shown: Page, world: MapWorld
) -> None:
    marker(shown, "Toujours ouvert").click()
    shown.locator(f'[data-carnet-add="{world.opened.pk}"]').click()
    expect(shown.locator("[data-carnet-count]")).to_contain_text("1")
    expect(shown.locator("[data-map-panel]")).to_be_visible()
    assert urlsplit(shown.url).path == "/recherche/"


def test_panel_of_a_place_that_moves_tells_its_next_stop(shown: Page) -> None:
    marker(shown, "Le bus").click()
    expect(shown.locator("[data-map-panel]")).to_contain_text("en ce moment – Place du Marché")


def test_panel_never_hides_the_marker_it_tells_of(shown: Page) -> None:
    marker(shown, "2 lieux").click()
    shown.wait_for_timeout(600)
    marker(shown, "La halte annexe").click()
    panel = shown.locator("[data-map-panel]")
    expect(panel).to_be_visible()
    shown.wait_for_timeout(600)
    own, over = (one.bounding_box() for one in (marker(shown, "La halte annexe"), panel))
    assert own
    assert over
    assert own["y"] + own["height"] <= over["y"] + 2


def test_places_of_one_address_are_told_together(page: Page, world: MapWorld) -> None:
    first, second = world.pair
    second.latitude, second.longitude = first.latitude, first.longitude
    second.save()
    page.goto(URL)
    marker(page, "2 lieux à la même adresse").click()
    expect(page.locator("[data-map-panel] h3")).to_have_text(["La halte", "La halte annexe"])


def test_narrow_screen_loads_nothing_of_the_map_until_asked(
    open_page: Callable[..., Page], world: MapWorld
) -> None:
    phone = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(URL)
    phone.wait_for_load_state("networkidle")
    assert [url for url in asked if "leaflet" in url or "carte.geojson" in url] == []
    button = phone.get_by_role("button", name="Afficher la carte")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.tap()
    expect(phone.locator(MARKERS)).to_have_count(4)
    expect(phone.locator(".cards")).to_be_hidden()
    phone.get_by_role("button", name="Afficher la liste").tap()
    expect(phone.locator(".cards")).to_be_visible()
    expect(phone.locator("#carte")).to_be_hidden()


def test_person_who_spares_data_asks_for_the_map(page: Page, world: MapWorld) -> None:
    page.add_init_script(
        "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
    )
    page.goto(URL)
    expect(page.locator("#carte")).to_be_hidden()
    page.get_by_role("button", name="Afficher la carte").click()
    expect(page.locator(MARKERS)).to_have_count(4)


def test_without_javascript_nothing_shows_but_the_list(no_js: Page, world: MapWorld) -> None:
    no_js.goto(URL)
    expect(no_js.locator(".card")).to_have_count(5)
    assert no_js.locator("#carte").is_hidden()
    assert no_js.locator("[data-map-toggle]").is_hidden()


def test_tiles_that_fail_leave_outlines_and_markers(
    page: Page, watch: Watch, settings: Settings
) -> None:
    map_world.with_tiles(settings)
    watch.refuse(TILES_HOST)
    map_world.build()
    page.goto(URL)
    expect(page.locator(MARKERS)).to_have_count(4)
    expect(page.locator(".map-outline").first).to_be_attached()
    assert page.evaluate("getComputedStyle(document.querySelector('.map-outlines')).zIndex") < "200"
    expect(page.locator(".card")).to_have_count(5)


def test_without_tiles_the_page_asks_no_one_else(page: Page) -> None:
    map_world.build()
    page.goto(URL)
    expect(page.locator(MARKERS)).to_have_count(4)
    expect(page.locator(".map-outline").first).to_be_attached()
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("ANCT")


def test_map_credits_its_background(shown: Page) -> None:
    credit = shown.locator(".leaflet-control-attribution a")
    expect(credit).to_have_text("IGN")
    expect(credit).to_have_attribute("href", "https://www.ign.fr/")


def test_lost_connection_is_said_and_the_list_stays(shown: Page, watch: Watch) -> None:
    watch.expect_error("503")
    shown.route("**/carte.geojson*", lambda route: route.fulfill(status=503))
    shown.locator(".leaflet-control-zoom-in").click()
    expect(shown.locator("[data-map-said]")).to_contain_text("ne se met pas à jour")
    shown.unroute("**/carte.geojson*")
    shown.locator(".leaflet-control-zoom-out").click()
    expect(shown.locator("[data-map-said]")).to_be_hidden()


def test_place_has_its_own_map(page: Page, world: MapWorld) -> None:
    page.goto("/lieux/toujours-ouvert/")
    page.locator("#carte").scroll_into_view_if_needed()
    own = page.locator(".leaflet-marker-pane [role=img]")
    expect(own).to_have_attribute("aria-label", "Toujours ouvert, ouvert")
    expect(page.locator("[data-map-area]")).to_have_count(0)


def test_actor_has_a_map_of_its_places(page: Page, world: MapWorld) -> None:
    page.goto("/acteurs/hub/")
    page.locator("#carte").scroll_into_view_if_needed()
    expect(page.locator(MARKERS).first).to_be_visible()
    counts = [int(name.split()[0]) if " lieux" in name else 1 for name in names(page)]
    assert sum(counts) == 6
