"""The API itself: its operations put together, and their addresses."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from directory.api import (
    actors,
    data_inclusion,
    facets,
    map_places,
    maps,
    needs,
    places,
    services,
    suggestions,
    territories,
)
from directory.api.description import ROOT, describe
from directory.api.documentation import chapters, command
from directory.api.guard import GEOJSON, HTML, JSON, nothing_here, open_to_all
from directory.api.operations import answer, revalidated
from directory.views import problems

VERSION = "1.0.0"

TAGS = (
    (_("Lieux"), places.router),
    (_("Services"), services.router),
    (_("Acteurs"), actors.router),
    (_("Démarches et codes"), needs.router),
    (_("Territoires"), territories.router),
    (_("Recherche"), facets.router),
    (_("Recherche"), suggestions.router),
    (_("Cartes"), maps.router),
    (_("Cartes"), map_places.router),
    (_("Format data·inclusion"), data_inclusion.router),
)

api = NinjaAPI(
    title=settings.SITE_NAME,
    version=VERSION,
    description=str(_("L’annuaire de l’aide au numérique pour la santé, en lecture.")),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
for tag, router in TAGS:
    api.add_router("", router, tags=[str(tag)])


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    """Answer 404 as programs read it."""
    return problems.not_found()


@revalidated
def openapi(request: HttpRequest) -> HttpResponse:
    """Answer the description of the API (OpenAPI 3.1)."""
    return answer(describe(api))


@require_safe
@revalidated
def documentation(request: HttpRequest) -> HttpResponse:
    """Explain the API on a page that needs no JavaScript."""
    root = request.build_absolute_uri(ROOT)
    context = {
        "chapters": chapters(describe(api), root),
        "first_example": command(f"{root}/places?ou=23096&limit=20"),
    }
    return render(request, "api.html", context)


def _media(route: str) -> str:
    """Return the type of what an address answers."""
    if route == "map/places":
        return HTML
    is_geojson = route.endswith((".geojson", "/map")) or route == "map"
    return GEOJSON if is_geojson else JSON


def addresses() -> list[URLPattern]:
    """Return what the site answers under `/api/v1/`."""
    patterns: list[Any] = api.urls[0]
    operations = [
        URLPattern(
            pattern.pattern,
            open_to_all(pattern.callback, _media(str(pattern.pattern))),
            pattern.default_args,
            pattern.name,
        )
        for pattern in patterns
        if pattern.name != "api-root"
    ]
    return [
        path("", documentation, name="documentation"),
        path("openapi.json", open_to_all(openapi), name="openapi"),
        *operations,
        re_path(r"^.*$", open_to_all(nothing_here, "*/*")),
    ]
