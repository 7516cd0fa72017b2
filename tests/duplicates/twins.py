"""Records that look alike, for the tests of duplicates."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.test import Client

from directory.exchange.duplicates import record
from directory.exchange.duplicates.record import Record
from directory.models import DuplicateCandidate, Place, PlaceSource
from directory.vocabularies.duplicates import DuplicateStatus
from tests.accounts import sign_in
from tests.factories import CommuneFactory, PlaceFactory, SourceFactory

PHONE, OTHER_PHONE = "+33199001234", "+33199005678"
LIKE: dict[str, Any] = {
    "key": 1,
    "name": "France services de Pantin",
    "address": "1 rue du Canal",
    "town": "93055",
    "town_name": "Pantin",
    "phone": PHONE,
}
"""What two records of tests have in common."""


def record_of(**changes: Any) -> Record:
    """A record like LIKE but for what is told."""
    return record.make(**(LIKE | changes))


def place_of(source: str = "", external_id: str = "1", **fields: Any) -> Place:
    """A place of Pantin with a row of a source, of that source's priority."""
    commune = fields.pop("commune", None) or CommuneFactory.create(code="93055", name="Pantin")
    given = {"name": "France services", "address": "1 rue du Canal", "phone": PHONE} | fields
    place: Place = PlaceFactory.create(commune=commune, **given)
    if source:
        place.source = SourceFactory.create(slug=source, name=source)
        place.save()
        PlaceSource.objects.create(source=place.source, external_id=external_id, place=place)
    return place


def pair_of(first: Place, second: Place, **fields: Any) -> DuplicateCandidate:
    """A pair to examine."""
    one, other = sorted((first, second), key=lambda place: place.pk)
    given = {"score": 80, "status": DuplicateStatus.WAITING} | fields
    return DuplicateCandidate.objects.create(first=one, second=other, **given)


def moderator(client: Client) -> Client:
    """A browser signed in as an administrator."""
    user = get_user_model().objects.create_superuser("moderation", password="a long passphrase")
    sign_in(client, user)
    return client


def person() -> User:
    """Somebody who decides."""
    return get_user_model().objects.create_user("moderation")
