"""The shipped France Services list, exported, imported into an empty directory, exported again."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from directory.exchange import vocabulary_loader
from directory.exchange.export import schema
from directory.management.commands.import_france_services import SHIPPED, Command
from directory.models import Place
from tests.exports import reading, rich
from tests.real_geography import real_geography

ONE_IN = 24
"""Of the list's rows: the whole takes a minute, and was done by hand (decision 0016)."""


@pytest.fixture
def listed(db: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[int]:
    """Real rows, all over the country; how many."""
    with gzip.open(SHIPPED, "rt", encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    path = tmp_path / "liste.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([header, *rows[::ONE_IN]])
    with real_geography(django_db_blocker):
        vocabulary_loader.load(settings.FIXTURES_DIR)
        Command.load(path, quiet=True)
        yield len(rows[::ONE_IN])


def test_real_places_come_back_identical_once_they_have_a_siret(
    listed: int, tmp_path: Path
) -> None:
    # The list gives none: with one, its places are held by the standard.
    Place.objects.update(pivot=rich.SIRET)
    path = reading.saved(tmp_path, "lieux.csv")
    before = path.read_bytes()
    assert len(reading.rows()) == listed
    assert reading.faults(path) == []
    rich.emptied()
    rich.loaded(path)
    assert reading.written("lieux.csv") == before


def test_real_places_without_a_siret_come_back_by_the_companion(
    listed: int, tmp_path: Path
) -> None:
    assert reading.rows("lieux.csv") == []
    path = reading.saved(tmp_path, "lieux-hors-standard.csv")
    before = reading.rows(path.name)
    assert len(before) == listed
    rich.emptied()
    rich.loaded(path)
    columns = (*schema.columns(), "motif")
    assert [[row[name] for name in columns] for row in reading.rows(path.name)] == [
        [row[name] for name in columns] for row in before
    ]
