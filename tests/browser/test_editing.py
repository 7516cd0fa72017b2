"""The form of a place and the front page of moderators, in a browser: keyboard, script or none."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from directory.models import Commune, Place
from directory.vocabularies.names import Basis, Itinerancy, State
from tests import factories as make
from tests.accounts import national, sign_in
from tests.browser.conftest import Watch

pytestmark = pytest.mark.django_db(transaction=True)
TABLET = {"width": 768, "height": 1024}
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture
def place() -> Place:
    """A place with a bit of everything."""
    commune = make.CommuneFactory.create(name="Rouen", latitude=49.44, longitude=1.09)
    place: Place = make.PlaceFactory.create(
        name="Maison des services",
        commune=commune,
        address="2 rue Haute",
        opening_hours="Mo-Fr 09:00-12:00,14:00-17:00; PH off",
        operator=make.ActorFactory.create(),
        itinerancy=Itinerancy.BOTH,
        terms=[make.TermFactory.create(label="Mairie")],
    )
    service = make.ServiceFactory.create(place=place, name="Atelier santé", needs=["ameli"])
    deduced = make.NeedFactory.create(code="dossier", label="Ouvrir mon dossier médical")
    make.ServiceNeedFactory.create(
        service=service, need=deduced, basis=Basis.DEDUCED, rule="programme:france-services"
    )
    make.StopFactory.create(place=place, label="Place du marché")
    make.ClosureFactory.create(place=place, reason="Congés")
    return place


@pytest.fixture
def enter(open_page: Callable[..., Page], live_server: LiveServer) -> Callable[..., Page]:
    """Open a browser in the hands of an administrator."""

    def entered(name: str = "nationale", **options: Any) -> Page:
        page = open_page(**options)
        client = sign_in(Client(), national(name))
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        return page

    return entered


def url_of(place: Place) -> str:
    """The address of its form."""
    return reverse("admin:directory_place_change", args=[place.pk])


@pytest.fixture
def accessible(assert_accessible: Callable[[Page], None], watch: Watch) -> Callable[[Page], None]:
    """Run axe; what it tries itself to read the imports of the admin's sheets is no breach."""

    def check(page: Page) -> None:
        before = list(watch.breaches), list(watch.errors)
        assert_accessible(page)
        page.wait_for_timeout(100)
        watch.breaches[:], watch.errors[:] = before

    return check


def keep(page: Page, name: str) -> None:
    """Keep a picture of the whole page when asked."""
    if os.environ.get("SCREENSHOTS") == "1":
        width = page.viewport_size["width"] if page.viewport_size else 0
        folder = Path(settings.BASE_DIR) / "var" / "screenshots"
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("viewport", [TABLET, DESKTOP], ids=["768", "1280"])
def test_axe_finds_no_fault_on_the_form_and_the_front_page(
    enter: Callable[..., Page],
    place: Place,
    viewport: dict[str, int],
    accessible: Callable[[Page], None],
    assert_no_sideways_scroll: Callable[[Page], None],
) -> None:
    page = enter(viewport=viewport)
    page.goto(url_of(place))
    page.locator(".place-point").scroll_into_view_if_needed()
    expect(page.get_by_label("Point du lieu").first).to_be_visible()
    keep(page, "place-form")
    assert_no_sideways_scroll(page)
    accessible(page)
    page.goto(reverse("admin:index"))
    keep(page, "moderators-home")
    assert_no_sideways_scroll(page)
    accessible(page)


def test_week_and_text_follow_each_other(enter: Callable[..., Page], place: Place) -> None:
    page = enter()
    page.goto(url_of(place))
    text = page.locator("#id_opening_hours")
    page.get_by_label("Samedi").fill("9h-12h")
    expect(text).to_have_value("Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00; PH off")
    text.fill("Mo 10:00-11:00")
    expect(page.get_by_label("Lundi")).to_have_value("10h-11h")
    expect(page.get_by_label("Samedi")).to_have_value("fermé")
    page.get_by_label("Mardi").fill("14h-12h")
    expect(page.get_by_role("status").filter(has_text="la fin vient avant")).to_be_visible()
    page.get_by_label("Mardi").fill("14h-15h")
    expect(text).to_have_value("Mo 10:00-11:00; Tu 14:00-15:00")
    page.locator("[name=_continue]").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Place.objects.get().opening_hours == "Mo 10:00-11:00; Tu 14:00-15:00"


def test_point_moves_by_keyboard_and_by_its_fields(
    enter: Callable[..., Page], place: Place
) -> None:
    page = enter(reduced_motion="reduce")
    page.goto(url_of(place))
    pin = page.get_by_role("button", name="Point du lieu")
    latitude, longitude = page.locator("#id_latitude"), page.locator("#id_longitude")
    page.locator(".place-point").scroll_into_view_if_needed()
    pin.focus()
    page.keyboard.press("ArrowUp")
    assert float(latitude.input_value()) > 49.44
    page.keyboard.press("ArrowRight")
    assert float(longitude.input_value()) > 1.09
    expect(page.locator("#id_position_precision")).to_have_value("address")
    latitude.fill("49.5")
    latitude.press("Tab")
    page.locator("[name=_save]").first.click()
    page.wait_for_url("**/place/*")
    assert Place.objects.get().latitude == 49.5


def test_form_is_filled_by_keyboard_and_enter_saves(
    enter: Callable[..., Page], place: Place
) -> None:
    page = enter()
    page.goto(url_of(place))
    page.get_by_role("link", name="Contacts").focus()
    page.keyboard.press("Enter")
    page.locator("#id_phone").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("01 99 00 56 78")
    page.keyboard.press("Enter")
    page.wait_for_url("**/place/*")
    assert Place.objects.get().phone == "+33199005678"


def test_everything_works_without_script(enter: Callable[..., Page], place: Place) -> None:
    page = enter(viewport=TABLET, java_script_enabled=False)
    page.goto(url_of(place))
    page.get_by_label("Samedi").fill("9h-12h")
    page.get_by_label("Ouvrir mon dossier médical : déclaré").first.check()
    Commune.objects.update(latitude=49.0)
    page.get_by_role("button", name="Mettre au centre de la commune").click()
    expect(page.locator("#id_latitude")).to_have_value("49.000000")
    expect(page.get_by_label("Samedi")).to_have_value("9h-12h")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Voir comme le public").click()
    shown = opened.value
    expect(shown.get_by_text("Aperçu\u00a0: rien n’est enregistré.")).to_be_visible()
    expect(shown.locator("table.week")).to_contain_text("Samedi")
    page.locator("[name=_save]").first.click()
    kept = Place.objects.get()
    assert (kept.latitude, "Sa 09:00-12:00" in kept.opening_hours) == (49.0, True)
    bases = dict(kept.services.get().service_needs.values_list("need__code", "basis"))
    assert bases == {"ameli": Basis.DECLARED, "dossier": Basis.DECLARED}


def test_two_moderators_in_conflict(
    enter: Callable[..., Page], place: Place, accessible: Callable[[Page], None]
) -> None:
    one, two = enter("une", viewport=TABLET), enter("deux")
    for page in (one, two):
        page.goto(url_of(place))
    two.locator("#id_name").fill("Maison bleue")
    two.locator("#id_phone").fill("3646")
    two.locator("[name=_save]").first.click()
    two.wait_for_url("**/place/*")
    one.locator("#id_name").fill("Maison verte")
    one.locator("#id_notes").fill("Sonnez deux fois")
    one.locator("[name=_save]").first.click()
    conflict = one.get_by_role("alert")
    expect(conflict).to_contain_text("Enregistrée par : deux.")
    expect(conflict).to_contain_text("Maison bleue")
    expect(one.locator("#id_phone")).to_have_value("36 46")
    keep(one, "place-conflict")
    accessible(one)
    one.get_by_label("Garder ce qui est enregistré : Maison bleue").focus()
    one.keyboard.press("Space")
    one.locator("[name=_save]").first.click()
    one.wait_for_url("**/place/*")
    kept = Place.objects.get()
    assert (kept.name, kept.phone, kept.notes) == ("Maison bleue", "3646", "Sonnez deux fois")


def test_preview_is_the_public_page(
    enter: Callable[..., Page], place: Place, accessible: Callable[[Page], None]
) -> None:
    Place.objects.update(state=State.DRAFT)
    page = enter(viewport=TABLET)
    page.goto(url_of(place))
    page.locator("#id_name").fill("Nouveau nom")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Voir comme le public").click()
    shown = opened.value
    expect(shown.get_by_role("heading", level=1)).to_have_text("Nouveau nom")
    keep(shown, "place-preview")
    accessible(shown)
    assert Place.objects.get().name == "Maison des services"


def test_front_page_leads_to_what_waits(
    enter: Callable[..., Page], place: Place, watch: Watch
) -> None:
    make.ContributionFactory.create(place=place)
    page = enter()
    page.goto(reverse("admin:index"))
    page.get_by_role("link", name="Contributions à lire").click()
    expect(page.locator(".paginator")).to_contain_text("1 contribution")
