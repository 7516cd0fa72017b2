"""The same places in the shape of data·inclusion v1: structures, and the services they give.

Source: gip-inclusion/data-inclusion-schema (Licence Ouverte 2.0). Our importer reads both back
(directory/exchange/data_inclusion.py). What that shape has no room for is left out, never bent.
"""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from directory.api import cursors, parameters
from directory.api.operations import answer, operation, revalidated
from directory.api.place_schemas import SourceRecord
from directory.api.places import Found, searched, with_next
from directory.vocabularies.names import PositionPrecision

router = Router()

CODES = settings.FIXTURES_DIR / "data_inclusion_export.json"
OURS = "coup-de-main-sante"
"""The source of what is written for this directory."""

NAME_MAX, DESCRIPTION_MIN, DESCRIPTION_MAX, URL_MAX = 150, 5, 10_000, 2_083
NAME_MIN, SIRET_DIGITS, POSTCODE_DIGITS = 3, 14, 5
"""Limits of the published schema."""

UNTITLED = "Aide numérique"
ONLINE = "numerique--acceder-a-des-services-en-ligne"
"""The theme of a service that says none: all that is listed here is help with digital tasks."""

CARE = "sante--acces-aux-soins"
"""The theme of a service that says itself that it helps with a health task."""

HEALTH = "demarche-sante"
"""The general need of all health tasks."""

Record = dict[str, Any]
Terms = dict[str, list[str]]


class Located(Schema):
    """What structures and services have in common. Null: not known."""

    source: str
    id: str
    nom: str
    date_maj: str
    description: str | None
    commune: str | None
    code_insee: str | None
    code_postal: str | None
    adresse: str | None
    complement_adresse: str | None
    longitude: float | None
    latitude: float | None
    telephone: str | None
    courriel: str | None
    horaires_accueil: str | None
    lien_source: str | None


class Structure(Located):
    """A place as a structure of data·inclusion v1."""

    siret: str | None
    site_web: str | None
    accessibilite_lieu: str | None
    reseaux_porteurs: list[str] | None


class DataInclusionService(Located):
    """A service of data·inclusion v1. No person is ever named as a contact."""

    structure_id: str
    type: str | None
    thematiques: list[str] | None
    frais: str | None
    publics: list[str] | None
    modes_accueil: list[str] | None
    modes_mobilisation: list[str] | None
    lien_mobilisation: str | None
    mobilisation_precisions: str | None


class Envelope(Schema):
    """A page; `sources` tells the licence and the citation of each `source` of its records."""

    total: int
    silent_total: int
    withheld_total: int
    next: str | None
    sources: dict[str, SourceRecord]


class StructureList(Envelope):
    """A page of structures."""

    items: list[Structure]


class DataInclusionServiceList(Envelope):
    """The services of a page of structures."""

    items: list[DataInclusionService]


@operation(
    router,
    "/data-inclusion/structures",
    StructureList,
    summary=_("Lister les structures"),
    description=_("Les lieux de /places, avec les mêmes paramètres, au format data·inclusion v1."),
    parameters=[*parameters.SEARCH, *cursors.PAGING],
    is_strict=False,
)
@revalidated
@searched
def structure_list(request: HttpRequest, found: Found) -> HttpResponse:
    """Answer a page of places as structures."""
    return _page(found, [[structure(record)] for record in _held(found)])


@operation(
    router,
    "/data-inclusion/services",
    DataInclusionServiceList,
    summary=_("Lister les services des structures"),
    description=_(
        "Les services des mêmes lieux, page par page\u00a0: «\u00a0limit\u00a0» compte les lieux. "
        "La même page des deux listes va ensemble."
    ),
    parameters=[*parameters.SEARCH, *cursors.PAGING],
    is_strict=False,
)
@revalidated
@searched
def service_list(request: HttpRequest, found: Found) -> HttpResponse:
    """Answer the services of a page of places."""
    return _page(found, [services(record, _health(found)) for record in _held(found)])


def _held(found: Found) -> list[Record]:
    """Return the places that the shape can hold: some names are too short for it."""
    return [record for record in found.records() if len(_name(record["name"])) >= NAME_MIN]


def _health(found: Found) -> frozenset[str]:
    return found.recorder.offered.children.get(HEALTH, frozenset()) | {HEALTH}


def _page(found: Found, items: list[list[Record]]) -> HttpResponse:
    around = {name: told for name, told in found.around.items() if name in Envelope.model_fields}
    sources = (found.recorder.source(facts.source_id) for _hit, facts in found.rows)
    used = {_source(source): source for source in sources}
    # Our importer reads the first list of objects that it meets.
    told = {"items": [item for group in items for item in group], **around, "sources": used}
    return with_next(answer(told), found.around)


def _source(source: Record) -> str:
    return source["slug"] or OURS


def structure(record: Record) -> Record:
    """Return a place as a structure."""
    siret = record["siret"] or ""
    return {
        "id": _structure_id(record),
        "nom": _name(record["name"]),
        **_located(record),
        "description": _text(record["description"] or record["summary"]),
        "horaires_accueil": record["opening_hours"],
        "siret": siret if siret.isdigit() and len(siret) == SIRET_DIGITS else None,
        "site_web": next((url for url in record["websites"] if len(url) <= URL_MAX), None),
        "accessibilite_lieu": record["acceslibre_url"],
        "reseaux_porteurs": codes("reseaux_porteurs", record["terms"]),
    }


def services(record: Record, health: frozenset[str]) -> list[Record]:
    """Return the services of a place; `health` are the needs that are health tasks."""
    ways_in = codes("modes_mobilisation", record["terms"])
    return [
        {
            "id": f"{_source(record['source'])}--service-{service['id']}",
            "structure_id": _structure_id(record),
            "nom": _named(service["name"]),
            **_located(record),
            "description": _text(service["description"]) or _named(service["name"]),
            "horaires_accueil": service["opening_hours"],
            "type": next(iter(codes("type", service["terms"]) or ()), None),
            "thematiques": themes(service, health),
            "frais": next(iter(codes("frais", service["terms"]) or ()), None),
            "publics": codes("publics", service["terms"]),
            "modes_accueil": codes("modes_accueil", service["terms"]),
            "modes_mobilisation": ways_in,
            "lien_mobilisation": service["booking_url"],
            "mobilisation_precisions": service["how_to_book"],
        }
        for service in record["services"]
    ]


def themes(service: Record, health: frozenset[str]) -> list[str]:
    """Return the themes of a service."""
    found = codes("thematiques", service["terms"]) or [ONLINE]
    cares = any(need["declared"] and need["code"] in health for need in service["needs"])
    return [*found, CARE] if cares else found


def codes(column: str, terms: Terms) -> list[str] | None:
    """Return the published codes of a column, None when there is none."""
    found = {
        table[code]
        for vocabulary, table in _tables()[column].items()
        for code in terms.get(vocabulary, ())
        if code in table
    }
    return sorted(found) or None


@cache
def _tables() -> dict[str, dict[str, dict[str, str]]]:
    content = json.loads(CODES.read_text(encoding="utf-8"))
    return {name: table for name, table in content.items() if isinstance(table, dict)}


def _structure_id(record: Record) -> str:
    return f"{_source(record['source'])}--{record['id']}"


def _located(record: Record) -> Record:
    """Return where it is and how to reach it; the middle of a commune is no position."""
    is_precise = record["position_precision"] not in {PositionPrecision.COMMUNE, None}
    postcode = record["postcode"] or ""
    is_postcode = postcode.isdigit() and len(postcode) == POSTCODE_DIGITS
    return {
        "source": _source(record["source"]),
        "date_maj": record["updated_on"] or record["modified_on"],
        "commune": record["commune"]["name"],
        "code_insee": record["commune"]["code"],
        "code_postal": postcode if is_postcode else None,
        "adresse": record["address"],
        "complement_adresse": record["address_complement"],
        "longitude": record["longitude"] if is_precise else None,
        "latitude": record["latitude"] if is_precise else None,
        "telephone": record["phone"],
        "courriel": next(iter(record["emails"]), None),
        "lien_source": record["url"],
    }


def _name(text: str) -> str:
    """Return a name of the published length, which ends with no full stop."""
    return text[:NAME_MAX].rstrip(". ")


def _named(text: str) -> str:
    """Return the name of a service, a plain one when it is too short to be published."""
    name = _name(text)
    return name if len(name) >= DESCRIPTION_MIN else UNTITLED


def _text(text: str | None) -> str | None:
    return text[:DESCRIPTION_MAX] if text and len(text) >= DESCRIPTION_MIN else None
