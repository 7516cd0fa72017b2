"""Contributions' words are erased some months after their answer."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from directory.models import Contribution
from tests import factories as make

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=190)


def answered(age: timedelta, **values: object) -> Contribution:
    """A contribution answered so long ago."""
    made: Contribution = make.ContributionFactory.create(
        **{
            "status": "partly_accepted",
            "message": "Un message",
            "public_answer": "Une réponse",
            "moderation_note": "Une note",
            "changes": {
                "name": {"before": "A", "after": "B"},
                "address": {"before": "", "after": "chez une personne"},
            },
            "accepted": ["name"],
            "token_hash": "0" * 64,
            "moderated_at": timezone.now() - age,
        }
        | values
    )
    return made


def test_words_go_and_what_was_accepted_stays() -> None:
    one = answered(LONG_AGO)
    call_command("purge_contributions", verbosity=0)
    one.refresh_from_db()
    assert (one.message, one.public_answer, one.moderation_note, one.token_hash) == (
        "",
        "",
        "",
        None,
    )
    assert one.changes == {"name": {"before": "A", "after": "B"}}
    assert (one.status, one.accepted) == ("partly_accepted", ["name"])


@pytest.mark.parametrize(
    ("age", "values"),
    [
        (timedelta(days=100), {}),
        (LONG_AGO, {"status": "pending", "moderated_at": None}),
    ],
)
def test_recent_or_waiting_contribution_is_left_whole(
    age: timedelta, values: dict[str, object]
) -> None:
    one = answered(age, **values)
    call_command("purge_contributions", verbosity=0)
    one.refresh_from_db()
    assert one.message == "Un message"


def test_months_are_a_setting(settings: Settings) -> None:
    settings.CONTRIBUTION_MONTHS = 3
    one = answered(timedelta(days=100))
    call_command("purge_contributions", verbosity=0)
    one.refresh_from_db()
    assert one.message == ""


def test_confirmation_too_old_to_count_goes() -> None:
    kept, gone = (
        make.ContributionFactory.create(kind="confirmation", status="noted") for _number in range(2)
    )
    old = timezone.now() - timedelta(days=370)
    Contribution.objects.filter(pk=gone.pk).update(created_at=old)
    call_command("purge_contributions", verbosity=0)
    assert list(Contribution.objects.all()) == [kept]
