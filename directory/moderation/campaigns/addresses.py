"""The address a place may be written to: generic, read by someone, not refused."""

import hashlib
from collections.abc import Collection, Sequence

from directory.exchange import emails
from directory.models import MailRefusal, Place, RefusalReason

Refused = tuple[Collection[str], Collection[str]]
"""Digests of addresses: those that this place refused, those that no longer work for anyone."""


def hashed(address: str) -> str:
    """Return what is stored of an address: enough to know it again."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def generic(told: Sequence[str], place_text: str) -> list[str]:
    """Return the addresses that name nobody and that someone reads."""
    found = (one.strip() for one in told if isinstance(one, str))
    return [one for one in found if len(one) <= 254 and emails.is_publishable(one, place_text)]


def usable(told: Sequence[str], place_text: str, refused: Refused) -> str:
    """Return the first address of a place that may be written to, or ""."""
    of_place, dead = refused
    for one in generic(told, place_text):
        digest = hashed(one)
        if digest not in of_place and digest not in dead:
            return one
    return ""


def of_place(place: Place) -> str:
    """Return the address of a place that may be written to now, or "". One query."""
    text = f"{place.name} {place.commune.name}"
    digests = [hashed(one) for one in generic(place.emails, text)]
    known = MailRefusal.objects.filter(address_hash__in=digests).values_list(
        "place_id", "address_hash", "reason"
    )
    own = {digest for key, digest, _reason in known if key == place.pk}
    dead = {digest for _key, digest, reason in known if reason == RefusalReason.DEAD}
    return usable(place.emails, text, (own, dead))


def refuse(place: int, digest: str, reason: RefusalReason) -> None:
    """Remember that an address is not to be written to any more."""
    if digest:
        MailRefusal.objects.get_or_create(
            place_id=place, address_hash=digest, defaults={"reason": reason}
        )
