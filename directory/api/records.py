"""Places as the API writes them: plain dictionaries, of what was kept in memory.

Open data alone: a place, a service or a field that comes from a source of another licence is left
out, and a place says which of its fields are (docs/api.md).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from directory.models import Source
from directory.search.choices import Choices
from directory.search.kept import ActorRef, PlaceFacts, ServiceFacts
from directory.vocabularies.names import Licence

OWN = {
    "slug": None,
    "name": None,
    "licence": Licence.OWN.value,
    "attribution": None,
    "url": None,
}
"""The source of what is written for this directory."""

POSITION = ("latitude", "longitude", "position_precision")

ESSENTIAL = frozenset({"name", "commune"})
"""Fields without which a place cannot be told at all."""

NAMED = {"pivot": "siret", "source_updated_on": "updated_on"}
"""Fields that the API names otherwise than the model."""


def source_of(source: Source | None) -> dict[str, Any]:
    """Return where a record comes from and what its licence asks."""
    if source is None:
        return OWN
    return {
        "slug": source.slug,
        "name": source.name,
        "licence": source.licence,
        "attribution": source.attribution or None,
        "url": source.url or None,
    }


def day(when: date | None) -> str | None:
    """Return a day as ISO 8601 writes it, None when there is none."""
    return when.isoformat() if when else None


class Recorder:
    """Writes places and services; one for a request. `root` begins the addresses of pages."""

    def __init__(self, offered: Choices, root: str) -> None:
        self.offered, self.root = offered, root
        # What is not known to be open is not: a source may be newer than what is kept of them.
        known = offered.sources.keys() - offered.closed_sources
        self.open: frozenset[int | None] = frozenset({0, None, *known})
        self.sources = {key: source_of(source) for key, source in offered.sources.items()}
        self.needs = {key: need.code for key, need in offered.need_by_key.items()}
        codes = offered.term_codes
        self.terms = {key: (told[0], codes[key]) for key, told in offered.terms.items()}

    def source(self, key: int | None) -> dict[str, Any]:
        """Return a source by its key, none for what is ours."""
        return self.sources[key] if key else OWN

    def is_open(self, place: PlaceFacts) -> bool:
        """Tell whether open data may hold this place: its source's licence and its name's."""
        return place.source_id in self.open and not self.withheld(place) & ESSENTIAL

    def withheld(self, place: PlaceFacts) -> set[str]:
        """Return the fields of a place that come from a source kept out of open data."""
        return {name for name, source in place.origin_rows if source not in self.open}

    def place(self, facts: PlaceFacts) -> dict[str, Any]:
        """Return a place, without the fields that another licence covers."""
        told: dict[str, Any] = {
            "id": facts.id,
            "slug": facts.slug,
            "url": f"{self.root}{facts.get_absolute_url()}",
            "name": facts.name,
            "siret": facts.pivot or None,
            "commune": {"code": facts.commune_code, "name": facts.commune_name},
            "department": facts.department_code,
            "postcode": facts.postcode or None,
            "address": facts.address or None,
            "address_complement": facts.address_complement or None,
            "latitude": facts.latitude,
            "longitude": facts.longitude,
            "position_precision": facts.position_precision,
            "phone": facts.phone or None,
            "booking_phone": facts.booking_phone or None,
            "emails": list(facts.emails),
            "websites": facts.web_addresses,
            "booking_url": facts.booking_url or None,
            "acceslibre_url": facts.acceslibre_url or None,
            "opening_hours": facts.opening_hours or None,
            "hours_note": facts.hours_note or None,
            "appointment": facts.appointment or None,
            "appointment_note": facts.appointment_note or None,
            "itinerancy": facts.itinerancy or None,
            "rounds": facts.rounds or None,
            "notes": facts.notes or None,
            "summary": facts.summary or None,
            "description": facts.description or None,
            "operator": actor(facts.operator),
            "networks": [actor(network) for network in facts.networks],
            "terms": self.codes(facts.terms),
            "services": self.services(facts),
            "closures": [
                {
                    "starts_on": day(closure.starts_on),
                    "ends_on": day(closure.ends_on),
                    "reason": closure.reason or None,
                }
                for closure in facts.closures
            ],
            "stops": [
                {
                    "on": day(stop.on),
                    "opening_hours": stop.opening_hours or None,
                    "label": stop.label or None,
                    "commune_name": stop.commune_name,
                }
                for stop in facts.stops
            ],
            "updated_on": day(facts.source_updated_on),
            "modified_on": day(facts.modified_on),
            "verified_on": day(facts.verified_on),
            "verification_method": facts.verification_method or None,
            "source": self.source(facts.source_id),
            "withheld_fields": [],
        }
        if facts.origin_rows:
            withhold(told, self.withheld(facts))
        return told

    def services(self, place: PlaceFacts) -> list[dict[str, Any]]:
        """Return the services of a place that open data may hold."""
        return [
            self.service(service) for service in place.services if service.source_id in self.open
        ]

    def service(self, facts: ServiceFacts) -> dict[str, Any]:
        """Return a service; `opening_hours` null means the hours of its place."""
        needs = self.needs
        return {
            "id": facts.id,
            "name": facts.name,
            "description": facts.description or None,
            "how_to_book": facts.how_to_book or None,
            "opening_hours": facts.opening_hours or None,
            "booking_url": facts.booking_url or None,
            "area_note": facts.area_note or None,
            "needs": [
                {"code": needs[key], "declared": declared}
                for key, declared in facts.needs
                if key in needs
            ],
            "terms": self.codes(facts.terms),
            "source": self.source(facts.source_id),
        }

    def codes(self, keys: Iterable[int]) -> dict[str, list[str]]:
        """Return codes by vocabulary, in their order."""
        found: dict[str, list[str]] = {}
        for key in keys:
            if told := self.terms.get(key):
                found.setdefault(told[0], []).append(told[1])
        return found


def actor(ref: ActorRef | None) -> dict[str, Any] | None:
    """Return an actor as a place names it."""
    return {"id": ref.id, "name": ref.name, "slug": ref.slug} if ref else None


def withhold(told: dict[str, Any], names: set[str]) -> None:
    """Empty the fields of a place that open data may not hold, and name them."""
    if names.intersection(POSITION):
        names = names.union(POSITION)
    for name in sorted(NAMED.get(name, name) for name in names):
        value = told.get(name)
        if name == "services" or name not in told:
            continue
        told[name] = type(value)() if isinstance(value, list | dict) else None
        told["withheld_fields"].append(name)
