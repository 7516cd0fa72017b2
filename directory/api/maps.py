"""What maps show, as GeoJSON: places and clusters of a search or of an actor, in a box.

Also `/carte.geojson` and `/acteurs/<slug>/carte.geojson`. A picture of the site, not open data: it
shows every published place, whatever its licence, and says no more of it than a marker.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from ninja import Router

from directory.api import parameters
from directory.api.guard import GEOJSON
from directory.api.operations import Parameter, operation
from directory.api.place_schemas import MapCollection
from directory.models import Actor
from directory.search import finder
from directory.search.actor_places import places_of_actor
from directory.search.boxes import Box
from directory.search.filters import SearchFilter
from directory.search.index.clusters import Cluster, Drawing, Feature, Spot, draw
from directory.search.kept import PlaceFacts, shelf
from directory.search.territory import WhereKind
from directory.views import strict_search
from directory.views.freshness import revalidated
from directory.views.problems import Problem, bad_request
from directory.views.timing import Timer

ZOOMS = range(23)
"""Zooms of web maps, 0 being the world on one tile of 256 pixels."""

KEPT_SECONDS = 60
"""Panning back and forth asks nothing again; who is open changes every five minutes."""

DECIMALS = 5
"""Of degrees: one metre."""

VIEW = (
    Parameter(
        "bbox",
        _("Rectangle en degrés\u00a0: ouest,sud,est,nord."),
        required=True,
        example="1.5,46,2.3,46.4",
    ),
    Parameter(
        "zoom",
        _("Zoom de la carte, tuiles de 256 pixels."),
        {"type": "integer", "minimum": ZOOMS.start, "maximum": ZOOMS.stop - 1},
        required=True,
        example="9",
    ),
)
SEARCHED = [told for told in parameters.SEARCH if told.name not in {"bbox", "tri"}]
DESCRIPTION = _(
    "Ce que dessinent les cartes du site\u00a0: lieux et groupes de lieux, 500 au plus. "
    "Pour reprendre les données, lisez /places."
)

router = Router()

STATES = {True: "open", False: "closed", None: "unknown"}

View = Callable[..., HttpResponse]


def kept_a_minute(view: View) -> View:
    """Let the visitor's own browser keep an answer for a minute, then ask whether it changed."""

    revalidated_view = revalidated(view)

    @wraps(view)
    def kept(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = revalidated_view(request, *args, **kwargs)
        if response.status_code in {200, 304}:
            response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
        return response

    return kept


@operation(
    router,
    "/map",
    MapCollection,
    summary=_("Dessiner une carte"),
    description=DESCRIPTION,
    parameters=[*VIEW, *SEARCHED],
    is_strict=False,
    media=GEOJSON,
)
@require_safe
@kept_a_minute
def results_map(request: HttpRequest) -> HttpResponse:
    """Answer what the results page would list, inside `bbox`, as a map shows it at `zoom`."""
    timer = Timer()
    search = SearchFilter(request.GET)
    zoom, problems = _asked(request.GET, search)
    if problems or zoom is None:
        return bad_request(problems)
    timer.mark("read")
    if search.where.kind in {WhereKind.UNKNOWN, WhereKind.CHOICES}:
        said = str(_("Ce lieu n’est pas connu, ou plusieurs portent ce nom."))
        return _answer(Drawing([], 0, 0), timer, [Problem("ou", said)])
    drawing = draw(finder.current_index(), search.criteria, zoom, search.where.point)
    timer.mark("index")
    return _answer(drawing, timer, strict_search.unread(search))


@operation(
    router,
    "/actors/{slug:slug}/map",
    MapCollection,
    summary=_("Dessiner la carte d’un acteur"),
    description=DESCRIPTION,
    parameters=VIEW,
    is_strict=False,
    media=GEOJSON,
)
@require_safe
@kept_a_minute
def actor_map(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer the places that an actor runs or that belong to its network, inside `bbox`."""
    timer = Timer()
    actor = get_object_or_404(Actor.objects.published(), slug=slug)
    kept = QueryDict(mutable=True)
    for name in ("bbox", "zoom"):
        kept.setlist(name, request.GET.getlist(name))
    search = SearchFilter(kept)
    zoom, problems = _asked(kept, search)
    if problems or zoom is None:
        return bad_request(problems)
    timer.mark("read")
    index = finder.current_index()
    drawing = draw(index, search.criteria, zoom, only=places_of_actor(index, actor.pk))
    timer.mark("index")
    return _answer(drawing, timer)


def _asked(query: QueryDict, search: SearchFilter) -> tuple[int | None, list[Problem]]:
    """Return the zoom, and what is wrong with it or with the box."""
    problems = [Problem("bbox", str(reason)) for reason in search.form.errors.get("bbox", ())]
    if not query.get("bbox", "").strip():
        said = _("Il manque. Par exemple\u00a0: bbox=1.5,46,2.3,46.4 (ouest, sud, est, nord).")
        problems.append(Problem("bbox", said))
    typed = query.get("zoom", "").strip()
    zoom = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 2 else None
    if zoom in ZOOMS:
        return zoom, problems
    said = _("Il faut un nombre entier de %(least)s à %(most)s.")
    bounds = {"least": ZOOMS.start, "most": ZOOMS.stop - 1}
    return None, [*problems, Problem("zoom", said % bounds)]


def _answer(drawing: Drawing, timer: Timer, problems: Iterable[Problem] = ()) -> HttpResponse:
    spots = [feature.id for feature in drawing.features if isinstance(feature, Spot)]
    names = shelf.get(spots)
    timer.mark("names")
    features = [_feature(feature, names) for feature in drawing.features]
    answer: dict[str, Any] = {
        "type": "FeatureCollection",
        "total": drawing.total,
        "silent_total": drawing.silent_total,
        "features": [feature for feature in features if feature],
    }
    if problems:
        answer["problems"] = [vars(problem) for problem in problems]
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(text, content_type=GEOJSON)
    timer.mark("write")
    timer.tell(response)
    return response


def _feature(feature: Feature, names: Mapping[int, PlaceFacts]) -> dict[str, Any] | None:
    """Return a GeoJSON feature; None for a place that has just gone."""
    latitude, longitude = feature.point
    told: dict[str, Any] = {
        "type": "Feature",
        "geometry": {
            "type": "Point",
            "coordinates": [round(longitude, DECIMALS), round(latitude, DECIMALS)],
        },
    }
    if isinstance(feature, Cluster):
        return told | {"properties": _cluster(feature)}
    facts = names.get(feature.id)
    return told | {"id": feature.id, "properties": _spot(feature, facts)} if facts else None


def _cluster(cluster: Cluster) -> dict[str, Any]:
    told: dict[str, Any] = {"count": cluster.count, "bounds": _sides(cluster.box)}
    if cluster.silent:
        told["silent"] = cluster.silent
    if cluster.ids:
        told["ids"] = cluster.ids
    return told


def _sides(box: Box) -> list[float]:
    return [round(side, DECIMALS) for side in (box.west, box.south, box.east, box.north)]


def _spot(spot: Spot, facts: PlaceFacts) -> dict[str, Any]:
    """Return what a marker says; what is not so is left out."""
    told: dict[str, Any] = {
        "name": facts.name,
        "url": f"{_places_url()}{facts.slug}/",
        "state": STATES[spot.is_open],
    }
    if spot.moves:
        told["moves"] = True
    if spot.declares_health:
        told["health"] = True
    if spot.is_silent:
        told["silent"] = True
    if spot.km is not None:
        told["km"] = round(spot.km, 2)
    return told


@cache
def _places_url() -> str:
    """Return what the addresses of places begin with: `reverse` is slow five hundred times."""
    return reverse("directory:place-detail", args=["x"]).removesuffix("x/")
