"""Makes a draft of a row of the national standard v1.0.2."""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from django.db.models import CharField
from django.utils.text import slugify

from directory.exchange import deduction, positions
from directory.exchange import standard_cells as cells
from directory.exchange.drafts import PlaceDraft, ServiceDraft
from directory.exchange.place_locator import PlaceLocator
from directory.exchange.report import Report, digest_of
from directory.exchange.standard_cells import Notes, line_of_text, typography
from directory.exchange.standard_row import VOCABULARY_COLUMNS, StandardRow, Terms
from directory.exchange.standard_wording import parent, service_name
from directory.models import Commune, Place, PlaceSource, Source, Term
from directory.vocabularies.names import PLACE_VOCABULARIES, Vocabulary

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
COLLECTOR_LENGTH = PlaceSource._meta.get_field("collected_by").max_length or 0
LENGTHS = {
    f.name: f.max_length
    for f in Place._meta.concrete_fields
    if isinstance(f, CharField) and f.max_length
}
SLUG_LENGTH = 100
"""Leaves room for what tells two places of one name apart."""


class RowReader:
    """Reads rows one by one; knows the territory, the terms, the deductions and the other rows."""

    def __init__(self, source: Source, report: Report, rows: Iterable[StandardRow | None]) -> None:
        self.report = report
        self.source = source
        self.locator = PlaceLocator()
        self.deductions = deduction.rules()
        known = list(Term.objects.all())
        self.terms = {(t.vocabulary, _exact(t.published)): t.code for t in known}
        self.labels = {
            t.code: t.label for t in known if t.vocabulary == Vocabulary.STANDARD_SERVICE
        }
        slugs: set[int] = set()
        self.shared_slugs: set[int] = set()
        origins: dict[int, int] = {}
        self.shared_ids: set[int] = set()
        for row in rows:
            if row is not None:
                slug = digest_of(_slug(row.cells))
                (self.shared_slugs if slug in slugs else slugs).add(slug)
                key, origin = (digest_of(_text(row.cells, name)) for name in ("id", "source"))
                if origins.setdefault(key, origin) != origin:
                    self.shared_ids.add(key)

    def draft(self, row: StandardRow, notes: Notes) -> PlaceDraft | None:
        """Return the draft of a row, None (and a rejection) when it cannot be stored."""
        notes.columns = row.columns
        key, name = self._key(row.cells), _text(row.cells, "nom")
        if not key or len(key) > KEY_LENGTH or digest_of(key) in self.report.present:
            notes.reject("id", key, "identifiant absent, déjà vu ou trop long")
            return None
        self.report.present.add(digest_of(key))
        if not name:
            notes.reject("nom", name, "nom absent")
            return None
        commune = self.locator.commune(row.cells, notes)
        if commune is None:
            return None
        terms = (*self._terms(row.cells, notes), *row.terms)
        operator, group = parent(_text(row.cells, "structure_parente"), commune, notes)
        fields = {**self._fields(row, commune, notes), "group_name": group}
        return PlaceDraft(
            external_id=key,
            slug=self._draft_slug(row.cells, key),
            fields=_clipped(fields, notes),
            terms=tuple(term for term in terms if term[0] in PLACE_VOCABULARIES),
            networks=tuple(
                NETWORKS[code]
                for vocabulary, code in terms
                if vocabulary == Vocabulary.PROGRAMME and code in NETWORKS
            ),
            operator=operator,
            services=(*self._services(key, terms, row.published), *row.services),
            line=notes.line,
            collected_by=_text(row.cells, "source")[:COLLECTOR_LENGTH],
        )

    def leave(self, row: StandardRow) -> None:
        """Remember that the file holds a row that is not stored."""
        self.report.present.add(digest_of(self._key(row.cells)))

    def _key(self, row: dict[str, str]) -> str:
        """Return the producer's id; lists put together from several sources repeat some of them."""
        key = _text(row, "id")
        return f"{_text(row, 'source')}:{key}" if digest_of(key) in self.shared_ids else key

    def _draft_slug(self, row: dict[str, str], key: str) -> str:
        """Return the same slug at each import: the plain one only when no other row has it."""
        slug = _slug(row)
        if digest_of(slug) not in self.shared_slugs:
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

    def _fields(self, standard: StandardRow, commune: Commune, notes: Notes) -> dict[str, Any]:
        row = standard.cells
        name, department = _text(row, "nom"), commune.department_id
        known = f"{name} {commune.name}"
        position = self.locator.position(row, commune, notes)
        hours, hours_note = cells.hours(_text(row, "horaires"), known, department, notes)
        updated_on = cells.updated_on(_text(row, "date_maj"), notes, standard.date_style)
        if updated_on:
            self.report.vintage = max(updated_on, self.report.vintage or updated_on)
        complement = line_of_text(row.get("complement_adresse", ""))
        return {
            "name": typography(name),
            "pivot": cells.pivot(_text(row, "pivot"), notes),
            "commune": commune,
            "address": typography(_text(row, "adresse")),
            "address_complement": cells.prose(complement, known, department, notes),
            "postcode": cells.readable_postcode(_text(row, "code_postal")),
            **positions.fields(position),
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
        if isinstance(value, str) and (short := clip(name, value)) != value:
            notes.repaired(f"clipped-{name}")
            fields[name] = short
    return fields


def clip(name: str, text: str) -> str:
    """Return a text cut to what a field of `Place` holds, and told to be."""
    limit = LENGTHS.get(name)
    return f"{text[: limit - 1].rstrip()}…" if limit and len(text) > limit else text
