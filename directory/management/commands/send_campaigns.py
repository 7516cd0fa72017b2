"""Sends the e-mails that campaigns queued, for some minutes; run it every few minutes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directory.moderation.campaigns import sending


class Command(BaseCommand):
    """`manage.py send_campaigns [--seconds 240]`. Several may run at once."""

    help = "Send queued e-mails of campaigns, at the pace of settings.CAMPAIGN_RATE."

    def add_arguments(self, parser: Any) -> None:
        """Take how long it may work."""
        parser.add_argument("--seconds", type=float, default=240.0, help="how long it may work")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and say how many; fail when the mail server takes nothing."""
        done = sending.run(options["seconds"])
        told = f"{done.sent} sent, {done.failed} failed, {done.later} later, {done.unsure} unsure."
        if done.is_stopped:
            raise CommandError(f"{told} The mail server takes nothing: see the log.")
        self.stdout.write(told)
