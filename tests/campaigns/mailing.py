"""A real mail server on this machine, and places to write to."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from unittest.mock import patch

from aiosmtpd.controller import Controller
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone

from directory.models import Campaign, CampaignState, ConfirmationRequest, Place
from directory.moderation.campaigns import control, selection, sending
from tests import factories as make
from tests.accounts import national
from tests.contributions.sending import filled

SITE = "http://testserver"
FAST = {"minute": 10_000, "domain": 10_000}


class Server:
    """Takes messages, but says what it is told to for some addresses.

    aiosmtpd finds its methods by the names of the commands.
    """

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.drops: set[str] = set()
        self.refuses_senders = False

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Answer MAIL FROM."""
        if self.refuses_senders:
            return "550 5.7.1 sender refused"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Answer RCPT TO."""
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a message; the connection may drop before it is said."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append(message)
        if self.drops & set(envelope.rcpt_tos):
            server.transport.abort()
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Server]:
    """A server that the site sends by."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=port,
            EMAIL_TIMEOUT=5,
            SITE_URL=SITE,
        ):
            yield handler
    finally:
        controller.stop()


def place(name: str = "Le relais", **fields: Any) -> Place:
    """A published place that may be written to."""
    fields.setdefault("emails", ["accueil@relais.example"])
    made: Place = make.PlaceFactory.create(name=name, **fields)
    return made


def launched(**fields: Any) -> Campaign:
    """A campaign that a national administrator launched."""
    by = fields.pop("by", None) or national("lance")
    fields.setdefault("months", 0)
    campaign = Campaign.objects.create(name="Printemps", state=CampaignState.PREVIEWED, **fields)
    seen = selection.digest(campaign, selection.choose(campaign, by))
    control.launch(campaign, by, seen)
    campaign.refresh_from_db()
    return campaign


def sent_to(one: Place) -> tuple[ConfirmationRequest, str]:
    """Write to a place; return the row, and the token that its e-mail holds."""
    launched()
    sending.run(0.0)
    row = ConfirmationRequest.objects.get(place=one)
    message = next(message for message in mail.outbox if message.to == one.emails[:1])
    return row, token_of(str(message.body))


def token_of(body: str) -> str:
    """The token of the link of an e-mail."""
    found = re.search(r"/mon-lieu/([^/\s]+)/\s", body)
    assert found
    return found[1]


def stop_address(body: str) -> str:
    """The path of the link that refuses e-mails."""
    found = re.search(r"(/mon-lieu/ne-plus-ecrire/[^\s]+)", body)
    assert found
    return found[1]


def states() -> dict[str, str]:
    """What became of each place's e-mail, by name."""
    return dict(ConfirmationRequest.objects.order_by("pk").values_list("place__name", "state"))


def form_of(client: Client, session: str) -> dict[str, Any]:
    """What the form of an edit session holds as it is shown."""
    return filled(client.get(session).content.decode())


@contextmanager
def later(**delay: float) -> Iterator[None]:
    """Some time later: `later(days=14, minutes=1)`."""
    gap = timedelta(**delay)
    now, clock = timezone.now() + gap, time.time() + gap.total_seconds()
    with (
        patch("django.utils.timezone.now", lambda: now),
        patch("django.core.signing.time.time", lambda: clock),
    ):
        yield
