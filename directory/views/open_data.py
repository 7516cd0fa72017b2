"""Open data: the page that lists the files, and the files, whole or by a search."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.formats import number_format
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.exchange.export import files, kept, state
from directory.exchange.export.files import FILES, File
from directory.models import Place, Source
from directory.models.querysets import PlaceQuerySet
from directory.search.filters import SearchFilter
from directory.search.finder import Found
from directory.search.gazetteer import gazetteer
from directory.search.live_state import SLICE_SECONDS
from directory.views import links, strict_search
from directory.views.problems import bad_request
from directory.vocabularies.names import OPEN_LICENCES, State

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Download:
    """A file as the page tells it; `weight` is "" until it has been written once."""

    url: str
    label: str
    weight: str
    detail: str = ""


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """List the files: what they hold, their weight, their day, their licences."""
    total = kept.known(FILES["lieux.csv"])
    shown = Count("places", filter=Q(places__state=State.PUBLISHED))
    sources = Source.objects.annotate(place_count=shown).filter(place_count__gt=0)
    sources = sources.order_by("-place_count", "slug")
    address = reverse("directory:open-data-file", args=["lieux.csv"])
    context = {
        "everything": _download("lieux-tous.xlsx", _("Tous les lieux (XLSX)")),
        "departments": gazetteer().department_names,
        "main": [
            _download("lieux.csv", _("CSV, pour les programmes")),
            _download("lieux.xlsx", _("XLSX, pour un tableur")),
            _download("lieux.json", _("JSON")),
            _download("lieux.geojson", _("GeoJSON, pour les cartes")),
        ],
        "others": [
            _download(
                "lieux-hors-standard.csv",
                _("Les lieux hors du standard (CSV)"),
                _("Chaque lieu qui ne peut pas y entrer, pourquoi, et tout ce que nous en savons."),
            ),
            _download(
                "lieux-complements.csv",
                _("Les compléments de tous les lieux (CSV)"),
                _("Démarches de santé, services, langues, tournées, fermetures."),
            ),
        ],
        "total": total,
        "made_on": timezone.localdate(total.made_at) if total else None,
        "place_count": Place.objects.publishable().count(),
        "sources": [source for source in sources if source.licence in OPEN_LICENCES],
        "kept_apart": [source for source in sources if source.licence not in OPEN_LICENCES],
        "example": f"{address}?departement=23",
    }
    return render(request, "open_data.html", context)


def _download(name: str, label: str, detail: str = "") -> Download:
    known = kept.known(FILES[name])
    url = reverse("directory:open-data-file", args=[name])
    return Download(url, label, _weight(known.size) if known else "", detail)


def _weight(size: int) -> str:
    """Return a weight as people say it; `size` is in bytes."""
    if size < MEGABYTE:
        return _("%(count)s ko") % {"count": number_format(max(1, round(size / 1000)))}
    return _("%(count)s Mo") % {"count": number_format(size / MEGABYTE, decimal_pos=1)}


@require_safe
def download(request: HttpRequest, name: str) -> HttpResponseBase:
    """Answer a file, of all places or of those that a search finds; 400 when it is unclear."""
    if name not in FILES:
        raise Http404(name)
    file, places = FILES[name], None
    if strict_search.asks_something(request.GET):
        search, problems = strict_search.publishable(request.GET)
        if problems:
            return _readable_anywhere(bad_request(problems))
        places = search.strict()
    now = state.current()
    etag = _etag(request, now.version, has_query=places is not None)
    moment = int(now.changed_at.timestamp())
    response: HttpResponseBase | None
    response = get_conditional_response(request, etag=etag, last_modified=moment)
    if response is None:
        response = StreamingHttpResponse(_pieces(request, file, places, now.version))
        response["Content-Type"] = file.content_type
        response["Content-Disposition"] = f'attachment; filename="{_dated(file.name)}"'
    response["ETag"] = etag
    response["Last-Modified"] = http_date(moment)
    patch_cache_control(response, no_cache=True, public=True)
    return _readable_anywhere(response)


def results_url(request: HttpRequest, search: SearchFilter, found: Found) -> str:
    """Return the address of the file of what a results page lists for sure.

    The radius is the one that the page widened to, and the words those that it looked for.
    """
    asked = {
        name: values
        for name, values in request.GET.lists()
        if name in SearchFilter.base_filters and name not in strict_search.WITHOUT_MEANING
    }
    if found.radius:
        asked["rayon"] = [str(found.radius)]
    if found.corrections:
        words = search.criteria.words
        asked["q"] = [" ".join(found.corrections.get(word, word) for word in words)]
    path = reverse("directory:open-data-file", args=["lieux-tous.xlsx"])
    return links.address(path, urlencode(asked, doseq=True, errors="replace"))


def _pieces(
    request: HttpRequest, file: File, places: PlaceQuerySet | None, version: str
) -> Iterator[bytes]:
    if request.method == "HEAD":
        return iter(())
    return kept.whole(file, version) if places is None else files.write(file, places)


def _etag(request: HttpRequest, version: str, *, has_query: bool) -> str:
    """Return the file's ETag; a search may ask who is open, which holds for a few minutes."""
    moment = str(int(time.time() // SLICE_SECONDS)) if has_query else ""
    asked = request.get_full_path() if has_query else request.path
    digest = hashlib.sha256(f"{asked}\n{version}\n{moment}".encode())
    return f'"{digest.hexdigest()[:24]}"'


def _dated(name: str) -> str:
    """Return a file's name with the day: an import reads there how old the list is."""
    stem, _dot, ending = name.rpartition(".")
    return f"{stem}-{timezone.localdate().isoformat()}.{ending}"


def _readable_anywhere(response: HttpResponseBase) -> HttpResponseBase:
    """Let the pages of other sites read the answer: it is the same for everyone."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "Content-Disposition, ETag, Last-Modified"
    return response
