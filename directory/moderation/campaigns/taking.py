"""Makes queued rows a sender's own, and gathers those that one e-mail asks about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from directory.models import ConfirmationRequest, RequestState
from directory.moderation.campaigns import addresses, letters, links, selection
from directory.vocabularies.names import State

LEASE = timedelta(minutes=10)
"""Longer than a message may take: the server has 10 seconds for each of its few answers."""


@dataclass(frozen=True)
class Taken:
    """A row that is ours, where it goes, what its link holds; `others` leave in the same e-mail."""

    row: ConfirmationRequest
    address: str
    token: str
    others: tuple[tuple[ConfirmationRequest, str], ...] = ()

    @property
    def all(self) -> list[tuple[ConfirmationRequest, str]]:
        """Every row of the e-mail, with the token of its link."""
        return [(self.row, self.token), *self.others]


def take(row: ConfirmationRequest, now: datetime) -> Taken | None:
    """Make a row ours, or set it aside when its place is not to be written to any more."""
    address = addresses.of_place(row.place)
    why_not = _why_not(row, address)
    if why_not:
        row.state, row.reason = RequestState.SKIPPED, why_not
        row.save(update_fields=["state", "reason"])
        return None
    token = _own(row, address, now)
    return Taken(row, address, token, tuple(_sharing(row, address, now)))


def _own(
    row: ConfirmationRequest,
    address: str,
    now: datetime,
    carrier: ConfirmationRequest | None = None,
) -> str:
    """Make a row ours; return the token of its new link. `carrier` has the name of the message."""
    token = links.new(row)
    row.state = RequestState.SENDING
    row.reason = ""
    row.address_hash = addresses.hashed(address)
    row.domain = domain_of(address)
    row.token_hash = links.hashed(token)
    row.message_id = None if carrier else letters.new_message_id()
    row.sent_with = carrier
    row.tried_at, row.leased_until = now, now + LEASE
    row.tries += 1
    row.save()
    return token


def _sharing(
    row: ConfirmationRequest, address: str, now: datetime
) -> Iterator[tuple[ConfirmationRequest, str]]:
    """Make ours what the same campaign asks at the same address: one e-mail tells it all.

    A place that changed since the preview is left for its own turn, where it is set aside.
    """
    if row.is_renewal:
        return
    digest = addresses.hashed(address)
    rows = ConfirmationRequest.objects.filter(
        is_due(now),
        campaign=row.campaign_id,
        address_hash=digest,
        state=RequestState.QUEUED,
        is_renewal=False,
    ).exclude(pk=row.pk)
    held = rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    told = held.select_related("place__commune__department", "campaign")
    for one in told[: selection.TOGETHER_MAX - 1]:
        own = addresses.of_place(one.place)
        if addresses.hashed(own) == digest and not _why_not(one, own):
            yield one, _own(one, address, now, row)


def is_due(now: datetime) -> Q:
    """Return the condition that a row need not wait longer."""
    return Q(not_before=None) | Q(not_before__lte=now)


def domain_of(address: str) -> str:
    """Return the domain of an address, as servers know it."""
    return address.rpartition("@")[2].lower()


def _why_not(row: ConfirmationRequest, address: str) -> str:
    """Return what changed since the preview, in words that moderators read, or ""."""
    if row.place.state != State.PUBLISHED:
        return "fiche retirée de l’annuaire"
    if not address:
        return "pas d’adresse utilisable"
    if row.is_renewal:
        return ""
    others = ConfirmationRequest.objects.filter(
        place=row.place_id, tried_at__gte=selection.recent_since()
    ).exclude(pk=row.pk)
    asked = others.exclude(state__in=selection.NEVER_LEFT).exists()
    return "déjà interrogé récemment" if asked else ""
