"""Sending, with a real server: at most once, at a pace, and what each refusal means."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.mail import get_connection
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from directory.models import (
    Campaign,
    CampaignState,
    ConfirmationRequest,
    MailRefusal,
    Place,
    RefusalReason,
)
from directory.moderation.campaigns import addresses, control, sending
from directory.moderation.campaigns.sending import Wait
from directory.moderation.campaigns.taking import Taken
from tests.accounts import national
from tests.campaigns.mailing import FAST, Server, later, launched, mail_server, place, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[Server]:
    with mail_server() as running:
        yield running


def send() -> sending.Tally:
    """Send all that may leave now, without waiting."""
    with override_settings(CAMPAIGN_RATE=FAST):
        return sending.run(30.0, sleep=lambda _delay: None)


def three() -> list[Place]:
    return [place(name, emails=[f"accueil@{name}.example"]) for name in ("un", "deux", "trois")]


def test_each_place_is_sent_one_e_mail(server: Server) -> None:
    three()
    campaign = launched()
    assert send().sent == 3
    send()
    assert sorted(one["To"] for one in server.taken) == [
        "accueil@deux.example", "accueil@trois.example", "accueil@un.example",
    ]  # fmt: skip
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.DONE


def test_refused_address_is_marked_at_once_and_never_written_to_again(server: Server) -> None:
    three()
    server.answers["accueil@deux.example"] = "550 5.1.1 no such user"
    launched()
    send()
    assert states() == {"un": "sent", "deux": "bounced", "trois": "sent"}
    assert MailRefusal.objects.get().reason == RefusalReason.DEAD
    Place.objects.filter(name="deux").update(verified_on=None)
    assert addresses.of_place(Place.objects.get(name="deux")) == ""


def test_full_mailbox_may_be_written_to_another_time(server: Server) -> None:
    place()
    server.answers["accueil@relais.example"] = "552 5.2.2 mailbox full"
    launched()
    send()
    assert states() == {"Le relais": "bounced"}
    assert not MailRefusal.objects.exists()


def test_greylisted_e_mail_leaves_later(server: Server) -> None:
    place()
    server.answers["accueil@relais.example"] = "451 4.7.1 greylisted"
    launched()
    assert send().later == 1
    server.answers.clear()
    assert send().sent == 0
    with later(minutes=11):
        assert send().sent == 1
    assert len(server.taken) == 1


def test_server_that_says_later_for_ever_is_given_up(server: Server) -> None:
    place()
    server.answers["accueil@relais.example"] = "451 4.7.1 greylisted"
    launched()
    for day in range(8):
        with later(days=day):
            send()
    row = ConfirmationRequest.objects.get()
    assert (row.state, row.tries) == ("bounced", len(sending.WAITS) + 1)


def test_dropped_connection_is_never_sent_again_by_itself(server: Server) -> None:
    place()
    server.drops.add("accueil@relais.example")
    campaign = launched()
    assert send().unsure == 1
    server.drops.clear()
    for day in (0, 1, 3):
        with later(days=day):
            send()
    assert states() == {"Le relais": "unsure"}
    assert len(server.taken) == 1
    assert control.send_unsure_again(campaign) == 1
    assert send().sent == 1


def test_server_that_is_down_loses_nothing_and_is_said() -> None:
    place()
    with mail_server():
        pass
    campaign = launched()
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=1
    ):
        assert send().is_stopped
        with later(days=1), pytest.raises(CommandError):
            call_command("send_campaigns", "--seconds", "0")
    campaign.refresh_from_db()
    assert (campaign.state, campaign.trouble) == ("sending", "ConnectionRefusedError")
    with mail_server(), later(days=2):
        assert send().sent == 1
    campaign.refresh_from_db()
    assert campaign.trouble == ""


def test_server_that_refuses_our_own_address_pauses_the_campaign(server: Server) -> None:
    three()
    server.refuses_senders = True
    campaign = launched()
    send()
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.PAUSED
    assert "sender refused" in campaign.trouble
    assert set(states().values()) == {"queued"}


def test_paused_campaign_sends_nothing(server: Server) -> None:
    three()
    campaign = launched()
    control.pause(campaign)
    assert send().sent == 0
    control.resume(campaign)
    assert send().sent == 3


def test_killed_sender_never_sends_twice(server: Server) -> None:
    place()
    launched()
    # Taken, perhaps sent, and killed before a word of it.
    assert isinstance(sending.take(), Taken)
    assert send().sent == 0
    with later(hours=1):
        assert send().sent == 0
    assert states() == {"Le relais": "unsure"}
    assert server.taken == []


def test_row_is_taken_before_the_server_is_spoken_to(server: Server) -> None:
    place()
    launched()
    seen: list[str] = []
    whole = get_connection

    def watched(*args: Any, **options: Any) -> Any:
        seen.extend(states().values())
        return whole(*args, **options)

    with patch("directory.moderation.campaigns.sending.get_connection", watched):
        send()
    assert seen == ["sending"]


def test_no_more_leave_in_a_minute_than_allowed() -> None:
    three()
    launched()
    with override_settings(CAMPAIGN_RATE={"minute": 2, "domain": 2}):
        assert isinstance(sending.take(), Taken)
        assert isinstance(sending.take(), Taken)
        assert isinstance(sending.take(), Wait)
        with later(seconds=61):
            assert isinstance(sending.take(), Taken)


def test_no_more_go_to_a_domain_in_a_minute_than_allowed() -> None:
    for address in ("accueil@meme.example", "contact@meme.example", "accueil@seul.example"):
        place(address, emails=[address])
    launched()
    with override_settings(CAMPAIGN_RATE={"minute": 10, "domain": 1}):
        taken = [sending.take(), sending.take()]
        assert [one.address for one in taken if isinstance(one, Taken)] == [
            "accueil@meme.example", "accueil@seul.example",
        ]  # fmt: skip
        assert isinstance(sending.take(), Wait)


def test_place_is_not_asked_again_within_the_months_of_rest(server: Server) -> None:
    place()
    launched()
    send()
    second = launched(by=national("autre"))
    assert second.requests.count() == 0
    ConfirmationRequest.objects.update(tried_at=timezone.now() - timedelta(days=200))
    assert launched(by=national("tiers")).requests.count() == 1


def test_place_queued_twice_is_written_to_once(server: Server) -> None:
    one = place()
    launched()
    other = Campaign.objects.create(name="Autre", state=CampaignState.SENDING)
    ConfirmationRequest.objects.create(campaign=other, place=one)
    send()
    assert [row.state for row in ConfirmationRequest.objects.order_by("pk")] == ["sent", "skipped"]


@pytest.mark.parametrize(
    "change",
    [{"state": "archived"}, {"emails": []}, {"emails": ["jeanne.martin@relais.example"]}],
)
def test_place_that_changed_since_the_preview_is_set_aside(
    server: Server, change: dict[str, Any]
) -> None:
    place()
    launched()
    Place.objects.update(**change)
    send()
    assert states() == {"Le relais": "skipped"}
    assert server.taken == []


def test_place_that_refused_is_not_written_to_by_another_campaign(server: Server) -> None:
    one = place()
    addresses.refuse(one.pk, addresses.hashed("accueil@relais.example"), RefusalReason.ASKED)
    assert launched().requests.count() == 0
    Place.objects.update(emails=["accueil@relais.example", "contact@relais.example"])
    launched(by=national("autre"))
    send()
    assert [message["To"] for message in server.taken] == ["contact@relais.example"]


def test_unanswered_e_mail_ends_after_its_fourteen_days(server: Server) -> None:
    place()
    launched()
    send()
    with later(days=15):
        send()
    assert states() == {"Le relais": "expired"}
