"""A national administrator at work. Read before Django is ready: what needs it comes later."""

from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def user(db: None) -> Any:
    """Who edits."""
    from tests.accounts import national

    return national()


@pytest.fixture
def moderator(client: Client, user: Any) -> Client:
    """Their browser."""
    from tests.accounts import sign_in

    return sign_in(client, user)


@pytest.fixture
def place(db: None) -> Any:
    """A place with ordinary hours."""
    from tests.factories import PlaceFactory

    return PlaceFactory.create(opening_hours="Mo-Fr 09:00-12:00; PH off")
