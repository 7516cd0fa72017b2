"""The parts of a place that a merge chooses between, and what each record says of them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from directory.exchange import phones
from directory.exchange.duplicates.hanging import Hanging, read
from directory.exchange.place_state import CHILDREN, PLACE_FIELDS, shown
from directory.models import FieldProvenance, Place, PlaceSource, Source
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
_ATTRIBUTES = [
    (part, [PLACE_FIELDS[name].attname for name in part.columns]) for part in PARTS if part.columns
]
PHONES = frozenset({"phone", "booking_phone"})
NOTHING: tuple[Any, ...] = (None, "", [], (), frozenset(), PositionPrecision.UNKNOWN)


class Side:
    """One of two records, and who gave each part; what hangs on it is read when asked."""

    def __init__(self, place: Place, provenances: Iterable[FieldProvenance], others: "_Others"):
        self.place = place
        self.provenance = {one.field: one for one in provenances}
        self._others = others

    @property
    def hanging(self) -> Hanging:
        """All that hangs on the record."""
        return self._others.hanging[self.place.pk]

    @cached_property
    def _children(self) -> dict[str, frozenset[str]]:
        return {name: read(self.hanging) for name, read in _READERS.items()}

    @cached_property
    def _columns(self) -> dict[str, tuple[Any, ...]]:
        """The columns as they were read: a merge changes them."""
        return {
            part.name: tuple(getattr(self.place, name) for name in attributes)
            for part, attributes in _ATTRIBUTES
        }

    @property
    def lists(self) -> set[int]:
        """The sources that gave the record."""
        return self._others.lists[self.place.pk]

    def value(self, part: Part) -> Any:
        """Return what the record says of a part, comparable with the other record's."""
        if not part.columns:
            return self._children[part.name]
        return self._columns[part.name]

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


_READERS: dict[str, Callable[[Hanging], frozenset[str]]] = {
    "terms": lambda own: frozenset(link.label for link in own.terms),
    "networks": lambda own: frozenset(link.label for link in own.networks),
    "services": lambda own: frozenset(own.texts.values()),
    "closures": lambda own: frozenset(map(str, own.closures)),
    "stops": lambda own: frozenset(
        f"{stop.label or stop.commune.name} ({stop.on or stop.opening_hours})" for stop in own.stops
    ),
}


class _Others:
    """The records read together: what hangs on one of them is read with the others'."""

    def __init__(self, keys: Collection[int]) -> None:
        self.keys = keys

    @cached_property
    def hanging(self) -> dict[int, Hanging]:
        return read(self.keys)

    @cached_property
    def lists(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        rows = PlaceSource.objects.filter(place__in=self.keys).order_by()
        for place, source in rows.values_list("place_id", "source_id"):
            found[place].add(source)
        return found


def sides(keys: Collection[int], *, lock: bool = False) -> dict[int, Side]:
    """Read records by their keys, those that are there; with `lock`, until the transaction's end.

    Locked in the same order by everybody: two merges never wait in a ring.
    """
    rows = Place.objects.filter(pk__in=keys).order_by("pk")
    named = "commune", "operator", "principal", "source"
    # Rows that are joined would be locked too.
    naming = rows.select_for_update().prefetch_related if lock else rows.select_related
    places = list(naming(*named))
    given: dict[int, list[FieldProvenance]] = defaultdict(list)
    for one in FieldProvenance.objects.filter(place__in=keys).select_related("source"):
        given[one.place_id].append(one)
    others = _Others([place.pk for place in places])
    return {place.pk: Side(place, given[place.pk], others) for place in places}
