"""What a person was granted, read once by request."""

from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from directory.models import Role, RoleKind

Codes = frozenset[str]
User = AbstractBaseUser | AnonymousUser

_KEPT = "_directory_grants"


@dataclass(frozen=True)
class Grants:
    """The roles of one person, put together. Regions and departments are INSEE codes."""

    national: bool = False
    regions: Codes = frozenset()
    departments: Codes = frozenset()
    actors: frozenset[int] = frozenset()
    observes_all: bool = False
    observed_regions: Codes = frozenset()
    observed_departments: Codes = frozenset()
    seen: dict[Any, bool] = field(default_factory=dict, compare=False, repr=False)
    """Answers already given on one record, by question."""

    @property
    def moderates(self) -> bool:
        """Whether a territory is theirs to keep true."""
        return self.national or bool(self.regions or self.departments)

    @property
    def observes(self) -> bool:
        """Whether they read more than they keep."""
        return self.observes_all or bool(self.observed_regions or self.observed_departments)

    def __bool__(self) -> bool:
        return self.moderates or self.observes or bool(self.actors)


NOBODY = Grants()


def grants_of(user: User) -> Grants:
    """Return what `user` was granted: one query the first time, none after (nor for a superuser).

    The answer is kept on the object, hence for one request.
    """
    kept = getattr(user, _KEPT, None)
    if kept is None:
        kept = _read(user)
        setattr(user, _KEPT, kept)
    return cast("Grants", kept)


def forget(user: User) -> None:
    """Read the roles again at the next question."""
    if hasattr(user, _KEPT):
        delattr(user, _KEPT)


def _read(user: User) -> Grants:
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    if getattr(user, "is_superuser", False):
        return Grants(national=True)
    rows = list(
        Role.objects.holding()
        .filter(user=user.pk)
        .values_list("kind", "region_id", "department_id", "actor_id")
    )

    def gathered(kind: RoleKind, column: int) -> frozenset[Any]:
        return frozenset(row[column] for row in rows if row[0] == kind and row[column] is not None)

    return Grants(
        national=any(row[0] == RoleKind.NATIONAL for row in rows),
        regions=gathered(RoleKind.REGION, 1),
        departments=gathered(RoleKind.DEPARTMENT, 2),
        actors=gathered(RoleKind.ACTOR, 3),
        observes_all=any(row[0] == RoleKind.OBSERVER and not any(row[1:]) for row in rows),
        observed_regions=gathered(RoleKind.OBSERVER, 1),
        observed_departments=gathered(RoleKind.OBSERVER, 2),
    )
