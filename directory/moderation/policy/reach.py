"""Which rows an area holds, in SQL: a place by its commune, everything else by what it hangs on."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from directory.models import Actor, Department, Service
from directory.vocabularies.names import Level

NONE = Q(pk__in=())


@dataclass(frozen=True)
class Area:
    """Regions and departments (INSEE codes), and organisations with what is theirs."""

    everywhere: bool = False
    regions: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    actors: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.regions or self.departments or self.actors)


Reach = Callable[[Area], Q]


def in_departments(area: Area, path: str) -> Q:
    """Return the condition that the department at `path` is in the area's territory."""
    condition = NONE
    if area.departments:
        condition |= Q(**{f"{path}__in": area.departments})
    if area.regions:
        condition |= Q(**{f"{path}__region__in": area.regions})
    return condition


def places(area: Area, prefix: str = "") -> Q:
    """Return the condition that a place stands in the area, or is run by one of its actors."""
    condition = in_departments(area, f"{prefix}commune__department")
    if area.actors:
        condition |= Q(**{f"{prefix}operator__in": area.actors})
    return condition


def of_place(area: Area) -> Q:
    """Return the condition that a row's place is in the area."""
    return places(area, "place__")


def pairs(area: Area) -> Q:
    """Return the condition that both places of a pair are in the area: each names the other."""
    return places(area, "first__") & (Q(second=None) | places(area, "second__"))


def actors_seen(area: Area) -> Q:
    """Return the condition that an actor works in the area, above it, or in the whole country."""
    above = Department.objects.filter(code__in=area.departments).values("region")
    return (
        Q(level=Level.NATIONAL)
        | Q(pk__in=area.actors)
        | Q(pk__in=_served("regions", Q(region__in=area.regions) | Q(region__in=above)))
        | Q(pk__in=_served("departments", in_departments(area, "department")))
        | Q(pk__in=_served("communes", in_departments(area, "commune__department")))
    )


def actors_kept(area: Area) -> Q:
    """Return the condition that an actor works in the area and nowhere else."""
    tests = {
        "regions": Q(region__in=area.regions),
        "departments": in_departments(area, "department"),
        "communes": in_departments(area, "commune__department"),
    }
    inside, outside = Q(), Q()
    for name, test in tests.items():
        inside |= Q(pk__in=_served(name, test))
        outside |= Q(pk__in=_served(name, ~test))
    return (inside & ~outside & ~Q(level=Level.NATIONAL)) | Q(pk__in=area.actors)


def services(area: Area) -> Q:
    """Return the condition that a service is given at a place of the area, or by its actors."""
    own = Actor.objects.filter(actors_kept(area)).values("pk")
    return Q(pk__in=Service.objects.filter(of_place(area)).values("pk")) | Q(
        place=None, actor__in=own
    )


def of_service(area: Area) -> Q:
    """Return the condition that a row's service is in the area."""
    return Q(service__in=Service.objects.filter(services(area)).values("pk"))


def territories(area: Area, path: str) -> Q:
    """Return the condition that a territory is inside; an organisation may name any."""
    return Q() if area.actors else in_departments(area, path)


def _served(name: str, condition: Q) -> QuerySet:
    """Return the actors one of whose `name` (regions, departments, communes) meets a condition."""
    return getattr(Actor, name).through.objects.filter(condition).values("actor")
