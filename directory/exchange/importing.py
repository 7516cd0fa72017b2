"""Imports a producer's file: the one way in, for the command, the admin and background tasks."""

import hashlib
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.exchange import data_inclusion, exclusive, formats, place_links, table_files, tables
from directory.exchange.duplicates import after_import
from directory.exchange.place_writer import PlaceWriter
from directory.exchange.report import Report
from directory.exchange.tables import Format, Table, UnreadableFileError
from directory.models import Source
from directory.vocabularies.names import Licence

SLUG_LENGTH = Source._meta.get_field("slug").max_length or 0
DATE_IN_NAME = re.compile(r"(?<!\d)(20\d{2})[-_]?(\d{2})(?:[-_]?(\d{2}))?(?!\d)")


class Mode(StrEnum):
    """What is written: nothing, everything at once or not at all, or row by row."""

    DRY = "dry"
    RUN = "run"
    ROW = "row"


class ImportRefusedError(ValueError):
    """Nothing was written; the message says why and what to do."""


class ImportRunningError(ImportRefusedError):
    """Another import of the same source is being written."""


@dataclass(frozen=True)
class Request:
    """What to import. `paths` are a list of places and, for some formats, its list of services.

    `mapping` is the identifier of a mapping or the path of a TOML file, "" to recognise the format
    from the columns. `vintage` is the file's day, else read in its name. `partial` tells that the
    file is only a part of the source's list: nothing disappears.
    """

    source: str
    paths: tuple[Path, ...]
    mode: Mode = Mode.DRY
    mapping: str = ""
    vintage: date | None = None
    partial: bool = False


def run(
    request: Request,
    progress: Callable[[int], None] = lambda count: None,
    along: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Import a file and return what became of every row.

    Raises ImportRefusedError; ImportRunningError when another import writes the same source.
    `progress` is given the number of places gone through since it was last called. `along` is
    called in the last transaction: what it writes stands or falls with the import.
    """
    _check(request.source)
    report = Report(vintage=request.vintage or date_in_name(request.paths[0]))
    try:
        table, form = read(request)
        report.format_name = form.name
        with nullcontext() if request.mode == Mode.DRY else alone(request.source):
            # What a dry run creates, the source alone, is undone with its transaction.
            if request.mode == Mode.ROW:
                _import(request, table, form, report, progress, along=along)
            else:
                with transaction.atomic():
                    _import(request, table, form, report, progress, along=along)
                    transaction.set_rollback(request.mode == Mode.DRY)
    except exclusive.HeldElsewhereError as error:
        raise ImportRunningError(
            _(
                "un autre import de « %(source)s » est en cours. "
                "Réessayez quand il sera fini : rien n’est écrit."
            )
            % {"source": request.source}
        ) from error
    except (OSError, UnreadableFileError) as error:
        raise ImportRefusedError(str(error)) from error
    except DatabaseError as error:
        raise ImportRefusedError(
            f"la base a refusé une ligne ({type(error).__name__}) : rien n’est écrit. "
            "--apply=row écrit les autres et la nomme."
        ) from error
    return report


def alone(source: str) -> AbstractContextManager[Any]:
    """Be the only one to write a source; raise exclusive.HeldElsewhereError when another is."""
    return exclusive.hold(f"import:{source}")


def _import(
    request: Request,
    table: Table,
    form: Format,
    report: Report,
    progress: Callable[[int], None],
    *,
    along: Callable[[Report], None],
) -> None:
    source, _created = Source.objects.get_or_create(
        slug=request.source, defaults={"name": request.source, "licence": Licence.UNKNOWN}
    )
    dry = request.mode == Mode.DRY
    writer = PlaceWriter(source, report, dry=dry, by_row=request.mode == Mode.ROW)
    writer.write(form.drafts(table, source, report), progress)
    digest = _digest(request.paths)
    with transaction.atomic():
        if not request.partial:
            is_new = digest != source.file_digest
            place_links.mark_missing(source, report, is_new, dry)
        if not dry:
            after_import.join(source, writer.new_places, report)
            if report.vintage and (not source.vintage_on or source.vintage_on < report.vintage):
                source.vintage_on = report.vintage
            source.file_digest = digest
            source.save(update_fields=["vintage_on", "file_digest"])
        along(report)


def read(request: Request) -> tuple[Table, Format]:
    """Return the table that the files hold and its format; raise OSError, UnreadableFileError."""
    found = [table_files.read(path) for path in request.paths]
    services = [table for table in found if data_inclusion.is_services(table)]
    places = [table for table in found if not data_inclusion.is_services(table)]
    if len(places) != 1 or len(services) > 1:
        raise UnreadableFileError(
            _(
                "il faut un fichier de lieux, et au plus un fichier de services "
                "(colonne structure_id)."
            )
        )
    table = replace(places[0], companion=services[0]) if services else places[0]
    if request.mapping:
        form = formats.asked(request.mapping)
        if missing := form.missing(table.columns):
            raise UnreadableFileError(f"colonnes absentes : {', '.join(missing)}.")
        return table, form
    return table, tables.recognise(table, formats.known())


def _check(slug: str) -> None:
    try:
        validate_slug(slug)
    except ValidationError as error:
        raise ImportRefusedError(
            f"{slug!r} : lettres sans accent, chiffres et tirets seulement."
        ) from error
    if len(slug) > SLUG_LENGTH:
        raise ImportRefusedError(f"{slug!r} : {SLUG_LENGTH} caractères au plus.")


def date_in_name(path: Path) -> date | None:
    """Return the day or month that a file's name says, as producers name their vintages."""
    for year, month, day in DATE_IN_NAME.findall(path.name):
        try:
            found = date(int(year), int(month), int(day or 1))
        except ValueError:
            continue
        if found <= timezone.localdate():
            return found
    return None


def _digest(paths: tuple[Path, ...]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()
