"""Counts of every facet, for programs: those of the results page, and strict about its address."""

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.models import Commune, Place
from directory.search import finder, gazetteer
from directory.search.criteria import Facet
from directory.search.filters import SearchFilter
from directory.vocabularies.names import Vocabulary
from tests import factories as make
from tests.serving import as_served

pytestmark = pytest.mark.django_db

MOST_QUERIES = 3


@pytest.fixture(autouse=True)
def gueret() -> Commune:
    """Guéret, with a place that helps with Ameli, free, and one that says nothing."""
    gazetteer.clear()
    department = make.DepartmentFactory.create(code="23", name="Creuse")
    commune: Commune = make.CommuneFactory.create(
        code="23096", name="Guéret", department=department
    )
    helps = make.ServiceFactory.create(place=place_of(commune), needs=["ameli"])
    free = make.TermFactory.create(vocabulary=Vocabulary.COST, code="gratuit")
    make.ServiceTermFactory.create(service=helps, term=free)
    place_of(commune)
    return commune


def place_of(commune: Commune) -> Place:
    place: Place = make.PlaceFactory.create(
        commune=commune, latitude=commune.latitude, longitude=commune.longitude
    )
    return place


def ask(**parameters: Any) -> Any:
    return Client().get("/facettes.json", parameters)


def told(**parameters: Any) -> dict[str, Any]:
    answer = ask(**parameters)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def wrong(query: str) -> dict[str, str]:
    """The reasons of a 400, by parameter."""
    answer = Client().get(f"/facettes.json?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    return {error["parameter"]: error["reason"] for error in answer.json()["errors"]}


def test_every_facet_is_counted_with_what_says_nothing() -> None:
    found = told(ou="Guéret")
    assert (found["total"], found["silent_total"]) == (2, 0)
    assert set(found["facets"]) == set(Facet)
    assert found["facets"]["besoin"] == {"counts": {"ameli": 1}, "silent": 1, "selected": []}


def test_choice_is_told_and_its_own_facet_counts_without_it() -> None:
    found = told(ou="Guéret", prix="gratuit", besoin="ameli")
    assert (found["total"], found["silent_total"]) == (1, 1)
    assert found["facets"]["prix"] == {
        "counts": {"gratuit": 1},
        "silent": 0,
        "selected": ["gratuit"],
    }


def test_counts_are_those_of_the_results_page() -> None:
    query = "ou=Gu%C3%A9ret&besoin=ameli"
    page = finder.find(SearchFilter(QueryDict(query)))
    found = Client().get(f"/facettes.json?{query}").json()
    assert (found["total"], found["silent_total"]) == (page.total, page.silent_total)
    for facet, counts in page.facet_counts.items():
        kept = {code: count for code, count in counts.items() if count}
        assert found["facets"][facet]["counts"] == kept


def test_territory_and_radius_are_told(gueret: Commune) -> None:
    found = told(ou="Gueret", rayon="5")
    assert found["where"] == {
        "kind": "commune",
        "code": "23096",
        "label": "Guéret (Creuse)",
        "corrected": False,
    }
    assert (found["radius"], found["radius_counts"]["5"]) == (5, 2)
    assert told()["where"] is None


def test_misspelt_place_is_read_and_said() -> None:
    assert told(ou="Guerrett")["where"]["corrected"] is True


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("besoin=inconnu", "besoin"),
        ("besoin=ameli&besoin=inconnu", "besoin"),
        ("rayon=7", "rayon"),
        ("rayon=5&rayon=10", "rayon"),
        ("lat=abc&lon=2", "lat"),
        ("lat=46", "lon"),
        ("jour=lundi", "heure"),
        ("heure=25h&jour=lundi", "heure"),
        ("tri=taille", "tri"),
        ("bbox=1,2,3", "bbox"),
        ("q=" + "a" * 500, "q"),
        ("ou=" + "a" * 500, "ou"),
        ("ou=zzzzzzzz", "ou"),
        ("inconnu=1", "inconnu"),
        ("dit=ameli", "dit"),
        ("acces=jamais", "acces"),
    ],
)
def test_unreadable_parameter_is_refused_and_named(query: str, parameter: str) -> None:
    reasons = wrong(query)
    assert list(reasons) == [parameter]
    assert reasons[parameter]


def test_every_unreadable_parameter_is_named_at_once() -> None:
    assert set(wrong("besoin=x&rayon=7&zzz=1")) == {"besoin", "rayon", "zzz"}


def test_homonyms_are_named_to_choose_from() -> None:
    for code in ("01", "02"):
        department = make.DepartmentFactory.create(code=code)
        make.CommuneFactory.create(code=f"{code}004", name="Saint-Denis", department=department)
    gazetteer.clear()
    assert "Saint-Denis (01)" in wrong(urlencode({"ou": "Saint-Denis"}))["ou"]


def test_what_changes_nothing_is_ignored_and_why() -> None:
    found = told(ou="Guéret", lat="46", lon="2", page="3", acces="horaire")
    ignored = {row["parameter"]: row["reason"] for row in found["ignored"]}
    assert set(ignored) == {"lat", "lon", "page", "acces"}
    assert all(ignored.values())


def test_blank_values_are_as_absent() -> None:
    assert told(ou="", besoin="", rayon="", q="")["ignored"] == []


def test_queries_are_few_and_do_not_grow_with_places(gueret: Commune) -> None:
    def cost() -> int:
        client = Client()
        with as_served(), CaptureQueriesContext(connection) as captured:
            assert client.get("/facettes.json?ou=23096&besoin=ameli").status_code == 200
        return len(captured)

    before = cost()
    for _number in range(5):
        make.ServiceFactory.create(place=place_of(gueret), needs=["ameli"])
    assert before == cost() <= MOST_QUERIES


def test_unchanged_answer_is_not_sent_again() -> None:
    url = f"/facettes.json?ou={quote('Guéret')}"
    client = Client()
    with as_served():
        first = client.get(url)
        again = client.get(url, headers={"if-none-match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert "no-cache" in first["Cache-Control"]


def test_no_cookie_is_set() -> None:
    assert not ask(ou="Guéret").cookies


def test_only_reading_is_allowed() -> None:
    assert Client().post(reverse("directory:facet-counts")).status_code == 405
