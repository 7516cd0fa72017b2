"""The form by which an invited person chooses a password."""

from typing import Any

from allauth.account.forms import SetPasswordForm
from django.contrib.auth.models import User


class PasswordForm(SetPasswordForm):
    """A password, twice. It may not look like the address."""

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(User(username=email, email=email), *args, **kwargs)
