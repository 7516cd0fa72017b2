"""How many contributions an address may send: counted without keeping any address.

Each one takes a slot of the shared cache for an hour. A slot's name is a hash under a key of the
day: once the day is over nothing links it to an address, nor two days to each other. Taking a slot
is one INSERT, hence two workers never take the same.
"""

import time
from datetime import timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from directory.moderation.client_address import client_address

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EVERYONE = "everyone"


class TooManyError(Exception):
    """No slot is free; `wait` tells in how long one will be."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(str(wait))
        self.wait = wait


def take(request: HttpRequest) -> None:
    """Count one contribution from where this request comes from; raise TooManyError."""
    sender = _sender(request)
    limits = settings.CONTRIBUTIONS_PER_HOUR
    limit = limits["everyone" if sender == EVERYONE else "address"]
    _take(_name("contribution", sender), limit, HOUR)


def take_confirmation(request: HttpRequest, place: int) -> bool:
    """Tell whether a "still right" counts: one a day for a place and an address."""
    sender = _sender(request)
    limit = 5 if sender == EVERYONE else 1
    try:
        _take(_name(f"confirmation:{place}", sender), limit, DAY)
    except TooManyError:
        return False
    return True


def _sender(request: HttpRequest) -> str:
    """Return what to count by; a household has a whole IPv6 network of 64 bits."""
    told = client_address(request)
    if told is None:
        return EVERYONE
    address = ip_address(told)
    if address.version == 4:
        return told
    return str(ip_network(f"{told}/64", strict=False))


def _name(what: str, sender: str) -> str:
    day = timezone.now().date().isoformat()
    return f"quota:{salted_hmac(f'quota:{day}', f'{what}:{sender}').hexdigest()}"


def _take(name: str, limit: int, period: timedelta) -> None:
    slots = [f"{name}:{number}" for number in range(limit)]
    taken = cache.get_many(slots)
    seconds = period.total_seconds()
    for slot in slots:
        if slot not in taken and cache.add(slot, time.time() + seconds, seconds):
            return
    # All were taken meanwhile when none is known: the wait is then the longest.
    ends = min(taken.values(), default=time.time() + seconds)
    raise TooManyError(timedelta(seconds=max(1, round(ends - time.time()))))
