"""Rows of history: what they hold, how they are written.

A row (django-simple-history) is the record after the change; `changes` tells each field before and
after, so that a page compares nothing and old rows may go.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import islice
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from directory.models.revisions import Revision, current
from directory.vocabularies.names import Origin

CHUNK = 1_000
"""Rows read and written together."""
UNTRACKED = frozenset(
    {"created_at", "updated_at", "search_text", "completeness", "state_changed_at"}
)
"""Columns that follow the others."""

Changes = dict[str, list[Any]]
"""By name of field, what it was and what it is; keys of records for relations."""


class HistoryRow(models.Model):
    """What every table of history adds: the revision, whose page shows it, what changed."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="+")
    place_key = models.BigIntegerField(null=True, db_index=True)
    actor_key = models.BigIntegerField(null=True, db_index=True)
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        abstract = True


TRACKED: dict[type[models.Model], tuple[str, ...]] = {}
"""Models whose history is kept, with the many-to-many fields that are part of it."""


def history_of(model: type[models.Model]) -> Any:
    """Return the model that keeps the history of `model`."""
    return _history_of(model)


@cache
def _history_of(model: Any) -> Any:
    return model.history.model  # the library makes a manager each time


def tracked_names(model: type[models.Model]) -> list[str]:
    """Return the names of the columns whose changes are kept."""
    fields = model._meta.concrete_fields
    return [f.name for f in fields if not f.primary_key and f.name not in UNTRACKED]


def differences(former: dict[str, Any], instance: Any) -> Changes:
    """Return what differs in a record from what its columns (by name) were."""
    return {
        name: [before, after]
        for name, before in former.items()
        if (after := plain(instance, name)) != before
    }


def plain(instance: Any, name: str) -> Any:
    """Return the value of a field as history keeps it."""
    field = instance._meta.get_field(name)
    value = getattr(instance, field.attname)
    # What was just given may be text where a date is meant.
    return field.to_python(value) if value is not None and not field.is_relation else value


def linked_keys(instance: Any, name: str) -> list[Any]:
    """Return the keys that a many-to-many field of a record holds, in order."""
    field = instance._meta.get_field(name)
    rows = field.remote_field.through._default_manager.filter(
        **{field.m2m_field_name(): instance.pk}
    )
    column = field.m2m_reverse_field_name() + "_id"
    return sorted(rows.values_list(column, flat=True))


def record(instance: Any, kind: str, changes: Changes) -> None:
    """Write one row, or complete the one of this record in the revision under way.

    What an import creates leaves no row: the record's source and its date tell it.
    """
    now = current()
    key = (type(instance), instance.pk)
    if kind == "+" and now.origin == Origin.IMPORT:
        now.created.add(key)
    if key in now.created:
        return
    revision = now.begin()
    written = now.rows.get(key)
    row = _row(instance, kind, changes, revision)
    if written is None or kind != "~":
        row.save(force_insert=True)
    else:
        row.history_id, row.history_type = written.history_id, written.history_type
        row.changes = merged(written.changes, changes)
        if row.changes or row.history_type == "+":
            row.save(force_update=True)
        else:
            row.delete()
            del now.rows[key]
            return
    now.rows[key] = row


def record_many(written: Iterable[tuple[Any, str, Changes]]) -> int:
    """Write rows (record, kind, changes) in the revision under way; return how many."""
    now = current()
    several = ((o, k, c) for o, k, c in written if not (k == "+" and now.origin == Origin.IMPORT))
    count = 0
    while chunk := list(islice(several, CHUNK)):
        revision = now.begin()
        rows = [_row(one, kind, changes, revision) for one, kind, changes in chunk]
        type(rows[0])._default_manager.bulk_create(rows)
        count += len(rows)
    return count


def record_told(told: Iterable[tuple[Revision, Any, str, Changes]]) -> None:
    """Write rows (record, kind, changes) of several revisions, one statement for each model."""
    rows: dict[type[models.Model], list[Any]] = defaultdict(list)
    for revision, one, kind, changes in told:
        row = _row(one, kind, changes, revision)
        rows[type(row)].append(row)
    for model, some in rows.items():
        model._default_manager.bulk_create(some, batch_size=CHUNK)


def told_by_place() -> list[models.QuerySet]:
    """Return the histories of all but places: `place_key` says on whose page they are shown."""
    others = (model for model in TRACKED if model._meta.model_name != "place")
    return [history_of(model).objects.all() for model in others]


def merged(first: Changes, second: Changes) -> Changes:
    """Return two changes in a row as one; a field that came back is no change."""
    both = {**first}
    for name, (before, after) in second.items():
        both[name] = [first[name][0] if name in first else before, after]
    return {name: pair for name, pair in both.items() if pair[0] != pair[1]}


def _row(instance: Any, kind: str, changes: Changes, revision: Revision) -> Any:
    model = history_of(type(instance))
    place, actor = _pages(instance)
    return model(
        history_date=revision.at,
        history_type=kind,
        history_user_id=revision.user_id,
        history_change_reason=revision.reason,
        revision=revision,
        place_key=place,
        actor_key=actor,
        changes=changes,
        **{field.attname: getattr(instance, field.attname) for field in model.tracked_fields},
    )


def _pages(instance: Any) -> tuple[int | None, int | None]:
    """Return the keys of the place and of the actor whose page shows this record."""
    name = instance._meta.model_name
    if name in {"place", "actor"}:
        return (instance.pk, None) if name == "place" else (None, instance.pk)
    try:
        owner = instance.service if hasattr(instance, "service_id") else instance
    except ObjectDoesNotExist:
        return None, None
    return owner.place_id, getattr(owner, "actor_id", None)
