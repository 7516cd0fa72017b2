"""Refuses passwords known from breaches, by Have I Been Pwned's range service.

Only the first five characters of the password's SHA-1 leave the server (k-anonymity: some 800
passwords share them), and answers are padded. Off unless BREACH_CHECK is set; fixed host, no
redirect, 1.5 s at most. When the service fails the password passes: Django's list of common
passwords still holds, and the service is left alone for a minute.
"""

import hashlib
import logging
import time
from typing import Any
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)

URL = "https://api.pwnedpasswords.com/range/"
TIMEOUT = 1.5
"""Seconds."""
MAX_ANSWER = 300_000
"""Bytes read of an answer: it weighs forty thousand."""
REST = 60.0
"""Seconds during which a failing service is not asked again."""

_resting = {"until": 0.0}


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow none: the host is fixed."""


def fetch(prefix: str) -> bytes:
    """Return the service's raw answer; the edge that tests replace. Raises OSError."""
    request = Request(f"{URL}{prefix}", headers={"Add-Padding": "true"})  # noqa: S310
    with build_opener(_NoRedirect).open(request, timeout=TIMEOUT) as answer:
        return bytes(answer.read(MAX_ANSWER))


def is_breached(password: str) -> bool:
    """Tell whether a password is in the breaches; False when the service is off or fails."""
    if not settings.BREACH_CHECK or time.monotonic() < _resting["until"]:
        return False
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    try:
        lines = fetch(digest[:5]).decode("ascii").splitlines()
    except (OSError, ValueError) as error:
        _resting["until"] = time.monotonic() + REST
        log.warning("The list of breached passwords does not answer: %s", type(error).__name__)
        return False
    # A padding line counts zero times.
    found = dict(line.strip().partition(":")[::2] for line in lines)
    return found.get(digest[5:], "0") not in {"", "0"}


class BreachedPasswordValidator:
    """For AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when the password is in a breach."""
        if is_breached(password):
            raise ValidationError(
                _("Ce mot de passe a été volé sur un autre site. Choisissez-en un autre."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("Il ne doit pas avoir été volé sur un autre site.")
