"""The weekly e-mail: how much waits in a moderator's territory, with links; no one's words.

Sent once a week to each: a row is claimed before the mail leaves and marked after. A command
killed in between leaves a claim, which ends by itself; its mail keeps the same Message-ID, so that
a mailbox which got it already shows it once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.models import Digest, Role, RoleKind
from directory.moderation import policy
from directory.moderation.home import Queue, queues_of

KINDS = (RoleKind.NATIONAL, RoleKind.REGION, RoleKind.DEPARTMENT)
CLAIM = timedelta(minutes=30)
"""After how long a claim left by a killed command ends."""
_SALT = "directory.digest"


@dataclass
class Told:
    """What a run did."""

    sent: int = 0
    empty: int = 0
    failed: int = 0


def token_of(user: Any) -> str:
    """Return what the link that stops the mail holds."""
    return signing.dumps(user.pk, salt=_SALT)


def find(token: str) -> User | None:
    """Return the account of a link; None when forged or closed. It does not age."""
    try:
        key = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=key).first()


def is_wanted(user: Any) -> bool:
    """Tell whether an account receives the mail."""
    return not Digest.objects.filter(user=user.pk, is_wanted=False).exists()


def choose(user: Any, is_wanted: bool) -> None:
    """Write whether an account receives the mail."""
    Digest.objects.update_or_create(user_id=user.pk, defaults={"is_wanted": is_wanted})


def send_all(base_url: str, now: datetime | None = None) -> Told:
    """Send this week's mail to who has not got it. `base_url` is the site's, no slash last."""
    now = now or timezone.now()
    year, number, _day = timezone.localtime(now).isocalendar()
    week, told = f"{year}-W{number:02d}", Told()
    for user in recipients():
        if not _claim(user, week, now):
            continue
        waiting = [one for one in queues_of(user) if one.count]
        if not waiting:
            _end(user)
            told.empty += 1
            continue
        try:
            message(user, waiting, base_url, week).send()
        except OSError:
            _end(user)
            told.failed += 1
            continue
        _end(user, week=week)
        told.sent += 1
    return told


def recipients() -> Iterator[User]:
    """Yield the accounts that moderate and have an address, those who refuse left out."""
    moderates = Role.objects.holding().filter(user=OuterRef("pk"), kind__in=KINDS)
    rows: QuerySet[User] = User.objects.filter(Exists(moderates), is_active=True)
    yield from rows.exclude(email="").exclude(digest__is_wanted=False).order_by("pk")


def message(user: User, waiting: list[Queue], base_url: str, week: str) -> EmailMessage:
    """Return the mail: numbers and links alone, nothing that a contributor wrote."""
    total = sum(one.count for one in waiting)
    stop = f"{base_url}{reverse('directory:digest-stop', args=[token_of(user)])}"
    body = render_to_string(
        "digest.txt",
        {
            "waiting": waiting,
            "base_url": base_url,
            "home_url": reverse("admin:index"),
            "stop_url": stop,
            "site_name": settings.SITE_NAME,
        },
    )
    subject = ngettext(
        "%(count)d chose à voir dans votre territoire",
        "%(count)d choses à voir dans votre territoire",
        total,
    ) % {"count": total}
    host = urlsplit(base_url).hostname or "localhost"
    return EmailMessage(
        _("%(site)s\u00a0: %(subject)s") % {"site": settings.SITE_NAME, "subject": subject},
        body,
        to=[user.email],
        headers={
            "Message-ID": f"<semaine-{week}-{user.pk}@{host}>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _claim(user: User, week: str, now: datetime) -> bool:
    """Take the mail of a week for this run; False when it left, or when another run has it."""
    Digest.objects.get_or_create(user=user)
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM)
    rows = Digest.objects.filter(free, user=user, is_wanted=True).exclude(week=week)
    policy.forget(user)
    return rows.update(claimed_at=now) == 1


def _end(user: User, **written: str) -> None:
    Digest.objects.filter(user=user).update(claimed_at=None, **written)
