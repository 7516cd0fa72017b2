"""Make the outlines of departments that maps show when tiles do not come."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from directory.exchange import outlines

TARGET = Path("map") / "departments.json"

MAX_BYTES = 100_000
"""What a page may ask for beside its map."""


class Command(BaseCommand):
    """Run once a vintage, by whoever updates the geography."""

    help = "Écrit static/map/departments.json à partir du GeoJSON des départements."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the full outlines."""
        parser.add_argument("source", type=Path)

    def handle(self, *args: Any, source: Path, **options: Any) -> None:
        """Write the file and print what it draws."""
        target = settings.BASE_DIR / "static" / TARGET
        target.parent.mkdir(exist_ok=True)
        try:
            count = outlines.build(source, target, MAX_BYTES)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"Contours illisibles : {error}") from error
        self.stdout.write(f"{count} départements, {target.stat().st_size} octets")
