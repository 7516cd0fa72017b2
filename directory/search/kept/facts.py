"""What pages say of a place, read once and kept as bytes.

One `bytes` a place, some 0.8 kB: a million small Python objects would cost five times as much, and
the collector's time. Terms and needs are kept by key, their labels change on their own.
"""

import marshal
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.urls import reverse

from directory.vocabularies.names import Itinerancy

STAND_IN = "stand-in"


@cache
def _path(name: str) -> str:
    return reverse(name, args=[STAND_IN])


def path_of(name: str, slug: str) -> str:
    """Return the address of a page named by a slug; `reverse` takes twenty times longer."""
    return _path(name).replace(STAND_IN, slug)


Need = tuple[int, bool]
"""The key of a need, and whether the producer declared it."""


class ActorRef(NamedTuple):
    """A published actor, as a link."""

    id: int
    name: str
    slug: str

    def get_absolute_url(self) -> str:
        """Return the actor's public page."""
        return path_of("directory:actor-detail", self.slug)


class PlaceRef(NamedTuple):
    """Another published place, as a link."""

    id: int
    name: str
    slug: str

    def get_absolute_url(self) -> str:
        """Return the place's public page."""
        return path_of("directory:place-detail", self.slug)


class ServiceFacts(NamedTuple):
    """A published service: `needs` in the order of needs, `terms` by vocabulary then order."""

    id: int
    name: str
    description: str
    how_to_book: str
    opening_hours: str
    booking_url: str
    area_note: str
    citation: str
    source_id: int | None
    needs: tuple[Need, ...]
    terms: tuple[int, ...]


class ClosureFacts(NamedTuple):
    """A dated closure, both days included, as ordinals."""

    starts: int
    ends: int
    reason: str

    @property
    def starts_on(self) -> date:
        """First day closed."""
        return date.fromordinal(self.starts)

    @property
    def ends_on(self) -> date:
        """Last day closed."""
        return date.fromordinal(self.ends)


class StopFacts(NamedTuple):
    """A stop: dated (`day`, an ordinal) or recurring (`opening_hours`, OSM)."""

    day: int
    opening_hours: str
    label: str
    commune_name: str
    id: int

    @property
    def on(self) -> date | None:
        """The day, None for a recurring stop."""
        return date.fromordinal(self.day) if self.day else None


class PlaceRow(NamedTuple):
    """What is kept of a published place. Dates are ordinals, 0 for none."""

    id: int
    slug: str
    name: str
    pivot: str
    commune_code: str
    commune_name: str
    department_code: str
    time_zone: str
    address: str
    address_complement: str
    postcode: str
    latitude: float | None
    longitude: float | None
    position_precision: str
    phone: str
    booking_phone: str
    emails: tuple[str, ...]
    websites: tuple[str, ...]
    booking_url: str
    acceslibre_url: str
    opening_hours: str
    hours_note: str
    appointment: str
    appointment_note: str
    itinerancy: str
    rounds: str
    notes: str
    summary: str
    description: str
    source_id: int
    updated: int
    modified: int
    verified: int
    verification_method: str
    operator_row: tuple[Any, ...]
    terms: tuple[int, ...]
    service_rows: tuple[tuple[Any, ...], ...]
    network_rows: tuple[tuple[Any, ...], ...]
    closure_rows: tuple[tuple[Any, ...], ...]
    stop_rows: tuple[tuple[Any, ...], ...]
    credit_rows: tuple[tuple[str, int], ...]
    origin_rows: tuple[tuple[str, int], ...]


class PlaceFacts(PlaceRow):
    """A published place as pages show it; the names are those of the model.

    `origin_rows` give the source of each field that comes, uncorrected, from another than its own.
    """

    distance: float | None = None
    """km from what was searched, set by searches."""

    @property
    def pk(self) -> int:
        """Its key."""
        return self.id

    @property
    def is_itinerant(self) -> bool:
        """Whether it moves, wholly or in part."""
        return self.itinerancy in {Itinerancy.ITINERANT, Itinerancy.BOTH}

    @property
    def point(self) -> tuple[float, float] | None:
        """Position as (latitude, longitude) in degrees, or None when unknown."""
        if self.latitude is None or self.longitude is None:
            return None
        return (self.latitude, self.longitude)

    @property
    def web_addresses(self) -> list[str]:
        """The sites that a browser may open; anything else an import left in is not shown."""
        return [url for url in self.websites if url.startswith(("https://", "http://"))]

    @property
    def full_address(self) -> str:
        """Address on one line, as an envelope would say it."""
        town = f"{self.postcode} {self.commune_name}".strip()
        return f"{self.address}, {town}" if self.address else town

    def get_absolute_url(self) -> str:
        """Return the place's public page."""
        return path_of("directory:place-detail", self.slug)

    @property
    def source_updated_on(self) -> date | None:
        """The producer's own date, None when not known."""
        return date.fromordinal(self.updated) if self.updated else None

    @property
    def verified_on(self) -> date | None:
        """The day of the last verification, None for never."""
        return date.fromordinal(self.verified) if self.verified else None

    @property
    def modified_on(self) -> date:
        """The day, in Paris, of the record's last change here."""
        return date.fromordinal(self.modified)

    @property
    def operator(self) -> ActorRef | None:
        """The published actor that runs it."""
        return ActorRef(*self.operator_row) if self.operator_row else None

    @property
    def services(self) -> list[ServiceFacts]:
        """Its published services, in their order."""
        return [ServiceFacts(*row) for row in self.service_rows]

    @property
    def networks(self) -> list[ActorRef]:
        """Its published networks."""
        return [ActorRef(*row) for row in self.network_rows]

    @property
    def closures(self) -> list[ClosureFacts]:
        """Its closures not yet over when it was read, first to come first."""
        return [ClosureFacts(*row) for row in self.closure_rows]

    @property
    def stops(self) -> list[StopFacts]:
        """Its stops, dated ones first to come first."""
        return [StopFacts(*row) for row in self.stop_rows]

    @property
    def credits(self) -> list[tuple[str, date]]:
        """Fields that a visitor's contribution corrected, and the day they were."""
        return [(name, date.fromordinal(day)) for name, day in self.credit_rows]

    @property
    def closed_days(self) -> list[tuple[date, date]]:
        """Closures as (first day, last day), both included."""
        return [
            (date.fromordinal(starts), date.fromordinal(ends))
            for starts, ends, _reason in self.closure_rows
        ]


def packed(facts: PlaceFacts) -> bytes:
    """Return the facts as bytes that only this process and its children read."""
    return marshal.dumps(tuple(facts))


def unpacked(kept: bytes) -> PlaceFacts:
    """Return the facts that `packed` made."""
    return PlaceFacts._make(marshal.loads(kept))  # noqa: S302 (bytes of this very process)
