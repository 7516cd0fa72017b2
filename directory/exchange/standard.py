"""Reads lists that follow the national standard of digital mediation places, v1.0.2.

Source: LaMednum/standard-mediation-num, schema.json (Licence Ouverte 2.0). The older v0.1 is turned
into rows of this one (directory/exchange/standard_v01.py), so that every rule is written once.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField
from django.utils.text import slugify

from directory.exchange import deduction
from directory.exchange import standard_cells as cells
from directory.exchange.commune_finder import CommuneFinder
from directory.exchange.drafts import PlaceDraft, Report, ServiceDraft
from directory.exchange.standard_cells import Notes, line_of_text, typography
from directory.exchange.standard_wording import parent, service_name
from directory.exchange.tables import Format, Row, Table
from directory.models import Commune, Place, PlaceSource, Source, Term
from directory.vocabularies.names import PLACE_VOCABULARIES, Vocabulary

REQUIRED = ("id", "pivot", "nom", "commune", "code_postal", "adresse", "date_maj")
"""`services` is optional in v1.0.2."""

VOCABULARY_COLUMNS = {
    "typologie": Vocabulary.KIND,
    "services": Vocabulary.STANDARD_SERVICE,
    "publics_specifiquement_adresses": Vocabulary.PUBLIC,
    "prise_en_charge_specifique": Vocabulary.SPECIAL_CARE,
    "frais_a_charge": Vocabulary.COST,
    "dispositif_programmes_nationaux": Vocabulary.PROGRAMME,
    "formations_labels": Vocabulary.TRAINING_LABEL,
    "modalites_acces": Vocabulary.ACCESS,
    "modalites_accompagnement": Vocabulary.SUPPORT_MODE,
}
OTHER_COLUMNS = (
    "code_insee", "complement_adresse", "latitude", "longitude", "telephone", "courriels",
    "site_web", "horaires", "presentation_resume", "presentation_detail", "source", "itinerance",
    "structure_parente", "autres_formations_labels", "fiche_acces_libre", "prise_rdv",
)  # fmt: skip
COLUMNS = frozenset({*REQUIRED, *VOCABULARY_COLUMNS, *OTHER_COLUMNS})

NETWORKS = {
    "aidants-connect": "aidants-connect",
    "conseillers-numeriques": "conseillers-numeriques",
    "croix-rouge": "croix-rouge-francaise",
    "emmaus-connect": "emmaus-connect",
    "france-services": "france-services",
    "relais-numerique-emmaus": "emmaus-connect",
}
"""Actor of the directory behind a national programme."""
KEY_LENGTH = PlaceSource._meta.get_field("external_id").max_length or 0
LENGTHS = {
    f.name: f.max_length
    for f in Place._meta.concrete_fields
    if isinstance(f, CharField) and f.max_length
}
SLUG_LENGTH = 100
"""Leaves room for what tells two places of one name apart."""
Terms = tuple[tuple[Vocabulary, str], ...]


@dataclass(frozen=True)
class StandardRow:
    """A row in the columns of v1.0.2, and what an older version said beyond them.

    `columns` are the file's own names for those that were renamed; `published` are (vocabulary,
    code) pairs for the deductions.
    """

    cells: dict[str, str]
    columns: dict[str, str] = field(default_factory=dict)
    published: tuple[tuple[str, str], ...] = ()
    terms: Terms = ()


Translate = Callable[[Row, Report], StandardRow]


def drafts(
    table: Table,
    source: Source,
    report: Report,
    translate: Translate = lambda row, _report: StandardRow(row.cells),
    known: frozenset[str] = COLUMNS,
) -> Iterator[PlaceDraft]:
    """Yield a draft for each row that can be stored; tell the report of every other.

    `translate` turns a row of the file into the columns of v1.0.2; `known` are the file's columns
    that are read, the others are counted as left out.
    """
    report.repairs.update(table.repairs)
    for column in set(table.columns) - known:
        report.dropped[f"colonne hors du standard, {column}"] += len(table.rows)
    reader = _RowReader(table, source, report)
    for row in table.rows:
        report.rows += 1
        notes = Notes(report, row.line)
        if row.problem:
            notes.problem("ligne", "", row.problem)
            draft = None
        else:
            draft = reader.draft(translate(row, report), notes)
        if draft is None:
            report.rejected += 1
        else:
            yield draft


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


class _RowReader:
    """Reads rows one by one; knows the territory, the terms, the deductions and the other rows."""

    def __init__(self, table: Table, source: Source, report: Report) -> None:
        self.report = report
        self.source = source
        self.communes = CommuneFinder()
        self.deductions = deduction.rules()
        known = Term.objects.all()
        self.terms = {(t.vocabulary, _exact(t.published)): t.code for t in known}
        self.labels = {
            t.code: t.label for t in known if t.vocabulary == Vocabulary.STANDARD_SERVICE
        }
        self.seen: set[str] = set()
        rows = [row.cells for row in table.rows if not row.problem]
        self.slugs = Counter(_slug(row) for row in rows)
        origins: dict[str, set[str]] = {}
        for row in rows:
            origins.setdefault(_text(row, "id"), set()).add(_text(row, "source"))
        self.shared_ids = {key for key, names in origins.items() if len(names) > 1}
        self.taken = dict(Place.objects.values_list("slug", "pk"))
        records = PlaceSource.objects.filter(source=source)
        self.stored = dict(records.values_list("external_id", "place_id"))

    def draft(self, row: StandardRow, notes: Notes) -> PlaceDraft | None:
        """Return the draft of a row, None (and a rejection) when it cannot be stored."""
        notes.columns = row.columns
        key, name = self._key(row.cells), _text(row.cells, "nom")
        if not key or key in self.seen or len(key) > KEY_LENGTH:
            notes.problem("id", key, "identifiant absent, déjà vu ou trop long")
            return None
        if not name:
            notes.problem("nom", name, "nom absent")
            return None
        code, town = _text(row.cells, "code_insee"), _text(row.cells, "commune")
        postcode = cells.postcode(_text(row.cells, "code_postal"), notes)
        commune, repair = self.communes.find(code, town, postcode)
        if repair:
            notes.repaired(repair)
        if commune is None:
            column = "code_insee" if code else "commune"
            notes.problem(column, f"{code} {postcode} {town}".strip(), "commune inconnue")
            return None
        self.seen.add(key)
        terms = (*self._terms(row.cells, notes), *row.terms)
        operator, group = parent(_text(row.cells, "structure_parente"), commune, notes)
        fields = {**self._fields(row.cells, commune, notes), "group_name": group}
        return PlaceDraft(
            external_id=key,
            slug=self._free_slug(row.cells, key),
            fields=_clipped({**fields, "postcode": postcode}, notes),
            terms=tuple(term for term in terms if term[0] in PLACE_VOCABULARIES),
            networks=tuple(
                NETWORKS[code]
                for vocabulary, code in terms
                if vocabulary == Vocabulary.PROGRAMME and code in NETWORKS
            ),
            operator=operator,
            services=self._services(key, terms, row.published),
        )

    def _key(self, row: dict[str, str]) -> str:
        """Return the producer's id; lists put together from several sources repeat some of them."""
        key = _text(row, "id")
        return f"{_text(row, 'source')}:{key}" if key in self.shared_ids else key

    def _free_slug(self, row: dict[str, str], key: str) -> str:
        """Return the same slug at each import: the plain one only when no other place has it."""
        slug = _slug(row)
        if self.slugs[slug] == 1 and self.taken.get(slug) in (None, self.stored.get(key)):
            return slug
        digest = hashlib.sha256(f"{self.source.slug}:{key}".encode()).hexdigest()[:8]
        return f"{slug}-{digest}"

    def _terms(self, row: dict[str, str], notes: Notes) -> Terms:
        terms = []
        for column, vocabulary in VOCABULARY_COLUMNS.items():
            for value in cells.parts(row.get(column, "")):
                code = self.terms.get((vocabulary, _exact(value)))
                if code is None:
                    notes.problem(column, value, "valeur absente du standard")
                else:
                    terms.append((vocabulary, code))
        return tuple(dict.fromkeys(terms))

    def _fields(self, row: dict[str, str], commune: Commune, notes: Notes) -> dict[str, Any]:
        name, department = _text(row, "nom"), commune.department_id
        known = f"{name} {commune.name}"
        position = self.communes.territory.position(
            _text(row, "latitude"), _text(row, "longitude"), commune
        )
        if position.repair:
            notes.repaired(position.repair)
        hours, hours_note = cells.hours(_text(row, "horaires"), known, department, notes)
        updated_on = cells.updated_on(_text(row, "date_maj"), notes)
        if updated_on:
            self.report.vintage = max(updated_on, self.report.vintage or updated_on)
        complement = line_of_text(row.get("complement_adresse", ""))
        return {
            "name": typography(name),
            "pivot": cells.pivot(_text(row, "pivot"), notes),
            "commune": commune,
            "address": typography(_text(row, "adresse")),
            "address_complement": cells.prose(complement, known, department, notes),
            "latitude": position.latitude,
            "longitude": position.longitude,
            "position_precision": position.precision,
            "phone": cells.phone(_text(row, "telephone"), department, notes),
            "emails": cells.emails(row.get("courriels", ""), known, notes),
            "websites": cells.urls("site_web", cells.parts(row.get("site_web", "")), notes),
            "booking_url": cells.url("prise_rdv", _text(row, "prise_rdv"), notes),
            "acceslibre_url": cells.url(
                "fiche_acces_libre", _text(row, "fiche_acces_libre"), notes
            ),
            "opening_hours": hours,
            "hours_note": hours_note,
            "itinerancy": cells.itinerancy(cells.parts(row.get("itinerance", "")), notes),
            "summary": cells.prose(row.get("presentation_resume", ""), known, department, notes),
            "description": cells.prose(
                row.get("presentation_detail", ""), known, department, notes
            ),
            "other_labels": ", ".join(cells.parts(row.get("autres_formations_labels", ""))),
            "source_updated_on": updated_on,
        }

    def _services(
        self, key: str, terms: Terms, published: tuple[tuple[str, str], ...]
    ) -> tuple[ServiceDraft, ...]:
        needs = deduction.deduce(self.deductions, [*published, *terms])
        own = tuple(term for term in terms if term[0] not in PLACE_VOCABULARIES)
        if not needs and not own:
            return ()
        offered = [code for name, code in own if name == Vocabulary.STANDARD_SERVICE]
        name = service_name(offered, self.labels)
        return (ServiceDraft(f"{key}:services", name, needs=needs, terms=own),)


def _text(row: dict[str, str], column: str) -> str:
    return line_of_text(row.get(column, ""))


def _exact(value: str) -> str:
    """Return a published value as it is compared: apostrophes and spaces are written both ways."""
    return re.sub(r"\s", "", value.replace("’", "'"))


def _slug(row: dict[str, str]) -> str:
    slug, town = slugify(_text(row, "nom")), slugify(_text(row, "commune"))
    return (slug if town in slug else f"{slug}-{town}")[:SLUG_LENGTH].strip("-") or "lieu"


def _clipped(fields: dict[str, Any], notes: Notes) -> dict[str, Any]:
    """Return the fields cut to what the database holds, each cut counted."""
    for name, value in fields.items():
        limit = LENGTHS.get(name)
        if limit and isinstance(value, str) and len(value) > limit:
            notes.repaired(f"clipped-{name}")
            fields[name] = f"{value[: limit - 1].rstrip()}…"
    return fields
