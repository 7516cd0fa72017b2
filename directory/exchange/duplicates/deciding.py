"""Merges the certain pairs by rule, and writes the others for moderators to examine."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import DatabaseError

from directory.exchange.duplicates import pairs, parts, rounds
from directory.exchange.duplicates.finding import Found, find
from directory.exchange.duplicates.merging import MergeRefusedError, Order, merge_all
from directory.exchange.duplicates.parts import Side
from directory.exchange.duplicates.presets import disputed, keeps_first
from directory.exchange.duplicates.rounds import Book
from directory.exchange.duplicates.score import Comparison
from directory.models import DuplicateCandidate, Place
from directory.vocabularies.duplicates import DuplicateStatus

BATCH = 500
"""Pairs written together."""
MERGES = 100
"""Merges read and written together: enough for queries to weigh little, few enough for memory."""


@dataclass(frozen=True)
class Merged:
    """Two places that a rule made one, and the pair that said so."""

    kept: int
    absorbed: int
    kept_name: str
    absorbed_name: str
    found: Found

    @property
    def comparison(self) -> Comparison:
        """What they have in common."""
        return self.found.comparison


@dataclass
class Outcome:
    """What became of the pairs found.

    `waiting` are for moderators, those already known included; `added` are the new ones; `apart`
    counts those that a person told apart; `refused` those of `waiting` that a rule would merge and
    that the database refused.
    """

    merged: list[Merged] = field(default_factory=list)
    waiting: list[Found] = field(default_factory=list)
    added: int = 0
    apart: int = 0
    refused: int = 0


def decide(
    only: set[int] | None = None,
    *,
    apply: bool = False,
    within_lists: bool = True,
    progress: Callable[[int], None] = lambda count: None,
) -> Outcome:
    """Find the duplicates of the directory, or of the places `only`, and decide of each pair.

    Nothing is written without `apply`. Without `within_lists`, no rule merges two rows of one list.
    Merges are made a hundred in a transaction; one that the database refuses is left to moderators.
    `progress` is given the number of pairs decided since it was last called.
    """
    outcome = Outcome()
    book = Book(pairs.different())
    found = sorted(find(only), key=lambda pair: -pair.comparison.score)
    # The certain ones have the best score: they come first, the others find them merged.
    left = [pair for pair in found if pair.comparison.is_certain]
    while left:
        before = len(left)
        picked, left = rounds.pick(left, book, MERGES)
        sides = parts.sides({key for pair in picked for key in (pair.first, pair.second)})
        picked, later = rounds.without_antennas(picked, sides)
        left = later + left
        chosen = []
        for pair in picked:
            if book.are_apart(pair.first, pair.second):
                outcome.apart += 1
            elif merged := _by_rule(pair, sides, within_lists):
                chosen.append(merged)
            else:
                outcome.waiting.append(pair)
        refused = _merge(chosen) if apply else []
        outcome.refused += len(refused)
        for merged in chosen:
            if merged in refused:
                outcome.waiting.append(merged.found)
            else:
                book.merge(merged.kept, merged.absorbed)
                outcome.merged.append(merged)
        progress(before - len(left))
    for pair in found:
        if not pair.comparison.is_certain:
            outcome.apart += book.are_apart(*book.present(pair))
            outcome.waiting.append(pair)
    progress(sum(not pair.comparison.is_certain for pair in found))
    outcome.waiting = _once(outcome.waiting, book)
    outcome.added = _write(outcome.waiting, is_whole=only is None, apply=apply)
    return outcome


def _batched(keys: list[int], size: int) -> Iterator[list[int]]:
    """Yield keys `size` at a time."""
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _by_rule(pair: Found, sides: Mapping[int, Side], within_lists: bool) -> Merged | None:
    """Return which of two places is kept, None when a rule may not choose.

    A rule never chooses between two corrections by persons; nor, without `within_lists`, between
    two places to which one producer gave an identifier each.
    """
    if len(sides.keys() & {pair.first, pair.second}) != 2:
        return None
    first, second = sides[pair.first], sides[pair.second]
    if disputed(first, second) or (not within_lists and first.lists & second.lists):
        return None
    kept, absorbed = (first, second) if keeps_first(first, second) else (second, first)
    return Merged(kept.place.pk, absorbed.place.pk, kept.place.name, absorbed.place.name, pair)


def _merge(chosen: Sequence[Merged]) -> list[Merged]:
    """Merge by rule, together; if the database refuses, one by one. Return those it refuses."""
    if not chosen:
        return []
    orders = [Order(one.kept, one.absorbed, found=one.comparison) for one in chosen]
    try:
        merge_all(orders)
    except (DatabaseError, MergeRefusedError):
        if len(chosen) == 1:
            return list(chosen)
        return [refused for one in chosen for refused in _merge([one])]
    return []


def _once(waiting: Iterable[Found], book: Book) -> list[Found]:
    """Return the pairs of the places as they are after the merges, each once, the best score."""
    best: dict[tuple[int, int], Found] = {}
    for pair in waiting:
        one, other = book.present(pair)
        if one != other and not book.are_apart(one, other):
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
