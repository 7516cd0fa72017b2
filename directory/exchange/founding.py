"""Loads fixtures/founding/actors.json: what the founding documents say of actors and of their help.

These are the directory's first *declared* needs: each service cites its document and lines.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from directory.exchange.report import Report
from directory.exchange.territory_lookup import TerritoryLookup
from directory.models import (
    Actor,
    Department,
    FieldProvenance,
    Need,
    Place,
    Region,
    Service,
    ServiceArea,
    ServiceNeed,
    ServiceTerm,
    Source,
    Term,
)
from directory.moderation import completeness
from directory.vocabularies.names import Basis, Licence, PositionPrecision, State, Vocabulary

SERVICE_TERMS = {
    "activities": Vocabulary.ACTIVITY,
    "support_modes": Vocabulary.SUPPORT_MODE,
    "publics": Vocabulary.PUBLIC,
    "special_care": Vocabulary.SPECIAL_CARE,
    "languages": Vocabulary.LANGUAGE,
    "ways_in": Vocabulary.WAY_IN,
    "costs": Vocabulary.COST,
}
"""Lists of the file and the vocabulary of their codes."""

ACTOR_TEXTS = (
    "name short_name category level legal_status description how_it_works mediation_actions "
    "partnerships website email phone"
).split()


def load(path: Path) -> Report:
    """Load actors, places and services in one transaction; twice gives the same rows as once.

    Raises KeyError when the file names a code that no vocabulary has: the file is ours, a wrong
    code is a bug.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    report = Report()
    with transaction.atomic():
        loader = _Loader(content["documents"])
        for row in content["actors"]:
            report.rows += 1
            if loader.actor(row):
                report.added += 1
            else:
                report.unchanged += 1
        loader.link(content["actors"])
    return report


class _Loader:
    def __init__(self, documents: list[dict[str, Any]]) -> None:
        self.documents = {d["code"]: d for d in documents}
        self.sources = {d["code"]: self._source(d) for d in documents}
        self.territory = TerritoryLookup()
        self.terms = {(t.vocabulary, t.code): t.pk for t in Term.objects.all()}
        self.needs = dict(Need.objects.values_list("code", "pk"))
        self.actors: dict[str, Actor] = {}

    def _source(self, document: dict[str, Any]) -> Source:
        source, _created = Source.objects.update_or_create(
            slug=f"document-{document['code']}",
            defaults={
                "name": document["title"],
                "publisher": document["publisher"] or "",
                "licence": Licence.OWN,
                "attribution": "Faits repris de ce document, textes rédigés pour cet annuaire.",
                "priority": 10,
            },
        )
        return source

    def actor(self, row: dict[str, Any]) -> bool:
        """Write one actor with its places and services; return whether it is new."""
        actor, created = Actor.objects.update_or_create(
            slug=row["slug"],
            defaults={name: row[name] for name in ACTOR_TEXTS}
            | {
                "source": self.sources[row["citation"]["document"]],
                "citation": self._citation(row["citation"]),
            },
            create_defaults={name: row[name] for name in ACTOR_TEXTS}
            | {
                "source": self.sources[row["citation"]["document"]],
                "citation": self._citation(row["citation"]),
                "state": State.PUBLISHED,
            },
        )
        actor.regions.set(Region.objects.filter(pk__in=row["regions"]))
        actor.departments.set(Department.objects.filter(pk__in=row["departments"]))
        actor.communes.set(self.territory.communes[code] for code in row["communes"])
        self.actors[actor.slug] = actor
        places = {place["slug"]: self._place(actor, place) for place in row["places"]}
        self._services(actor, row["services"], places)
        return created

    def link(self, rows: list[dict[str, Any]]) -> None:
        """Make actors members of their networks, once all are there."""
        for row in rows:
            self.actors[row["slug"]].member_of.set(self.actors[s] for s in row["member_of"])

    def _citation(self, citation: dict[str, Any]) -> str:
        parts = [citation, *citation.get("also", ())]
        said = [f"{self.documents[p['document']]['title']}, lignes {p['lines']}" for p in parts]
        return " ; ".join(said)

    def _place(self, actor: Actor, row: dict[str, Any]) -> Place:
        commune = self.territory.communes[row["commune"]]
        position = self.territory.position("", "", commune)
        defaults = {
            "name": row["name"],
            "operator": actor,
            "commune": commune,
            "address": row["address"],
            "address_complement": row["complement"],
            "postcode": row["postcode"],
            "latitude": position.latitude,
            "longitude": position.longitude,
            "position_precision": position.precision
            if position.latitude
            else PositionPrecision.UNKNOWN,
            "phone": row["phone"],
            "emails": [row["email"]] if row["email"] else [],
            "websites": [row["website"]] if row["website"] else [],
            "opening_hours": row["opening_hours"],
            "source": self.sources[row["citation"]["document"]],
        }
        locked = FieldProvenance.objects.filter(place__slug=row["slug"], is_locked=True)
        corrected = set(locked.values_list("field", flat=True))
        place, _created = Place.objects.update_or_create(
            slug=row["slug"],
            defaults={name: value for name, value in defaults.items() if name not in corrected},
            create_defaults=defaults | {"state": State.PUBLISHED},
        )
        place.terms.set(self.terms[Vocabulary.KIND, code] for code in row["kinds"])
        return place

    def _services(self, actor: Actor, rows: list[dict[str, Any]], places: dict[str, Place]) -> None:
        kept = []
        for position, row in enumerate(rows):
            key = f"{actor.slug}:{slugify(row['name'])}"[:160]
            defaults = {
                "place": places.get(row["place"] or ""),
                "actor": actor,
                "name": row["name"],
                "description": row["description"],
                "how_to_book": row["how_to_book"],
                "area_note": row["area_note"],
                "citation": self._citation(row["citation"]),
                "position": position,
            }
            service, _created = Service.objects.update_or_create(
                source=self.sources[row["citation"]["document"]],
                external_id=key,
                defaults=defaults,
                create_defaults=defaults | {"state": State.PUBLISHED},
            )
            kept.append(service.pk)
            self._children(service, row)
        actor.services.filter(source__in=self.sources.values()).exclude(pk__in=kept).delete()

    def _children(self, service: Service, row: dict[str, Any]) -> None:
        service.service_needs.all().delete()
        ServiceNeed.objects.bulk_create(
            ServiceNeed(service=service, need_id=self.needs[code], basis=Basis.DECLARED)
            for code in row["needs"]
        )
        service.service_terms.all().delete()
        ServiceTerm.objects.bulk_create(
            ServiceTerm(service=service, term_id=self.terms[vocabulary, code])
            for name, vocabulary in SERVICE_TERMS.items()
            for code in dict.fromkeys(row[name])
        )
        if service.place:
            service.place.terms.add(
                *(self.terms[Vocabulary.EQUIPMENT, code] for code in row["equipment"])
            )
            completeness.refresh([service.place.pk])
        service.areas.all().delete()
        ServiceArea.objects.bulk_create(_areas(service, row["area"] or {}))


def _areas(service: Service, area: dict[str, Any]) -> Iterator[ServiceArea]:
    if area.get("national"):
        yield ServiceArea(service=service, is_national=True)
    for code in area.get("regions", ()):
        yield ServiceArea(service=service, region_id=code)
    for code in area.get("departments", ()):
        yield ServiceArea(service=service, department_id=code)
    for code in area.get("communes", ()):
        yield ServiceArea(service=service, commune_id=code)
