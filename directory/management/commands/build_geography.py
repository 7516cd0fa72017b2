"""Make the shipped geography files from INSEE's full reference files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from directory.exchange import geography_files


class Command(BaseCommand):
    """Run once a vintage, by whoever updates the geography."""

    help = "Écrit fixtures/geography/ à partir des fichiers complets du code officiel géographique."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the folder of the full files."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Write the files and print the counts."""
        try:
            counts = geography_files.build(folder, settings.FIXTURES_DIR / "geography")
        except FileNotFoundError as error:
            raise CommandError(f"Fichier absent : {error.filename}") from error
        self.stdout.write(", ".join(f"{name} {count}" for name, count in counts.items()))
