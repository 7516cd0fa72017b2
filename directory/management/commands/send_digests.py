"""Send the weekly e-mail of what waits to the moderators who want it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from directory.moderation import digests


class Command(BaseCommand):
    """Meant to run every day: each moderator gets one mail a week. See docs/editing.md."""

    help = "Envoie aux modérateurs le courriel de la semaine\u00a0: ce qui attend, avec des liens."

    def add_arguments(self, parser: Any) -> None:
        """Let the site's address be given."""
        parser.add_argument("--site", default=settings.SITE_URL, help="adresse du site")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and say how many; raise CommandError when some did not leave."""
        told = digests.send_all(options["site"].rstrip("/"))
        self.stdout.write(f"{told.sent} courriels envoyés, {told.empty} sans rien à dire.")
        if told.failed:
            raise CommandError(f"{told.failed} courriels ne sont pas partis : à relancer.")
