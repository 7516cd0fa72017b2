"""History and bulk actions in a browser: 768 px, axe, the keyboard alone, without JavaScript.

SCREENSHOTS=1 keeps what the pages look like in var/screenshots/.
"""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from directory.models import Place
from directory.models.revisions import recording
from directory.vocabularies.names import Origin, State
from tests.factories import ClosureFactory, SourceFactory
from tests.workflow.people import World, world

pytestmark = pytest.mark.django_db(transaction=True)

TABLET = {"width": 768, "height": 1024}


@pytest.fixture
def here(client: Client) -> World:
    """A moderator of Normandy, with twelve drafts of which one cannot be published."""
    made = world(client)
    made.places(12)
    made.places(1, name="Sans téléphone ni adresse", phone="")
    return made


@pytest.fixture
def signed(live_server: LiveServer, here: World) -> Callable[[Page], Page]:
    """Sign in a page as the moderator."""

    def sign(page: Page) -> Page:
        cookie = here.client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
        )
        return page

    return sign


def keep(page: Page, name: str) -> None:
    """Keep a picture of the whole page when asked."""
    if os.environ.get("SCREENSHOTS") == "1":
        folder = Path(settings.BASE_DIR) / "var" / "screenshots"
        page.screenshot(path=folder / f"workflow-{name}.png", full_page=True)


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.querySelector('.workflow').scrollWidth <= innerWidth"))


def history_of_a_place(here: World) -> Place:
    """A place that a person, an import and a contributor changed; return it."""
    place: Place = here.places(1, name="Médiathèque", hours_note="")[0]
    with recording(Origin.IMPORT, source=SourceFactory.create(name="Cartographie nationale")):
        place.opening_hours, place.phone = "Mo-Fr 09:00-12:00,14:00-17:00", "3646"
        place.save()
    with recording(Origin.CONTRIBUTION, user=here.user):
        place.hours_note = "Fermé le premier mardi du mois."
        place.save()
    with recording(user=here.user, reason="Appel du 12 octobre"):
        place.verified_on = date(2026, 10, 12)
        place.save()
        ClosureFactory.create(place=place)
    return place


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_places_are_published_then_taken_back_with_two_clicks_and_one(
    open_page: Callable[..., Page],
    signed: Callable[[Page], Page],
    assert_accessible: Callable[[Page], None],
    script: bool,
) -> None:
    page = signed(open_page(viewport=TABLET, java_script_enabled=script))
    page.goto(reverse("admin:directory_place_changelist"))
    for box in page.locator("input[name=_selected_action]").all():
        box.check()
    page.locator("select[name=action]").select_option("bulk_publish")
    page.locator("button[name=index]").click()
    expect(page.get_by_text("12 fiches vont changer.")).to_be_visible()
    expect(page.get_by_text("il manque un moyen de joindre le lieu")).to_be_visible()
    assert fits(page) if script else True
    keep(page, f"confirm-{script}")
    if script:
        assert_accessible(page)
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_text("C’est fait : 12 fiches.")).to_be_visible()
    assert Place.objects.filter(state=State.PUBLISHED).count() == 12
    if script:
        assert_accessible(page)
    page.get_by_role("button", name="Annuler cette action").click()
    expect(page.get_by_text("12 fiches sont revenues en arrière.")).to_be_visible()
    keep(page, f"recent-{script}")
    if script:
        assert_accessible(page)
    assert not Place.objects.filter(state=State.PUBLISHED).exists()


def test_list_of_places_fits_a_tablet_and_leads_to_its_filters(
    open_page: Callable[..., Page],
    signed: Callable[[Page], Page],
    here: World,
    assert_accessible: Callable[[Page], None],
) -> None:
    long = "Espace numérique mobile de la communauté de communes des Villes Sœurs"
    here.places(3, name=long, group_name="Une enseigne au nom assez long")
    page = signed(open_page(viewport=TABLET))
    page.goto(reverse("admin:directory_place_changelist"))
    for box in (".results", "#changelist-filter", "html"):
        shown = page.locator(box)
        assert shown.evaluate("one => one.scrollWidth <= one.clientWidth"), box
    page.get_by_role("link", name="Filtrer la liste").click()
    expect(page.get_by_role("heading", name="Filtre")).to_be_in_viewport()
    assert_accessible(page)


def test_history_is_readable_faultless_and_taken_back_by_the_keyboard(
    open_page: Callable[..., Page],
    signed: Callable[[Page], Page],
    here: World,
    assert_accessible: Callable[[Page], None],
) -> None:
    place = history_of_a_place(here)
    page = signed(open_page(viewport=TABLET))
    page.goto(reverse("admin:directory_place_history", args=[place.pk]))
    expect(page.get_by_text("import : Cartographie nationale")).to_be_visible()
    expect(page.get_by_text("un contributeur, accepté par normande")).to_be_visible()
    assert fits(page)
    keep(page, "history")
    assert_accessible(page)
    page.locator("article", has_text="un contributeur").get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("C’est annulé")).to_be_visible()
    keep(page, "reverted")
    place.refresh_from_db()
    assert place.hours_note == ""


def test_page_of_an_archived_place_is_faultless(
    open_page: Callable[..., Page],
    here: World,
    assert_accessible: Callable[[Page], None],
    watch: object,
) -> None:
    watch.expect_error("410")  # type: ignore[attr-defined]
    place = here.places(1, name="Ancienne maison", state=State.ARCHIVED)[0]
    page = open_page(viewport={"width": 360, "height": 740})
    page.goto(place.get_absolute_url())
    expect(page.get_by_text("Ce lieu n’est plus dans l’annuaire")).to_be_visible()
    keep(page, "gone")
    assert_accessible(page)
