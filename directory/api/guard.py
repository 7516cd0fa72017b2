"""What every address of the API does alike: who may read it, how, and how it refuses.

Any page may read it (CORS, any origin) and nothing of anyone goes with it: no cookie is read or
set. GET, HEAD and OPTIONS only.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from directory.views import problems

View = Callable[..., HttpResponse]

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
READING = ("GET", "HEAD", "OPTIONS")
PREFLIGHT_SECONDS = 86_400
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Server-Timing",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": ", ".join(READING),
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
}


def open_to_all(view: View, media: str = JSON) -> View:
    """Return a view of the API: it answers `media` to readers of any site, else a problem."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = _answer(view, media, request, *args, **kwargs)
        for name, value in CORS.items():
            response[name] = value
        return response

    guarded.csrf_exempt = True  # type: ignore[attr-defined]
    return guarded


def _answer(
    view: View, media: str, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": ", ".join(READING), **PREFLIGHT})
    if request.method not in READING:
        refused = problems.problem(405, _("Cette adresse se lit seulement (GET)."))
        refused["Allow"] = ", ".join(READING)
        return refused
    if not _accepts(request, media):
        said = _("Cette adresse répond en %(media)s.") % {"media": media}
        return problems.problem(406, _("Ce format n’est pas proposé ici"), said)
    asked = request.method
    # The router knows no HEAD; servers leave out the body, as they do for pages.
    request.method = "GET"
    try:
        return view(request, *args, **kwargs)
    except Http404:
        return problems.not_found()
    finally:
        request.method = asked


def _accepts(request: HttpRequest, media: str) -> bool:
    return request.accepts(media) or (media.endswith("json") and request.accepts(JSON))


def nothing_here(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Answer 404 to an address under the API that names nothing."""
    return problems.not_found()
