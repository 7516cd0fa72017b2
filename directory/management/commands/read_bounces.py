"""Reads the reports of e-mails that were not delivered."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directory.moderation.campaigns import bounces


class Command(BaseCommand):
    """`manage.py read_bounces FILE|MAILDIR`: a message, a folder of messages or a maildir."""

    help = "Mark the places whose e-mail came back (delivery reports, RFC 3464)."

    def add_arguments(self, parser: Any) -> None:
        """Take where the messages are."""
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, and say how many."""
        try:
            done = bounces.read(options["path"])
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done.bounced} bounced, {done.ignored} ignored.")
