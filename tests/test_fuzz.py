"""Random query strings on every surface: never a failure, and what is wrong is always said."""

import json
from html import escape
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, example, given, settings

from directory.search import gazetteer
from directory.search.filters import SearchFilter
from directory.views.facets import SHOWN
from directory.vocabularies.names import Vocabulary
from tests import factories as make
from tests.fuzzing import QUERIES

pytestmark = pytest.mark.django_db

BESIDE = {*SHOWN, "ou", "q", "rayon", "declare", "jour", "heure", "tri"}
"""Parameters that have a field on the results page; the others are told at its top."""

STATUSES = {
    "/": set(),
    "/recherche/": {302, 400, 404},
    "/lieux/le-relais/": set(),
    "/acteurs/": {404},
    "/carnet/": set(),
    "/facettes.json": {400},
    "/carte.geojson": {400},
    "/suggestions/": {400},
    "/api/v1/places": {400},
    "/api/v1/places.geojson": {400},
    "/api/v1/data-inclusion/services": {400},
}
"""Statuses beside 200, and 414 of an address that is too long."""

effort = settings(
    max_examples=40,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(autouse=True)
def _places() -> None:
    """Guéret, with a place, and two communes of one name."""
    gazetteer.clear()
    for code, name in (("23", "Creuse"), ("93", "Seine-Saint-Denis")):
        department = make.DepartmentFactory.create(code=code, name=name)
        make.CommuneFactory.create(code=f"{code}500", name="Saint-Denis", department=department)
    commune = make.CommuneFactory.create(code="23096", name="Guéret", department_id="23")
    place = make.PlaceFactory.create(commune=commune, name="Le relais", slug="le-relais")
    service = make.ServiceFactory.create(place=place, needs=["ameli"])
    free = make.TermFactory.create(vocabulary=Vocabulary.COST, code="gratuit")
    make.ServiceTermFactory.create(service=service, term=free)
    make.NeedFactory.create(code="css")


def ask(path: str, query: str) -> Any:
    with transaction.atomic():
        answer = Client().get(f"{path}?{query}")
    assert not answer.cookies
    return answer


@pytest.mark.parametrize("path", STATUSES)
@effort
@given(query=QUERIES)
def test_random_query_gets_an_answer(path: str, query: str) -> None:
    answer = ask(path, query)
    assert answer.status_code in STATUSES[path] | {200, 414}
    assert b"<script>alert" not in answer.content


@effort
@given(query=QUERIES)
@example("besoin=x&rayon=7&mode=y&tri=z&jour=demain&heure=midi&ou=" + "a" * 300)
@example("lat=abc&lon=&bbox=1,2&departement=999&region=0")
@example("ou=23&itinerant=non&verifie=hier&declare=1&acces=jamais&langue=klingon&type=chateau")
@example("itinerant=non&verifie=hier&declare=1&acces=jamais&langue=klingon&type=chateau")
def test_whatever_cannot_be_read_is_said_beside_its_field(query: str) -> None:
    answer = ask("/recherche/", query)
    if answer.status_code in {302, 414}:
        return
    page = answer.content.decode()
    errors = SearchFilter(QueryDict(query)).form.errors
    for reason in {str(reason) for reasons in errors.values() for reason in reasons}:
        fields = [name for name, reasons in errors.items() if reason in map(str, reasons)]
        written = escape(reason).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
        assert page.count(f">{written}<") >= len(fields)
        shown = [name for name in BESIDE.intersection(fields) if f'name="{name}"' in page]
        assert page.count(f"{written}</span>") >= len(shown)


@effort
@given(query=QUERIES)
def test_refused_address_names_its_parameters_to_programs(query: str) -> None:
    answer = ask("/facettes.json", query)
    if answer.status_code == 414:
        return
    told = json.loads(answer.content)
    if answer.status_code == 200:
        assert told["total"] >= 0
        return
    assert answer["Content-Type"] == "application/problem+json"
    asked = QueryDict(query).keys() | {"lat", "lon", "jour", "heure"}
    assert told["errors"]
    assert all(error["parameter"] in asked and error["reason"] for error in told["errors"])
