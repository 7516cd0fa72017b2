"""What a page costs: queries of the database, never more when it grows, and bytes sent."""

import gzip
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import Commune, Place
from directory.vocabularies.names import Basis, Vocabulary
from tests import factories as make
from tests.browser import places
from tests.serving import as_served

pytestmark = pytest.mark.django_db

RESULTS_MAX = 1
PLACE_MAX = 1
HOME_MAX = 0
PAGE_BUDGET = 15_000
"""Bytes of HTML once compressed: two seconds on a slow mobile network."""
ACTOR_MAX = 13
KM = 1 / 111.19
"""Degrees of latitude in one kilometre."""


@pytest.fixture
def gueret() -> Commune:
    """The commune around which people search."""
    commune: Commune = make.CommuneFactory.create(
        code="23096",
        name="Guéret",
        department=make.DepartmentFactory.create(code="23", name="Creuse"),
    )
    return commune


def cost(url: str) -> int:
    """Queries of a page once the process knows the names of communes."""
    client = Client()
    with as_served(), CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(captured)


def full(commune: Commune, km: float, rich: int = 1) -> Place:
    """A place with `rich` of everything that its card and page show."""
    place: Place = make.PlaceFactory.create(
        commune=commune,
        latitude=commune.latitude + km * KM,  # type: ignore[operator]
        operator=make.ActorFactory.create(),
        source=make.SourceFactory.create(),
        opening_hours="Mo-Fr 09:00-12:00; PH off",
        terms=[
            make.TermFactory.create(vocabulary=vocabulary, code=f"{vocabulary}-{number}")
            for vocabulary in (Vocabulary.KIND, Vocabulary.PROGRAMME, Vocabulary.EQUIPMENT)
            for number in range(rich)
        ],
    )
    for number in range(rich):
        service = make.ServiceFactory.create(place=place, needs=["ameli", f"besoin-{number}"])
        make.ServiceNeedFactory.create(
            service=service,
            need=make.NeedFactory.create(code=f"deduit-{number}"),
            basis=Basis.DEDUCED,
            rule="un-label",
        )
        for vocabulary in (Vocabulary.COST, Vocabulary.LANGUAGE, Vocabulary.PUBLIC):
            term = make.TermFactory.create(vocabulary=vocabulary, code=f"{vocabulary}-{number}")
            make.ServiceTermFactory.create(service=service, term=term)
        make.StopFactory.create(
            place=place, commune=make.CommuneFactory.create(department=commune.department)
        )
        place.networks.add(make.ActorFactory.create())
        make.PlaceFactory.create(principal=place, commune=commune, latitude=None, longitude=None)
    return place


def close(place: Place, number: int) -> None:
    """Announce closures of a place."""
    for week in range(number):
        start = timezone.localdate() + timedelta(weeks=week + 1)
        make.ClosureFactory.create(place=place, starts_on=start, ends_on=start + timedelta(days=2))


# --- Results --------------------------------------------------------------------------------------


def _offers(commune: Commune, count: int) -> None:
    for _ in range(count):
        service = make.AreaServiceFactory.create(
            areas=[{"is_national": True}, {"department": commune.department}], needs=["ameli"]
        )
        make.ServiceTermFactory.create(service=service)


def _places(commune: Commune, count: int) -> None:
    for number in range(count):
        full(commune, 1 + number / 10)


def _places_and_offers(commune: Commune, count: int) -> None:
    _places(commune, count)
    _offers(commune, count)


def _closed_places(commune: Commune, count: int) -> None:
    for number in range(count):
        close(full(commune, 1 + number / 10), 3)


def _far_places(commune: Commune, count: int) -> None:
    for number in range(count):
        full(commune, 30 + number / 10)
        make.HelplineFactory.create(is_general=True)


def _nothing_but_lines(commune: Commune, count: int) -> None:
    make.NeedFactory.create(code="ameli")
    _offers(commune, count)
    for _ in range(count):
        make.HelplineFactory.create(is_general=True)


@pytest.mark.parametrize(
    ("fill", "queries"),
    [
        (_places, {
            "place": "ou=Guéret",
            "need": "ou=Guéret&besoin=ameli",
            "words": "ou=Guéret&q=lieu",
            "postcode": "ou=23000",
        }),
        (_places_and_offers, {
            "offers": "ou=Guéret",
            "need and offers": "ou=Guéret&besoin=ameli",
            "misspelt": "ou=Geret",
            "department": "ou=Creuse",
        }),
        (_closed_places, {"closures": "ou=Guéret"}),
        (_far_places, {"widened": "ou=Guéret", "with a need": "ou=Guéret&besoin=ameli"}),
        (_nothing_but_lines, {"nothing": "ou=Guéret&besoin=ameli", "unknown": "ou=Qwxzqwxz"}),
    ],
    ids=["places", "places and offers", "closures", "far places", "nothing but lines"],
)  # fmt: skip
def test_results_cost_the_same_with_2_and_20_places(
    gueret: Commune, fill: Callable[[Commune, int], None], queries: dict[str, str]
) -> None:
    def costs() -> dict[str, int]:
        return {name: cost(f"/recherche/?{query}") for name, query in queries.items()}

    fill(gueret, 2)
    few = costs()
    fill(gueret, 18)
    assert costs() == few
    assert max(few.values()) <= RESULTS_MAX
    for query in queries.values():
        listed = Client().get(f"/recherche/?{query}").content.count(b'<h3><a href="/lieux/')
        assert listed == (0 if fill is _nothing_but_lines else 20)


def test_homonyms_cost_the_same_whatever_their_number() -> None:
    counts = []
    for number in range(8):
        make.CommuneFactory.create(
            name="Saint-Denis",
            department=make.DepartmentFactory.create(code=f"{10 + number}", name=f"D{number}"),
        )
        counts.append(cost("/recherche/?ou=Saint-Denis"))
    assert len(set(counts[1:])) == 1
    assert max(counts) <= RESULTS_MAX


# --- The other pages ------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?besoin=ameli"], ids=["plain", "need"])
def test_page_of_a_place_costs_the_same_whatever_it_holds(gueret: Commune, query: str) -> None:
    poor, rich = full(gueret, 1, rich=1), full(gueret, 2, rich=8)
    close(poor, 1)
    close(rich, 5)
    few = cost(f"{poor.get_absolute_url()}{query}")
    assert cost(f"{rich.get_absolute_url()}{query}") == few
    assert few <= PLACE_MAX


@pytest.mark.parametrize("path", ["", "signaler/merci/"])
def test_pages_around_the_report_cost_little(gueret: Commune, path: str) -> None:
    place = full(gueret, 1, rich=4)
    assert cost(f"{place.get_absolute_url()}{path}") <= (PLACE_MAX if not path else 1)


def test_home_costs_the_same_whatever_the_directory_holds(gueret: Commune) -> None:
    _places(gueret, 2)
    few = cost("/")
    _places(gueret, 10)
    for number in range(20):
        make.NeedFactory.create(
            code=f"tuile-{number}", parent=make.NeedFactory.create(), is_on_home=True
        )
    assert cost("/") == few <= HOME_MAX


def test_list_of_actors_costs_three_queries_whatever_their_number(gueret: Commune) -> None:
    for count in (2, 20):
        for _ in range(count):
            make.PlaceFactory.create(operator=make.ActorFactory.create(), commune=gueret)
        assert cost("/acteurs/") == 3


def test_page_of_an_actor_costs_the_same_whatever_it_holds(gueret: Commune) -> None:
    costs = []
    for count in (2, 20):
        actor = make.ActorFactory.create()
        for number in range(count):
            place = full(gueret, 1 + number / 10)
            type(place).objects.filter(pk=place.pk).update(operator=actor)
            close(place, 2)
            _area_service(actor, gueret)
            actor.member_of.add(make.ActorFactory.create())
            make.ActorFactory.create().member_of.add(actor)
            actor.departments.add(
                make.DepartmentFactory.create(code=f"{30 + number}", name=f"D{number}")
            )
        costs.append(cost(actor.get_absolute_url()))
    assert costs[0] == costs[1]
    assert costs[0] <= ACTOR_MAX


def _area_service(actor: Any, commune: Commune) -> None:
    service = make.AreaServiceFactory.create(
        actor=actor,
        areas=[{"department": commune.department}, {"commune": commune}, {"is_national": True}],
        needs=["ameli"],
    )
    make.ServiceTermFactory.create(service=service)


@pytest.mark.parametrize(
    "path", ["/mentions-legales/", "/confidentialite/", "/accessibilite/", "/cette-page-manque/"]
)
def test_page_about_the_site_asks_nothing(path: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        Client().get(path)
    assert len(captured) == 0


def test_page_of_sources_costs_one_query() -> None:
    for number in range(5):
        make.SourceFactory.create(slug=f"s-{number}", vintage_on=date(2026, 1, 1))
    assert cost("/sources/") == 1


# --- Weight ---------------------------------------------------------------------------------------


def test_page_of_twenty_places_weighs_less_than_its_budget(client: Client) -> None:
    places.build(40)
    answer = client.get(
        "/recherche/", {"ou": "Guéret", "besoin": "ameli"}, headers={"accept-encoding": "gzip"}
    )
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content).count(b'<li class="card"') >= 20
    assert len(answer.content) < PAGE_BUDGET
