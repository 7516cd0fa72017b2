"""What a page tells its map: what it shows, where it asks for it, and what it is drawn on."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from directory.search.filters import SearchFilter
from directory.search.finder import Found
from directory.search.kept import PlaceFacts
from directory.search.parameters import Parameters
from directory.views import links
from directory.views.cards import PlaceCard
from directory.views.carnet_links import SEARCH, CarnetInHand
from directory.views.selection import CARRIED_AS

NOT_A_MAPS = {"bbox", "tri"}
"""Parameters of a search that its map does not send: it tells its own box, and has no order."""

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Tiles:
    """A background: its name, the address of its images as Leaflet writes it, its credit (HTML)."""

    name: str
    url: str
    attribution: str


@dataclass(frozen=True)
class MapView:
    """A map. Addresses are "" when it has no use for them.

    `data_url` gives its features, once its box and zoom are added; else it shows `feature`, a
    GeoJSON text. `area_url` lists what is inside the box that is added to it. `box` is the one
    searched, as an address writes it. `shows_all`: it begins with all its places in view, rather
    than those of the page's list.
    """

    places_url: str
    data_url: str = ""
    feature: str = ""
    area_url: str = ""
    box: str = ""
    shows_all: bool = False
    tiles: Tiles | None = None
    max_zoom: int = 18


def tiles() -> Tiles | None:
    """Return the background that the settings choose, None for the outlines alone."""
    chosen = settings.LEAFLET_CONFIG["TILES"]
    if not chosen:
        return None
    name, url, options = chosen[0]
    return Tiles(name, url, options["attribution"])


def shows_map(view: View) -> View:
    """Let the page load the images of its map's background, and nothing else from elsewhere."""

    @wraps(view)
    def mapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        background = tiles()
        if background is None:
            return view(request, *args, **kwargs)
        parts = urlsplit(background.url)
        allowed = {"img-src": [f"{parts.scheme}://{parts.netloc}"]}
        return csp_update(allowed)(view)(request, *args, **kwargs)  # type: ignore[return-value]

    return mapped


def results_map(request: HttpRequest, search: SearchFilter, found: Found) -> MapView | None:
    """Return the map of a results page; None when there is nothing to show nor to search again."""
    box = search.criteria.bbox
    if not found.total and not found.silent_total and not box:
        return None
    asked = {
        name: values
        for name, values in request.GET.lists()
        if name in Parameters.base_filters and name not in NOT_A_MAPS
    }
    if found.radius:
        asked["rayon"] = [str(found.radius)]
    area: dict[str, Sequence[str]] = {"bbox": [], "rayon": []}
    if not search.where.point:
        # A department or a region would still limit a box drawn elsewhere.
        area["ou"] = []
    return MapView(
        places_url=_places_url([need.code for need in search.chosen_needs], request),
        data_url=_with(links.page("results-map"), asked),
        area_url=links.with_lists(request, area),
        box=str(box) if box else "",
        shows_all=not search.where.point,
        tiles=tiles(),
        max_zoom=settings.LEAFLET_CONFIG["MAX_ZOOM"],
    )


def actor_map(request: HttpRequest, slug: str) -> MapView:
    """Return the map of an actor's places."""
    return MapView(
        places_url=_places_url([], request),
        data_url=reverse("directory:actor-map", args=[slug]),
        shows_all=True,
        tiles=tiles(),
        max_zoom=settings.LEAFLET_CONFIG["MAX_ZOOM"],
    )


def place_map(place: PlaceFacts, card: PlaceCard) -> MapView | None:
    """Return the map of one place, None when nobody knows where it is."""
    if place.point is None:
        return None
    latitude, longitude = place.point
    told: dict[str, Any] = {"name": place.name, "state": card.status}
    if place.is_itinerant:
        told["moves"] = True
    feature = {
        "type": "Feature",
        "id": place.id,
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": told,
    }
    return MapView(
        places_url="",
        feature=json.dumps(feature, ensure_ascii=False),
        tiles=tiles(),
        max_zoom=settings.LEAFLET_CONFIG["MAX_ZOOM"],
    )


def _places_url(needs: Sequence[str], request: HttpRequest) -> str:
    """Return the address of the panel; the needs, the carnet and the search are carried along."""
    carnet = CarnetInHand(request)
    kept = {"besoin": needs, CARRIED_AS: [carnet.text], SEARCH: [carnet.search]}
    return _with(links.page("map-places"), kept)


def _with(address: str, lists: Mapping[str, Sequence[str]]) -> str:
    query = urlencode(
        [(name, value) for name, values in lists.items() for value in values if value],
        errors="replace",
    )
    return f"{address}?{query}" if query else address
