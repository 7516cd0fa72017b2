"""The pairs kept in the database: what is to be examined, and what was decided."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.utils import timezone

from directory.exchange.duplicates.repointing import repoint, rewrite
from directory.models import DuplicateCandidate
from directory.vocabularies.duplicates import DuplicateStatus


def ordered(one: int, other: int) -> tuple[int, int]:
    """Return two numbers of places as a pair is written."""
    return (one, other) if one < other else (other, one)


def different() -> dict[int, set[int]]:
    """Return, for each place, those that a person told to be other places."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = DuplicateCandidate.objects.filter(status=DuplicateStatus.DIFFERENT).order_by()
    for one, other in rows.values_list("first_id", "second_id"):
        found[one].add(other or 0)
        found[other or 0].add(one)
    return found


def tell_apart(pair: DuplicateCandidate, by: AbstractBaseUser) -> None:
    """Remember that two places are different: they are never proposed again."""
    pair.status = DuplicateStatus.DIFFERENT
    pair.decided_at, pair.decided_by = timezone.now(), by  # type: ignore[assignment]
    pair.save(update_fields=["status", "decided_at", "decided_by"])


def absorb(to: Mapping[int, int]) -> dict[int, DuplicateCandidate]:
    """Re-point the pairs of absorbed places to the kept ones (kept by absorbed).

    Return each merge's own pair, not saved, by absorbed place. What a person said of one of them
    holds for the one place that they are now.
    """
    rows = DuplicateCandidate.objects.all()
    repoint(rows.filter(second=None), "first", to)
    places = {*to, *to.values()}
    known = rows.filter(Q(first__in=places) | Q(second__in=places), second__isnull=False)
    book = _Book(known.order_by("pk"))
    own = {}
    for absorbed, kept in to.items():
        for pair in book.of(absorbed):
            other = pair.second_id if pair.first_id == absorbed else pair.first_id
            if other == kept:
                own[absorbed] = book.take(pair)
            else:
                book.move(pair, kept, other or 0)
    if book.gone:
        rows.filter(pk__in=book.gone).delete()
    fields = ["first", "second", "status", "decided_at", "decided_by"]
    rewrite([*book.changed.values()], fields)
    return own


class _Book:
    """The pairs of some places, in memory, while places are merged."""

    def __init__(self, pairs: Iterable[DuplicateCandidate]) -> None:
        self.pairs = {(pair.first_id, pair.second_id or 0): pair for pair in pairs}
        self.places: dict[int, set[tuple[int, int]]] = defaultdict(set)
        for key in self.pairs:
            for place in key:
                self.places[place].add(key)
        self.gone: list[int] = []
        self.changed: dict[int, DuplicateCandidate] = {}

    def of(self, place: int) -> list[DuplicateCandidate]:
        """Return the pairs of a place."""
        return [self.pairs[key] for key in sorted(self.places[place])]

    def take(self, pair: DuplicateCandidate) -> DuplicateCandidate:
        """Take a pair out."""
        key = (pair.first_id, pair.second_id or 0)
        del self.pairs[key]
        for place in key:
            self.places[place].discard(key)
        self.changed.pop(pair.pk, None)
        return pair

    def move(self, pair: DuplicateCandidate, one: int, other: int) -> None:
        """Make a pair that of two other places; what was decided holds for the one they have."""
        self.take(pair)
        key = ordered(one, other)
        if known := self.pairs.get(key):
            self.gone.append(pair.pk)
            if pair.status == DuplicateStatus.DIFFERENT:
                known.status = pair.status
                known.decided_at, known.decided_by_id = pair.decided_at, pair.decided_by_id
                self.changed[known.pk] = known
            return
        pair.first_id, pair.second_id = key
        self.pairs[key] = self.changed[pair.pk] = pair
        for place in key:
            self.places[place].add(key)
