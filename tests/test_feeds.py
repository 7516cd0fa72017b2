"""The feed of changes: what came, changed or went, and nothing that is not public."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from directory.models import Place, Service
from directory.vocabularies.names import State
from tests import factories as make
from tests.serving import as_served

pytestmark = pytest.mark.django_db

URL = "/donnees/changements.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
GONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
JANUARY = datetime(2026, 1, 1, tzinfo=UTC)


def feed(query: str = "") -> ElementTree.Element:
    """The feed, read as a reader reads it."""
    answer = Client().get(f"{URL}?{query}" if query else URL)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)  # noqa: S314 (our own answer)


def titles(query: str = "") -> list[str]:
    """Titles of the entries, in their order."""
    return [entry.findtext(f"{ATOM}title", "") for entry in feed(query).iter(f"{ATOM}entry")]


def placed(name: str, days: int = 0, created: int = 0, **values: object) -> Place:
    """A place created and changed so many days after the first of January."""
    place: Place = make.PlaceFactory.create(
        name=name, commune=values.pop("commune", None) or make.CommuneFactory.create(name="Bourg"),
        **values,
    )  # fmt: skip
    Place.objects.filter(pk=place.pk).update(
        created_at=JANUARY + timedelta(days=created), updated_at=JANUARY + timedelta(days=days)
    )
    return place


# --- What it tells --------------------------------------------------------------------------------


def test_last_changed_comes_first_and_new_is_told_from_changed() -> None:
    placed("Ancien", days=3)
    placed("Récent", days=5, created=5)
    assert titles() == ["Nouveau lieu\u00a0: Récent (Bourg)", "Modifié\u00a0: Ancien (Bourg)"]


def test_change_of_a_service_is_a_change_of_its_place() -> None:
    served, _other = placed("Servi", days=1), placed("Autre", days=2)
    service = make.ServiceFactory.create(place=served)
    Service.objects.filter(pk=service.pk).update(updated_at=JANUARY + timedelta(days=9))
    root = feed()
    entries = list(root.iter(f"{ATOM}entry"))
    assert "Servi" in entries[0].findtext(f"{ATOM}title", "")
    assert entries[0].findtext(f"{ATOM}updated") == "2026-01-10T00:00:00+00:00"
    assert root.findtext(f"{ATOM}updated") == "2026-01-10T00:00:00+00:00"


def test_entry_has_what_atom_requires_and_a_link_to_the_page() -> None:
    place = placed("Lieu")
    root = feed()
    entry = root.find(f"{ATOM}entry")
    assert entry is not None
    for element in (root, entry):
        for name in ("id", "title", "updated"):
            assert element.findtext(f"{ATOM}{name}"), name
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Coup de main santé"
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == f"http://testserver{place.get_absolute_url()}"


def test_place_that_is_not_public_is_not_told() -> None:
    for state in (State.DRAFT, State.TO_REVIEW, State.ARCHIVED):
        placed(f"Lieu {state}", state=state)
    service = make.ServiceFactory.create(place=placed("Secret", state=State.DRAFT))
    assert titles() == []
    assert service.place.name not in Client().get(URL).content.decode()


def test_feed_gives_no_more_than_the_name_of_a_place_and_its_town() -> None:
    """The rest is under the licence of its source, which the feed does not tell."""
    place = placed("Lieu", address="12 rue du Moulin", notes="Une note")
    make.ServiceFactory.create(place=place, description="Une aide")
    told = Client().get(URL).content.decode()
    assert "Lieu (Bourg)" in told
    assert [
        text for text in ("Moulin", "note", "aide", "0199001234", "01 99") if text in told
    ] == []


def test_archived_place_leaves_its_number_and_nothing_else() -> None:
    place = placed("Lieu fermé", days=4, state=State.ARCHIVED)
    root = feed()
    (gone,) = root.iter(GONE)
    assert gone.get("ref") == f"tag:127.0.0.1,2026:lieu/{place.pk}"
    assert gone.get("when") == "2026-01-05T00:00:00+00:00"
    assert b"Lieu ferm" not in ElementTree.tostring(root)


def test_entries_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.views.feeds.MOST", 2)
    for number in range(4):
        placed(f"Lieu {number}", days=number, created=number)
        placed(f"Parti {number}", days=number, state=State.ARCHIVED)
    root = feed()
    assert len(list(root.iter(f"{ATOM}entry"))) == len(list(root.iter(GONE))) == 2
    assert titles()[0] == "Nouveau lieu\u00a0: Lieu 3 (Bourg)"


def test_empty_feed_is_a_feed_whose_date_does_not_move() -> None:
    assert feed().findtext(f"{ATOM}updated") == "2026-01-01T00:00:00+00:00"


# --- Identifiers ----------------------------------------------------------------------------------


@override_settings(ALLOWED_HOSTS=["annuaire.example", "www.annuaire.example"])
def test_identifiers_do_not_depend_on_the_address_read() -> None:
    placed("Lieu")
    ids = set()
    for host in ("annuaire.example", "www.annuaire.example"):
        root = ElementTree.fromstring(Client().get(URL, headers={"host": host}).content)  # noqa: S314
        ids.add((root.findtext(f"{ATOM}id"), root.findtext(f"{ATOM}entry/{ATOM}id")))
    assert len(ids) == 1
    assert all(one and one.startswith("tag:annuaire.example,2026:") for one in ids.pop())


def test_identifier_outlives_the_name_and_the_slug() -> None:
    place = placed("Lieu")
    before = feed().findtext(f"{ATOM}entry/{ATOM}id")
    Place.objects.filter(pk=place.pk).update(name="Autre", slug="autre")
    assert feed().findtext(f"{ATOM}entry/{ATOM}id") == before


# --- Filters --------------------------------------------------------------------------------------


@pytest.fixture
def two_departments() -> None:
    """A place in each of two departments, one archived in each."""
    for code, name in (("23", "Creuse"), ("87", "Haute-Vienne")):
        department = make.DepartmentFactory.create(code=code, name=name)
        commune = make.CommuneFactory.create(name=f"Bourg {name}", department=department)
        place = placed(f"Lieu {name}", commune=commune)
        make.ServiceFactory.create(place=place, needs=["ameli"] if code == "23" else ["mdph"])
        placed("Parti", commune=commune, state=State.ARCHIVED, slug=f"parti-{code}")


@pytest.mark.usefixtures("two_departments")
@pytest.mark.parametrize(
    ("query", "gone"), [("departement=23", 1), ("besoin=ameli", 2), ("ou=Creuse", 1)]
)
def test_feed_follows_a_search(query: str, gone: int) -> None:
    (told,) = titles(query)
    assert "Lieu Creuse" in told
    assert len(list(feed(query).iter(GONE))) == gone


@pytest.mark.parametrize("query", ["departement=999", "inconnu=1", "ou=zzzzzzzz", "rayon=7"])
def test_unclear_search_is_refused_and_says_which_parameter(query: str) -> None:
    answer = Client().get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]


# --- Cost, safety ---------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "departement=93"])
def test_feed_costs_the_same_whatever_it_holds(query: str) -> None:
    costs = []
    for count in (2, 20):
        for place in make.PlaceFactory.create_batch(count):
            make.ServiceFactory.create(place=place, needs=["ameli"])
            make.PlaceFactory.create(state=State.ARCHIVED)
        with as_served(), CaptureQueriesContext(connection) as captured:
            assert Client().get(f"{URL}?{query}").status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 4


def test_unchanged_feed_is_not_sent_again() -> None:
    placed("Lieu")
    with as_served():
        etag = Client().get(URL)["ETag"]
        assert Client().get(URL, headers={"if-none-match": etag}).status_code == 304


def test_hostile_text_is_text() -> None:
    placed("<script>alert(1)</script>\x0b&")
    entry = feed().find(f"{ATOM}entry")
    assert entry is not None
    assert "<script>alert(1)</script>&" in entry.findtext(f"{ATOM}title", "")


def test_feed_poses_no_cookie() -> None:
    assert not Client().get(URL).cookies
