"""Links of e-mails: signed, one use, of which only a digest is stored.

A link opens for VALID_FOR, then its edit session lasts SESSION. Looking at one changes nothing:
mail scanners open links before people do. The link that refuses e-mails never ends.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from directory.models import ConfirmationRequest, RequestState
from directory.vocabularies.names import State

VALID_FOR = timedelta(days=14)
SESSION = timedelta(hours=1)
LONGEST = 300
"""Characters: no link of ours is longer."""
_SALT = "directory.campaign."
WAITS_FOR_ANSWER = frozenset({RequestState.SENDING, RequestState.SENT, RequestState.UNSURE})
"""A place may be quicker than the line that says its e-mail has left."""


class Fault(StrEnum):
    """Why a link does not open."""

    UNKNOWN = "unknown"
    REPLACED = "replaced"
    EXPIRED = "expired"
    USED = "used"
    REFUSED = "refused"
    GONE = "gone"


@dataclass(frozen=True)
class Link:
    """What a link leads to, and why it does not open, if so."""

    request: ConfirmationRequest | None
    fault: Fault | None = None


def new(request: ConfirmationRequest) -> str:
    """Return a new token; its digest is what the row stores."""
    return _signer("link").sign_object([request.pk, get_random_string(22)])


def hashed(token: str) -> str:
    """Return what is stored of a token: the database opens no link."""
    return hashlib.sha256(token.encode()).hexdigest()


def read(token: str) -> Link:
    """Return what a token leads to. One query; changes nothing."""
    key = _loaded("link", token)
    found = _row(key[0]) if isinstance(key, list) and key else None
    if found is None:
        return Link(None, Fault.UNKNOWN)
    if found.token_hash != hashed(token):
        return Link(found, Fault.REPLACED)
    return Link(found, fault(found))


def fault(request: ConfirmationRequest) -> Fault | None:
    """Return why the present link of a row does not open; None when it does."""
    if request.place.state != State.PUBLISHED:
        return Fault.GONE
    if request.state == RequestState.REFUSED:
        return Fault.REFUSED
    old = request.tried_at is None or timezone.now() - request.tried_at > VALID_FOR
    if request.state == RequestState.EXPIRED or (old and request.state in WAITS_FOR_ANSWER):
        return Fault.EXPIRED
    return None if request.state in WAITS_FOR_ANSWER else Fault.USED


def new_session(request: ConfirmationRequest) -> str:
    """Return the token of an edit session that begins now."""
    return _signer("session").sign_object([request.pk, (request.token_hash or "")[:16]])


def read_session(token: str) -> Link:
    """Return the row that a session edits. One query; changes nothing."""
    key = _loaded("session", token)
    found = _row(key[0]) if isinstance(key, list) and len(key) == 2 else None
    if found is None or key[1] != (found.token_hash or "")[:16]:
        return Link(None, Fault.UNKNOWN)
    if found.place.state != State.PUBLISHED:
        return Link(found, Fault.GONE)
    if found.state != RequestState.OPENED:
        return Link(found, Fault.USED)
    if _loaded("session", token, SESSION) is None:
        return Link(found, Fault.EXPIRED)
    return Link(found)


def stop_token(request: ConfirmationRequest) -> str:
    """Return the token that refuses e-mails: the same for ever."""
    return _signer("stop").sign_object(request.pk)


def read_stop(token: str) -> ConfirmationRequest | None:
    """Return the row whose place and address refuse e-mails; None when forged."""
    return _row(_loaded("stop", token))


def address(name: str, token: str) -> str:
    """Return the full address of a page that takes a token."""
    return f"{settings.SITE_URL}{reverse(f'directory:{name}', args=[token])}"


def _signer(what: str) -> signing.TimestampSigner:
    # No ":" in addresses: some mail readers end links there.
    return signing.TimestampSigner(salt=_SALT + what, sep=".")


def _loaded(what: str, token: str, max_age: timedelta | None = None) -> Any:
    if len(token) > LONGEST:
        return None
    try:
        return _signer(what).unsign_object(token, max_age=max_age)
    except (signing.BadSignature, ValueError):
        return None


def _row(key: Any) -> ConfirmationRequest | None:
    if not isinstance(key, int):
        return None
    rows = ConfirmationRequest.objects.select_related("place__commune__department", "campaign")
    return rows.filter(pk=key).first()
