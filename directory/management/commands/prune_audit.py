"""Forget what is old: lines of the log, sessions that ended, counts of attempts."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from directory.moderation import audit


class Command(BaseCommand):
    """Meant to run every night. See docs/accounts.md."""

    help = "Efface les lignes du journal plus vieilles que AUDIT_DAYS, et les sessions finies."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say how many lines."""
        call_command("clearsessions")
        self.stdout.write(f"{audit.prune()} lignes effacées.")
