"""Make the site ready to be served: tables, shipped data, static files; at once when it is."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from tqdm import tqdm

from directory.exchange import founding, geography_loader, mapping_loader, vocabulary_loader
from directory.management.commands import import_france_services
from directory.models import LoadedFixture

FIXTURES = settings.FIXTURES_DIR
LOADER = Path(founding.__file__).parent
"""The reading rules: when they change, the data are read again."""


class Command(BaseCommand):
    """Each step is skipped when the digest of what it reads is the one already loaded."""

    help = "Prépare la base et les fichiers statiques, et charge les données livrées."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run what is missing, in order."""
        if self._pending_migrations():
            call_command("migrate", verbosity=0, interactive=False)
        done = dict(LoadedFixture.objects.values_list("name", "digest"))
        reloaded = False
        for name, paths, load in self._steps():
            digest = _digest(paths)
            # Later steps read what earlier ones wrote.
            if reloaded or done.get(name) != digest:
                reloaded = True
                load()
                LoadedFixture.objects.update_or_create(name=name, defaults={"digest": digest})
        if not settings.DEBUG:
            self._collect()

    def _steps(self) -> list[tuple[str, list[Path], Callable[[], None]]]:
        return [
            (
                "geography",
                [*_files(FIXTURES / "geography"), LOADER / "geography_loader.py"],
                _load_geography,
            ),
            (
                "vocabularies",
                [
                    *_files(FIXTURES / "vocabularies"),
                    *sorted(FIXTURES.glob("*.json")),
                    LOADER / "vocabulary_loader.py",
                ],
                lambda: _say("Vocabulaires", vocabulary_loader.load(FIXTURES)["terms"]),
            ),
            (
                "founding",
                [*_files(FIXTURES / "founding"), *_files(LOADER)],
                lambda: _say("Acteurs", founding.load(FIXTURES / "founding/actors.json").rows),
            ),
            (
                "mappings",
                [*_files(FIXTURES / "mappings"), LOADER / "mapping_loader.py"],
                lambda: _say("Correspondances", mapping_loader.load(FIXTURES / "mappings")),
            ),
            (
                "france-services",
                [*_files(FIXTURES / "france_services"), *_files(LOADER)],
                _load_france_services,
            ),
        ]

    @staticmethod
    def _pending_migrations() -> bool:
        try:
            executor = MigrationExecutor(connection)
        except DatabaseError:
            return True
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

    @staticmethod
    def _collect() -> None:
        """Collect and compress static files when a source is newer than the last collection."""
        stamp = Path(settings.STATIC_ROOT) / "staticfiles.json"
        newest = max(
            (f.stat().st_mtime for folder in settings.STATICFILES_DIRS for f in _files(folder)),
            default=0.0,
        )
        if not stamp.exists() or stamp.stat().st_mtime < newest:
            call_command("collectstatic", verbosity=0, interactive=False)


def _files(folder: Path | str) -> list[Path]:
    return sorted(
        path for path in Path(folder).rglob("*") if path.is_file() and path.suffix != ".pyc"
    )


def _digest(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _say(name: str, count: int) -> None:
    with tqdm(total=count, desc=name) as bar:
        bar.update(count)


def _load_geography() -> None:
    with tqdm(desc="Communes, codes postaux, noms", unit=" lignes") as bar:
        geography_loader.load(FIXTURES / "geography", lambda name, rows: bar.update(rows) and None)


def _load_france_services() -> None:
    import_france_services.Command.load(import_france_services.SHIPPED)
