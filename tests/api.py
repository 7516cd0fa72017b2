"""What tests of the API share: asking, and checking an answer against the description."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client

from directory.api.api import api
from directory.api.description import ROOT, describe
from directory.models import Place
from directory.search import gazetteer
from tests import factories as make


@cache
def described(path: str, status: str) -> tuple[str, Any]:
    """Return the media type that an address is described to answer, and its validator."""
    told = describe(api)
    content = told["paths"][f"{ROOT}{path}"]["get"]["responses"][status]["content"]
    ((media, body),) = content.items()
    schema = {**body["schema"], "components": told["components"]}
    return media, jsonschema_rs.Draft202012Validator(schema)


def ask(path: str, query: str = "", status: int = 200, **values: Any) -> Any:
    """Return the JSON that an address answers, once checked against its description."""
    url = f"{ROOT}{path.format(**values)}"
    response = Client().get(f"{url}?{query}" if query else url)
    assert response.status_code == status, response.content
    media, validator = described(path, str(status))
    assert response["Content-Type"] == media
    told = response.json()
    errors = [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(told)]
    assert errors == []
    return told


def refused(path: str, query: str) -> dict[str, str]:
    """Return the reasons of a 400, by parameter."""
    return {error["parameter"]: error["reason"] for error in ask(path, query, 400)["errors"]}


def walked(path: str, query: str) -> list[dict[str, Any]]:
    """Return the records of every page, following `next`."""
    client, records, url = Client(), [], f"{ROOT}{path}?{query}"
    while url:
        told = client.get(url).json()
        records += told.get("items", told.get("features"))
        url = told["next"]
    return records


@pytest.fixture
def creuse(db: None) -> Iterator[None]:
    """Guéret and its twelve places, a third of which help with Ameli."""
    gazetteer.clear()
    department = make.DepartmentFactory.create(code="23", name="Creuse")
    make.CommuneFactory.create(
        code="23096", name="Guéret", department=department, latitude=46.17, longitude=1.87
    )
    for number in range(12):
        made = place(latitude=46.17 + number % 5 / 100, name=f"Lieu {'abcdefghijkl'[number]}")
        if number % 3 == 0:
            make.ServiceFactory.create(place=made, needs=["ameli"])
    yield
    gazetteer.clear()


def place(**fields: Any) -> Place:
    fields = {"latitude": 46.17, "longitude": 1.87, **fields}
    made: Place = make.PlaceFactory.create(commune_id="23096", **fields)
    return made


def ids(records: list[dict[str, Any]]) -> list[int]:
    return [record["id"] for record in records]
