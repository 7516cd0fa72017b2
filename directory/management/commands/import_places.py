"""Load a list of places that follows the national standard."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug
from django.db import transaction
from tqdm import tqdm

from directory.exchange import standard, standard_v01, tables
from directory.exchange.drafts import Report
from directory.exchange.place_writer import PlaceWriter
from directory.models import Source
from directory.vocabularies.names import Licence

FORMATS = (standard.FORMAT, standard_v01.FORMAT)
SLUG_LENGTH = Source._meta.get_field("slug").max_length or 0


class Command(BaseCommand):
    """Prints what was told of each row, then the counts. See docs/import.md."""

    help = (
        "Charge une liste de lieux au format du standard national (versions 1.0.2 et 0.1). "
        "Ne la charger que si son producteur le permet : voir docs/import.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the source and the file."""
        parser.add_argument("source", help="identifiant de la source, par exemple ma-liste")
        parser.add_argument("file", type=Path, help="fichier CSV")

    def handle(self, *args: Any, source: str, file: Path, **options: Any) -> None:
        """Read, write, and tell what became of every row."""
        report = self.load(source, file, quiet=options["verbosity"] == 0)
        for line in report.lines():
            self.stdout.write(line)

    @staticmethod
    def load(slug: str, file: Path, quiet: bool = False) -> Report:
        """Load the file in one transaction; raise CommandError when nothing can be read."""
        _check(slug)
        try:
            table = tables.read(file)
            form = tables.recognise(table, FORMATS)
        except (OSError, tables.UnknownFormatError) as error:
            raise CommandError(f"{file} : {error}") from error
        report = Report()
        with (
            tqdm(total=len(table.rows), desc=slug, unit=" lieux", disable=quiet) as bar,
            transaction.atomic(),
        ):
            source, _created = Source.objects.get_or_create(
                slug=slug, defaults={"name": slug, "licence": Licence.UNKNOWN}
            )
            writer = PlaceWriter(source, report)
            writer.write(form.drafts(table, source, report), progress=bar.update)
            _date(source, report)
        report.problems.sort(key=lambda problem: problem.line)
        return report


def _check(slug: str) -> None:
    try:
        validate_slug(slug)
    except ValidationError as error:
        raise CommandError(
            f"{slug!r} : lettres sans accent, chiffres et tirets seulement."
        ) from error
    if len(slug) > SLUG_LENGTH:
        raise CommandError(f"{slug!r} : {SLUG_LENGTH} caractères au plus.")


def _date(source: Source, report: Report) -> None:
    """Date the source by its newest row."""
    if report.vintage and (source.vintage_on is None or source.vintage_on < report.vintage):
        source.vintage_on = report.vintage
        source.save(update_fields=["vintage_on"])
