"""Gives to a kept place what named an absorbed one, for several merges at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ForeignObjectRel, Model, OuterRef, QuerySet, Subquery

from directory.models import (
    Closure,
    DuplicateCandidate,
    FieldProvenance,
    Place,
    PlaceRedirect,
    PlaceSource,
    Service,
    Stop,
)
from directory.models.history_rows import HistoryRow, told_by_place

HANDLED = frozenset(
    {
        Closure, DuplicateCandidate, FieldProvenance, Place, PlaceRedirect, PlaceSource, Service,
        Stop,
    }
)  # fmt: skip
"""Models that refer to places and are moved by rules of their own; the others follow the place."""


def repoint(rows: QuerySet[Any, Any], column: str, to: Collection[int]) -> None:
    """Write in a column, instead of absorbed places' numbers, those of the places that took them.

    Their redirects must be there. One statement, as short for a hundred places as for one.
    """
    if to:
        taken_by = PlaceRedirect.objects.filter(number=OuterRef(column)).order_by()
        rows.filter(**{f"{column}__in": to}).update(**{column: Subquery(taken_by.values("place"))})


def rewrite(rows: Sequence[Model], columns: Iterable[str]) -> None:
    """Write some columns of records that are there, in one statement.

    Django's `bulk_update` writes a condition for each value, which costs ten times as much.
    """
    if rows:
        type(rows[0])._default_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=["pk"], update_fields=[*columns]
        )


def follow(to: Mapping[int, int]) -> None:
    """Give the kept places the rows of every other table, and the history of what they receive."""
    for relation in other_relations():
        model = relation.related_model
        _follow(model._default_manager.all(), relation.field.name, to)
    for rows in told_by_place():
        if present := _present(rows, "place_key", to):
            repoint(rows, "place_key", present)


def _follow(rows: QuerySet[Any, Any], column: str, to: Mapping[int, int]) -> None:
    """Re-point rows; what the kept place had already, by a rule of the database, goes."""
    present = _present(rows, column, to)
    if not present:
        return
    try:
        with transaction.atomic():
            repoint(rows, column, present)
    except IntegrityError:
        known = rows.filter(**{f"{column}__in": present}).values_list("pk", column)
        for key, old in list(known):
            try:
                with transaction.atomic():
                    rows.filter(pk=key).update(**{column: to[old]})
            except IntegrityError:
                rows.filter(pk=key).delete()


def _present(rows: QuerySet[Any, Any], column: str, to: Collection[int]) -> set[int]:
    """Return those of some places that a table names: most tables name none."""
    found = rows.filter(**{f"{column}__in": to}).order_by().values_list(column, flat=True)
    return set(found.distinct())


def other_relations() -> Iterator[ForeignObjectRel]:
    """Yield the relations to places that no rule here names: contributions, and those to come."""
    for relation in Place._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or not relation.one_to_many:
            continue
        model = relation.related_model
        if issubclass(model, HistoryRow):  # see `follow`
            continue
        if model not in HANDLED and not model._meta.auto_created:
            yield relation
