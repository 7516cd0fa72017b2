"""Keeps what a visitor sends, once, and gives the private link that follows it."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from directory.models import Commune, Contribution, Place
from directory.moderation.contributions import quota
from directory.vocabularies.names import ContributionKind, ContributionStatus

SALT = "directory.contribution.follow-up"
TOKEN_LENGTH = 32
"""Hexadecimal characters: 128 bits."""


@dataclass(frozen=True)
class Sent:
    """What a visitor says: of a place, or of one to add in a commune."""

    kind: str
    place: Place | None = None
    commune: Commune | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    message: str = ""


def keep(request: HttpRequest, ticket: str, sent: Sent) -> str:
    """Store a contribution; return what its follow-up link holds. Raises quota.TooManyError.

    The same form sent twice (a double click, a page reloaded) is stored once.
    """
    place = sent.place.pk if sent.place else None
    told = [ticket, sent.kind, place, sent.changes, sent.message]
    token = salted_hmac(SALT, json.dumps(told, sort_keys=True), algorithm="sha256").hexdigest()
    token = token[:TOKEN_LENGTH]
    known = Contribution.objects.filter(token_hash=hashed(token))
    if known.exists():
        return token
    quota.take(request)
    try:
        with transaction.atomic():
            Contribution.objects.create(
                kind=sent.kind,
                place=sent.place,
                commune=sent.commune,
                changes=sent.changes,
                message=sent.message,
                token_hash=hashed(token),
            )
    except IntegrityError:
        # The other click was quicker.
        if not known.exists():
            raise
    return token


def confirm(request: HttpRequest, place: Place) -> None:
    """Count a "still right", once a day for an address. Raises quota.TooManyError."""
    if not quota.take_confirmation(request, place.pk):
        return
    quota.take(request)
    Contribution.objects.create(
        kind=ContributionKind.CONFIRMATION,
        place=place,
        status=ContributionStatus.NOTED,
        moderated_at=timezone.now(),
    )


def find(token: str) -> Contribution | None:
    """Return the contribution of a follow-up link; None when there is none."""
    if len(token) != TOKEN_LENGTH:
        return None
    rows = Contribution.objects.select_related("place", "commune")
    return rows.filter(token_hash=hashed(token)).first()


def hashed(token: str) -> str:
    """Return what is stored of a token: the database does not open the links."""
    return hashlib.sha256(token.encode()).hexdigest()
