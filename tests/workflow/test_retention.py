"""History is kept as long as said, then forgotten; records stay as they are."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from directory.models import Place, Revision
from directory.models.history_rows import history_of
from directory.models.revisions import recording
from tests import factories

pytestmark = pytest.mark.django_db
make: Any = factories


def test_old_history_is_forgotten_and_the_rest_kept() -> None:
    place = make.PlaceFactory(name="a")
    old = timezone.now() - timedelta(days=settings.HISTORY_DAYS + 1)
    Revision.objects.update(at=old)
    with recording(reason="récent"):
        place.name = "b"
        place.save()
    call_command("prune_audit", stdout=StringIO())
    assert [one.reason for one in Revision.objects.all()] == ["récent"]
    (row,) = history_of(Place).objects.all()
    assert row.changes == {"name": ["a", "b"]}
    assert Place.objects.get().name == "b"
