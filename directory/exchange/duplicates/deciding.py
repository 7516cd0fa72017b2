"""Merges the certain pairs by rule, and writes the others for moderators to examine."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from directory.exchange.duplicates import pairs
from directory.exchange.duplicates.finding import Found, find
from directory.exchange.duplicates.merging import merge
from directory.exchange.duplicates.parts import Side
from directory.exchange.duplicates.presets import disputed, keeps_first
from directory.exchange.duplicates.score import Comparison
from directory.models import DuplicateCandidate, Place, PlaceSource
from directory.vocabularies.duplicates import DuplicateStatus

BATCH = 500
"""Pairs written together."""


@dataclass(frozen=True)
class Merged:
    """Two places that a rule made one."""

    kept: int
    absorbed: int
    kept_name: str
    absorbed_name: str
    comparison: Comparison


@dataclass
class Outcome:
    """What became of the pairs found.

    `waiting` are for moderators, those already known included; `added` are the new ones; `apart`
    counts those that a person told apart.
    """

    merged: list[Merged] = field(default_factory=list)
    waiting: list[Found] = field(default_factory=list)
    added: int = 0
    apart: int = 0


def decide(
    only: set[int] | None = None,
    *,
    apply: bool = False,
    within_lists: bool = True,
    progress: Callable[[int], None] = lambda count: None,
) -> Outcome:
    """Find the duplicates of the directory, or of the places `only`, and decide of each pair.

    Nothing is written without `apply`. Without `within_lists`, no rule merges two rows of one list.
    Each merge is a transaction of its own. `progress` is given the number of pairs decided since it
    was last called.
    """
    outcome = Outcome()
    apart = pairs.different()
    now: dict[int, int] = {}
    found = sorted(find(only), key=lambda pair: -pair.comparison.score)
    for pair in found:
        one, other = _present(now, pair.first), _present(now, pair.second)
        progress(1)
        if one == other:
            continue
        if other in apart.get(one, ()):
            outcome.apart += 1
        elif (within_lists or not _in_one_list(one, other)) and (
            merged := _by_rule(one, other, pair.comparison)
        ):
            if apply:
                merge(merged.kept, merged.absorbed, found=pair.comparison)
            now[merged.absorbed] = merged.kept
            _absorb(apart, merged.kept, merged.absorbed)
            outcome.merged.append(merged)
        else:
            outcome.waiting.append(Found(*pairs.ordered(one, other), pair.comparison))
    outcome.waiting = _once(outcome.waiting, now, apart)
    outcome.added = _write(outcome.waiting, is_whole=only is None, apply=apply)
    return outcome


def _batched(keys: list[int], size: int) -> Iterator[list[int]]:
    """Yield keys `size` at a time."""
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _present(now: dict[int, int], place: int) -> int:
    while place in now:
        place = now[place]
    return place


def _in_one_list(one: int, other: int) -> bool:
    """Tell whether one producer gives both, with an identifier each."""
    own = PlaceSource.objects.filter(place=one).values("source")
    return PlaceSource.objects.filter(place=other, source__in=own).exists()


def _by_rule(one: int, other: int, comparison: Comparison) -> Merged | None:
    """Return which of two places is kept, None when a rule may not choose.

    A rule needs a certain pair, of which persons did not correct one part in two ways.
    """
    if not comparison.is_certain:
        return None
    places = Place.objects.select_related("source").in_bulk((one, other))
    if len(places) != 2:
        return None
    first, second = Side(places[one]), Side(places[other])
    if disputed(first, second):
        return None
    kept, absorbed = (first, second) if keeps_first(first, second) else (second, first)
    return Merged(
        kept.place.pk, absorbed.place.pk, kept.place.name, absorbed.place.name, comparison
    )


def _absorb(apart: dict[int, set[int]], kept: int, absorbed: int) -> None:
    """Hold for the kept place what a person said of the absorbed one."""
    for other in apart.pop(absorbed, set()):
        apart[other].discard(absorbed)
        apart[other].add(kept)
        apart[kept].add(other)


def _once(waiting: Iterable[Found], now: dict[int, int], apart: dict[int, set[int]]) -> list[Found]:
    """Return the pairs of the places as they are after the merges, each once, the best score."""
    best: dict[tuple[int, int], Found] = {}
    for pair in waiting:
        one, other = pairs.ordered(_present(now, pair.first), _present(now, pair.second))
        if one != other and other not in apart.get(one, ()):
            best.setdefault((one, other), Found(one, other, pair.comparison))
    return list(best.values())


def _write(waiting: list[Found], is_whole: bool, apply: bool) -> int:
    """Write the pairs to examine, take away those that are no longer alike; count the new ones."""
    queue = DuplicateCandidate.objects.filter(status=DuplicateStatus.WAITING)
    known = {(row.first_id, row.second_id): row for row in queue}
    changed, added = [], []
    for pair in waiting:
        row = known.pop((pair.first, pair.second), None)
        said = {
            "score": pair.comparison.score,
            "reasons": [str(reason) for reason in pair.comparison.reasons],
        }
        if row is None:
            added.append(DuplicateCandidate(first_id=pair.first, second_id=pair.second, **said))
        elif row.score != said["score"] or row.reasons != said["reasons"]:
            row.score, row.reasons = pair.comparison.score, said["reasons"]
            changed.append(row)
    if apply:
        added = _of_present_places(added)
        if is_whole:
            for gone in _batched([row.pk for row in known.values()], BATCH):
                queue.filter(pk__in=gone).delete()
        DuplicateCandidate.objects.bulk_create(added, batch_size=BATCH)
        DuplicateCandidate.objects.bulk_update(changed, ["score", "reasons"], batch_size=BATCH)
    return len(added)


def _of_present_places(rows: list[DuplicateCandidate]) -> list[DuplicateCandidate]:
    """Return the pairs whose places nobody deleted meanwhile."""
    keys = {key for row in rows for key in (row.first_id, row.second_id or 0)}
    present: set[int] = set()
    for part in _batched(sorted(keys), BATCH):
        present.update(Place.objects.filter(pk__in=part).values_list("pk", flat=True))
    return [row for row in rows if {row.first_id, row.second_id} <= present]


def places_of_source(slug: str) -> set[int]:
    """Return the places that a source gave."""
    rows = Place.objects.filter(source_records__source__slug=slug)
    return set(rows.values_list("pk", flat=True))
