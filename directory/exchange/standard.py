"""Reads lists that follow the national standard of digital mediation places, v1.0.2.

Source: LaMednum/standard-mediation-num, schema.json (Licence Ouverte 2.0). Every other format is
turned into rows of this one, so that every rule is written once.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from directory.exchange.data_inclusion_services import ServiceIndex
from directory.exchange.drafts import PlaceDraft
from directory.exchange.report import Report, silent
from directory.exchange.standard_cells import Notes
from directory.exchange.standard_reader import RowReader
from directory.exchange.standard_row import COLUMNS, REQUIRED, StandardRow
from directory.exchange.tables import Format, Row, Table
from directory.models import Source

StandardRows = Callable[[Table, Report], Iterator[tuple[Row, StandardRow | None]]]
"""Turns a file into rows of v1.0.2; None for a row that it has told and left out."""


def as_they_are(table: Table, _report: Report) -> Iterator[tuple[Row, StandardRow | None]]:
    """Yield the rows of a file that already is in v1.0.2."""
    for row in table.rows:
        yield row, StandardRow(row.cells)


def drafts(
    table: Table,
    source: Source,
    report: Report,
    *,
    rows: StandardRows = as_they_are,
    known: frozenset[str] = COLUMNS,
    needs_service: bool = False,
) -> Iterator[PlaceDraft]:
    """Yield a draft for each row that can be stored; tell the report of every other.

    `known` are the file's columns that are read, the others are counted as left out. The rows are
    gone through twice: a first time for what must be known of all of them. With `needs_service`, a
    row without service in the companion file is out of this directory's field.
    """
    reader = RowReader(source, report, (row for _own, row in rows(table, silent())))
    services = ServiceIndex(table.companion, report)
    before = report.rows
    for own, row in rows(table, report):
        report.rows += 1
        notes = Notes(report, own.line)
        if own.problem:
            notes.reject("ligne", "", own.problem)
        elif row is not None:
            joined = _joined(row, services)
            if needs_service and not joined.services:
                reader.leave(row)
                notes.reject("thematiques", "", _("aucun service numérique ni de santé"))
                continue
            draft = reader.draft(joined, notes)
            if draft is not None:
                yield draft
    services.tell_the_rest()
    report.repairs.update(table.repairs)
    for column in set(table.columns) - known:
        report.dropped[f"colonne non lue, {column}"] += report.rows - before


def _joined(row: StandardRow, services: ServiceIndex) -> StandardRow:
    found = services.of(row.cells)
    if not found:
        return row
    terms = (*row.terms, *services.access.get(row.cells["id"].strip(), ()))
    return replace(row, services=found, terms=tuple(dict.fromkeys(terms)))


FORMAT = Format(
    name="standard national, version 1.0.2",
    required=REQUIRED,
    own=frozenset(
        {
            "autres_formations_labels",
            "courriels",
            "dispositif_programmes_nationaux",
            "fiche_acces_libre",
            "formations_labels",
            "frais_a_charge",
            "itinerance",
            "modalites_acces",
            "prise_en_charge_specifique",
            "publics_specifiquement_adresses",
        }
    ),
    drafts=drafts,
)
