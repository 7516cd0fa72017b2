"""Whether a session went past the second step: a code of an application, or a recovery code."""

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.authentication import get_authentication_records as records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.http import HttpRequest

METHOD = "mfa"
"""As allauth writes it in the session."""


def is_done(request: HttpRequest) -> bool:
    """Tell whether this session's person gave a code. No query: the session says it."""
    return any(record["method"] == METHOD for record in records(request, request.user))


def is_installed(user: User) -> bool:
    """Tell whether this account has an application of codes. One query."""
    return Authenticator.objects.filter(user=user.pk, type=Authenticator.Type.TOTP).exists()


def record(request: HttpRequest) -> None:
    """Write in the session that the code of a newly installed application was right."""
    record_authentication(request, request.user, METHOD, type="totp")


def undo(request: HttpRequest) -> None:
    """Ask this session for the second step again."""
    kept = [one for one in records(request, request.user) if one["method"] != METHOD]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept


def reset(user: User) -> None:
    """Forget an account's application and recovery codes: the next sign-in installs anew."""
    Authenticator.objects.filter(user=user.pk).delete()
