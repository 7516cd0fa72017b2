"""The services of a data·inclusion list (v1 and v0), to be joined to the structures that give them.

data·inclusion holds all of social inclusion: only what is digital, or what a health need is deduced
from, belongs to this directory. The rest is counted.
"""

import json
import re
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from directory.exchange import data_inclusion_details as details
from directory.exchange import deduction
from directory.exchange import standard_cells as cells
from directory.exchange.drafts import ServiceDraft
from directory.exchange.report import Report
from directory.exchange.standard_cells import Notes, line_of_text, typography
from directory.exchange.tables import Row, Table
from directory.models import Service
from directory.vocabularies.names import Vocabulary

MAPPING = settings.FIXTURES_DIR / "data_inclusion_mapping.json"
THEMES = "data_inclusion_thematique"
"""Name of the themes in the deductions (fixtures/needs.json)."""
COLUMNS = {"profils": "publics", "modes_orientation_beneficiaire": "modes_mobilisation"}
COLUMNS |= {"type": "types", "labels_nationaux": "reseaux_porteurs"}
"""Columns that the two versions name otherwise."""
OF_SERVICES = ("thematiques", "frais", "modes_accueil", "types", "publics")
LISTED = re.compile(r"[|;,{}\[\]\"\s]+")
"""How exports part the codes of a list: bars, semicolons, commas, JSON, PostgreSQL's braces."""
LENGTHS = {f.name: getattr(f, "max_length", None) or 0 for f in Service._meta.concrete_fields}

Terms = list[tuple[Vocabulary, str]]


class Codes:
    """What the published codes become."""

    def __init__(self) -> None:
        content: dict[str, Any] = json.loads(MAPPING.read_text(encoding="utf-8"))
        self.tables = {name: table for name, table in content.items() if isinstance(table, dict)}

    def terms(self, column: str, codes: list[str]) -> Terms:
        """Return the terms of the published codes of a column, in the words of v1."""
        found: Terms = []
        for vocabulary, table in self.tables[COLUMNS.get(column, column)].items():
            found += [(Vocabulary(vocabulary), table[code]) for code in codes if code in table]
        return list(dict.fromkeys(found))


def codes_of(cell: str) -> list[str]:
    """Return the codes that a cell lists."""
    return list(dict.fromkeys(code for code in LISTED.split(cell) if code))


class ServiceIndex:
    """Services of this directory's field by structure; told to the report once, when joined."""

    def __init__(self, table: Table | None, report: Report) -> None:
        self.codes = Codes()
        self.deductions = deduction.rules()
        self.report = report
        self.zones = details.Zones()
        self.services: dict[str, list[tuple[str, int, ServiceDraft, details.Own]]] = defaultdict(
            list
        )
        self.access: dict[str, Terms] = defaultdict(list)
        for row in table.rows if table else ():
            self._add(row)

    def of(self, row: dict[str, str]) -> tuple[ServiceDraft, ...]:
        """Return the services of a structure, and forget them."""
        source, key = line_of_text(row.get("source", "")), line_of_text(row.get("id", ""))
        kept = [s for s in self.services.get(key, ()) if not source or s[0] in {"", source}]
        if kept:
            self.services[key] = [one for one in self.services[key] if one not in kept]
        return tuple(details.completed(draft, own, row) for _source, _line, draft, own in kept)

    def tell_the_rest(self) -> None:
        """Tell the services whose structure the other file does not have."""
        for key, left in self.services.items():
            for _source, line, _draft, _own in left:
                self.report.leave_out(
                    line,
                    "structure_id",
                    key,
                    _("service d’une structure absente de l’autre fichier"),
                )

    def _add(self, row: Row) -> None:
        themes = codes_of(row.cells.get("thematiques", ""))
        key = line_of_text(row.cells.get("structure_id", ""))
        external_id = line_of_text(row.cells.get("id", ""))[: LENGTHS["external_id"]]
        if not key or not external_id:
            self.report.leave_out(row.line, "id", external_id, _("service sans identifiant"))
            return
        needs = deduction.deduce(self.deductions, [(THEMES, theme) for theme in themes])
        if not needs and not any(theme.startswith("numerique") for theme in themes):
            field = (themes or ["aucune thématique"])[0].partition("--")[0]
            self.report.dropped[f"service hors du champ, {field}"] += 1
            return
        terms: Terms = []
        for name in (
            "thematiques",
            "frais",
            "modes_accueil",
            "types",
            "type",
            "publics",
            "profils",
        ):
            terms += self.codes.terms(name, codes_of(row.cells.get(name, "")))
        for name in ("modes_mobilisation", "modes_orientation_beneficiaire"):
            self.access[key] += self.codes.terms(name, codes_of(row.cells.get(name, "")))
        notes = Notes(self.report, row.line)
        name = line_of_text(cells.prose(row.cells.get("nom", ""), "", "", notes))
        draft = ServiceDraft(
            external_id=external_id,
            name=(name or "Aide numérique")[: LENGTHS["name"]],
            description=self._description(row.cells, notes),
            booking_url=self._booking(row.cells, notes),
            how_to_book=line_of_text(
                cells.prose(row.cells.get("mobilisation_precisions", ""), "", "", notes)
            )[: LENGTHS["how_to_book"]],
            opening_hours=details.hours(row.cells, notes),
            areas=self.zones.areas(
                row.cells, codes_of(row.cells.get("zone_eligibilite", "")), notes
            ),
            needs=needs,
            terms=tuple(dict.fromkeys(terms)),
        )
        if row.cells.get("contact_nom_prenom"):
            notes.dropped("nom d’une personne à contacter")
        source, own = line_of_text(row.cells.get("source", "")), details.own(row.cells, notes)
        self.services[key].append((source, row.line, draft, own))

    @staticmethod
    def _description(row: dict[str, str], notes: Notes) -> str:
        texts = [row.get(name, "") for name in ("description", "presentation_detail")]
        text = next(filter(None, texts), "") or row.get("presentation_resume", "")
        return typography(cells.prose(text, "", "", notes))

    @staticmethod
    def _booking(row: dict[str, str], notes: Notes) -> str:
        for column in ("lien_mobilisation", "prise_rdv", "formulaire_en_ligne"):
            address = line_of_text(row.get(column, ""))
            if address and (read := cells.url(column, address, notes)):
                return read
        return ""
