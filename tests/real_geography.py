"""The geography that the project ships, for what small records cannot tell."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from pytest_django import DjangoDbBlocker

from directory.exchange import geography_loader
from directory.search import gazetteer


@contextmanager
def real_geography(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load it (3 s), let tests read, then roll back: other modules find an empty database."""
    with blocker.unblock(), transaction.atomic():
        geography_loader.load(settings.FIXTURES_DIR / "geography")
        gazetteer.clear()
        yield
        transaction.set_rollback(True)
    gazetteer.clear()
