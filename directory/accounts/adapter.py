"""What allauth asks of a site: words, addresses, who may come in."""

import hashlib
import time
from io import BytesIO
from typing import Any, ClassVar

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.accounts import sealed
from directory.models import AuditEvent
from directory.moderation import audit, mail_links, second_step
from directory.moderation.client_address import client_address

WRONG = _(
    "L’identifiant ou le mot de passe n’est pas le bon. Vérifiez les majuscules, puis recommencez."
)
TOO_MANY = _("Trop d’essais. Attendez un quart d’heure, puis recommencez.")
WRONG_CODE = _("Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant et recopiez-le.")
SAID = {
    "account/messages/password_changed.txt": _("Votre mot de passe est changé."),
    "account/messages/logged_out.txt": _("Vous êtes déconnecté."),
}
"""What is worth telling; allauth's other messages only say what the page shows."""


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up; attempts counted so that a proxy's address never locks everyone out."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Ce compte est fermé."),
        "email_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel."),
        "incorrect_password": _("Ce n’est pas votre mot de passe."),
        "incorrect_code": WRONG_CODE,
        "invalid_password_reset": _("Ce lien ne sert plus. Demandez-en un autre."),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts come by invitation."""
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        message: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Say in the site's words what is worth saying."""
        text = message or SAID.get(message_template or "")
        if text:
            messages.add_message(request, level, text)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return what attempts are counted by.

        Where no address can be believed it is the account that is tried, so that whoever fails
        closes that account's door for a while, and no other.
        """
        return client_address(request) or _tried(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures by account and address: a stranger does not lock the owner out."""
        tried = credentials.get("email") or credentials.get("username") or ""
        return f"{tried.lower()}:{client_address(request) or ''}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write it down, without what was typed: it may be a password."""
        audit.record(AuditEvent.LOGIN_FAILED)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again who is there before touching codes, but for who has just come in.

        The first application is installed right after the password.
        """
        request = context.request
        last = max(
            (one["at"] for one in get_authentication_records(request, request.user)), default=0
        )
        fresh = time.time() - last < app_settings.REAUTHENTICATION_TIMEOUT
        return not fresh and second_step.is_installed(request.user)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Lead to this site, whatever host the request names."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "u", "key": "k"})
        return mail_links.address(self.request, path.replace("u-k", key))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Come back to the account's page."""
        return reverse("mfa_index")

    def format_email_subject(self, subject: str) -> str:
        """Keep the subject as it is written."""
        return subject


class SecondStepAdapter(DefaultMFAAdapter):
    """The application of codes."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
    }

    def encrypt(self, text: str) -> str:
        """Keep a key under the site's secret."""
        return sealed.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Read a key that is kept."""
        return sealed.decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        """Name the site in the application."""
        return settings.SITE_NAME

    def build_totp_svg(self, url: str) -> str:
        """Draw the address as a QR code."""
        drawn = BytesIO()
        segno.make(url, error="m").save(
            drawn, kind="svg", scale=5, border=4, light="#fff", xmldecl=False
        )
        return drawn.getvalue().decode()


def _tried(request: HttpRequest) -> str:
    tried = request.POST.get("login") or request.POST.get("email") or ""
    if not tried and request.user.is_authenticated:
        tried = str(request.user.pk)
    return "compte-" + hashlib.sha256(tried.strip().lower().encode()).hexdigest()[:16]
