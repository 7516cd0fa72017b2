"""What the API says of places: the declared shape, that tests compare with the records."""

from typing import Any, Literal

from ninja import Schema

Codes = dict[str, list[str]]
"""Codes by vocabulary (see /vocabularies)."""

Licence = Literal["LO-2.0", "MIT", "own"]
"""Open licences only; "own": written for this directory, MIT."""


class SourceRecord(Schema):
    """Where a record comes from, under which licence, and how to cite it."""

    slug: str | None
    name: str | None
    licence: Licence
    attribution: str | None
    url: str | None


class TownRecord(Schema):
    """A commune by its INSEE code."""

    code: str
    name: str


class ActorLink(Schema):
    """An actor, told in full at /actors/{slug}."""

    id: int
    name: str
    slug: str


class NeedLink(Schema):
    """A health need; `declared` false: deduced by a rule, to confirm by phone."""

    code: str
    declared: bool


class ServiceRecord(Schema):
    """What is offered. `opening_hours` (OpenStreetMap) null: those of the place."""

    id: int
    name: str
    description: str | None
    how_to_book: str | None
    opening_hours: str | None
    booking_url: str | None
    area_note: str | None
    needs: list[NeedLink]
    terms: Codes
    source: SourceRecord


class ClosureRecord(Schema):
    """A closure, both days included."""

    starts_on: str
    ends_on: str
    reason: str | None


class StopRecord(Schema):
    """A stop of a place that moves: dated, or recurring (OpenStreetMap hours)."""

    on: str | None
    opening_hours: str | None
    label: str | None
    commune_name: str


class PlaceProperties(Schema):
    """A place, its position apart. Null: not known. Phones are E.164 or short numbers."""

    id: int
    slug: str
    url: str
    name: str
    siret: str | None
    commune: TownRecord
    department: str
    postcode: str | None
    address: str | None
    address_complement: str | None
    position_precision: Literal["unknown", "address", "street", "commune"] | None
    phone: str | None
    booking_phone: str | None
    emails: list[str]
    websites: list[str]
    booking_url: str | None
    acceslibre_url: str | None
    opening_hours: str | None
    hours_note: str | None
    appointment: str | None
    appointment_note: str | None
    itinerancy: Literal["fixed", "itinerant", "both"] | None
    rounds: str | None
    notes: str | None
    summary: str | None
    description: str | None
    operator: ActorLink | None
    networks: list[ActorLink]
    terms: Codes
    services: list[ServiceRecord]
    closures: list[ClosureRecord]
    stops: list[StopRecord]
    updated_on: str | None
    modified_on: str
    verified_on: str | None
    verification_method: str | None
    source: SourceRecord
    withheld_fields: list[str]


class PlaceRecord(PlaceProperties):
    """A place. Latitude and longitude are WGS 84 degrees."""

    latitude: float | None
    longitude: float | None


class Match(Schema):
    """How a place answers the search that found it.

    `to_check`: it does not say all that was asked. `exact_need`: it covers the need itself, not
    only its general one. `declared_need`: it says so itself. Both null when no need is asked.
    """

    to_check: bool
    exact_need: bool | None
    declared_need: bool | None
    distance_km: float | None


class FoundPlace(PlaceRecord):
    """A place of a list."""

    match: Match


class FoundProperties(PlaceProperties):
    """A place of a list, its position apart."""

    match: Match


class Where(Schema):
    """The territory that « ou » was understood as."""

    kind: str
    code: str
    label: str
    corrected: bool


class Listed(Schema):
    """What surrounds a page of places.

    `total` match every criterion, then come `silent_total` to check by phone; `withheld_total` more
    are shown on the site but their licence keeps them out of open data. `next` is the address of
    the next page, null on the last.
    """

    total: int
    silent_total: int
    withheld_total: int
    where: Where | None
    corrections: dict[str, str]
    next: str | None


class PlaceList(Listed):
    """A page of places."""

    items: list[FoundPlace]


class Point(Schema):
    """A GeoJSON point: longitude, latitude."""

    type: Literal["Point"]
    coordinates: list[float]


class PlaceFeature(Schema):
    """A place as GeoJSON (RFC 7946); a place without a known position has no geometry."""

    type: Literal["Feature"]
    id: int
    geometry: Point | None
    properties: PlaceProperties


class FoundFeature(Schema):
    """A place of a list as GeoJSON."""

    type: Literal["Feature"]
    id: int
    geometry: Point | None
    properties: FoundProperties


class PlaceCollection(Listed):
    """A page of places as GeoJSON."""

    type: Literal["FeatureCollection"]
    features: list[FoundFeature]


class MapFeature(Schema):
    """A place (with `id`) or a cluster (with `count`, `bounds`), as the site's maps show them."""

    type: Literal["Feature"]
    id: int | None = None
    geometry: Point
    properties: dict[str, Any]


class MapCollection(Schema):
    """What a map shows in its box."""

    type: Literal["FeatureCollection"]
    total: int
    silent_total: int
    features: list[MapFeature]
    problems: list[dict[str, str]] = []
