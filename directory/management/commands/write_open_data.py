"""Writes the files of open data that are out of date, so that nobody waits for them."""

from typing import Any

from django.core.management.base import BaseCommand

from directory.exchange.export import kept, state
from directory.exchange.export.files import FILES


class Command(BaseCommand):
    """One line a file: its name, its places, its weight in bytes."""

    help = "Écrit les fichiers de données ouvertes, s’ils ne sont pas à jour."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files one by one."""
        for file in FILES.values():
            size = sum(map(len, kept.whole(file, state.current().version)))
            told = kept.known(file)
            counts = f"{told.held} + {told.outside}" if told else "?"
            self.stdout.write(f"{file.name} : {counts} lieux, {size} octets")
