"""What the moderators' side borrows from the public pages, which do not know each other."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from directory.models import Place
from directory.search.kept.reading import read_places
from directory.views import map_view
from directory.views.places import page_context
from directory.vocabularies.names import State


def place_preview(request: HttpRequest, place: Place) -> HttpResponse:
    """Return the public page of a place as the database holds it now, whatever its state.

    Writes its state: the caller takes everything back.
    """
    Place.objects.filter(pk=place.pk).update(state=State.PUBLISHED)
    facts = read_places([place.pk])[0]
    answer = render(request, "place_preview.html", page_context(request, facts))
    let_tiles_in(answer)
    return answer


def map_background() -> dict[str, Any]:
    """Return what a map is drawn on."""
    return {"tiles": map_view.tiles(), "max_zoom": settings.LEAFLET_CONFIG["MAX_ZOOM"]}


def let_tiles_in(answer: HttpResponse) -> None:
    """Let a page load the images of its map's background, and nothing else from elsewhere."""
    background = map_view.tiles()
    if background is not None:
        parts = urlsplit(background.url)
        answer._csp_update = {"img-src": [f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]
