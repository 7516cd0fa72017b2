"""What crawlers are told: the pages to read, in files of ten thousand, and those to leave alone.

Django's own sitemaps read every row to date the index, and pages by OFFSET. Here a place is in the
file of its number, for ever: a file changes only when one of its places does.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple
from xml.sax.xmlreader import AttributesImpl

from django.db.models import BigIntegerField, ExpressionWrapper, F, Max, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from directory.models import Actor, Place
from directory.search.kept.facts import path_of
from directory.views import links
from directory.views.freshness import revalidated
from directory.views.structured_data import origin
from directory.vocabularies.names import State

MOST = 10_000
"""Addresses of a file; sitemaps.org accepts 50,000, which would take five times the memory."""

SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

PAGES = (
    "home",
    "actor-list",
    "composer",
    "propose",
    "open-data",
    "ranking",
    "sources",
    "api:documentation",
    "legal",
    "privacy",
    "accessibility",
)
"""Pages about the site, by their names: nothing tells when they changed."""

REFUSED = (
    "/recherche/?*&",
    "/*?*carnet=",
    "/carnet/",
    "/mon-lieu/",
    "/c/",
    "/C/",
    "/fiche",
    "/partager/",
    "/effacer/",
    "/suivi/",
    "/code/",
    "/donnees/*?",
    "/widget/?",
    "/widget/composer/?",
    "/lieux/*/signaler/",
    "/carte",
    "/acteurs/*/carte.geojson",
    "/acteurs/?",
    "/facettes.json",
    "/suggestions/",
    "/api/*?",
    "/admin/",
    "/compte/",
    "/healthz",
)
"""What crawlers leave alone: combinations without end, lists of one person, forms, fragments."""


SERVICE_CHANGED_AT = Max("services__updated_at", filter=Q(services__state=State.PUBLISHED))
"""When the services that a page shows last changed: they are as much of it as its own words."""


class Entry(NamedTuple):
    """An address, and when what it shows last changed, None when not known."""

    path: str
    changed_at: datetime | None = None


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers what to leave alone, and where the list of pages is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in REFUSED), ""]
    lines.append(f"Sitemap: {origin(request)}{links.page('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@revalidated
def index(request: HttpRequest) -> HttpResponse:
    """List the files; two queries, whatever the number of places."""
    files = [Entry(reverse("directory:sitemap-pages"))]
    for kind, model in (("places", Place), ("actors", Actor)):
        files += [
            Entry(reverse(f"directory:sitemap-{kind}", args=[number]), changed_at)
            for number, changed_at in _blocks(model.objects.published())
        ]
    return _xml("sitemapindex", "sitemap", origin(request), files)


@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    """List the pages about the site."""
    return _xml("urlset", "url", origin(request), [Entry(links.page(name)) for name in PAGES])


@require_safe
@revalidated
def places(request: HttpRequest, number: int) -> HttpResponse:
    """List the published places of a file; one query. Not found when it has none."""
    return _block(request, Place.objects.published(), number, "directory:place-detail")


@require_safe
@revalidated
def actors(request: HttpRequest, number: int) -> HttpResponse:
    """List the published actors of a file; one query. Not found when it has none."""
    return _block(request, Actor.objects.published(), number, "directory:actor-detail")


def _blocks(rows: QuerySet) -> Iterator[tuple[int, datetime]]:
    """Yield the number of each file that has rows, and the last change of any."""
    block = ExpressionWrapper(F("pk") / MOST, output_field=BigIntegerField())
    found = rows.annotate(block=block).order_by("block").values_list("block")
    for number, own, service in found.annotate(own=Max("updated_at"), service=SERVICE_CHANGED_AT):
        yield number, max(filter(None, (own, service)))


def _block(request: HttpRequest, rows: QuerySet, number: int, name: str) -> HttpResponse:
    inside = rows.filter(pk__gte=number * MOST, pk__lt=(number + 1) * MOST).order_by("pk")
    told = inside.annotate(last=SERVICE_CHANGED_AT).values_list("slug", "updated_at", "last")
    entries = [
        Entry(path_of(name, slug), max(filter(None, (own, service)))) for slug, own, service in told
    ]
    if not entries:
        raise Http404
    return _xml("urlset", "url", origin(request), entries)


def _xml(root: str, element: str, site: str, entries: Iterable[Entry]) -> HttpResponse:
    response = HttpResponse(content_type="application/xml; charset=utf-8")
    xml = SimplerXMLGenerator(response, "utf-8")
    xml.startDocument()
    xml.startElement(root, AttributesImpl({"xmlns": SPACE}))
    for path, changed_at in entries:
        xml.startElement(element, AttributesImpl({}))
        xml.addQuickElement("loc", f"{site}{path}")
        if changed_at:
            xml.addQuickElement("lastmod", changed_at.isoformat(timespec="seconds"))
        xml.endElement(element)
    xml.endElement(root)
    xml.endDocument()
    return response
