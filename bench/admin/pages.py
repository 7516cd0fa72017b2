"""Which addresses of the moderators' side a person is measured on: all those they may open."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count
from django.test import RequestFactory
from django.urls import reverse

from bench.admin.rows import REGION
from directory import models
from directory.models.import_runs import RunState
from directory.moderation import policy
from directory.vocabularies.duplicates import DuplicateStatus
from directory.vocabularies.names import BulkAction, ContributionKind, ContributionStatus

MANY, NONE = "mairie", "introuvable"
"""Words that many records hold, and none."""
CHOSEN = 100
"""Rows ticked for a bulk action."""


@dataclass(frozen=True)
class Page:
    """An address, asked by POST when it has data."""

    path: str
    data: dict[str, Any] = field(default_factory=dict, hash=False)
    note: str = ""

    @property
    def name(self) -> str:
        """What the table says."""
        return f"{self.path} {self.note}".strip()


def pages_of(user: Any) -> list[Page]:
    """Return the addresses of a person, each once.

    Lists are asked in every way by a national administrator, who has the longest ones: once by
    filter, and in their first order, by moderators, whose rows cost more to choose.
    """
    request = RequestFactory().get("/admin/")
    request.user = user
    found: list[Iterator[Page]] = [_home(user)]
    for model, own in sorted(
        admin.site._registry.items(), key=lambda pair: str(pair[0]._meta.label)
    ):
        if own.has_view_or_change_permission(request):
            found += [
                _list(own, request, policy.is_national(user)),
                _forms(own, request, model),
                _autocompletes(own),
            ]
            if hasattr(own, "history_view") and model in {models.Place, models.Actor}:
                found.append(_bulk(own, request))
    return list(dict.fromkeys(chain.from_iterable([*found, _special(request)])))


def _home(user: Any) -> Iterator[Page]:
    yield from map(_named, ("index", "uncovered_needs", "directory_recent_actions"))
    revision = models.Revision.objects.exclude(action="").filter(user=user).first()
    if revision:
        yield _named("directory_bulk_done", revision.pk)


def _list(own: Any, request: Any, thorough: bool) -> Iterator[Page]:
    """Yield a list: plain, searched, filtered, sorted, its second and last pages."""
    address = _address(own, "changelist")
    held = own.get_changelist_instance(request)
    yield Page(address)
    if own.search_fields:
        yield from (Page(f"{address}?q={word}") for word in (MANY, NONE))
    for spec in held.filter_specs:
        offered = [one["query_string"] for one in spec.choices(held) if not one["selected"]]
        kept = [offered[-1], offered[0]][: 1 + thorough] if offered else []
        yield from (Page(f"{address}{query}") for query in kept)
    if own.date_hierarchy:
        yield Page(f"{address}?{own.date_hierarchy}__year=2026")
    for number, name in enumerate(held.list_display):
        if held.get_ordering_field(name) and (thorough or number == 1):
            yield Page(f"{address}?o=-{number}")
    last = held.paginator.num_pages
    if last > 1:
        yield from (Page(f"{address}?p={number}") for number in (2, last))


def _forms(own: Any, request: Any, model: Any) -> Iterator[Page]:
    """Yield the forms to add and to change, the history, the page that asks before deleting."""
    if own.has_add_permission(request):
        yield Page(_address(own, "add"))
    rows = own.get_queryset(request)
    for key in dict.fromkeys([rows.values_list("pk", flat=True).first(), *_biggest(rows, model)]):
        if key is not None:
            yield Page(_address(own, "change", key))
            yield Page(_address(own, "history", key))
            row = model._base_manager.get(pk=key)
            if own.has_delete_permission(request, row):
                yield Page(_address(own, "delete", key))


def _biggest(rows: Any, model: Any) -> list[Any]:
    """Return the keys of the records that have the most below them."""
    paths = {
        models.Place: ("services", "stops"),
        models.Service: ("service_needs",),
        models.Actor: ("members", "operated_places"),
        models.Commune: ("names", "postcodes"),
        models.Need: ("translations", "synonyms"),
        models.Source: ("places",),
        models.Department: ("communes",),
    }.get(model, ())
    return [
        rows.order_by().annotate(n=Count(path)).order_by("-n").values_list("pk", flat=True).first()
        for path in paths
    ]


def _autocompletes(own: Any) -> Iterator[Page]:
    """Yield what each field that proposes while typing asks, with a word and without."""
    asked = [(own.model, name) for name in own.autocomplete_fields]
    asked += [(one.model, name) for one in own.inlines for name in one.autocomplete_fields]
    for model, name in asked:
        query = {"app_label": "directory", "model_name": model._meta.model_name, "field_name": name}
        for term in ("", MANY):
            yield Page(f"{reverse('admin:autocomplete')}?{urlencode(query | {'term': term})}")


def _bulk(own: Any, request: Any) -> Iterator[Page]:
    """Yield the pages that ask before a bulk action: of a hundred rows, and of all of them."""
    address = _address(own, "changelist")
    for name in ("delete_selected", *(f"bulk_{action.value}" for action in BulkAction)):
        if name not in own.get_actions(request):
            continue
        keys = list(own.get_queryset(request).values_list("pk", flat=True)[:CHOSEN])
        data = {"action": name, "index": "0", ACTION_CHECKBOX_NAME: keys, "select_across": "0"}
        yield Page(address, data, f"POST {name} of {len(keys)}")
        across = data | {"select_across": "1"}
        yield Page(address, across, f"POST {name} of all")
        if own.model is models.Place:
            found = f"{address}?commune__department__region__code__exact={REGION}"
            yield Page(found, across, f"POST {name} of all found")


def _special(request: Any) -> Iterator[Page]:
    """Yield reviews, merges, previews, and the lists that the front page opens."""

    def seen(model: Any) -> Any:
        own = admin.site._registry[model]
        allowed = own.has_view_or_change_permission(request)
        return own.get_queryset(request) if allowed else model.objects.none()

    contributions = seen(models.Contribution).filter(status=ContributionStatus.PENDING)
    for kind in ContributionKind:
        if one := contributions.filter(kind=kind).first():
            yield _named("directory_contribution_change", one.pk)
    for status in DuplicateStatus:
        if pair := seen(models.DuplicateCandidate).filter(status=status).first():
            yield _named("directory_duplicatecandidate_change", pair.pk)
    for campaign in (*seen(models.Campaign)[:2], *seen(models.Campaign).order_by("pk")[:1]):
        yield _named("directory_campaign_follow", campaign.pk)
    if run := seen(models.ImportRun).filter(state=RunState.READY).first():
        page = _named("directory_importrun_change", run.pk)
        yield from (Page(f"{page.path}{query}") for query in ("", "?quoi=modifié", "?page=500"))


def _named(name: str, *keys: Any) -> Page:
    return Page(reverse(f"admin:{name}", args=keys))


def _address(own: Any, what: str, *keys: Any) -> str:
    return reverse(f"admin:{own.opts.app_label}_{own.opts.model_name}_{what}", args=keys)
