"""Reads the France Services list (ANCT, Licence Ouverte 2.0): one row, one place.

The French column names of the list live here and nowhere else. What the list says is stored as it
says it; what the label implies for every counter is told apart, by a named rule.
"""

from collections.abc import Iterable, Iterator

from django.utils.text import slugify
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from directory.exchange import (
    counter_operators,
    deduction,
    emails,
    france_services_file,
    french_hours,
    itinerancy,
    operators,
    phones,
    positions,
)
from directory.exchange.drafts import (
    PlaceDraft,
    ServiceDraft,
    StopDraft,
)
from directory.exchange.france_services_comments import CommentResult, read_comment
from directory.exchange.france_services_file import ANTENNA, REQUIRED, SLUG
from directory.exchange.place_locator import PlaceLocator
from directory.exchange.report import Report, digest_of
from directory.exchange.standard_cells import Notes
from directory.exchange.tables import Format, Table
from directory.models import Commune, Source
from directory.vocabularies.names import (
    Appointment,
    Itinerancy,
    Vocabulary,
)
from directory.vocabularies.normalization import normalize

DAYS = {
    "Mo": "h_lundi",
    "Tu": "h_mardi",
    "We": "h_mercredi",
    "Th": "h_jeudi",
    "Fr": "h_vendredi",
    "Sa": "h_samedi",
}
FORMATS = {
    "Fixe": Itinerancy.FIXED,
    "Fixe_antenne(s)": Itinerancy.FIXED,
    "Multisites": Itinerancy.BOTH,
    "Bus_équivalent": Itinerancy.ITINERANT,
    "Itinérante": Itinerancy.ITINERANT,
}
PLACED = {
    "code_insee": "insee_com",
    "commune": "lib_com",
    "code_postal": "code_postal",
    "adresse": "adresse",
    "latitude": "latitude",
    "longitude": "longitude",
}
"""The list's columns by those of the national standard, to find where a counter is."""
SAME_NAME = 90
"""rapidfuzz score (0–100) from which the beginning of an antenna's name is its principal's."""

LABEL_TERMS = (
    (Vocabulary.STANDARD_SERVICE, "demarches-administratives"),
    (Vocabulary.ACTIVITY, "acces-droits"),
    (Vocabulary.COST, "gratuit"),
    (Vocabulary.PUBLIC, "tout-public"),
)
"""What the France Services charter asks of every counter: help with administrative steps, free of
charge, open to all."""


def drafts(table: Table, source: Source, report: Report) -> Iterator[PlaceDraft]:
    """Yield a draft for each row that can be stored; tell the report of every other."""
    reader = _RowReader((france_services_file.current(row.cells) for row in table.rows), report)
    for row in table.rows:
        report.rows += 1
        if row.problem:
            report.reject(row.line, "ligne", "", row.problem)
            continue
        draft = reader.draft(row.line, france_services_file.current(row.cells))
        if draft is not None:
            yield draft
    report.repairs.update(table.repairs)


FORMAT = Format(
    name="format de la liste des France Services",
    required=REQUIRED,
    own=frozenset({"id_fs", "lib_fs", "lib_com", "h_lundi", "format_fs"}),
    drafts=drafts,
)


class _RowReader:
    """Reads rows one by one; knows the territory, the deductions and the other rows."""

    def __init__(self, rows: Iterable[dict[str, str]], report: Report) -> None:
        self.report = report
        self.locator = PlaceLocator()
        self.territory = self.locator.finder.territory
        self.deductions = deduction.rules()
        self.file_date = report.vintage
        self.principals: dict[str, list[dict[str, str]]] = {}
        for row in rows:
            if row.get("type_fs") != ANTENNA:
                self.principals.setdefault(row.get("insee_dep", ""), []).append(row)

    def draft(self, line: int, row: dict[str, str]) -> PlaceDraft | None:
        """Return the draft of a row, None (and a rejection) when it cannot be stored."""
        key, name = _text(row, "id_fs"), _text(row, "lib_fs")
        if not key or digest_of(key) in self.report.present:
            self.report.reject(line, "id_fs", key, _("identifiant absent ou déjà vu"))
            return None
        self.report.present.add(digest_of(key))
        if not name:
            self.report.reject(line, "lib_fs", name, _("nom absent"))
            return None
        notes = Notes(self.report, line, PLACED)
        placed = {name: _text(row, column) for name, column in PLACED.items()}
        commune = self.locator.commune(placed, notes)
        if commune is None:
            return None
        position = self.locator.position(placed, commune, notes)
        comment = self._comment(row, commune)
        operator = operators.recognise_operator(
            name,
            _text(row, "complement_adresse"),
            _text(row, "mail"),
            commune=commune.name,
            department=commune.department.name,
        )
        return PlaceDraft(
            external_id=key,
            slug=_slug(name, commune),
            fields=self._fields(line, row, commune, comment) | positions.fields(position),
            terms=counter_operators.terms(operator),
            networks=counter_operators.networks(operator),
            operator=counter_operators.draft(operator, commune),
            services=(self._service(key),),
            stops=self._stops(comment, commune),
            principal=self._principal(row),
            line=line,
        )

    def _comment(self, row: dict[str, str], commune: Commune) -> CommentResult:
        moving = FORMATS.get(row.get("format_fs", ""), Itinerancy.UNKNOWN) != Itinerancy.FIXED
        comment = read_comment(_text(row, "commentaire"), commune.department_id, itinerant=moving)
        for kind, count in comment.dropped.items():
            self.report.dropped[f"commentaire, {kind}"] += count
        return comment

    def _fields(
        self, line: int, row: dict[str, str], commune: Commune, comment: CommentResult
    ) -> dict[str, object]:
        appointment = _appointment(row, comment)
        booking = comment.booking_phones[0] if comment.booking_phones else ""
        phone = self._phone(line, row, commune)
        return {
            "name": _typography(_text(row, "lib_fs")),
            "commune": commune,
            "address": _typography(_text(row, "adresse")),
            "address_complement": _typography(_text(row, "complement_adresse")),
            "postcode": _postcode(_text(row, "code_postal")),
            "phone": phone,
            "booking_phone": booking if booking != phone else "",
            "emails": self._emails(row, commune, comment),
            "opening_hours": self._hours(line, row),
            "appointment": appointment,
            "appointment_note": _typography(comment.appointment_text)[:600],
            "rounds": _typography(comment.rounds),
            "notes": _typography(comment.notes),
            "itinerancy": FORMATS.get(_text(row, "format_fs"), Itinerancy.UNKNOWN),
            "group_name": _typography(_text(row, "groupe_fs")),
            "source_updated_on": self.file_date,
        }

    def _phone(self, line: int, row: dict[str, str], commune: Commune) -> str:
        cell = _text(row, "telephone")
        if not cell:
            return ""
        result = phones.to_e164(cell, commune.department_id)
        for rule in result.repairs:
            self.report.repaired(rule, line, "telephone")
        if result.problem:
            self.report.leave_out(line, "telephone", f"{cell[:5]}…", result.problem)
        return result.e164

    def _emails(self, row: dict[str, str], commune: Commune, comment: CommentResult) -> list[str]:
        known = f"{_text(row, 'lib_fs')} {commune.name}"
        kept = []
        for email in filter(None, [_text(row, "mail").lower(), *comment.booking_emails]):
            if emails.is_publishable(email, known):
                kept.append(email)
            elif emails.is_nominative(email, known):
                self.report.dropped["courriel nominatif"] += 1
            else:
                self.report.dropped["courriel illisible"] += 1
        return list(dict.fromkeys(kept))

    def _hours(self, line: int, row: dict[str, str]) -> str:
        result = french_hours.to_osm({day: row.get(name) or "" for day, name in DAYS.items()})
        for rule in result.repairs:
            self.report.repaired(rule, line, "horaires")
        for told in result.problems:
            self.report.leave_out(line, DAYS.get(told.day, told.day), told.value, told.reason)
        return french_hours.closed_on_public_holidays(result.opening_hours)

    def _service(self, key: str) -> ServiceDraft:
        return ServiceDraft(
            external_id=f"{key}:label",
            name="Aide aux démarches administratives",
            description=(
                "Un conseiller vous aide dans vos démarches du quotidien, sur internet ou sur "
                "papier. C’est gratuit."
            ),
            needs=deduction.deduce(self.deductions, [(Vocabulary.PROGRAMME, SLUG)]),
            terms=LABEL_TERMS,
        )

    def _stops(self, comment: CommentResult, commune: Commune) -> tuple[StopDraft, ...]:
        """Keep the stops whose commune is the only one of that name in the department."""
        kept = []
        for stop in itinerancy.read_stops(comment.rounds):
            found = self.territory.named(stop.commune, commune.department_id)
            if found and stop.opening_hours:
                label = _typography(stop.place)[:200]
                kept.append(StopDraft(found.pk, label, stop.opening_hours))
        self.report.repairs["stop-read"] += len(kept)
        return tuple(kept)

    def _principal(self, row: dict[str, str]) -> str:
        """Return the id of an antenna's principal, by its group then by its name; "" if unsure."""
        if row.get("type_fs") != ANTENNA:
            return ""
        candidates = self.principals.get(row.get("insee_dep", ""), [])
        group = _text(row, "groupe_fs")
        if group:
            candidates = [r for r in candidates if _text(r, "groupe_fs") == group]
            if len(candidates) == 1:
                return _text(candidates[0], "id_fs")
        beginning = _beginning(_text(row, "lib_fs"))
        scored = sorted(
            ((fuzz.ratio(beginning, _beginning(_text(r, "lib_fs"))), r) for r in candidates),
            key=lambda pair: pair[0],
        )
        if scored and scored[-1][0] >= SAME_NAME:
            return _text(scored[-1][1], "id_fs")
        self.report.repairs["antenna-without-principal"] += 1
        return ""


def _text(row: dict[str, str], column: str) -> str:
    return " ".join((row.get(column) or "").replace("\x00", " ").split())


def _typography(text: str) -> str:
    return text.replace("'", "’")


def _beginning(name: str) -> str:
    """Return a counter's name up to what tells an antenna or a site apart."""
    for separator in (" - Antenne", " – Antenne", " - Site", " -Antenne", " - antenne"):
        name = name.split(separator, maxsplit=1)[0]
    return normalize(name).removeprefix("france services ").removeprefix("de ")


def _slug(name: str, commune: Commune) -> str:
    slug, town = slugify(name), slugify(commune.name)
    return (slug if town in slug else f"{slug}-{town}")[:100].strip("-")


def _postcode(text: str) -> str:
    return text if len(text) == 5 and text.isdigit() else ""


def _appointment(row: dict[str, str], comment: CommentResult) -> str:
    if comment.appointment:
        return Appointment(comment.appointment)
    return Appointment.POSSIBLE if _text(row, "prise_rdv") == "Oui" else Appointment.UNKNOWN
