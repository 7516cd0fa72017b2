"""Writes a place as a row of the national standard v1.0.2: the mirror of its reader."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from directory.exchange.export import cells, schema
from directory.exchange.export.facts import Facts, Names
from directory.exchange.standard_reader import COLLECTOR_LENGTH
from directory.exchange.standard_row import VOCABULARY_COLUMNS


@dataclass(frozen=True)
class ExportRow:
    """A row. `reasons` tell why the standard cannot hold it, nothing when it can."""

    facts: Facts
    cells: dict[str, str]
    reasons: tuple[str, ...]


class RowWriter:
    """Writes rows; knows the names, and what day it is where the site is."""

    def __init__(self, known: Names, today: date) -> None:
        self.known = known
        self.today = today

    def row(self, facts: Facts) -> ExportRow:
        """Return the row of a place: optional cells that the schema refuses are empty."""
        written = self._cells(facts)
        kept = {}
        for name in schema.columns():
            value = written[name]
            # The values of closed lists were looked at one by one.
            is_held = not value or name in VOCABULARY_COLUMNS or schema.fits(name, value)
            kept[name] = value if is_held else ""
        return ExportRow(facts, kept, schema.missing(kept))

    def _cells(self, facts: Facts) -> dict[str, str]:
        place, commune = facts.place, facts.place.commune
        for name in facts.withheld:
            _empty(facts, name)
        department = commune.department_id
        name = cells.title(place.name)
        known = f"{name} {commune.name}"
        has_town = "commune" not in facts.withheld
        summary = cells.prose(place.summary, known, department, "summary")
        short = cells.prose(
            cells.shortened(summary, schema.longest("presentation_resume")),
            known,
            department,
            "summary",
        )
        told = cells.prose(place.description, known, department, "description")
        hidden_point = facts.withheld & {"latitude", "longitude", "commune"}
        latitude, longitude = cells.point(
            None if hidden_point else place.latitude,
            place.longitude,
            place.position_precision,
            commune,
        )
        updated_on = timezone.localdate(place.updated_at)
        body = "" if "operator" in facts.withheld else facts.operator
        return self._listed(facts) | {
            "id": facts.id,
            "pivot": cells.pivot(place.pivot),
            "nom": name,
            "commune": commune.name if has_town else "",
            "code_postal": place.postcode,
            "code_insee": commune.pk if has_town else "",
            "adresse": cells.title(place.address),
            "complement_adresse": cells.one_line_prose(
                place.address_complement, known, department, "address_complement"
            ),
            "latitude": latitude,
            "longitude": longitude,
            "telephone": cells.phone(place.phone, department),
            "courriels": cells.emails(place.emails, known),
            "site_web": cells.urls(place.websites),
            "horaires": cells.hours(place.opening_hours),
            "presentation_resume": short,
            "presentation_detail": told or (summary if summary != short else ""),
            "source": cells.line(facts.collector)[:COLLECTOR_LENGTH].strip(),
            "itinerance": cells.ITINERANCY.get(place.itinerancy, ""),
            "structure_parente": cells.parent(
                body or place.group_name, commune, self.known.actors_by_slug
            ),
            "date_maj": cells.day(place.source_updated_on, place.verified_on, today=self.today)
            or cells.day(updated_on, today=updated_on),
            "autres_formations_labels": cells.labels(place.other_labels),
            "fiche_acces_libre": cells.url(place.acceslibre_url),
            "prise_rdv": cells.url(place.booking_url),
        }

    @staticmethod
    def _listed(facts: Facts) -> dict[str, str]:
        """Return the columns of closed lists; a value that the schema does not know is left out."""
        listed = {}
        for column, vocabulary in VOCABULARY_COLUMNS.items():
            values = (schema.WRITTEN.get(v, v) for v in facts.values.get(vocabulary, ()))
            listed[column] = "|".join(value for value in values if schema.holds(column, value))
        return listed


def _empty(facts: Facts, name: str) -> None:
    """Forget the value of a field that its source keeps us from publishing."""
    field = next((f for f in facts.place._meta.concrete_fields if f.name == name), None)
    if field is not None and not field.is_relation:
        setattr(facts.place, name, field.get_default())
