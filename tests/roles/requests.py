"""Every request that the admin answers, drawn from `admin.site`: no address is written here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import RequestFactory
from django.urls import URLPattern, reverse

from tests.roles.two_regions import INSIDE, OUTSIDE, World

CONFIRMED = {"confirm": "1", "count": "1", "reason": "volé", "method": "phone", "post": "yes"}
"""What the page of a bulk action sends, and Django's own page of deletion ("post")."""
GROUP = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>")


@dataclass(frozen=True)
class Asked:
    """One request: who it speaks of, what it tries."""

    method: str
    url: str
    needs: str
    model: type[Model] | None = None
    mark: str = ""
    data: dict[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return f"{self.method} {self.url} {self.data or ''}".strip()


def of_model(model: type[Model], world: World) -> Iterator[Asked]:
    """Yield the requests of one admin class, on records of both sides."""
    model_admin = admin.site._registry[model]
    for pattern in model_admin.get_urls():
        names = {a or b for a, b in GROUP.findall(str(pattern.pattern))}
        if not pattern.name and names:
            continue  # the old address of a form, which only redirects
        for mark in (INSIDE, OUTSIDE):
            record = world.records[model, mark]
            key = str(record.pk)
            url = reverse(f"admin:{pattern.name}", args=[key] * len(names))
            yield from (_on_record if names else _on_list)(pattern, url, record, mark)


def _on_record(pattern: URLPattern, url: str, record: Model, mark: str) -> Iterator[Asked]:
    model, kind = type(record), str(pattern.name).rsplit("_", 1)[-1]
    needs = {"delete": "delete"}.get(kind, "view")
    popup = f"{url}?_popup=1&_to_field={model._meta.pk.attname}"
    yield Asked("GET", url, needs, model, mark)
    if kind == "change":
        yield Asked("GET", popup, needs, model, mark)
        yield Asked("PUT", url, needs, model, mark)
    data = {"post": "yes"} if kind == "delete" else {"name": "volé", "_save": "1", "_popup": "1"}
    yield Asked("POST", url, {"view": "change"}.get(needs, needs), model, mark, data)


def _on_list(pattern: URLPattern, url: str, record: Model, mark: str) -> Iterator[Asked]:
    model, key = type(record), str(record.pk)
    if str(pattern.name).endswith("_add"):
        related = [one.name for one in model._meta.fields if one.is_relation]
        prefilled = "&".join(f"{name}={key}" for name in related)
        yield Asked("GET", f"{url}?{prefilled}", "add", model, mark)
        if mark == INSIDE:  # the same request for both sides
            for query in ("", "?_popup=1"):
                yield Asked("GET", url + query, "add", model, mark)
            yield Asked("POST", url, "add", model, mark, {"name": "ajouté"})
        return
    yield Asked("GET", f"{url}?q={mark[:-2]}", "list", model, mark)
    if mark == INSIDE:
        for query in ("", "?_popup=1"):
            yield Asked("GET", url + query, "list", model, mark)
        yield Asked("HEAD", url, "list", model, mark)
    for action in actions(model):
        for confirmed in ({}, CONFIRMED):
            chosen = {"action": action, "_selected_action": [key], "index": 0, **confirmed}
            yield Asked("POST", url, "action", model, mark, chosen)
    yield Asked("POST", url, "action", model, mark, {"_save": "1", "form-0-id": key})


def actions(model: type[Model]) -> list[str]:
    """Return the names of a list's actions, whoever may run them."""
    model_admin: Any = admin.site._registry[model]
    return [name for _func, name, _words in model_admin._get_base_actions()]


def of_site(world: World) -> Iterator[Asked]:
    """Yield the requests of the site itself: choices of every field, "view on site", pages."""
    for model in admin.site._registry:
        for one in (*model._meta.fields, *model._meta.many_to_many):
            if one.is_relation:
                query: dict[str, Any] = {
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": one.name,
                }
                for term in ("", OUTSIDE[:-2]):
                    request = RequestFactory().get("/", {**query, "term": term})
                    url = f"{reverse('admin:autocomplete')}?{request.META['QUERY_STRING']}"
                    yield Asked("GET", url, "site")
    for (model, mark), record in world.records.items():
        kind = ContentType.objects.get_for_model(model).pk
        url = reverse("admin:view_on_site", args=[kind, record.pk])
        yield Asked("GET", url, "site", model, mark)
    yield from _pages()


def _pages() -> Iterator[Asked]:
    for pattern in admin.site.get_urls():
        if isinstance(pattern, URLPattern) and pattern.name and pattern.name != "logout":
            groups = {a or b for a, b in GROUP.findall(str(pattern.pattern))}
            if not groups:
                for method in ("GET", "POST"):
                    yield Asked(method, reverse(f"admin:{pattern.name}"), "site")
    for label in {model._meta.app_label for model in admin.site._registry}:
        yield Asked("GET", reverse("admin:app_list", args=[label]), "site")
