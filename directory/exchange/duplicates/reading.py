"""Reads the places of the directory as records to compare, a department at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count

from directory.exchange.duplicates import addresses, blocking, record
from directory.exchange.duplicates.record import Record
from directory.models import Place, PlaceSource
from directory.models.querysets import PlaceQuerySet
from directory.vocabularies.names import Itinerancy, PositionPrecision, State
from directory.vocabularies.normalization import normalize_place_name

EXACT = frozenset({PositionPrecision.ADDRESS, PositionPrecision.STREET})
"""Precisions from which two places may be told to be near."""
BATCH = 1_000
"""Places asked for by their numbers together."""
COLUMNS = (
    "pk", "name", "address", "commune_id", "commune__parent_id", "commune__name", "latitude",
    "longitude", "position_precision", "phone", "pivot", "itinerancy", "principal_id",
    "operator__name",
)  # fmt: skip


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


def by_department(only: set[int] | None, shared: frozenset[str]) -> Iterator[list[Record]]:
    """Yield the places of each department but the archived ones, by number.

    With `only`, numbers of places, of the departments that have some. One query, and one for each
    thousand places.
    """
    places = _present()
    if only is not None:
        where = places.order_by().values_list("pk", "commune__department_id").iterator()
        places = places.filter(commune__department__in={code for key, code in where if key in only})
    rows = places.order_by("commune__department_id", "pk").values_list(
        "commune__department_id", *COLUMNS
    )
    for _department, own in groupby(rows.iterator(), key=itemgetter(0)):
        yield _records([row[1:] for row in own], shared)


def read_places(keys: Iterable[int], shared: frozenset[str]) -> list[Record]:
    """Return some places but the archived ones, by number."""
    found: list[Record] = []
    for some in _batched(sorted(keys)):
        rows = _present().filter(pk__in=some).order_by("pk").values_list(*COLUMNS)
        found += _records(list(rows), shared)
    return found


def near_borders() -> dict[int, str]:
    """Return places that have one of another department in their cell of the map or one beside.

    By number, with their department. Two queries.
    """
    departments: dict[blocking.Cell, set[str]] = defaultdict(set)
    for _place, department, point in _points():
        departments[blocking.cell(point)].add(department)
    mixed = {
        cell
        for cell, own in departments.items()
        if any(departments.get(beside, own) - own for beside in blocking.beside(cell))
        or len(own) > 1
    }
    return {place: own for place, own, point in _points() if blocking.cell(point) in mixed}


def _points() -> Iterator[tuple[int, str, tuple[float, float]]]:
    exact = _present().filter(position_precision__in=EXACT, latitude__isnull=False).order_by()
    columns = ("pk", "commune__department", "latitude", "longitude")
    for place, department, *point in exact.values_list(*columns).iterator():
        yield place, department, (point[0], point[1])


def _records(rows: list[tuple[Any, ...]], shared: frozenset[str]) -> list[Record]:
    external_ids: dict[int, list[str]] = defaultdict(list)
    sources: dict[int, set[int]] = defaultdict(set)
    # By their keys: PostgreSQL finds them by an index, whatever it knows of the table.
    for keys in _batched([row[0] for row in rows]):
        known = PlaceSource.objects.filter(place__in=keys).order_by()
        for place, source, external_id in known.values_list("place", "source", "external_id"):
            external_ids[place].append(external_id)
            sources[place].add(source)
    return [
        _record(dict(zip(COLUMNS, row, strict=True)), external_ids, sources, shared) for row in rows
    ]


def _batched(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


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
