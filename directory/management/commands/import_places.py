"""Compare a list of places with the directory, and load it when asked to."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from directory.exchange import report_files, report_text
from directory.exchange.importing import ImportRefusedError, Mode, Request, run
from directory.models import AuditEvent
from directory.moderation import audit


def day(text: str) -> date:
    """Return a day in ISO form; raise ArgumentTypeError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} : AAAA-MM-JJ attendu") from error


class Command(BaseCommand):
    """Prints what became of each row as a table, then the counts. See docs/import.md."""

    help = (
        "Compare une liste de lieux avec l’annuaire. Rien n’est écrit sans --apply. "
        "Ne la charger que si son producteur le permet : voir docs/import.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the source, the files and what to do of them."""
        parser.add_argument("source", help="identifiant de la source, par exemple ma-liste")
        parser.add_argument(
            "files",
            type=Path,
            nargs="+",
            metavar="FICHIER",
            help="liste de lieux (CSV, XLSX, JSON, GeoJSON), puis sa liste de services s’il y en a",
        )
        parser.add_argument(
            "--apply",
            choices=[Mode.RUN.value, Mode.ROW.value],
            nargs="?",
            const=Mode.RUN.value,
            default=Mode.DRY.value,
            help="écrire : tout ou rien (run, d’office), ou ligne par ligne (row)",
        )
        parser.add_argument(
            "--report", type=Path, help="écrire le rapport entier dans un fichier .html ou .csv"
        )
        parser.add_argument(
            "--mapping", default="", help="identifiant d’une correspondance, ou fichier .toml"
        )
        parser.add_argument("--vintage", type=day, help="jour du fichier, AAAA-MM-JJ")
        parser.add_argument(
            "--partial",
            action="store_true",
            help="le fichier n’est qu’une partie de la liste : aucun lieu n’est dit disparu",
        )

    def handle(self, *args: Any, source: str, files: list[Path], **options: Any) -> None:
        """Read, compare, write if asked, and tell what became of every row."""
        target: Path | None = options["report"]
        if target and target.suffix not in report_files.WRITERS:
            raise CommandError("--report : le fichier doit finir par .html ou .csv.")
        request = Request(
            source=source,
            paths=tuple(files),
            mode=Mode(options["apply"]),
            mapping=options["mapping"],
            vintage=options["vintage"],
            partial=options["partial"],
        )
        try:
            with tqdm(desc=source, unit=" lieux", disable=options["verbosity"] == 0) as bar:
                report = run(request, bar.update)
        except ImportRefusedError as error:
            raise CommandError(f"{files[0]} : {error}") from error
        if request.mode is not Mode.DRY:
            audit.record(AuditEvent.IMPORT, target=source, detail="par une commande du serveur")
        if target:
            report_files.WRITERS[target.suffix](report, source, request.mode, target)
        for line in report_text.lines(report, request.mode, whole=options["verbosity"] > 1):
            self.stdout.write(line)
