"""Keys of second steps, encrypted under the site's secret: a copy of the database opens nothing.

Renewing the secret: docs/accounts.md.
"""

import base64
import logging
import secrets
from collections.abc import Callable
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

MARK = "fernet:"
"""What an encrypted text begins with: neither base 32 nor hexadecimal holds a colon."""
KEYS, CODES = frozenset({"secret", "seed"}), "migrated_codes"
"""Where allauth keeps them, in the data of its rows."""
_PURPOSE = b"directory.accounts.second-step"
log = logging.getLogger(__name__)


def encrypt(text: str) -> str:
    """Return a text encrypted under the present secret."""
    return MARK + _keys().encrypt(text.encode()).decode()


def decrypt(kept: str) -> str:
    """Return a text as it was, under the present secret or a former one; a clear text as it is.

    What no secret opens gives a random key (in base 32), which no code fits: the account is to be
    reset.
    """
    if not kept.startswith(MARK):
        return kept
    try:
        return _keys().decrypt(kept.removeprefix(MARK)).decode()
    except InvalidToken:
        log.error("A second step is encrypted under a secret that this site no longer has.")
        return base64.b32encode(secrets.token_bytes(40)).decode()


def renew(authenticators: Any) -> int:
    """Encrypt again every row of a model of allauth's under the present secret; return how many.

    What no secret opens stays as it is.
    """
    return _rewrite(authenticators, _renewed)


def uncover(authenticators: Any) -> int:
    """Write every row in clear, for the way back of a migration; return how many."""
    return _rewrite(authenticators, decrypt)


def _rewrite(authenticators: Any, change: Callable[[str], str]) -> int:
    with transaction.atomic():
        rows = list(authenticators.objects.select_for_update().order_by("pk"))
        for one in rows:
            for name in KEYS & one.data.keys():
                one.data[name] = change(one.data[name])
            if CODES in one.data:
                one.data[CODES] = [change(code) for code in one.data[CODES]]
            one.save(update_fields=["data"])
    return len(rows)


def _renewed(kept: str) -> str:
    if not kept.startswith(MARK):
        return encrypt(kept)
    try:
        return MARK + _keys().rotate(kept.removeprefix(MARK).encode()).decode()
    except InvalidToken:
        return kept


def _keys() -> MultiFernet:
    return MultiFernet([_key(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
