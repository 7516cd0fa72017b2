"""Invitations: the only way to an account, apart from the server's own command.

The link is signed, opens for seven days, serves once; sending again ends the links sent before.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from directory.models import AuditEvent, Invitation, Role
from directory.moderation import audit

VALID_FOR = timedelta(days=7)
_SALT = "directory.invitation"


def token_of(invitation: Invitation) -> str:
    """Return what the link holds."""
    return signing.dumps([invitation.pk, invitation.nonce], salt=_SALT)


def find(token: str) -> Invitation | None:
    """Return the invitation of a link; None when forged, too old, used, or sent again since."""
    try:
        key, nonce = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Invitation.objects.filter(pk=key, nonce=nonce, accepted_at=None).first()


def send(invitation: Invitation, base_url: str, by: Any) -> None:
    """Send the link, by a new nonce. `base_url` is the address up to the token, ended by a slash.

    Raises OSError (smtplib's errors are) when no mail server takes it; nothing is then written.
    """
    with transaction.atomic():
        invitation.nonce = get_random_string(32)
        invitation.sent_at = timezone.now()
        invitation.save(update_fields=["nonce", "sent_at"])
        audit.record(AuditEvent.INVITED, by, f"invitation {invitation.pk}", str(invitation.where))
        words = {
            "role": invitation.get_kind_display(),
            "where": invitation.where,
            "link": f"{base_url}{token_of(invitation)}/",
            "site": settings.SITE_NAME,
        }
        send_mail(
            _("Votre invitation à tenir l’annuaire %(site)s") % {"site": settings.SITE_NAME},
            render_to_string("account/email/invitation.txt", words),
            settings.DEFAULT_FROM_EMAIL,
            [invitation.email],
        )


def accept(invitation: Invitation, password: str) -> User | None:
    """Create the account and its role; None when somebody used the link meanwhile."""
    with transaction.atomic():
        # The condition makes two tabs agree: one of them changes no row.
        free = Invitation.objects.filter(pk=invitation.pk, nonce=invitation.nonce, accepted_at=None)
        if not free.update(accepted_at=timezone.now()) or taken(invitation.email):
            transaction.set_rollback(True)
            return None
        user = User.objects.create_user(invitation.email, invitation.email, password)
        role = Role(user=user, granted_by=invitation.invited_by, **invitation.scope())
        role.save()
        audit.record(AuditEvent.JOINED, user, f"invitation {invitation.pk}", str(role))
    return user


def taken(email: str) -> bool:
    """Tell whether an address already has an account."""
    return (
        User.objects.filter(username__iexact=email).exists()
        or User.objects.filter(email__iexact=email).exists()
    )
