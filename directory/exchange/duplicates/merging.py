"""Makes one place of two, for one pair or many: nothing that either held is lost without a trace.

One transaction, and as many queries for a hundred merges as for one: what hangs on the places is
read table by table, what becomes of it is chosen in memory, and written table by table.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from directory.exchange.duplicates import (
    children,
    owners,
    pairs,
    redirects,
    repointing,
    snapshot,
)
from directory.exchange.duplicates.children import Fate
from directory.exchange.duplicates.parts import BOTH, PARTS, SECOND, Part, Side, sides
from directory.exchange.duplicates.presets import presets
from directory.exchange.duplicates.score import Comparison
from directory.models import DuplicateCandidate, Place
from directory.models.history_rows import Changes, differences, plain, record_told
from directory.models.revisions import several, silent
from directory.moderation import completeness
from directory.vocabularies.duplicates import DuplicateStatus
from directory.vocabularies.names import Origin

COLUMNS = tuple(name for part in PARTS for name in part.columns)
FOLLOWING = ("search_text", "completeness", "updated_at")
"""Columns that follow the others."""


class MergeRefusedError(ValueError):
    """Nothing was written; the message says why."""


@dataclass(frozen=True)
class Order:
    """Two places to merge, by their numbers.

    `choices` say where each part is taken from (FIRST: the kept one); those missing follow the
    presets. `found` is what says that they are one, when no pair in the database does.
    """

    kept: int
    absorbed: int
    choices: Mapping[str, str] = field(default_factory=dict)
    found: Comparison | None = None


@dataclass
class _Merge:
    """An order being carried out; `former` are the kept place's columns as they were."""

    order: Order
    kept: Side
    absorbed: Side
    held: dict[str, Any]
    origins: owners.Wanted
    fate: Fate
    former: dict[str, Any]

    @property
    def changes(self) -> Changes:
        return self.fate.changes | differences(self.former, self.kept.place)


def merge(
    kept: int,
    absorbed: int,
    choices: Mapping[str, str] | None = None,
    *,
    by: AbstractBaseUser | None = None,
    found: Comparison | None = None,
) -> Place:
    """Merge place `absorbed` into place `kept`, by their numbers, and return it; see `Order`.

    With `by`, what differed is locked: a person chose. Raises MergeRefusedError.
    """
    return merge_all([Order(kept, absorbed, choices or {}, found)], by=by)[0]


@transaction.atomic
def merge_all(orders: Sequence[Order], *, by: AbstractBaseUser | None = None) -> list[Place]:
    """Merge pairs of places, all or none, and return the kept ones; each is a revision of its own.

    No place may be in two orders, nor be the principal of another order's. Raises MergeRefusedError
    when a place is gone.
    """
    keys = {key for order in orders for key in (order.kept, order.absorbed)}
    read = sides(keys, lock=True)
    if len(read) != 2 * len(orders):
        raise MergeRefusedError("Une des deux fiches n’existe plus.")
    merges = [_choose(o, read[o.kept], read[o.absorbed], by is not None) for o in orders]
    to = {order.absorbed: order.kept for order in orders}
    with silent():
        redirects.lead([(one.absorbed.place, one.order.kept) for one in merges])
        owners.write((one.kept, one.origins) for one in merges)
        children.write([one.fate for one in merges])
        children.move_sources((one.kept, one.absorbed) for one in merges)
        antennas = _move_antennas(to)
        repointing.follow(to)
        _remember(merges, pairs.absorb(to), by)
        _save(merges)
        Place.objects.filter(pk__in=to).delete()
    _tell(merges, antennas)
    return [one.kept.place for one in merges]


def _choose(order: Order, kept: Side, absorbed: Side, is_chosen: bool) -> _Merge:
    """Choose what the kept place will be; its columns change in memory."""
    taken = {**presets(kept, absorbed), **order.choices}
    merge = _Merge(
        order,
        kept,
        absorbed,
        held=snapshot.take(absorbed),
        origins=owners.wanted(kept, absorbed, taken, is_chosen),
        fate=children.decide(kept, absorbed, taken),
        former={name: plain(kept.place, name) for name in COLUMNS},
    )
    for part in PARTS:
        _take(part, kept.place, absorbed.place, taken[part.name])
    _release(kept.place, absorbed.place)
    place = kept.place
    place.settle()
    place.completeness = completeness.score(completeness.told(place, merge.fate.declares_need))
    return merge


def _take(part: Part, kept: Place, absorbed: Place, choice: str) -> None:
    for name in part.columns:
        own, other = getattr(kept, name), getattr(absorbed, name)
        if choice == BOTH and part.is_many:
            setattr(kept, name, list(dict.fromkeys([*own, *other])))
        elif choice == SECOND:
            setattr(kept, name, other)


def _release(kept: Place, absorbed: Place) -> None:
    """A kept place is no antenna of the other, nor of itself."""
    if kept.principal_id in {kept.pk, absorbed.pk}:
        other = absorbed.principal_id
        kept.principal_id = None if other == kept.pk else other


def _move_antennas(to: Mapping[int, int]) -> list[Place]:
    """Give the kept places the others' antennas; return them. A kept place is nobody's of these."""
    antennas = Place.objects.filter(principal__in=to).exclude(pk__in=to.values())
    found = list(antennas.exclude(pk__in=to).order_by("pk"))
    repointing.repoint(Place.objects.filter(pk__in=[one.pk for one in found]), "principal", to)
    return found


def _remember(
    merges: Collection[_Merge],
    known: Mapping[int, DuplicateCandidate],
    by: AbstractBaseUser | None,
) -> None:
    """Write what was decided of each pair, and all that the absorbed record held."""
    written = []
    for one in merges:
        pair = known.get(one.order.absorbed) or DuplicateCandidate(score=0)
        pair.first, pair.second = one.kept.place, None
        if found := one.order.found:
            pair.score, pair.reasons = found.score, [str(reason) for reason in found.reasons]
        pair.status = DuplicateStatus.MERGED
        pair.decided_at, pair.decided_by = timezone.now(), by  # type: ignore[assignment]
        pair.absorbed = one.held
        written.append(pair)
    DuplicateCandidate.objects.bulk_create(pair for pair in written if pair.pk is None)
    repointing.rewrite(
        [pair for pair in written if pair.pk is not None],
        (
            "first", "second", "score", "reasons", "status", "decided_at", "decided_by", "absorbed",
        ),
    )  # fmt: skip


def _save(merges: Collection[_Merge]) -> None:
    """Write the columns of the kept places in one statement: the rows are there, and locked."""
    changed = {name for one in merges for name in differences(one.former, one.kept.place)}
    repointing.rewrite([one.kept.place for one in merges], [*sorted(changed), *FOLLOWING])


def _tell(merges: Sequence[_Merge], antennas: Collection[Place]) -> None:
    """Write the history."""
    revisions = several(len(merges), Origin.MERGE)
    revision_of = dict(zip((one.order.absorbed for one in merges), revisions, strict=True))
    told: list[tuple[Any, Model, str, Changes]] = []
    for antenna in antennas:
        old = antenna.principal_id or 0
        (new,) = (one.kept.place.pk for one in merges if one.order.absorbed == old)
        antenna.principal_id = new
        told.append((revision_of[old], antenna, "~", {"principal": [old, new]}))
    for one, revision in zip(merges, revisions, strict=True):
        told += ((revision, *row) for row in _rows(one))
    record_told(told)


def _rows(one: _Merge) -> Iterator[tuple[Model, str, Changes]]:
    moved = {"place": [one.order.absorbed, one.order.kept]}
    for rows in one.fate.moved.values():
        yield from ((row, "~", moved) for row in rows)
    yield from ((row, "-", {}) for row in one.fate.lost)
    if changes := one.changes:
        yield one.kept.place, "~", changes
    hanging = one.absorbed.hanging
    links = {"networks": hanging.networks, "terms": hanging.terms}
    lost = {n: [sorted(link.key for link in of), []] for n, of in links.items() if of}
    yield one.absorbed.place, "-", lost
