"""The secret that signs links and sessions, and encrypts the keys of applications of codes.

A machine of one's own (DEBUG, the demo) keeps its secret in `var/`: links, sessions and second
steps outlive a restart there too.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

FILE = "secret_key"


def secret_key(environ: Mapping[str, str], folder: Path | None) -> str:
    """Return DJANGO_SECRET_KEY; else that of `folder`, made there the first time.

    Without a folder it is required: raises ImproperlyConfigured.
    """
    given = environ.get("DJANGO_SECRET_KEY", "")
    if given:
        return given
    if folder is None:
        raise ImproperlyConfigured(
            "DJANGO_SECRET_KEY is missing. Set it to a long random text, "
            "or set DJANGO_DEBUG=1 on a development machine."
        )
    return _kept(folder / FILE)


def fallbacks(environ: Mapping[str, str]) -> list[str]:
    """Return the former secrets, which still open what they signed or encrypted."""
    return environ.get("DJANGO_SECRET_KEY_FALLBACKS", "").split()


def _kept(file: Path) -> str:
    made = secrets.token_urlsafe(50)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Whole at once: two processes that start together agree on one.
        own = file.with_name(f"{file.name}.{os.getpid()}")
        own.touch(mode=0o600)
        own.write_text(made)
        try:
            os.link(own, file)
        except FileExistsError:
            made = file.read_text().strip()
        finally:
            own.unlink()
    except OSError:
        return made
    return made
