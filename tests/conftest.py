"""What every test needs: the settings, and nothing of the developer's own machine.

DATABASE_URL picks the database under test; SQLite in memory without it.
"""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from tests.migrated import give_back, keep, kept_in

OWN_FOLDER = Path(__file__).resolve().parent.parent / "var" / "test"
# A developer's own values must not change what is tested.
DEVELOPERS_OWN = (
    "CONTACT_EMAIL",
    "DJANGO_ALLOWED_HOSTS",
    "DJANGO_DEBUG",
    "DJANGO_DEMO",
    "DJANGO_HTTPS",
    "DJANGO_SECRET_KEY",
)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediation.settings")
os.environ["DJANGO_TESTING"] = "1"
os.environ["DJANGO_VAR_DIR"] = str(OWN_FOLDER)
for name in DEVELOPERS_OWN:
    os.environ.pop(name, None)
# whitenoise warns when the folder of collected files is missing; tests read the sources.
(OWN_FOLDER / "static").mkdir(parents=True, exist_ok=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say that these tests have run on another database."""
    parser.addoption(
        "--second-database", action="store_true", help="leave out what tests/databases.py names"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a second database cannot change."""
    if config.getoption("second_database"):
        from tests.databases import split

        items[:], left = split(items)
        config.hook.pytest_deselected(items=left)


def pytest_configure(config: pytest.Config) -> None:
    """Load the settings once the environment above is set; pytest-django then sets Django up."""
    from django.conf import settings

    assert settings.TESTING
    # A million rounds protect passwords; a test's account needs none, and hundreds are made.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_setup(
    migrated: tuple[Path, sqlite3.Connection] | None, django_db_setup: None
) -> None:
    """The database of tests, whose migrations are kept on SQLite."""
    if migrated:
        kept, memory = migrated
        if not kept.exists():
            keep(kept, memory)
        memory.close()


@pytest.fixture(scope="session")
def migrated(django_db_modify_db_settings: None) -> tuple[Path, sqlite3.Connection] | None:
    """Before Django's `migrate` runs: what it left the last time, in the same memory."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return None
    kept, creation = kept_in(OWN_FOLDER), cast(Any, connection.creation)
    return kept, give_back(kept, creation._get_test_db_name())


@pytest.fixture(autouse=True)
def forget_what_processes_keep() -> Iterator[None]:
    """Start each test without the names and the index that a process keeps in memory."""
    from directory.search import gazetteer, lexicon, memory
    from directory.search.live import live

    gazetteer.clear()
    memory.forget_all()
    lexicon.clear()
    live.clear()
    yield
    live.clear()
