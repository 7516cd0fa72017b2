"""Keeps robots out without a riddle: a trap, and the time that a form took.

A form carries when it was given, signed. Sent within FASTEST it comes from a machine, after OLDEST
the page may have changed: neither is refused for good, what was typed is shown again with a
sentence, and sending again works.
"""

import time
from enum import StrEnum

from django.core import signing
from django.utils.crypto import get_random_string

SALT = "directory.contribution.form"
FASTEST = 3.0
"""Seconds: nobody reads, types and sends in less."""
OLDEST = 12 * 3600.0
"""Seconds: a page left open overnight is shown again first."""


class Pace(StrEnum):
    """How a form comes back."""

    FINE = "fine"
    TOO_FAST = "too-fast"
    TOO_OLD = "too-old"


def ticket() -> str:
    """Return what a form given now carries: a random text and the time, signed."""
    return signing.dumps([get_random_string(16), round(time.time(), 1)], salt=SALT)


def pace(sent: str) -> Pace:
    """Judge the ticket of a form; a forged one is read as too old."""
    given = _given(sent)
    if given is None or time.time() - given > OLDEST:
        return Pace.TOO_OLD
    return Pace.TOO_FAST if time.time() - given < FASTEST else Pace.FINE


def renewed(sent: str) -> str:
    """Return the ticket of a form shown again: the same while it is good."""
    return sent if pace(sent) is not Pace.TOO_OLD else ticket()


def _given(sent: str) -> float | None:
    try:
        _random, given = signing.loads(sent[:200], salt=SALT)
        return float(given)
    except (signing.BadSignature, ValueError, TypeError):
        return None
