"""Do the background work that is queued: django-tasks-db's worker, minding those that died."""

from typing import Any

from django_tasks_db.management.commands import db_worker

from directory.management.worker_presence import Presence


class Command(db_worker.Command):
    """Takes the place of the library's command, whose options it has."""

    help = "Fait le travail de fond en attente, et reprend celui d’un travailleur interrompu."

    def handle(self, *, worker_id: str, **options: Any) -> None:
        """Work until told to stop (SIGTERM ends the present task first)."""
        with Presence(worker_id):
            super().handle(worker_id=worker_id, **options)
