"""Counts again how complete places are, after writes that went round the code (raw SQL)."""

from typing import Any

from django.core.management.base import BaseCommand

from directory.moderation import completeness


class Command(BaseCommand):
    """`manage.py count_completeness`."""

    help = "Count again how complete every place is."

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, and say how many had changed."""
        self.stdout.write(f"{completeness.refresh(None)} places had another score.")
