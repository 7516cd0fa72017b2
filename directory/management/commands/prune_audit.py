"""Forget what is old: lines of the log, history of records, sessions that ended."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from directory.moderation import audit, history_retention


class Command(BaseCommand):
    """Meant to run every night. See docs/accounts.md."""

    help = "Efface le journal et l’historique trop vieux (AUDIT_DAYS, HISTORY_DAYS), les sessions."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say how many lines."""
        call_command("clearsessions")
        self.stdout.write(f"{audit.prune()} lignes effacées.")
        self.stdout.write(f"{history_retention.prune()} modifications oubliées.")
