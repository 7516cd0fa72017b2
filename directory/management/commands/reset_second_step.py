"""For the last administrator, who lost telephone and recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from directory.models import AuditEvent
from directory.moderation import audit, second_step
from directory.moderation.sessions import end_sessions


class Command(BaseCommand):
    """The others ask a national administrator, who does it in the admin."""

    help = "Remet à zéro la double vérification d’un compte et ferme ses sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the account."""
        parser.add_argument("username", help="identifiant du compte")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        """Forget the application and the recovery codes; write it in the log."""
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"{username!r} : aucun compte ne porte cet identifiant.")
        second_step.reset(user)
        end_sessions(user.pk)
        audit.record(
            AuditEvent.SECOND_STEP_RESET, None, audit.account(user), "par une commande du serveur"
        )
        self.stdout.write("Une application sera installée à la prochaine connexion.")
