"""To whom records may be confided: a person, or the team of a region or of a department.

Written "u:12", "r:28", "d:14"; nothing for nobody.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.translation import gettext as _

from directory.models import Actor, Department, Place, Region, Role, RoleKind
from directory.moderation import policy
from directory.moderation.policy import Action

COLUMNS = {"u": "assigned_to", "r": "assigned_region", "d": "assigned_department"}


def choices(user: Any) -> list[tuple[str, str]]:
    """Return who this person may confide records to: themselves, and whom they share roles with.

    A national administrator sees every team and every moderator. Three queries.
    """
    grants = policy.grants_of(user)
    regions, departments = Region.objects.order_by("name"), Department.objects.order_by("name")
    roles = Role.objects.holding().filter(user__is_active=True)
    if not grants.national:
        regions = regions.filter(code__in=grants.regions)
        departments = departments.filter(
            Q(code__in=grants.departments) | Q(region__in=grants.regions)
        )
        roles = roles.filter(
            Q(region__in=grants.regions)
            | Q(department__in=grants.departments)
            | Q(department__region__in=grants.regions)
        )
    kinds = (RoleKind.NATIONAL, RoleKind.REGION, RoleKind.DEPARTMENT)
    people = {user.pk: user.get_username()} | dict(
        roles.filter(kind__in=kinds).values_list("user", "user__username")
    )
    return [
        ("", _("Personne")),
        *((f"u:{key}", name) for key, name in sorted(people.items(), key=lambda one: one[1])),
        *((f"r:{one.pk}", _("Équipe de la région %(name)s") % {"name": one}) for one in regions),
        *(
            (f"d:{one.pk}", _("Équipe du département %(name)s") % {"name": one})
            for one in departments
        ),
    ]


def columns(assignee: str | None) -> dict[str, Any]:
    """Return the columns that confide a record."""
    kind, _colon, key = (assignee or "").partition(":")
    return {
        f"{name}_id": (int(key) if letter == "u" else key) if letter == kind else None
        for letter, name in COLUMNS.items()
    }


def reached(assignee: str, model: type[Place] | type[Actor], keys: list[int]) -> set[int]:
    """Return which of these records this person, or this team, may change."""
    kind, _colon, key = assignee.partition(":")
    if kind == "u":
        user = User.objects.filter(pk=int(key)).first()
        rows: Any = policy.scope(user, model, Action.CHANGE) if user else model.objects.none()
    elif model is Actor:
        rows = Actor.objects.all()
    else:
        path = "commune__department__region" if kind == "r" else "commune__department"
        rows = Place.objects.filter(**{path: key})
    return set(rows.filter(pk__in=keys).values_list("pk", flat=True))


def waiting_for(user: Any) -> Q:
    """Return the condition that a record is confided to this person or to one of their teams."""
    grants = policy.grants_of(user)
    return (
        Q(assigned_to=user.pk)
        | Q(assigned_region__in=grants.regions)
        | Q(assigned_department__in=grants.departments)
    )
