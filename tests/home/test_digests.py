"""The weekly e-mail: once a week to who wants it, when something waits, and nobody's words."""

import re
import socket
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from directory.models import Digest, RoleKind
from directory.moderation import digests
from directory.vocabularies.names import State
from mediation.mail import mail_settings
from tests import factories as make
from tests.accounts import make_user, national, sign_in

pytestmark = pytest.mark.django_db
SITE = "https://annuaire.example"
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.fixture
def people() -> list[Any]:
    """Three moderators of one department, where a contribution waits."""
    place = make.PlaceFactory.create(state=State.TO_REVIEW)
    make.ContributionFactory.create(place=place, message="Mot secret de la visiteuse")
    role = {"kind": RoleKind.DEPARTMENT, "department": place.commune.department}
    return [make_user(f"moderation-{number}", role) for number in range(3)]


def told() -> list[str]:
    """Who got a mail, one line each."""
    return [one.to[0] for one in mail.outbox]


def test_each_moderator_gets_one_mail_with_numbers_and_links(people: list[Any]) -> None:
    assert digests.send_all(SITE, MONDAY).sent == 3
    assert told() == [user.email for user in people]
    [one] = [one for one in mail.outbox if one.to == [people[0].email]]
    assert one.subject == "Coup de main santé\u00a0: 2 choses à voir dans votre territoire"
    assert f"{SITE}/admin/directory/contribution/?status__exact=pending" in one.body
    assert "Contributions à lire" in one.body
    assert "&amp;" not in one.body


def test_mail_holds_nothing_that_a_contributor_wrote(people: list[Any]) -> None:
    digests.send_all(SITE, MONDAY)
    assert not any("secret" in str(one.message()) for one in mail.outbox)


def test_second_run_of_the_week_sends_nothing(people: list[Any]) -> None:
    digests.send_all(SITE, MONDAY)
    told = digests.send_all(SITE, MONDAY + timedelta(days=5))
    assert (told.sent, len(mail.outbox)) == (0, 3)
    assert digests.send_all(SITE, MONDAY + timedelta(days=7)).sent == 3


def test_nothing_is_sent_when_nothing_waits() -> None:
    make_user("seule", {"kind": RoleKind.REGION, "region": make.RegionFactory.create()})
    told = digests.send_all(SITE, MONDAY)
    assert (told.sent, told.empty, mail.outbox) == (0, 1, [])


def test_who_moderates_nothing_gets_nothing(people: list[Any]) -> None:
    make_user("structure", {"kind": RoleKind.ACTOR, "actor": make.ActorFactory.create()})
    make_user("lecture", {"kind": RoleKind.OBSERVER})
    closed = national("fermee")
    closed.is_active = False
    closed.save()
    assert digests.send_all(SITE, MONDAY).sent == 3


class Killed(BaseException):
    """What ends a process."""


def test_run_killed_in_between_goes_on_later_and_repeats_nobody(
    people: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    send = mail.EmailMessage.send

    def killed(self: Any, *args: Any) -> Any:
        if self.to == [people[1].email]:
            raise Killed
        return send(self, *args)

    monkeypatch.setattr(mail.EmailMessage, "send", killed)
    with pytest.raises(Killed):
        digests.send_all(SITE, MONDAY)
    monkeypatch.undo()
    # Another run at once leaves alone what the first may still be sending.
    assert digests.send_all(SITE, MONDAY + timedelta(minutes=1)).sent == 1
    assert digests.send_all(SITE, MONDAY + timedelta(hours=1)).sent == 1
    assert sorted(told()) == [user.email for user in people]


def test_two_runs_at_once_send_once(people: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    send = mail.EmailMessage.send

    def twice(self: Any, *args: Any) -> Any:
        monkeypatch.undo()
        digests.send_all(SITE, MONDAY)
        return send(self, *args)

    monkeypatch.setattr(mail.EmailMessage, "send", twice)
    digests.send_all(SITE, MONDAY)
    assert sorted(told()) == [user.email for user in people]


class Down(BaseEmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, email_messages: Any) -> int:
        raise ConnectionRefusedError


def test_server_that_does_not_answer_is_told_and_asked_again(
    people: list[Any], settings: Settings
) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    with pytest.raises(CommandError, match="3 courriels ne sont pas partis"):
        call_command("send_digests", site=SITE)
    settings.EMAIL_BACKEND = working
    call_command("send_digests", site=f"{SITE}/")
    assert len(mail.outbox) == 3


def test_link_of_the_mail_stops_it_after_a_press(people: list[Any], client: Client) -> None:
    digests.send_all(SITE, MONDAY)
    link = re.search(rf"{SITE}(/recapitulatif/\S+)", str(mail.outbox[0].body))
    assert link
    assert mail.outbox[0].extra_headers["List-Unsubscribe"] == f"<{SITE}{link[1]}>"
    answer = client.get(link[1])
    assert "Ne plus le recevoir" in answer.content.decode()
    assert answer.cookies == {}
    assert digests.is_wanted(people[0])
    assert "C’est fait" in Client(enforce_csrf_checks=True).post(link[1]).content.decode()
    assert not digests.is_wanted(people[0])
    assert digests.send_all(SITE, MONDAY + timedelta(days=7)).sent == 2


def test_forged_link_stops_nothing(people: list[Any], client: Client) -> None:
    url = reverse("directory:digest-stop", args=[f"{people[0].pk}:faux"])
    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404
    assert digests.is_wanted(people[0])


def test_choice_is_made_on_the_front_page_too(people: list[Any], client: Client) -> None:
    sign_in(client, people[0])
    url = reverse("admin:digest_choice")
    for sent, wanted in (("non", False), ("oui", True)):
        client.post(url, {"recevoir": sent})
        assert digests.is_wanted(people[0]) == wanted
    assert Digest.objects.count() == 1


class Box:
    """Keeps what a local mail server receives."""

    def __init__(self) -> None:
        self.received: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        received = message_from_bytes(envelope.content, policy=default)
        self.received.append((envelope.rcpt_tos, received))
        return "250 OK"


def test_real_server_receives_a_readable_mail(people: list[Any], settings: Settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name, value in mail_settings(f"smtp://127.0.0.1:{port}").items():
        setattr(settings, name, value)
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        assert digests.send_all(SITE, MONDAY).sent == 3
    finally:
        server.stop()
    recipients, received = box.received[0]
    assert recipients == [people[0].email]
    assert received["Message-ID"] == f"<semaine-2026-W48-{people[0].pk}@{urlsplit(SITE).hostname}>"
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    body = received.get_body().get_content()
    assert "Contributions à lire : 1" in body
