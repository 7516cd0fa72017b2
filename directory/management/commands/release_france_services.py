"""Make the copy of a France Services list that the project may ship."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directory.exchange import france_services_file
from directory.management.commands.import_france_services import SHIPPED


class Command(BaseCommand):
    """Run once a vintage, by whoever updates the shipped list."""

    help = "Copie une liste France Services dans fixtures/, sans aucune donnée personnelle."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the full file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Write the copy and count what was taken out."""
        try:
            dropped = france_services_file.release(file, SHIPPED)
        except (OSError, france_services_file.UnreadableFileError) as error:
            raise CommandError(f"{file} : {error}") from error
        for kind, count in sorted(dropped.items()):
            self.stdout.write(f"retiré · {kind} : {count}")
