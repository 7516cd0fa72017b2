"""Reads all that hangs on several places at once: one query a table, whatever their number."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.db.models import Model, QuerySet

from directory.models import (
    Closure,
    Contribution,
    Need,
    Place,
    PlaceSource,
    Service,
    ServiceArea,
    ServiceNeed,
    ServiceTerm,
    Stop,
    Term,
)
from directory.vocabularies.names import Basis, State

SERVICE_TEXTS = (
    "name", "description", "how_to_book", "opening_hours", "booking_url", "area_note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """A row of a many-to-many table: its key, what it leads to, and how people read that."""

    row: int
    key: int
    label: str


@dataclass
class Hanging:
    """What hangs on one place. `needs`, `service_terms` and `areas` are of all its services."""

    terms: list[Link] = field(default_factory=list)
    networks: list[Link] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    needs: list[ServiceNeed] = field(default_factory=list)
    service_terms: list[ServiceTerm] = field(default_factory=list)
    areas: list[ServiceArea] = field(default_factory=list)
    closures: list[Closure] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    source_records: list[PlaceSource] = field(default_factory=list)
    contributions: list[int] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    """All that each service says, by its key."""

    def rows(self) -> Iterator[Model]:
        """Yield every record; contributions and links aside."""
        return chain(
            self.services, self.needs, self.service_terms, self.areas, self.closures, self.stops,
            self.source_records,
        )  # fmt: skip

    def with_own(self, name: str, rows: list[Any]) -> list[Model]:
        """Return rows of one list, and what hangs on them when they are services."""
        if name != "services":
            return rows
        keys = {service.pk for service in rows}
        told: Iterable[Any] = chain(self.needs, self.service_terms, self.areas)
        return [*rows, *(row for row in told if row.service_id in keys)]

    def declares(self, services: Collection[int]) -> bool:
        """Tell whether one of some services is published and declares a health need."""
        shown = {one.pk for one in self.services if one.state == State.PUBLISHED} & set(services)
        return any(n.service_id in shown and n.basis == Basis.DECLARED for n in self.needs)


def read(keys: Collection[int]) -> dict[int, Hanging]:
    """Return what hangs on places, by their keys."""
    found = {key: Hanging() for key in keys}
    for name in ("terms", "networks"):
        for place, link in _links(keys, name):
            getattr(found[place], name).append(link)
    tables: dict[str, QuerySet[Any]] = {
        "closures": Closure.objects.order_by("starts_on", "pk"),
        "stops": Stop.objects.select_related("commune").order_by("on", "pk"),
        "services": Service.objects.order_by("position", "pk"),
        "source_records": PlaceSource.objects.select_related("source").order_by(
            "source", "external_id"
        ),
    }
    for name, rows in tables.items():
        for row in rows.filter(place__in=keys):
            getattr(found[row.place_id], name).append(row)
    contributions = Contribution.objects.filter(place__in=keys).order_by("pk")
    for place, key in contributions.values_list("place_id", "pk"):
        found[place or 0].contributions.append(key)
    _read_services(found)
    return found


def _links(keys: Collection[int], name: str) -> Iterator[tuple[int, Link]]:
    target, label = {"terms": ("term", "label"), "networks": ("actor", "name")}[name]
    rows = getattr(Place, name).through.objects.filter(place__in=keys).order_by("pk")
    columns = ("place_id", "pk", f"{target}_id", f"{target}__{label}")
    for place, *link in rows.values_list(*columns):
        yield place, Link(*link)


def _read_services(found: dict[int, Hanging]) -> None:
    services = {one.pk: one for hanging in found.values() for one in hanging.services}
    said: dict[int, list[str]] = defaultdict(list)
    tables: dict[str, tuple[Any, Any]] = {
        "needs": (ServiceNeed, Need),
        "service_terms": (ServiceTerm, Term),
        "areas": (ServiceArea, None),
    }
    for name, (model, target) in tables.items():
        told = list(model.objects.filter(service__in=services).order_by("pk")) if services else []
        labels = _labels(target, told)
        for row in told:
            row.service = services[row.service_id]
            getattr(found[row.service.place_id or 0], name).append(row)
        for text, row in sorted((labels[row.pk], row.service_id) for row in told if labels):
            said[row].append(text)
    for key, service in services.items():
        own = [text for name in SERVICE_TEXTS if (text := getattr(service, name))]
        found[service.place_id or 0].texts[key] = ", ".join([*own, *said[key]])


def _labels(target: Any, told: list[Any]) -> dict[int, str]:
    """Return by row how people read what it leads to."""
    if target is None or not told:
        return {}
    column = f"{target._meta.model_name}_id"
    rows: QuerySet = target.objects.filter(pk__in={getattr(row, column) for row in told})
    labels = dict(rows.order_by().values_list("pk", "label"))
    return {row.pk: labels[getattr(row, column)] for row in told}
