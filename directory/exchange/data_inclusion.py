"""Reads the structures of a data·inclusion list (v1 and v0) as rows of the national standard.

Source: gip-inclusion/data-inclusion-schema (Licence Ouverte 2.0). Their services, a second file,
are joined to them (directory/exchange/data_inclusion_services.py).
"""

from collections.abc import Callable, Iterator

from directory.exchange import standard
from directory.exchange.data_inclusion_services import THEMES, Codes, codes_of
from directory.exchange.drafts import PlaceDraft
from directory.exchange.report import Report
from directory.exchange.standard_row import COLUMNS, StandardRow
from directory.exchange.tables import Format, Row, Table
from directory.models import Source

RENAMED_V1 = {
    "siret": "pivot",
    "courriel": "courriels",
    "description": "presentation_detail",
    "horaires_accueil": "horaires",
    "accessibilite_lieu": "fiche_acces_libre",
}
RENAMED_V0 = {
    "siret": "pivot",
    "courriel": "courriels",
    "horaires_ouverture": "horaires",
    "accessibilite": "fiche_acces_libre",
    "labels_autres": "autres_formations_labels",
}
READ = frozenset({"rna", "reseaux_porteurs", "labels_nationaux", "thematiques"})
IGNORED = frozenset({"lien_source", "antenne"})
SERVICE_COLUMNS = frozenset({"structure_id", "thematiques"})
Drafts = Callable[[Table, Source, Report], Iterator[PlaceDraft]]


def is_services(table: Table) -> bool:
    """Tell whether a table holds services, which need their structures' table."""
    return set(table.columns) >= SERVICE_COLUMNS


def _drafts(renamed: dict[str, str]) -> Drafts:
    known = (COLUMNS - set(renamed.values())) | renamed.keys() | READ | IGNORED

    def drafts(table: Table, source: Source, report: Report) -> Iterator[PlaceDraft]:
        codes = Codes()

        def rows(table: Table, _report: Report) -> Iterator[tuple[Row, StandardRow | None]]:
            for row in table.rows:
                yield row, _row(row, renamed, codes)

        needs_service = table.companion is not None
        return standard.drafts(
            table, source, report, rows=rows, known=known, needs_service=needs_service
        )

    return drafts


def _row(row: Row, renamed: dict[str, str], codes: Codes) -> StandardRow:
    cells = {renamed.get(name, name): cell for name, cell in row.cells.items()}
    cells["pivot"] = cells.get("pivot") or row.cells.get("rna", "")
    themes = codes_of(row.cells.get("thematiques", ""))
    terms = codes.terms("thematiques", themes)
    for column in ("reseaux_porteurs", "labels_nationaux"):
        terms += codes.terms(column, codes_of(row.cells.get(column, "")))
    # The standard has no column for these: what is left of them would be told as unknown values.
    cells = {name: cell for name, cell in cells.items() if name in COLUMNS}
    return StandardRow(
        cells,
        columns={new: name for name, new in renamed.items()},
        published=tuple((THEMES, theme) for theme in themes),
        terms=tuple(dict.fromkeys(terms)),
    )


V1 = Format(
    name="format data·inclusion, version 1",
    required=("id", "source", "nom", "date_maj", "siret", "commune"),
    own=frozenset(
        {"accessibilite_lieu", "horaires_accueil", "lien_source", "reseaux_porteurs", "siret"}
    ),
    drafts=_drafts(RENAMED_V1),
)
V0 = Format(
    name="format data·inclusion, version 0",
    required=("id", "source", "nom", "date_maj", "siret", "commune"),
    own=frozenset({"antenne", "horaires_ouverture", "lien_source", "rna", "siret"}),
    drafts=_drafts(RENAMED_V0),
)
