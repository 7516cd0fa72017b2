"""The log of accounts: who did what, when, on what. Never a machine's address, never a password.

Exports and imports are written here too, by whoever makes them:

    audit.record(AuditEvent.EXPORT, user=request.user, target="lieux", detail="CSV, 1 240 lignes")
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from directory.models import AuditEntry, AuditEvent


def record(event: AuditEvent, user: Any = None, target: object = "", detail: str = "") -> None:
    """Write one line. `user` is who did it: None, or nobody signed in, when unknown."""
    known = user if user is not None and user.is_authenticated else None
    AuditEntry.objects.create(event=event, user=known, target=str(target)[:80], detail=detail[:240])


def account(user: Any) -> str:
    """Name an account in the log by its number: the log outlives what it tells of."""
    return f"compte {user.pk}"


def prune() -> int:
    """Delete lines older than settings.AUDIT_DAYS; return how many."""
    old = timezone.now() - timedelta(days=settings.AUDIT_DAYS)
    return AuditEntry.objects.filter(at__lt=old).delete()[0]
