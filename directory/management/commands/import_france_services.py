"""Load a France Services list into the directory."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from directory.exchange import france_services_file, report_text
from directory.exchange.importing import ImportRefusedError, Mode, Request, run
from directory.exchange.report import Report

SHIPPED = settings.FIXTURES_DIR / "france_services" / "france-services-2024-08.csv.gz"
SHIPPED_ON = date(2024, 8, 1)


class Command(BaseCommand):
    """Prints each problem with its line, then the counts."""

    help = "Charge la liste des France Services d’août 2024, livrée avec le projet, ou une autre."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("file", type=Path, nargs="?", default=SHIPPED)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Read, write, and tell what became of every row."""
        report = self.load(file, quiet=options["verbosity"] == 0)
        for line in report_text.lines(report, Mode.RUN):
            self.stdout.write(line)

    @staticmethod
    def load(file: Path, quiet: bool = False) -> Report:
        """Load the file; raise CommandError when it cannot be read."""
        source = france_services_file.source()
        vintage = SHIPPED_ON if file == SHIPPED else None
        request = Request(source.slug, (file,), Mode.RUN, vintage=vintage)
        try:
            with tqdm(desc="France Services", unit=" lieux", disable=quiet) as bar:
                return run(request, bar.update)
        except ImportRefusedError as error:
            raise CommandError(f"{file} : {error}") from error
