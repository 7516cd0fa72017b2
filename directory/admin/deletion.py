"""What a deletion would take along, told before it is confirmed: as much as a page can say.

Django names every record: a source of 25,000 places made a page of 5 MB in 3 seconds.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.sites import AdminSite
from django.contrib.admin.utils import NestedObjects, quote
from django.db import router
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from directory.models import Invitation, Role, ServiceArea
from directory.moderation import policy
from directory.moderation.policy import Action

ROWS_MAX = 200
"""Records deleted at once: those of the longest page of a list (directory/admin/base.py)."""
NAMED_MAX = 100
"""Records of one kind, hung on what is deleted, that are read and named."""

SAID_WITH: dict[type[Model], tuple[str, ...]] = {
    Role: ("actor", "region", "department"),
    Invitation: ("actor", "region", "department"),
    ServiceArea: ("region", "department", "commune"),
}
"""What the names of records quote: read with them."""

Told = tuple[list[Any], dict[str, Any], set[str], list[Any]]
"""What is deleted, how many by kind, the kinds that one may not delete, what forbids to delete."""


class Linked(NestedObjects):
    """What hangs on records; of each kind, no more than one beyond `most`."""

    def __init__(self, *args: Any, most: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    def related_objects(self, related_model: Any, related_fields: Any, objs: Any) -> QuerySet:
        """Leave out the tables between two models: their rows tell nothing to anybody."""
        if related_model._meta.auto_created:
            return related_model._base_manager.none()
        rows: QuerySet = super().related_objects(related_model, related_fields, objs)
        if related_model in SAID_WITH:
            rows = rows.select_related(*SAID_WITH[related_model])
        return rows if self.most is None else rows[: self.most + 1]


def told(site: AdminSite, request: HttpRequest, objs: Sequence[Any] | QuerySet) -> Told:
    """Return what the page that asks before deleting `objs` says.

    A moderator's cascade is read whole, as each of its records may be of elsewhere, which is then
    not named. A national administrator's right holds for every record of a kind.
    """
    found = list(objs[: ROWS_MAX + 1])
    if not found:
        return [], {}, set(), []
    if len(found) > ROWS_MAX:
        return [], {}, set(), [too_many()]
    most = NAMED_MAX if policy.is_national(request.user) else None
    collector = Linked(using=router.db_for_write(type(found[0])), origin=objs, most=most)
    collector.collect(found)
    rows: dict[Any, Any] = collector.model_objs
    if most is None:
        keys = {model: [row.pk for row in several] for model, several in rows.items()}
        policy.ask_together(request.user, Action.DELETE, keys)
    needed = {
        str(model._meta.verbose_name)
        for model, several in rows.items()
        for own in (site._registry.get(model),)
        if own and not all(own.has_delete_permission(request, row) for row in several)
    }
    if most is None:
        needed |= _detached(request, collector)
        if needed or collector.protected:
            others = [_("Des fiches liées ne sont pas de votre ressort.")]
            return [], {}, needed, others if collector.protected else []
        most = sum(map(len, rows.values()))
    tree = collector.nested(lambda row: _named(site, row))
    return tree, _counts(rows, most, type(found[0])), needed, _held(site, collector, most)


def _detached(request: HttpRequest, collector: Linked) -> set[str]:
    """Return the kinds of which records of elsewhere would lose what they name."""
    updates: dict[Any, Any] = collector.field_updates
    written = {
        (field.model, row.pk)
        for (field, _value), several in updates.items()
        for some in several
        for row in (some if isinstance(some, QuerySet) else [some])
    }
    detached = set()
    for model in {model for model, _key in written}:
        keys = {key for one, key in written if one is model}
        kept = policy.scope(request.user, model, Action.CHANGE).filter(pk__in=keys)
        if kept.count() < len(keys):
            detached.add(str(model._meta.verbose_name))
    return detached


def too_many() -> str:
    """Say how many records may be deleted at once."""
    told = _("Une suppression porte sur %(max)s fiches au plus\u00a0: réduisez la liste.")
    return told % {"max": ROWS_MAX}


def _counts(rows: dict[Any, Any], most: int, own: type[Model]) -> dict[str, Any]:
    """Return how many records of each kind would go: all of one's own, the first ones of others."""
    return {
        str(model._meta.verbose_name_plural): _("plus de %(max)s") % {"max": most}
        if len(several) > most and model is not own
        else len(several)
        for model, several in rows.items()
    }


def _held(site: AdminSite, collector: Linked, most: int) -> list[Any]:
    """Name what forbids to delete, or the first ones of it."""
    held = sorted(collector.protected, key=lambda row: (row._meta.label, row.pk))
    rest = [_("… et d’autres")] if len(held) > most else []
    return [*(_named(site, row) for row in held[:most]), *rest]


def _named(site: AdminSite, row: Any) -> Any:
    """Name a record, with a link to its form where it has one."""
    meta = row._meta
    if type(row) in site._registry:
        try:
            address = reverse(
                f"{site.name}:{meta.app_label}_{meta.model_name}_change", args=[quote(row.pk)]
            )
        except NoReverseMatch:
            pass
        else:
            return format_html(
                '{}\u00a0: <a href="{}">{}</a>', capfirst(meta.verbose_name), address, row
            )
    return f"{capfirst(meta.verbose_name)}\u00a0: {row}"
