"""The pairs kept in the database: what is to be examined, and what was decided."""

from collections import defaultdict

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.utils import timezone

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


def absorb(kept: int, absorbed: int) -> DuplicateCandidate:
    """Re-point the pairs of an absorbed place to the kept one; return their own pair, not saved.

    What a person said of one of them holds for the one place that they are now.
    """
    DuplicateCandidate.objects.filter(first=absorbed, second=None).update(first=kept)
    own = DuplicateCandidate(score=0)
    for pair in DuplicateCandidate.objects.filter(Q(first=absorbed) | Q(second=absorbed)):
        other = pair.second_id if pair.first_id == absorbed else pair.first_id
        if other == kept:
            own = pair
        else:
            _repoint(pair, kept, other or 0)
    return own


def _repoint(pair: DuplicateCandidate, kept: int, other: int) -> None:
    first, second = ordered(kept, other)
    known = DuplicateCandidate.objects.filter(first=first, second=second)
    if not known.exists():
        pair.first_id, pair.second_id = first, second
        pair.save(update_fields=["first", "second"])
        return
    if pair.status == DuplicateStatus.DIFFERENT:
        known.update(status=pair.status, decided_at=pair.decided_at, decided_by=pair.decided_by)
    pair.delete()
