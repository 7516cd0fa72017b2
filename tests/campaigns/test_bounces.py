"""Delivery reports (RFC 3464): believed when they quote our own message, and only then."""

from email.message import Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from directory.models import ConfirmationRequest, MailRefusal
from directory.moderation.campaigns import bounces
from tests.campaigns.mailing import place, sent_to, states

pytestmark = pytest.mark.django_db


def report(
    message_id: str, status: str = "5.1.1", action: str = "failed", headers_only: bool = False
) -> bytes:
    """What a server sends back."""
    whole = MIMEMultipart("report", report_type="delivery-status")
    whole.attach(MIMEText("Votre message n’est pas arrivé."))
    told = MIMENonMultipart("message", "delivery-status")
    server, recipient = Message(), Message()
    server["Reporting-MTA"] = "dns; relais.example"
    recipient["Final-Recipient"] = "rfc822; accueil@relais.example"
    recipient["Action"] = action
    recipient["Status"] = status
    told.set_payload([server, recipient])
    whole.attach(told)
    original = Message()
    original["Message-ID"] = message_id
    original["Subject"] = "Le relais"
    if headers_only:
        part = MIMENonMultipart("text", "rfc822-headers")
        part.set_payload(original.as_string())
        whole.attach(part)
    else:
        whole.attach(MIMEMessage(original))
    return whole.as_bytes()


@pytest.fixture
def row() -> ConfirmationRequest:
    found, _token = sent_to(place())
    return found


@pytest.mark.parametrize("headers_only", [False, True])
def test_report_marks_the_place_and_leaves_its_address_alone(
    row: ConfirmationRequest, tmp_path: Path, headers_only: bool
) -> None:
    (tmp_path / "retour").write_bytes(report(str(row.message_id), headers_only=headers_only))
    call_command("read_bounces", str(tmp_path / "retour"))
    row.refresh_from_db()
    assert (row.state, row.reason) == ("bounced", "5.1.1")
    assert MailRefusal.objects.get().address_hash == row.address_hash


def test_maildir_is_read_twice_without_harm(row: ConfirmationRequest, tmp_path: Path) -> None:
    for folder in ("new", "cur", "tmp"):
        (tmp_path / folder).mkdir()
    (tmp_path / "new" / "1").write_bytes(report(str(row.message_id)))
    (tmp_path / "cur" / "2").write_bytes(b"From: x@y.example\nSubject: bonjour\n\nMerci")
    first, second = bounces.read(tmp_path), bounces.read(tmp_path)
    assert (first.bounced, first.ignored) == (1, 1)
    assert second.bounced == 0


@pytest.mark.parametrize(
    "content",
    [
        report("<invente@testserver>"),
        report("", status="5.1.1"),
        b"",
        b"\xff\xfe\x00 rien",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status",
        b"Content-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1",
    ],
)
def test_forged_or_broken_report_marks_nothing(
    row: ConfirmationRequest, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "retour").write_bytes(content)
    assert bounces.read(tmp_path).bounced == 0
    assert states() == {"Le relais": "sent"}


@pytest.mark.parametrize(("status", "action"), [("4.2.0", "delayed"), ("4.4.1", "failed")])
def test_delay_is_no_failure(
    row: ConfirmationRequest, tmp_path: Path, status: str, action: str
) -> None:
    (tmp_path / "retour").write_bytes(report(str(row.message_id), status, action))
    assert bounces.read(tmp_path).bounced == 0


def test_report_does_not_undo_an_answer(row: ConfirmationRequest, tmp_path: Path) -> None:
    ConfirmationRequest.objects.update(state="confirmed")
    (tmp_path / "retour").write_bytes(report(str(row.message_id)))
    assert bounces.read(tmp_path).bounced == 0
    assert states() == {"Le relais": "confirmed"}


def test_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("read_bounces", str(tmp_path / "rien"))
