"""Several senders at once, and two clicks at once, on a database that has true transactions."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection, connections
from django.test import override_settings

from directory.models import ConfirmationRequest, Place
from directory.moderation.campaigns import answers, sending
from directory.moderation.campaigns.answers import NotOpenError
from directory.moderation.campaigns.taking import Taken
from tests.campaigns.mailing import FAST, launched, place, sent_to

pytestmark = pytest.mark.django_db(transaction=True)


def together(count: int, work: Callable[[], Any]) -> list[Any]:
    """Do the same thing in several threads at once; return what each gave."""
    found: list[Any] = []
    start = threading.Barrier(count)

    def one() -> None:
        try:
            start.wait()
            found.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def many(count: int) -> None:
    for number in range(count):
        place(f"Lieu {number}", emails=[f"accueil@lieu{number}.example"])
    launched()


if connection.vendor == "postgresql":  # SQLite has one writer

    def test_concurrent_senders_send_each_e_mail_once() -> None:
        many(24)
        with override_settings(CAMPAIGN_RATE=FAST):
            tallies = together(4, lambda: sending.run(10.0))
        assert sum(tally.sent for tally in tallies) == 24
        assert len({message.to[0] for message in mail.outbox}) == len(mail.outbox) == 24

    def test_concurrent_senders_share_one_pace() -> None:
        many(12)
        with override_settings(CAMPAIGN_RATE={"minute": 5, "domain": 5}):
            taken = together(12, sending.take)
        assert sum(isinstance(one, Taken) for one in taken) == 5

    def test_row_that_someone_holds_is_passed_over() -> None:
        many(2)
        first = ConfirmationRequest.objects.order_by("pk").first()
        assert first
        held, done = threading.Event(), threading.Event()

        def hold() -> None:
            from django.db import transaction

            with transaction.atomic():
                ConfirmationRequest.objects.select_for_update().get(pk=first.pk)
                held.set()
                done.wait(10)
            connections.close_all()

        thread = threading.Thread(target=hold)
        thread.start()
        held.wait(10)
        with override_settings(CAMPAIGN_RATE=FAST):
            taken = sending.take()
        done.set()
        thread.join()
        assert isinstance(taken, Taken)
        assert taken.row.pk != first.pk

    def test_link_clicked_twice_at_once_serves_once() -> None:
        _row, token = sent_to(place())

        def click() -> str:
            try:
                return answers.confirm(token).name
            except NotOpenError as error:
                return error.fault.value

        assert sorted(together(4, click)) == ["Le relais", "used", "used", "used"]
        assert Place.objects.get().verified_on is not None
