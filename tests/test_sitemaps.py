"""What crawlers are told: every public page once, its true date, and what to leave alone."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.models import Place, Service
from directory.views import sitemaps
from directory.vocabularies.names import State
from tests import factories as make
from tests.browser import places
from tests.browser.places import PAGES
from tests.serving import as_served

pytestmark = pytest.mark.django_db

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
OLD, NEWER = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2026, 5, 6, tzinfo=UTC)


def told(url: str) -> dict[str, str]:
    """The addresses of a file and their dates, "" for none."""
    answer = Client().get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)  # noqa: S314 (our own answer)
    assert root.tag in {f"{SPACE}sitemapindex", f"{SPACE}urlset"}
    assert len(root) <= 50_000
    return {
        entry.findtext(f"{SPACE}loc", "").removeprefix("http://testserver"): entry.findtext(
            f"{SPACE}lastmod", ""
        )
        for entry in root
    }


def everything() -> dict[str, str]:
    """Every address of every file of the index."""
    found: dict[str, str] = {}
    for file in told("/sitemap.xml"):
        addresses = told(file)
        assert not set(found) & set(addresses)
        found |= addresses
    return found


def test_every_published_place_and_actor_is_listed_once_and_answers() -> None:
    world = places.build()
    hidden = make.PlaceFactory.create(state=State.DRAFT, slug="brouillon")
    make.ActorFactory.create(state=State.ARCHIVED, slug="parti")
    found = everything()
    assert world.centre.get_absolute_url() in found
    assert world.operator.get_absolute_url() in found
    assert hidden.get_absolute_url() not in found
    assert "/acteurs/parti/" not in found
    assert "/" in found
    statuses = {url: Client().get(url).status_code for url in found}
    assert {url: status for url, status in statuses.items() if status != 200} == {}


def test_no_listed_page_is_refused_to_crawlers() -> None:
    places.build()
    assert [url for url in everything() if is_refused(url)] == []


def test_date_is_the_last_change_of_the_place_or_of_its_published_services() -> None:
    place, other = make.PlaceFactory.create_batch(2)
    for state, at in ((State.PUBLISHED, NEWER), (State.DRAFT, NEWER + timedelta(days=9))):
        service = make.ServiceFactory.create(place=place, state=state)
        Service.objects.filter(pk=service.pk).update(updated_at=at)
    Place.objects.update(updated_at=OLD)
    found = everything()
    assert found[place.get_absolute_url()] == "2026-05-06T00:00:00+00:00"
    assert found[other.get_absolute_url()] == "2026-01-02T03:04:05+00:00"
    assert max(told("/sitemap.xml").values()) == "2026-05-06T00:00:00+00:00"


def test_place_stays_in_the_file_of_its_number() -> None:
    make.PlaceFactory.create(pk=9_999, slug="dernier")
    make.PlaceFactory.create(pk=10_000, slug="premier")
    make.PlaceFactory.create(pk=30_001, slug="loin")
    files = [file for file in told("/sitemap.xml") if "lieux" in file]
    assert files == ["/sitemap-lieux-0.xml", "/sitemap-lieux-1.xml", "/sitemap-lieux-3.xml"]
    assert [list(told(file)) for file in files] == [
        ["/lieux/dernier/"],
        ["/lieux/premier/"],
        ["/lieux/loin/"],
    ]


def test_file_without_places_is_not_found() -> None:
    assert Client().get("/sitemap-lieux-7.xml").status_code == 404


def test_files_cost_the_same_whatever_they_hold() -> None:
    costs = []
    for count in (1, 20):
        for place in make.PlaceFactory.create_batch(count):
            make.ServiceFactory.create_batch(2, place=place, actor=make.ActorFactory.create())
        last = Place.objects.latest("pk").pk // sitemaps.MOST
        for url in ("/sitemap.xml", f"/sitemap-lieux-{last}.xml"):
            with as_served(), CaptureQueriesContext(connection) as captured:
                Client().get(url)
            costs.append(len(captured))
    assert costs == [2, 1, 2, 1]


def test_unchanged_file_is_not_sent_again() -> None:
    make.PlaceFactory.create()
    with as_served():
        etag = Client().get("/sitemap.xml")["ETag"]
        assert Client().get("/sitemap.xml", headers={"if-none-match": etag}).status_code == 304


# --- robots.txt -----------------------------------------------------------------------------------


def is_refused(path: str) -> bool:
    """Whether robots.txt refuses an address (RFC 9309: `*` is anything, a rule is a beginning)."""
    rules = re.findall(
        r"^Disallow: (.+)$", Client().get("/robots.txt").content.decode(), re.MULTILINE
    )
    return any(re.match(re.escape(rule).replace(r"\*", ".*"), path) for rule in rules)


def test_robots_names_the_list_of_pages() -> None:
    answer = Client().get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    assert "\nSitemap: http://testserver/sitemap.xml\n" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/recherche/?besoin=ameli",
        "/lieux/un-lieu/",
        "/lieux/un-lieu/?besoin=ameli",
        "/acteurs/",
        "/acteurs/un-acteur/",
        "/acteurs/un-acteur/?page=2",
        "/widget/composer/",
        "/sources/",
        "/l/2TH8",
        "/donnees/",
        "/donnees/changements.atom",
        "/static/css/base.css",
    ],
)
def test_public_page_is_open_to_crawlers(path: str) -> None:
    assert not is_refused(path)


@pytest.mark.parametrize(
    "path",
    [
        "/recherche/?ou=Creuse&besoin=ameli",
        "/recherche/?besoin=ameli&page=2",
        "/recherche/?carnet=12",
        "/lieux/un-lieu/?carnet=12",
        "/lieux/un-lieu/?besoin=ameli&carnet=12",
        "/lieux/un-lieu/signaler/",
        "/carnet/?lieux=1",
        "/c/2TH8",
        "/fiche/?lieux=1",
        "/fiche.pdf?lieux=1",
        "/partager/?lieux=1",
        "/widget/?ou=Creuse",
        "/widget/composer/?besoin=ameli",
        "/carte.geojson?bbox=1,2,3,4",
        "/facettes.json",
        "/donnees/lieux.csv?departement=23",
        "/admin/",
    ],
)
def test_endless_combinations_are_refused_to_crawlers(path: str) -> None:
    assert is_refused(path)


def test_every_public_page_is_either_listed_or_known_to_be_left_out() -> None:
    places.build()
    listed = set(everything())
    left = {url for url in PAGES.values() if url not in listed and not is_refused(url)}
    # Searches by one word are open, though not listed: they say themselves that they are no page
    # to keep. The others are only reached by a mistake or a filled form.
    assert {url for url in left if not url.startswith("/recherche/")} <= {PAGES["missing"]}
