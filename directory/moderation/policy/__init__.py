"""Who may do what, and where: the only place where it is decided.

Lists, forms, actions, choices, exports, imports and histories ask here:

    scope(user, Place)                  rows this person may see
    scope(user, Place, Action.CHANGE)   rows this person may change
    can(user, Action.DELETE, place)     one record; or a model: any row of it at all?
    choices(user, Commune)              rows this person may attach to others
    reserved_fields(user, Place)        fields this person reads and does not change

A person's roles are read once by request. See docs/accounts.md.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import CharField, Model, Q, QuerySet, Value
from django.db.models.functions import Cast

from directory.models import Actor, Commune, Department, Place, Region, Service
from directory.moderation.policy.grants import Grants, User, forget, grants_of
from directory.moderation.policy.reach import Area, Reach, territories
from directory.moderation.policy.rules import (
    RULES,
    SAID_WHEN_ADDING,
    SET_BY_MODERATORS,
    Action,
    Rule,
    rule_of,
)

__all__ = [
    "RULES",
    "Action",
    "Grants",
    "ask_together",
    "can",
    "can_enter",
    "choices",
    "forget",
    "grants_of",
    "is_national",
    "reserved_fields",
    "scope",
]

M = TypeVar("M", bound=Model)


def can_enter(user: User) -> bool:
    """Tell whether this person has anything to do on the moderators' side."""
    return bool(grants_of(user))


def is_national(user: User) -> bool:
    """Tell whether this person administers the whole country."""
    return grants_of(user).national


def scope(user: User, model: type[M], action: Action = Action.VIEW) -> QuerySet[M]:
    """Return the rows of `model` on which this person may do `action`. Adds no query."""
    rows = model._default_manager.all()
    rule, grants = rule_of(model), grants_of(user)
    area = _area(grants, rule, action)
    if area.everywhere:
        return rows
    if not area:
        return rows.none()
    reach = _reach(rule, action)
    return rows.filter(reach(area)) if reach else rows


def _reach(rule: Rule, action: Action) -> Reach | None:
    return rule.seen if action in {Action.VIEW, Action.EXPORT} else rule.kept


def can(user: User, action: Action, target: Model | type[Model]) -> bool:
    """Tell whether this person may do `action` on a record, or on any row of a model.

    A record costs one query the first time, none for a national administrator.
    """
    model = target if isinstance(target, type) else type(target)
    grants, rule = grants_of(user), rule_of(model)
    area = _area(grants, rule, action)
    if area.everywhere or not area or isinstance(target, type) or target.pk is None:
        return bool(area)
    # Reading, changing and deleting are most often the same rows: asked once.
    question = (_reach(rule, action), area, model, target.pk)
    if question not in grants.seen:
        grants.seen[question] = scope(user, model, action).filter(pk=target.pk).exists()
    return grants.seen[question]


def choices(user: User, model: type[M]) -> QuerySet[M]:
    """Return the rows that this person may attach to the records they keep.

    Territories are those they moderate (an organisation may name any: its records stay its own).
    """
    grants = grants_of(user)
    if grants.national:
        return model._default_manager.all()
    if model in {Place, Service}:
        return scope(user, model, Action.CHANGE)
    if model is Actor and not grants.moderates:
        return scope(user, model, Action.CHANGE)
    if model in {Region, Department, Commune}:
        return model._default_manager.filter(_own_territory(grants, model))
    return scope(user, model)


def reserved_fields(user: User, model: type[Model], adding: bool = False) -> frozenset[str]:
    """Return the fields that this person only reads: those that moderators set.

    Who adds a record says what it hangs on; it stays a draft.
    """
    if grants_of(user).moderates:
        return frozenset()
    reserved = SET_BY_MODERATORS.get(model, frozenset())
    return reserved - SAID_WHEN_ADDING if adding else reserved


def ask_together(user: User, action: Action, records: Mapping[type[Model], Sequence[Any]]) -> None:
    """Answer `can` on many records, given by their keys, of several models: by one query."""
    grants, asked = grants_of(user), []
    for number, (model, keys) in enumerate(records.items()):
        rows = scope(user, model, action).filter(pk__in=keys).order_by()
        named = rows.annotate(
            asked_model=Value(number), asked_key=Cast("pk", CharField(max_length=80))
        )
        asked.append(named.values_list("asked_model", "asked_key"))
    allowed = set(asked[0].union(*asked[1:], all=True)) if asked else set()
    for number, (model, keys) in enumerate(records.items()):
        rule = rule_of(model)
        question = (_reach(rule, action), _area(grants, rule, action), model)
        grants.seen.update({(*question, key): (number, str(key)) in allowed for key in keys})


def _own_territory(grants: Grants, model: type[Model]) -> Q:
    area = Area(False, grants.regions, grants.departments, grants.actors)
    if model is Commune:
        return territories(area, "department")
    if area.actors:
        return Q()
    if model is Department:
        return Q(pk__in=area.departments) | Q(region__in=area.regions)
    return Q(pk__in=area.regions)


def _area(grants: Grants, rule: Rule, action: Action) -> Area:
    """Return where these grants allow an action on the rows of a rule."""
    moderates, edits = action in rule.moderators, action in rule.editors
    observes = action in rule.observers
    if rule.seen is None and (
        (moderates and (grants.regions or grants.departments))
        or (edits and grants.actors)
        or (observes and grants.observes)
    ):
        return Area(everywhere=True)
    return Area(
        everywhere=(grants.national and action in rule.national)
        or (observes and grants.observes_all),
        regions=(grants.regions if moderates else frozenset())
        | (grants.observed_regions if observes else frozenset()),
        departments=(grants.departments if moderates else frozenset())
        | (grants.observed_departments if observes else frozenset()),
        actors=grants.actors if edits else frozenset(),
    )
