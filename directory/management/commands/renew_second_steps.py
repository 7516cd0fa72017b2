"""Encrypts every second step under the present secret: docs/accounts.md."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand

from directory.accounts import sealed


class Command(BaseCommand):
    """To be run once the secret is renewed, before the former one is forgotten."""

    help = "Chiffre de nouveau les doubles vérifications sous le secret actuel du site."

    def handle(self, *args: Any, **options: Any) -> None:
        """Encrypt, and say how many."""
        self.stdout.write(f"{sealed.renew(Authenticator)} renouvelées.")
