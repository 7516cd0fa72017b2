"""What becomes of what hangs on two records: terms, networks, services, closures, stops, origins.

Chosen in memory, for each merge; written for all of them at once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from directory.exchange.duplicates.hanging import Hanging, Link
from directory.exchange.duplicates.parts import BOTH, FIRST, SECOND, Side
from directory.exchange.duplicates.repointing import repoint, rewrite
from directory.models import Place, PlaceSource
from directory.models.history_rows import Changes

SETS = ("terms", "networks")
ROWS = ("services", "closures", "stops")
SAME_ROW = {
    "closures": ("starts_on", "ends_on"),
    "stops": ("commune_id", "label", "on", "opening_hours"),
}
"""Columns by which a row of both places is one row."""


@dataclass
class Fate:
    """What a merge does of what hangs on its two records.

    `moved` are rows that the kept one receives, by their list; `lost` those that go, and what hangs
    on them. `links` are what its links become: their rows to delete, what to link to.
    """

    kept: int
    absorbed: int
    moved: dict[str, list[Any]] = field(default_factory=dict)
    lost: list[Model] = field(default_factory=list)
    deleted: dict[str, list[int]] = field(default_factory=dict)
    links: dict[str, tuple[list[int], list[int]]] = field(default_factory=dict)
    changes: Changes = field(default_factory=dict)
    declares_need: bool = False


def decide(kept: Side, absorbed: Side, taken: Mapping[str, str]) -> Fate:
    """Tell what becomes of what hangs on two records, by where each part is taken from."""
    own, other = kept.hanging, absorbed.hanging
    fate = Fate(kept.place.pk, absorbed.place.pk)
    for name in SETS:
        _choose_links(fate, name, getattr(own, name), getattr(other, name), taken[name])
    for name in ROWS:
        _choose_rows(fate, name, own, other, taken[name])
    left = fate.deleted.get("services", ())
    came = {service.pk for service in fate.moved["services"]}
    fate.declares_need = own.declares(
        [service.pk for service in own.services if service.pk not in left]
    ) or other.declares(came)
    return fate


def _choose_links(fate: Fate, name: str, own: list[Link], other: list[Link], choice: str) -> None:
    before, given = ({link.key for link in links} for links in (own, other))
    after = {FIRST: before, SECOND: given, BOTH: before | given}[choice]
    if after == before:
        return
    gone = [link.row for link in own if link.key not in after]
    fate.links[name] = (gone, sorted(after - before))
    fate.changes[name] = [sorted(before), sorted(after)]


def _choose_rows(fate: Fate, name: str, own: Hanging, other: Hanging, choice: str) -> None:
    present, given = getattr(own, name), getattr(other, name)
    moved = [] if choice == FIRST else given
    if choice == BOTH:
        said = {_said(own, name, row) for row in present}
        moved = [row for row in given if _said(other, name, row) not in said]
    if choice == SECOND:
        fate.deleted[name] = [row.pk for row in present]
        fate.lost += own.with_own(name, present)
    staying = {row.pk for row in moved}
    fate.lost += other.with_own(name, [row for row in given if row.pk not in staying])
    fate.moved[name] = moved


def _said(hanging: Hanging, name: str, row: Any) -> Any:
    """Return what tells that a row of both places is one; of a service, all that it says."""
    if name == "services":
        return hanging.texts[row.pk]
    return tuple(getattr(row, column) for column in SAME_ROW[name])


def write(fates: Collection[Fate]) -> None:
    """Move and delete the rows, link and unlink; the history is left to the caller."""
    for name in SETS:
        through = getattr(Place, name).through
        target = {"terms": "term_id", "networks": "actor_id"}[name]
        wanted = [(fate.kept, *fate.links[name]) for fate in fates if name in fate.links]
        if gone := [row for _kept, rows, _keys in wanted for row in rows]:
            through.objects.filter(pk__in=gone).delete()
        links = [(kept, key) for kept, _rows, keys in wanted for key in keys]
        through.objects.bulk_create(
            (through(place_id=kept, **{target: key}) for kept, key in links), ignore_conflicts=True
        )
    for name in ROWS:
        model: Any = Place._meta.get_field(name).related_model
        if gone := [row for fate in fates for row in fate.deleted.get(name, ())]:
            model.objects.filter(pk__in=gone).delete()
        moved = [(row, fate) for fate in fates for row in fate.moved[name]]
        rows = model.objects.filter(pk__in=[row.pk for row, _fate in moved])
        repoint(rows, "place", {fate.absorbed for _row, fate in moved})
        for row, fate in moved:
            row.place_id = fate.kept


def move_sources(sides: Iterable[tuple[Side, Side]]) -> None:
    """Give the kept places the producers' rows of the absorbed ones.

    A row of a source that the kept place already has becomes a second row: it completes and no
    longer decides.
    """
    to, seconds = [], []
    for kept, absorbed in sides:
        records = absorbed.hanging.source_records
        given = _service_ids(absorbed.hanging)
        own = {record.source_id for record in kept.hanging.source_records}
        to.append(absorbed.place.pk)
        for record in records:
            if record.source_id in own and not record.is_second:
                known = {key for one in records if one.is_second for key in one.service_ids}
                record.is_second = True
                record.service_ids = [
                    key for key in given.get(record.source_id, ()) if key not in known
                ]
                seconds.append(record)
    repoint(PlaceSource.objects.all(), "place", to)
    rewrite(seconds, ["is_second", "service_ids"])


def _service_ids(hanging: Hanging) -> dict[int, list[str]]:
    """Return the identifiers of a record's services, by source."""
    found: dict[int, list[str]] = defaultdict(list)
    for service in hanging.services:
        if service.external_id and service.source_id:
            found[service.source_id].append(service.external_id)
    return found
