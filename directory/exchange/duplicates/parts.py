"""The parts of a place that a merge chooses between, and what each record says of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from directory.exchange import phones
from directory.exchange.place_state import CHILDREN, PLACE_FIELDS, shown
from directory.models import (
    Actor,
    Closure,
    FieldProvenance,
    Place,
    PlaceSource,
    Service,
    ServiceNeed,
    ServiceTerm,
    Source,
    Stop,
    Term,
)
from directory.vocabularies.names import PositionPrecision

FIRST, SECOND, BOTH = "first", "second", "both"


@dataclass(frozen=True)
class Part:
    """A part. `columns` are fields of `Place` taken together; `is_many` may be kept from both."""

    name: str
    label: str
    columns: tuple[str, ...] = ()
    is_many: bool = False

    @property
    def locked_as(self) -> tuple[str, ...]:
        """The fields under which a correction of this part is remembered."""
        return self.columns or (self.name,)


def _column(name: str, is_many: bool = False) -> Part:
    return Part(name, str(PLACE_FIELDS[name].verbose_name), (name,), is_many)


PARTS = (
    *map(_column, ("name", "operator", "group_name", "pivot", "address", "address_complement")),
    Part("commune", "commune", ("commune", "postcode")),
    Part("position", "position", ("latitude", "longitude", "position_precision")),
    *map(_column, ("phone", "booking_phone")),
    _column("emails", is_many=True),
    _column("websites", is_many=True),
    *map(
        _column,
        (
            "booking_url", "acceslibre_url", "opening_hours", "hours_note", "appointment",
            "appointment_note", "itinerancy", "rounds", "principal", "notes", "summary",
            "description", "other_labels",
        ),
    ),
    Part("verification", "vérification", ("verified_on", "verification_method")),
    _column("state"),
    Part("terms", CHILDREN["terms"], is_many=True),
    Part("networks", CHILDREN["networks"], is_many=True),
    Part("services", CHILDREN["services"], is_many=True),
    Part("closures", "fermetures", is_many=True),
    Part("stops", CHILDREN["stops"], is_many=True),
)  # fmt: skip
PHONES = frozenset({"phone", "booking_phone"})
NOTHING: tuple[Any, ...] = (None, "", [], (), frozenset(), PositionPrecision.UNKNOWN)


class Side:
    """One of the two records, and who gave each part; what hangs on it is read when asked."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.provenance = {one.field: one for one in _rows(place, "field_provenances")}

    @cached_property
    def _children(self) -> dict[str, frozenset[str]]:
        return {name: read(self.place) for name, read in _READERS.items()}

    def value(self, part: Part) -> Any:
        """Return what the record says of a part, comparable with the other record's."""
        if not part.columns:
            return self._children[part.name]
        return tuple(getattr(self.place, PLACE_FIELDS[name].attname) for name in part.columns)

    def is_empty(self, part: Part) -> bool:
        """Tell whether the record says nothing of a part."""
        value = self.value(part)
        return all(one in NOTHING for one in value) if part.columns else not value

    def text(self, part: Part) -> str:
        """Return a part as a person reads it."""
        if not part.columns:
            return " ; ".join(sorted(self._children[part.name]))
        values = [getattr(self.place, name) for name in part.columns]
        if part.name in PHONES:
            values = [phones.display(value) if value else "" for value in values]
        if part.name == "position":
            point = self.place.point
            values = [f"{point[0]:.5f}, {point[1]:.5f}" if point else "", values[-1]]
        texts = (
            shown(value if isinstance(value, list | None) else str(value), name)
            for value, name in zip(values, part.columns[-len(values) :], strict=True)
        )
        return ", ".join(filter(None, texts))

    def owner(self, part: Part) -> Source | None:
        """Return the source that gave a part, None when a person typed it."""
        known = self.provenance.get(part.locked_as[0])
        return known.source if known and known.source else self.place.source

    def lock(self, part: Part) -> FieldProvenance | None:
        """Return the correction that locks a part, None when nobody corrected it."""
        found = (self.provenance.get(name) for name in part.locked_as)
        return next((one for one in found if one and one.is_locked), None)


SERVICE_TEXTS = (
    "name", "description", "how_to_book", "opening_hours", "booking_url", "area_note",
)  # fmt: skip


def read_together(places: Sequence[Place]) -> None:
    """Read what hangs on places, for their sides: a query a table. Who writes reads anew."""
    prefetch_related_objects(
        places, *(Prefetch(name, rows.all()) for name, rows in _HANGING.items())
    )


def _rows(place: Place, name: str) -> Iterable[Any]:
    """Return what hangs on a place: as it was read together, else as it stands now."""
    if name in getattr(place, "_prefetched_objects_cache", ()):
        return getattr(place, name).all()
    return _HANGING[name].filter(**{_OF_PLACE.get(name, "place"): place})


def services(place: Place) -> dict[int, str]:
    """Return all that each service of a place says, by its key; three queries."""
    return {one.pk: ", ".join(_said(one)) for one in _rows(place, "services")}


def _said(service: Any) -> Iterator[str]:
    yield from filter(None, (getattr(service, name) for name in SERVICE_TEXTS))
    yield from sorted(row.need.label for row in service.service_needs.all())
    yield from sorted(row.term.label for row in service.service_terms.all())


_HANGING: dict[str, QuerySet[Any]] = {
    "terms": Term.objects.all(),
    "networks": Actor.objects.all(),
    "closures": Closure.objects.all(),
    "stops": Stop.objects.select_related("commune"),
    "services": Service.objects.prefetch_related(
        Prefetch("service_needs", ServiceNeed.objects.select_related("need")),
        Prefetch("service_terms", ServiceTerm.objects.select_related("term")),
    ),
    "field_provenances": FieldProvenance.objects.select_related("source"),
    "source_records": PlaceSource.objects.select_related("source"),
}
_OF_PLACE = {"terms": "places", "networks": "network_places"}

_READERS: dict[str, Callable[[Place], frozenset[str]]] = {
    "terms": lambda place: frozenset(term.label for term in _rows(place, "terms")),
    "networks": lambda place: frozenset(actor.name for actor in _rows(place, "networks")),
    "services": lambda place: frozenset(services(place).values()),
    "closures": lambda place: frozenset(map(str, _rows(place, "closures"))),
    "stops": lambda place: frozenset(
        f"{stop.label or stop.commune.name} ({stop.on or stop.opening_hours})"
        for stop in _rows(place, "stops")
    ),
}
