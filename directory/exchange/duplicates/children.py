"""Moves what hangs on an absorbed place: terms, networks, services, closures, stops."""

from collections.abc import Mapping

from django.db.models import QuerySet

from directory.exchange.duplicates.parts import BOTH, FIRST, SECOND, services
from directory.models import Place, PlaceSource

SETS = ("terms", "networks")
ROWS = ("services", "closures", "stops")
SAME_ROW = {
    "closures": ("starts_on", "ends_on"),
    "stops": ("commune_id", "label", "on", "opening_hours"),
}
"""Columns by which a row of both places is one row."""


def move(kept: Place, absorbed: Place, taken: Mapping[str, str]) -> None:
    """Give the kept place the children that were chosen; the others go with the absorbed one.

    What a choice leaves out of the kept place is deleted.
    """
    for name in SETS:
        _move_set(kept, absorbed, name, taken[name])
    for name in ROWS:
        _move_rows(kept, absorbed, name, taken[name])


def _move_set(kept: Place, absorbed: Place, name: str, choice: str) -> None:
    own, other = getattr(kept, name), getattr(absorbed, name)
    if choice == SECOND:
        own.set(other.all())
    elif choice == BOTH:
        own.add(*other.all())


def _move_rows(kept: Place, absorbed: Place, name: str, choice: str) -> None:
    if choice == FIRST:
        return
    own: QuerySet = getattr(kept, name).all()
    other: QuerySet = getattr(absorbed, name).all()
    if choice == SECOND:
        own.delete()
    else:
        other = other.exclude(pk__in=_repeated(kept, absorbed, name))
    other.update(place=kept)


def _repeated(kept: Place, absorbed: Place, name: str) -> list[int]:
    """Return the rows of the absorbed place that the kept one has already, word for word."""
    if name == "services":
        said = set(services(kept).values())
        return [key for key, text in services(absorbed).items() if text in said]
    columns = SAME_ROW[name]
    present = set(getattr(kept, name).values_list(*columns))
    rows = getattr(absorbed, name).values_list("pk", *columns)
    return [row[0] for row in rows if row[1:] in present]


def move_sources(kept: Place, absorbed: Place, given: Mapping[int, list[str]]) -> None:
    """Give the kept place the producers' rows of the other one.

    A row of a source that the kept place already has becomes a second row: it completes and no
    longer decides. `given` are the identifiers of the absorbed place's services, by source.
    """
    own = set(kept.source_records.values_list("source_id", flat=True))
    records = list(absorbed.source_records.all())
    for record in records:
        if record.source_id in own and not record.is_second:
            known = {key for one in records if one.is_second for key in one.service_ids}
            record.is_second = True
            record.service_ids = [
                key for key in given.get(record.source_id, ()) if key not in known
            ]
        record.place = kept
    PlaceSource.objects.bulk_update(records, ["is_second", "service_ids", "place"])
