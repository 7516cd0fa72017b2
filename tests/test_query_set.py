"""Labelled queries (tests/queries/README.md) are understood: need right and where right.

The held-out queries are only counted: nothing here tells which of them fail.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from directory.exchange import vocabulary_loader
from directory.search import lexicon
from directory.search.phrases import Phrase, read
from directory.search.where import WhereKind, understand
from tests.real_geography import real_geography

pytestmark = pytest.mark.django_db

QUERIES = Path(__file__).parent / "queries"
FLOORS = {
    "dev": 0.95,
    "second-dev": 0.95,
    "third-dev": 0.95,
    "fourth-dev": 0.95,
    "holdout": 0.95,
    "second-holdout": 0.93,
}
"""Shares of queries understood; docs/decisions/0008-phrases.md says what was reached, and when each
held-out set was measured."""


@pytest.fixture(autouse=True)
def forget_what_processes_keep() -> None:
    """Keep between tests the names read from the real geography: they take a second."""


@pytest.fixture(scope="module", autouse=True)
def words(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with real_geography(django_db_blocker):
        vocabulary_loader.load(settings.FIXTURES_DIR)
        lexicon.clear()
        yield
    lexicon.clear()


def labelled(name: str) -> list[dict[str, Any]]:
    return list(json.loads((QUERIES / f"{name}.json").read_text(encoding="utf-8")))


def is_need_right(phrase: Phrase, accepted: list[str]) -> bool:
    if not accepted:
        return not phrase.needs
    return bool(phrase.needs) and phrase.needs[0] in accepted


def territory(text: str) -> str | None:
    """Write what a place's text means as the labels do."""
    where = understand(text)
    if where.commune:
        return where.commune.pk
    if where.department:
        return f"dep:{where.department.pk}"
    if where.region:
        return f"reg:{where.region.pk}"
    return None if where.kind == WhereKind.NONE else where.kind.value


def is_understood(entry: dict[str, Any]) -> bool:
    phrase = read(entry["query"])
    return is_need_right(phrase, entry["needs"]) and territory(phrase.where) == entry["where"]


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_labelled_queries_are_understood(name: str) -> None:
    entries = labelled(name)
    understood = sum(map(is_understood, entries))
    share = understood / len(entries)
    assert share >= FLOORS[name], f"{name}: {understood} of {len(entries)}"
