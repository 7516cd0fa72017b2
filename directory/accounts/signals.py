"""What follows when somebody signs in or out, changes a password, or loses a role."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authentication_failed
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_delete
from django.dispatch import receiver

from directory.models import AuditEvent, Role
from directory.moderation import audit
from directory.moderation.sessions import end_sessions


@receiver(user_logged_in)
def write_login(user: Any, **kwargs: Any) -> None:
    """Write down who came in."""
    audit.record(AuditEvent.LOGIN, user)


@receiver(user_logged_out)
def write_logout(user: Any, **kwargs: Any) -> None:
    """Write down who left."""
    if user:
        audit.record(AuditEvent.LOGOUT, user)


@receiver(authentication_failed)
def write_wrong_code(user: Any, **kwargs: Any) -> None:
    """Write down that a password was right and its code wrong."""
    audit.record(AuditEvent.SECOND_STEP_FAILED, None, audit.account(user))


@receiver(password_changed)
@receiver(password_reset)
def write_password(user: Any, **kwargs: Any) -> None:
    """Write it down. Django ends the other sessions: they hold the old password's mark."""
    audit.record(AuditEvent.PASSWORD, user)


@receiver(post_delete, sender=Role)
def end_sessions_of_a_role(instance: Role, **kwargs: Any) -> None:
    """End the sessions of who loses a role, however it was removed."""
    end_sessions(instance.user_id)
