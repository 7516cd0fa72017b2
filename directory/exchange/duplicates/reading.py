"""Reads the places of the directory as records to compare, a department at a time."""

from collections import defaultdict
from typing import Any

from django.db.models import Count

from directory.exchange.duplicates import addresses, blocking, record
from directory.exchange.duplicates.record import Record
from directory.models import Department, Place, PlaceSource
from directory.models.querysets import PlaceQuerySet
from directory.vocabularies.names import Itinerancy, PositionPrecision, State
from directory.vocabularies.normalization import normalize_place_name

EXACT = frozenset({PositionPrecision.ADDRESS, PositionPrecision.STREET})
"""Precisions from which two places may be told to be near."""
COLUMNS = (
    "pk", "name", "address", "commune_id", "commune__parent_id", "commune__name", "latitude",
    "longitude", "position_precision", "phone", "pivot", "itinerancy", "principal_id",
    "operator__name",
)  # fmt: skip


def departments(only: set[int] | None = None) -> list[str]:
    """Return the codes of the departments that have places, or have some of the places `only`."""
    if only is None:
        return list(Department.objects.order_by("pk").values_list("pk", flat=True))
    rows = _present().order_by().values_list("pk", "commune__department").iterator()
    return sorted({department for place, department in rows if place in only})


def shared_phones() -> frozenset[str]:
    """Return the phones that stand at too many addresses to tell one place: switchboards."""
    often = (
        _present()
        .exclude(phone="")
        .order_by()
        .values("phone")
        .annotate(places=Count("pk"))
        .filter(places__gt=blocking.MANY_ADDRESSES)
        .values("phone")
    )
    found: dict[str, set[tuple[str, int, str]]] = defaultdict(set)
    rows = _present().filter(phone__in=often).order_by()
    for phone, town, text in rows.values_list("phone", "commune_id", "address").iterator():
        address = addresses.read(text)
        found[phone].add((town, address.number, address.own))
    return frozenset(p for p, known in found.items() if len(known) > blocking.MANY_ADDRESSES)


def read(department: str, shared: frozenset[str]) -> list[Record]:
    """Return the places of a department but the archived ones, by number; two queries."""
    external_ids: dict[int, list[str]] = defaultdict(list)
    sources: dict[int, set[int]] = defaultdict(set)
    known = PlaceSource.objects.filter(place__commune__department=department).order_by()
    for place, source, external_id in known.values_list("place", "source", "external_id"):
        external_ids[place].append(external_id)
        sources[place].add(source)
    rows = _present().filter(commune__department=department).order_by("pk")
    return [
        _record(dict(zip(COLUMNS, row, strict=True)), external_ids, sources, shared)
        for row in rows.values_list(*COLUMNS).iterator()
    ]


def _present() -> PlaceQuerySet:
    places: PlaceQuerySet = Place.objects.exclude(state=State.ARCHIVED)
    return places


def _record(
    row: dict[str, Any],
    external_ids: dict[int, list[str]],
    sources: dict[int, set[int]],
    shared: frozenset[str],
) -> Record:
    key = row["pk"]
    is_exact = row["position_precision"] in EXACT and row["latitude"] is not None
    return record.make(
        key,
        row["name"],
        row["address"],
        row["commune__parent_id"] or row["commune_id"],
        town_name=row["commune__name"],
        itinerant=row["itinerancy"] == Itinerancy.ITINERANT,
        point=(row["latitude"], row["longitude"]) if is_exact else None,
        phone="" if row["phone"] in shared else row["phone"],
        pivot=row["pivot"],
        identifiers=record.identifiers(external_ids.get(key, [])),
        sources=frozenset(sources.get(key, ())),
        principal=row["principal_id"] or 0,
        operator=normalize_place_name(row["operator__name"] or ""),
    )
