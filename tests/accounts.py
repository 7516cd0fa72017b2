"""People of the moderators' side, for tests."""

import time
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as OWNER,
)
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as METHODS
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.test import Client

from directory.models import Role, RoleKind

PASSWORD = "une phrase assez longue"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""An application's key, in base 32."""


def make_user(name: str, *roles: dict[str, Any], **fields: Any) -> User:
    """An account with its roles: `make_user("a", {"kind": RoleKind.REGION, "region": norm})`."""
    user = User.objects.create_user(name, f"{name}@annuaire.example", PASSWORD, **fields)
    for role in roles:
        Role.objects.create(user=user, **role)
    return user


def national(name: str = "nationale") -> User:
    """A national administrator."""
    return make_user(name, {"kind": RoleKind.NATIONAL})


def sign_in(client: Client, user: User) -> Client:
    """Sign in as by a password and a code."""
    client.force_login(user)
    session = client.session
    session[METHODS] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session[OWNER] = str(user.pk)
    session.save()
    return client


def install_codes(user: User) -> Authenticator:
    """Give an account an application of codes, and recovery codes."""
    RecoveryCodes.activate(user)
    return TOTP.activate(user, SECRET).instance


def code(secret: str = "", steps: int = 0) -> str:
    """The code that an application shows now, or `steps` times 30 seconds later."""
    return format_hotp_value(hotp_value(secret or SECRET, int(time.time()) // 30 + steps))
