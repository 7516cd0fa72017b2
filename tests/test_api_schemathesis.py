"""The API keeps the contract it describes, whatever it is asked: cases drawn by schemathesis.

A third of the cases are what the description allows, a third what it forbids, a third the values of
a small world, which are answered. No failure of ours, no
answer of another shape, type or status than described, nothing forbidden that is accepted.
"""

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CheckFunction
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection

from directory.api.api import api
from directory.api.description import ROOT, describe
from directory.models import Place, Service
from directory.search import gazetteer
from tests import factories as make
from tests.serving import as_served

pytestmark = pytest.mark.django_db

CASES = 40
"""Drawn for each address and each third; addresses without parameters have fewer to draw."""

LEAST = 1_000

UNKNOWN = ("cursor", "lat", "lon", "jour", "heure", "langue", "materiel", "accueil", "activite")
"""Parameters that this world has no value for, or that mean nothing one without the other."""

FORGIVING = ("/map", "/map/places", "/actors/{slug}/map", "/suggestions")
"""Addresses of the site's own pages: what they cannot read is told, or ignored, not refused."""

# A commune, a need or a cursor that does not exist is no fault of form: 400 says so.
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", "400", "404", "414"]},
            "negative_data_rejection": {"expected-statuses": ["400", "404", "405", "406", "414"]},
        }
    }
)


@pytest.fixture
def world() -> Iterator[None]:
    """A place of everything, as a server keeps it."""
    gazetteer.clear()
    department = make.DepartmentFactory.create(code="23", name="Creuse")
    commune = make.CommuneFactory.create(code="23096", name="Guéret", department=department)
    actor = make.ActorFactory.create(slug="anct")
    for _ in range(3):
        place = make.PlaceFactory.create(commune=commune, operator=actor, terms=[kind()])
        service = make.ServiceFactory.create(place=place, needs=["ameli"])
        make.ServiceTermFactory.create(service=service)
    make.AreaServiceFactory.create(areas=[{"is_national": True}])
    with as_served():
        yield
    gazetteer.clear()


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Keep the connection of the test's transaction between requests, as Django's client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def kind() -> Any:
    return make.TermFactory.create(code="CCAS")


def known() -> dict[str, list[Any]]:
    """The values that this world answers, by parameter."""
    return {
        "ou": ["23096", "Creuse", "Guéret (23)"],
        "besoin": ["ameli"],
        "q": ["lieu", "gueret", "agence"],
        "bbox": ["-5,42,8,51"],
        "departement": ["23"],
        "region": ["11"],
        "type": ["CCAS"],
        "prix": ["gratuit"],
        "mode": [""],
        "public": [""],
        "reseau": [""],
        "acces": ["telephone", "maintenant"],
        "code_postal": ["23000"],
        "lieu": [str(Place.objects.values_list("pk", flat=True)[0])],
        "acteur": ["anct"],
        "id": [str(key) for key in Place.objects.values_list("pk", flat=True)],
        "slug": ["anct"],
        "number": [Place.objects.values_list("pk", flat=True)[0], Service.objects.all()[0].pk],
        "code": ["23", "11", "23096"],
    }


def narrowed(description: dict[str, Any]) -> dict[str, Any]:
    """The description with the values of this world alone."""
    told, values = deepcopy(description), known()
    for item in told["paths"].values():
        operation = item["get"]
        operation["parameters"] = [
            one for one in operation["parameters"] if one["name"] not in UNKNOWN
        ]
        for one in operation["parameters"]:
            if one["name"] in values:
                listed = {"enum": values[one["name"]]}
                is_list = one["schema"].get("type") == "array"
                one["schema"] = {"type": "array", "items": listed} if is_list else listed
    return told


def checked(operation: Any, mode: GenerationMode, excluded: list[CheckFunction]) -> Counter[int]:
    """Ask what is drawn, check each answer; the cases by status."""
    statuses: Counter[int] = Counter()

    @settings(
        max_examples=CASES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        # The client of tests reads no compressed answers.
        told = case.call_and_validate(
            headers={"Accept-Encoding": "identity"}, excluded_checks=excluded
        )
        statuses[told.status_code] += 1

    ask()
    return statuses


def test_contract_is_kept_by_every_address_over_a_thousand_cases(
    world: None, one_connection: None
) -> None:
    schema, answered = (
        schemathesis.openapi.from_dict(told, config=CONFIG)
        for told in (describe(api), narrowed(describe(api)))
    )
    schema.app = answered.app = get_wsgi_application()
    met: Counter[int] = Counter()
    for path in describe(api)["paths"]:
        is_forgiving = path.removeprefix(ROOT) in FORGIVING
        excluded: list[CheckFunction] = [negative_data_rejection] if is_forgiving else []
        operation = schema[path]["GET"]
        met += checked(operation, GenerationMode.POSITIVE, [])
        met += checked(answered[path]["GET"], GenerationMode.POSITIVE, [])
        # Any text is a code or an identifier: nothing is forbidden there.
        if operation.query or "{number}" in path:
            met += checked(operation, GenerationMode.NEGATIVE, excluded)
    assert met.total() >= LEAST
    assert met[200] >= LEAST / 3
    assert met[400] >= LEAST / 5
