"""How mail leaves: one address says it.

smtp://user:password@host:587?tls=1   a server, by STARTTLS (smtps:// for TLS from the start)
console://                            written on the terminal (the demo)
file:///some/folder                   a file each
"""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BACKEND = "django.core.mail.backends.{}.EmailBackend"
TIMEOUT = 10
"""Seconds that a mail server may take: a person waits for the page."""


def mail_settings(url: str) -> dict[str, Any]:
    """Return Django's settings of mail; raises ImproperlyConfigured."""
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": BACKEND.format("console")}
    if parts.scheme == "file":
        return {"EMAIL_BACKEND": BACKEND.format("filebased"), "EMAIL_FILE_PATH": parts.path}
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL must be smtp://user:password@host:port?tls=1, smtps://…, console:// "
            "or file:///folder."
        )
    encrypted = parts.scheme == "smtps"
    starts_tls = parse_qs(parts.query).get("tls") == ["1"]
    return {
        "EMAIL_BACKEND": BACKEND.format("smtp"),
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if encrypted else 587 if starts_tls else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": encrypted,
        "EMAIL_USE_TLS": starts_tls and not encrypted,
        "EMAIL_TIMEOUT": TIMEOUT,
    }
