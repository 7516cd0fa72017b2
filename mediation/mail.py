"""How mail leaves: one address says it.

smtp://user:password@host:587?tls=1   a server, by STARTTLS (smtps:// for TLS from the start)
console://                            written on the terminal (the demo)
file:///some/folder                   a file each
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BACKEND = "django.core.mail.backends.{}.EmailBackend"
TIMEOUT = 10
"""Seconds that a mail server may take: a person waits for the page."""


def all_mail_settings(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return Django's settings of mail; raises ImproperlyConfigured."""
    sender = {"DEFAULT_FROM_EMAIL": environ.get("EMAIL_FROM") or "annuaire@localhost"}
    return sender | mail_settings(environ.get("EMAIL_URL") or "console://")


def mail_settings(url: str) -> dict[str, Any]:
    """Return how mail leaves; raises ImproperlyConfigured."""
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


def site_url(given: str, hosts: Sequence[str], is_local: bool) -> str:
    """Return where links of e-mails lead, without a final slash, when no request asks for them.

    What a deployer gives, else the first allowed host.
    """
    if given:
        return given.rstrip("/")
    return "http://127.0.0.1:8000" if is_local else f"https://{next(iter(hosts), 'localhost')}"
