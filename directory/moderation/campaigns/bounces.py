"""Reads what comes back of e-mails that were not delivered (RFC 3464), whatever mailbox kept it.

A report is believed only when it quotes the Message-ID of one of our e-mails: 190 random bits that
none but the servers it went through know.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_binary_file, policy
from email.message import Message
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from directory.models import ConfirmationRequest, RefusalReason, RequestState
from directory.moderation.campaigns import addresses, failures

MESSAGE_ID = re.compile(r"^message-id:\s*(<[^>\s]{1,118}>)", re.IGNORECASE | re.MULTILINE)
BIGGEST = 5_000_000
"""Bytes of one message: beyond, it is no report of ours."""
MAY_BOUNCE = (
    RequestState.SENT, RequestState.SENDING, RequestState.UNSURE, RequestState.EXPIRED,
)  # fmt: skip


@dataclass
class Read:
    """How many messages were reports of ours that failed, and how many were something else."""

    bounced: int = 0
    ignored: int = 0


def read(path: Path) -> Read:
    """Mark what the messages of a file, or of a maildir, say was not delivered.

    Raises OSError. Reading the same report twice changes nothing.
    """
    result = Read()
    for name in _files(path):
        if name.stat().st_size <= BIGGEST and _mark(name):
            result.bounced += 1
        else:
            result.ignored += 1
    return result


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    folders = [path / sub for sub in ("new", "cur") if (path / sub).is_dir()] or [path]
    for folder in folders:
        yield from sorted(one for one in folder.iterdir() if one.is_file())


def _mark(name: Path) -> bool:
    with name.open("rb") as file:
        message = message_from_binary_file(file, policy=policy.compat32)
    if not _is_report(message):
        return False
    statuses = [status for status in _failed(message) if status]
    identifier = _original_id(message)
    if not statuses or not identifier:
        return False
    with transaction.atomic():
        rows = ConfirmationRequest.objects.select_for_update(of=("self",))
        named = Q(message_id=identifier) | Q(sent_with__message_id=identifier)
        found = list(rows.filter(named, state__in=MAY_BOUNCE))
        for row in found:
            row.state, row.reason, row.leased_until = RequestState.BOUNCED, statuses[0], None
            row.save(update_fields=["state", "reason", "leased_until"])
            if failures.is_dead(statuses[0]):
                addresses.refuse(row.place_id, row.address_hash, RefusalReason.DEAD)
    return bool(found)


def _is_report(message: Message) -> bool:
    return message.get_content_type() == "multipart/report"


def _failed(message: Message) -> Iterator[str]:
    """Yield the status of each recipient that will never be reached; a delay is no failure."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload():
            if not isinstance(block, Message):
                continue
            status = failures.ENHANCED.search(str(block.get("Status", "")))
            action = str(block.get("Action", "")).strip().lower()
            if action == "failed" and status and status[1].startswith("5"):
                yield status[1]


def _original_id(message: Message) -> str:
    """Return the Message-ID of the e-mail that the report speaks of, or ""."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            known = inner.get("Message-ID", "") if isinstance(inner, Message) else ""
            return str(known).strip()
        if part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
            found = MESSAGE_ID.search(text)
            return found[1] if found else ""
    return ""
