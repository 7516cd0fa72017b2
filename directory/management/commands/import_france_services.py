"""Load a France Services list into the directory."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from directory.exchange import france_services, france_services_file
from directory.exchange.drafts import Report
from directory.exchange.place_writer import PlaceWriter

SHIPPED = settings.FIXTURES_DIR / "france_services" / "france-services-2024-08.csv.gz"


class Command(BaseCommand):
    """Prints each problem with its line, then the counts."""

    help = "Charge une liste France Services (par défaut celle d’août 2024, livrée avec le projet)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("file", type=Path, nargs="?", default=SHIPPED)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Read, write, and tell what became of every row."""
        report = self.load(file, quiet=options["verbosity"] == 0)
        for line in report.lines():
            self.stdout.write(line)

    @staticmethod
    def load(file: Path, quiet: bool = False) -> Report:
        """Load the file; raise CommandError when it cannot be read."""
        try:
            rows = france_services_file.read(file)
        except (OSError, france_services_file.UnreadableFileError) as error:
            raise CommandError(f"{file} : {error}") from error
        report = Report()
        with tqdm(total=len(rows), desc="France Services", unit=" lieux", disable=quiet) as bar:
            writer = PlaceWriter(france_services_file.source(), report)
            writer.write(france_services.drafts(rows, report), progress=bar.update)
        return report
