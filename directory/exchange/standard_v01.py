"""Reads lists of the first version of the national standard, v0.1, as rows of v1.0.2.

The values follow the official mapping, kept as data with the few additions of this directory
(fixtures/standard_v01_mapping.json). Multiple values are parted by semicolons in this version.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from directory.exchange import standard
from directory.exchange.drafts import PlaceDraft
from directory.exchange.report import Report
from directory.exchange.standard_cells import Notes, parts
from directory.exchange.standard_row import (
    COLUMNS,
    VOCABULARY_COLUMNS,
    StandardRow,
)
from directory.exchange.standard_row import REQUIRED as V1_REQUIRED
from directory.exchange.tables import Format, Row, Table
from directory.models import Source
from directory.vocabularies.names import Vocabulary
from directory.vocabularies.normalization import normalize

MAPPING = settings.FIXTURES_DIR / "standard_v01_mapping.json"
SEPARATOR = ";"
SERVICE_VOCABULARY = "v01_service"
"""Name of this version's services in the deductions (fixtures/needs.json)."""

RENAMED = {
    "courriel": "courriels",
    "labels_autres": "autres_formations_labels",
    "accessibilite": "fiche_acces_libre",
}
"""Columns that v1.0.2 renamed."""
MISSPELT = {"conditions_access": "conditions_acces"}
"""As the conseillers numériques' own list writes it."""
SEVERAL = frozenset({"courriel", "labels_autres", "site_web"})
"""Columns of free values, parted like the enumerations."""
REQUIRED = (*V1_REQUIRED, "services")
SAME = COLUMNS.difference(RENAMED.values(), VOCABULARY_COLUMNS)


class Mapping:
    """What a value of this version becomes; read once for a whole file."""

    def __init__(self) -> None:
        content: dict[str, Any] = json.loads(MAPPING.read_text(encoding="utf-8"))
        self.values: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        self.terms: dict[tuple[str, str], tuple[Vocabulary, str]] = {}
        for rule in (*content["official"], *content["additions"]):
            key = (rule["column"], rule["value"])
            self.values[key].append((rule["target"], rule["published"]))
        for rule in content["own_terms"]:
            term = (Vocabulary(rule["vocabulary"]), rule["code"])
            self.terms[rule["column"], rule["value"]] = term
        self.without_equivalent = {
            (rule["column"], rule["value"]) for rule in content["without_equivalent"]
        }
        self.columns = {column for column, _value in (*self.values, *self.without_equivalent)}

    def row(self, row: Row, report: Report) -> StandardRow:
        """Return a row of this version in the columns of v1.0.2."""
        notes = Notes(report, row.line)
        old = {MISSPELT.get(name, name): cell for name, cell in row.cells.items()}
        cells = {name: old[name] for name in SAME & old.keys()}
        for name in (RENAMED.keys() | SEVERAL) & old.keys():
            values = parts(old[name], SEPARATOR) if name in SEVERAL else [old[name]]
            cells[RENAMED.get(name, name)] = "|".join(values)
        found: dict[str, list[str]] = defaultdict(list)
        terms = []
        for name in sorted(self.columns & old.keys()):
            for value in parts(old[name], SEPARATOR):
                for target, published in self._published(name, value, notes):
                    found[target].append(published)
                if term := self.terms.get((name, value)):
                    terms.append(term)
        cells |= {target: "|".join(values) for target, values in found.items()}
        services = parts(old.get("services", ""), SEPARATOR)
        return StandardRow(
            cells,
            columns={new: name for name, new in RENAMED.items()},
            published=tuple((SERVICE_VOCABULARY, _kebab(value)) for value in services),
            terms=tuple(terms),
        )

    def _published(self, column: str, value: str, notes: Notes) -> list[tuple[str, str]]:
        known = self.values.get((column, value))
        if known:
            return known
        if (column, value) in self.without_equivalent:
            notes.dropped(f"{column} sans équivalent, {value}")
        elif column == "typologie":
            # Both versions share this vocabulary, but for the values that the mapping names.
            return [(column, value)]
        else:
            notes.problem(column, value, _("valeur absente du standard v0.1"))
        return []


def _kebab(value: str) -> str:
    return normalize(value).replace(" ", "-")


def drafts(table: Table, source: Source, report: Report) -> Iterator[PlaceDraft]:
    """Yield a draft for each row that can be stored; tell the report of every other."""
    mapping = Mapping()
    known = SAME.union(RENAMED, MISSPELT, mapping.columns)

    def rows(table: Table, report: Report) -> Iterator[tuple[Row, StandardRow | None]]:
        for row in table.rows:
            yield row, mapping.row(row, report)

    return standard.drafts(table, source, report, rows=rows, known=known)


FORMAT = Format(
    name="standard national, version 0.1",
    required=REQUIRED,
    own=frozenset(
        {
            "accessibilite",
            "cle_ban",
            "conditions_acces",
            "conditions_access",
            "courriel",
            "labels_autres",
            "labels_nationaux",
            "publics_accueillis",
        }
    ),
    drafts=drafts,
)
