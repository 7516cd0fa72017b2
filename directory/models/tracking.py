"""Keeps the history of models: every write by the ORM, one record or thousands.

Triggers of the database would see what the ORM does not: docs/decisions/0021-history.md says why
they are not used here.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import models, transaction
from django.db.models.signals import m2m_changed, pre_delete, pre_save
from django.dispatch import receiver
from simple_history.models import HistoricalRecords

from directory.models.history_rows import (
    CHUNK,
    TRACKED,
    UNTRACKED,
    Changes,
    HistoryRow,
    differences,
    linked_keys,
    plain,
    record,
    record_many,
    tracked_names,
)
from directory.models.revisions import REASON_MAX, is_silent


class Tracked(HistoricalRecords):
    """History of a model and of its `linked` many-to-many fields."""

    _date_indexing = False  # rows are found by record, by page and by revision alone

    def __init__(self, linked: tuple[str, ...] = ()) -> None:
        self.linked = linked
        super().__init__(
            verbose_name="historique",
            verbose_name_plural="historiques",
            bases=(HistoryRow,),
            history_id_field=models.BigAutoField(),
            history_change_reason_field=models.CharField(max_length=REASON_MAX, blank=True),
        )

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        """Follow one model, once it is whole."""
        if sender is not self.cls:
            return
        fields = sender._meta.concrete_fields
        self.excluded_fields = [f.name for f in fields if f.name in UNTRACKED]
        self.no_db_index = [f.name for f in sender._meta.concrete_fields if not f.primary_key]
        super().finalize(sender, **kwargs)
        TRACKED[sender] = self.linked
        pre_save.connect(_remember, sender=sender, weak=False)

    def post_save(
        self, instance: Any, created: bool, using: str | None = None, **kwargs: Any
    ) -> None:
        """Write what changed, nothing when nothing did."""
        former = instance.__dict__.pop("_former", None)
        if is_silent() or kwargs.get("raw"):
            return
        if created:
            record(instance, "+", {})
        elif former is not None and (changes := differences(former, instance)):
            record(instance, "~", changes)

    def pre_delete(self, instance: Any, **kwargs: Any) -> None:
        """Remember what a deletion would lose."""
        if is_silent():
            return
        super().pre_delete(instance, **kwargs)
        instance._linked_lost = {
            name: [kept, []] for name in self.linked if (kept := linked_keys(instance, name))
        }

    def post_delete(self, instance: Any, using: str | None = None, **kwargs: Any) -> None:
        """Write the record as it was."""
        if not is_silent():
            record(instance, "-", instance.__dict__.pop("_linked_lost", {}))


class TrackedQuerySet(models.QuerySet):
    """Bulk writes with their history. Deletions send signals: they need nothing here."""

    def update(self, **values: Any) -> int:
        """Update, and write one row of history for each record that changed."""
        names = [n for n in tracked_names(self.model) if n in values or f"{n}_id" in values]
        if is_silent() or not names:
            return super().update(**values)
        with transaction.atomic(using=self.db):
            fields: Any = [self.model._meta.get_field(name) for name in names]
            columns = [field.attname for field in fields]
            rows = self.order_by().values_list("pk", *columns)
            former = {row[0]: dict(zip(columns, row[1:], strict=True)) for row in rows}
            count = super().update(**values)
            base = self.model._base_manager.using(self.db)
            for keys in _chunks(former):
                found = base.filter(pk__in=keys)
                record_many(
                    (one, "~", changes)
                    for one in found
                    if (changes := _compared(one, former[one.pk], names))
                )
        return count

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Create, and write one row of history for each record."""
        made = super().bulk_create(objs, *args, **kwargs)
        if not is_silent():
            record_many((one, "+", {}) for one in made)
        return made


def _compared(instance: Any, former: dict[str, Any], names: Collection[str]) -> Changes:
    found = {}
    for name in names:
        before = former[instance._meta.get_field(name).attname]
        if (after := plain(instance, name)) != before:
            found[name] = [before, after]
    return found


def _chunks(keys: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(keys)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


def _remember(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Read a record as it is before it is saved."""
    only = kwargs.get("update_fields")
    names = [n for n in tracked_names(sender) if only is None or {n, f"{n}_id"} & set(only)]
    if is_silent() or kwargs.get("raw") or instance._state.adding or not names:
        return
    row = sender._base_manager.filter(pk=instance.pk).values(*names).first()
    if row is not None:
        instance._former = row


@receiver(m2m_changed, dispatch_uid="directory.tracking.links")
def _links_changed(
    sender: Any, instance: Any, action: str, model: Any, pk_set: Any, **kwargs: Any
) -> None:
    """Write what a many-to-many field became, whichever side was written."""
    reverse = kwargs["reverse"]
    owner = model if reverse else type(instance)
    names = [n for n in TRACKED.get(owner, ()) if getattr(owner, n).through is sender]
    if is_silent() or not names:
        return
    name = names[0]
    moment, _, _ = action.partition("_")
    if moment == "pre":
        records = [instance]
        if reverse:
            kept = {owner._meta.get_field(name).name: instance.pk} if pk_set is None else None
            records = list(owner._default_manager.filter(**(kept or {"pk__in": pk_set})))
        instance._links_before = [(one, linked_keys(one, name)) for one in records]
        return
    for one, before in instance.__dict__.pop("_links_before", ()):
        after = linked_keys(one, name)
        if after != before:
            record(one, "~", {name: [before, after]})


@receiver(pre_delete, dispatch_uid="directory.tracking.emptied")
def _emptied(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Empty by the ORM what a deletion would empty unseen (`SET_NULL`)."""
    for relation in sender._meta.related_objects:
        model: Any = relation.related_model
        if model in TRACKED and relation.on_delete is models.SET_NULL and not is_silent():
            held = model._default_manager.filter(**{relation.field.name: instance.pk})
            held.update(**{relation.field.name: None})
