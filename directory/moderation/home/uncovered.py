"""Needs that nobody covers: declared by no published place of a department."""

from collections import defaultdict
from collections.abc import Iterator

from directory.models import Department, Need, ServiceNeed
from directory.moderation import policy
from directory.moderation.policy.grants import User
from directory.vocabularies.names import Basis, State


def uncovered(user: User) -> Iterator[tuple[Department, list[Need]]]:
    """Yield each department that a person moderates, with its needs without a place."""
    if not policy.grants_of(user).moderates:
        return
    needs, covered = list(Need.objects.all()), _covered(user)
    for department in policy.choices(user, Department).order_by("name", "pk"):
        missing = [need for need in needs if need.pk not in covered[department.pk]]
        if missing:
            yield department, missing


def uncovered_count(user: User) -> int:
    """Return how many pairs of a department and a need that makes; three queries."""
    held = sum(map(len, _covered(user).values()))
    return policy.choices(user, Department).count() * Need.objects.count() - held


def _covered(user: User) -> dict[str, set[int]]:
    rows = ServiceNeed.objects.filter(
        basis=Basis.DECLARED,
        service__state=State.PUBLISHED,
        service__place__state=State.PUBLISHED,
    )
    if not policy.is_national(user):
        own = policy.choices(user, Department).values("pk")
        rows = rows.filter(service__place__commune__department__in=own)
    pairs = rows.order_by().values_list("service__place__commune__department", "need").distinct()
    covered: dict[str, set[int]] = defaultdict(set)
    for department, need in pairs:
        covered[department].add(need)
    return covered
