"""An account opens by an invitation: a signed link, used once, for seven days."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email.message import Message
from typing import Any
from unittest.mock import patch

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Keeping
from django.contrib.auth.models import User
from django.core import mail, signing
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from directory.models import AuditEntry, AuditEvent, Invitation, Role, RoleKind
from directory.moderation import invitations
from mediation.mail import mail_settings
from tests.accounts import national, sign_in
from tests.factories import RegionFactory

pytestmark = pytest.mark.django_db

EMAIL = "normandie@annuaire.example"
PASSWORDS = {"password1": "trois chevaux gris", "password2": "trois chevaux gris"}
ADD = "admin:directory_invitation_add"


def invite(client: Client, email: str = EMAIL) -> Any:
    """Send an invitation as a national administrator does."""
    if not User.objects.filter(username="nationale").exists():
        sign_in(client, national())
    region = RegionFactory.create(code="28", name="Normandie")
    data = {"email": email, "kind": RoleKind.REGION, "region": region.pk}
    return client.post(reverse(ADD), data)


def link() -> str:
    """The link of the last e-mail."""
    return mail.outbox[-1].body.split("http://testserver")[1].split()[0]


def test_invited_person_chooses_a_password_then_installs_the_application(client: Client) -> None:
    invite(client)
    person = Client()
    page = person.get(link()).content.decode()
    assert "Normandie" in page
    assert EMAIL in page
    answer = person.post(link(), PASSWORDS)
    assert answer["Location"] == "/compte/code/installer/"
    user = User.objects.get(username=EMAIL)
    role = Role.objects.get(user=user)
    assert (role.kind, role.region_id, role.granted_by) == (
        RoleKind.REGION,
        "28",
        User.objects.get(username="nationale"),
    )
    assert not user.is_staff
    assert not user.is_superuser


def test_invitation_serves_once(client: Client) -> None:
    invite(client)
    assert Client().post(link(), PASSWORDS).status_code == 302
    assert Client().get(link()).status_code == 410
    assert Client().post(link(), PASSWORDS).status_code == 410
    assert User.objects.filter(username=EMAIL).count() == 1


def test_invitation_serves_seven_days(client: Client) -> None:
    invite(client)
    week = timedelta(days=7).total_seconds()
    now = signing.time.time()  # type: ignore[attr-defined]
    with patch("django.core.signing.time.time", return_value=now + week - 60):
        assert Client().get(link()).status_code == 200
    with patch("django.core.signing.time.time", return_value=now + week + 60):
        assert Client().get(link()).status_code == 410


def test_forged_invitation_opens_nothing(client: Client) -> None:
    invite(client)
    forged = signing.dumps([Invitation.objects.get().pk, "x" * 32], salt="directory.invitation")
    for token in (forged, "x", link().split("/")[3][:-1] + "x"):
        assert Client().get(f"/compte/invitation/{token}/").status_code == 410


def test_sending_again_ends_the_link_sent_before(client: Client) -> None:
    invite(client)
    first = link()
    data = {"action": "send_again", "_selected_action": [Invitation.objects.get().pk]}
    client.post(reverse("admin:directory_invitation_changelist"), data)
    assert Client().get(first).status_code == 410
    assert Client().get(link()).status_code == 200


def test_address_with_an_account_is_not_invited(client: Client) -> None:
    sign_in(client, national())
    answer = invite(client, "Nationale@annuaire.example")
    assert "a déjà un compte" in answer.content.decode()
    assert mail.outbox == []


def test_invitation_of_a_role_without_its_territory_is_refused(client: Client) -> None:
    sign_in(client, national())
    answer = client.post(reverse(ADD), {"email": EMAIL, "kind": RoleKind.REGION})
    assert "ne vont pas ensemble" in answer.content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("trop court", "au minimum 12"),
        ("123456789012", "entièrement numérique"),
        (EMAIL, "trop semblable"),
    ],
)
def test_weak_password_is_refused(client: Client, password: str, words: str) -> None:
    invite(client)
    answer = Client().post(link(), {"password1": password, "password2": password})
    assert words in answer.content.decode()
    assert not User.objects.filter(username=EMAIL).exists()


def test_signed_in_person_keeps_their_own_account(client: Client) -> None:
    invite(client)
    assert client.post(link(), PASSWORDS).status_code == 410
    assert not User.objects.filter(username=EMAIL).exists()


def test_invitations_are_written_in_the_log(client: Client) -> None:
    invite(client)
    Client().post(link(), PASSWORDS)
    told = " ".join(f"{line.target} {line.detail}" for line in AuditEntry.objects.all())
    events = set(AuditEntry.objects.values_list("event", flat=True))
    assert {AuditEvent.INVITED, AuditEvent.JOINED} <= events
    assert EMAIL not in told


def test_mail_server_that_fails_is_told(client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    sign_in(client, national())
    invite(client)
    page = client.get(reverse("admin:directory_invitation_changelist")).content.decode()
    assert "n’est pas parti" in page
    assert Invitation.objects.get().sent_at is None


# --- A real mail server ---------------------------------------------------------------------------


class Kept(Keeping):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []

    def handle_message(self, message: Message) -> None:
        """Keep a message."""
        self.messages.append(message)


@pytest.fixture
def server() -> Iterator[tuple[Kept, int]]:
    """A mail server of this machine, and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = Kept()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield kept, port
    controller.stop()


def test_invitation_goes_through_a_mail_server(server: tuple[Kept, int], settings: Any) -> None:
    kept, port = server
    for name, value in mail_settings(f"smtp://127.0.0.1:{port}").items():
        setattr(settings, name, value)
    region = RegionFactory.create(code="28", name="Normandie")
    invitation = Invitation.objects.create(email=EMAIL, kind=RoleKind.REGION, region=region)
    invitations.send(invitation, "http://testserver/compte/invitation/", national())
    message = kept.messages[0]
    body = message.get_payload(decode=True)
    assert isinstance(body, bytes)
    token = body.decode().split("/compte/invitation/")[1].split("/")[0]
    assert message["To"] == EMAIL
    assert invitations.find(token) == invitation


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("console://", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        (
            "file:///var/mail",
            {
                "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
                "EMAIL_FILE_PATH": "/var/mail",
            },
        ),
        ("smtp://un:p%40sse@mail.example?tls=1", {"EMAIL_PORT": 587, "EMAIL_USE_TLS": True}),
        ("smtp://un:p%40sse@mail.example?tls=1", {"EMAIL_HOST_PASSWORD": "p@sse"}),
        ("smtps://mail.example", {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True}),
    ],
)
def test_one_address_says_how_mail_leaves(url: str, expected: dict[str, Any]) -> None:
    found = mail_settings(url)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_wrong_address_of_mail_is_told_at_start(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        mail_settings(url)
