"""Erases the words of contributions answered long ago; once a day is enough."""

from typing import Any

from django.core.management.base import BaseCommand

from directory.moderation.contributions import privacy


class Command(BaseCommand):
    """`manage.py purge_contributions`."""

    help = "Erase the words of contributions answered settings.CONTRIBUTION_MONTHS ago."

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase, and say how many."""
        self.stdout.write(f"{privacy.purge()} contributions erased.")
