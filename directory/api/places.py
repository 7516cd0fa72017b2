"""Places: the list, in the site's own order, and one; as JSON and as GeoJSON."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router

from directory.api import cursors, parameters
from directory.api.facets import understood
from directory.api.guard import GEOJSON
from directory.api.operations import answer, operation, revalidated
from directory.api.place_schemas import (
    PlaceCollection,
    PlaceFeature,
    PlaceList,
    PlaceRecord,
)
from directory.api.records import Recorder
from directory.search import choices, finder
from directory.search.criteria import Access, Criteria, Facet
from directory.search.filters import recent_since
from directory.search.index import Hit, SearchIndex
from directory.search.index.labels import source_column
from directory.search.kept import PlaceFacts, shelf
from directory.search.territory import Where
from directory.views.moved import follows_merged_numbers
from directory.views.problems import bad_request
from directory.views.strict_search import strictly

PAGING = frozenset(parameter.name for parameter in cursors.PAGING)
KEY_DIGITS = 18
"""Digits of the largest key that every database takes."""

router = Router()

Record = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """A page of a search: places and how they answer it, and what surrounds them."""

    rows: list[tuple[Hit, PlaceFacts]]
    asks_needs: bool
    recorder: Recorder
    around: Record

    def records(self) -> Iterator[Record]:
        """Yield the records of the page."""
        for hit, facts in self.rows:
            record = self.recorder.place(facts)
            record["match"] = match(hit, record, self.asks_needs)
            yield record


def match(hit: Hit, record: Record, asks_needs: bool) -> Record:
    """Return how a place answers a search; no distance where its position is withheld."""
    is_told = hit.distance is not None and record["latitude"] is not None
    return {
        "to_check": hit.is_silent,
        "exact_need": hit.is_exact if asks_needs else None,
        "declared_need": hit.is_declared if asks_needs else None,
        "distance_km": round(hit.distance, 2) if is_told and hit.distance is not None else None,
    }


def searched(view: Callable[[HttpRequest, Found], HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the page of places that its query asks for; else answer every reason not to."""

    def listed(request: HttpRequest) -> HttpResponse:
        search, problems = strictly(request.GET, PAGING)
        criteria = search.criteria
        expires = criteria.point is not None or Access.NOW in criteria.facets.get(Facet.ACCESS, ())
        try:
            page = cursors.read(request.GET, expires=expires)
        except cursors.UnreadableError as error:
            return bad_request([*problems, *error.problems])
        if problems:
            return bad_request(problems)
        at = replace(criteria, now=page.now, verified_since=recent_since(page.now))
        return view(request, _found(request, at, search.where, page))

    listed.__name__, listed.__doc__ = view.__name__, view.__doc__
    return listed


def _found(request: HttpRequest, criteria: Criteria, where: Where, page: cursors.Page) -> Found:
    index, offered = finder.current_index(), choices.current()
    # One more than asked tells whether there is a next page.
    answered = index.after(criteria, page.last, page.limit + 1, published_openly(index, offered))
    hits, places = answered.hits[: page.limit], answered.places[: page.limit]
    has_more = len(answered.hits) > page.limit
    recorder = Recorder(offered, request.build_absolute_uri("/").rstrip("/"))
    kept = shelf.get([hit.id for hit in hits])
    rows = [
        (hit, facts)
        for hit in hits
        if (facts := kept.get(hit.id)) is not None and recorder.is_open(facts)
    ]
    around = {
        "total": answered.total,
        "silent_total": answered.silent_total,
        "withheld_total": answered.withheld,
        "where": understood(where),
        "corrections": answered.corrections,
        "next": cursors.following(request, page, places[-1]) if has_more else None,
    }
    return Found(rows, Facet.NEED in criteria.facets, recorder, around)


def published_openly(index: SearchIndex, offered: choices.Choices) -> int:
    """Return the bitset of the places whose source lets them be published as open data."""
    return index.alive & ~index.columns.union(map(source_column, offered.closed_sources))


def with_next(response: HttpResponse, around: Record) -> HttpResponse:
    """Tell the next page in a header too (RFC 8288)."""
    if around["next"]:
        response["Link"] = f'<{around["next"]}>; rel="next"'
    return response


@operation(
    router,
    "/places",
    PlaceList,
    summary=_("Lister les lieux"),
    description=(
        _(
            "Les lieux dans l’ordre du site. Sans paramètre\u00a0: tous. Les lieux qui ne disent "
            "pas tout ce qui est demandé viennent après les autres («\u00a0to_check\u00a0»)."
        )
    ),
    parameters=[*parameters.SEARCH, *cursors.PAGING],
    is_strict=False,
)
@revalidated
@searched
def place_list(request: HttpRequest, found: Found) -> HttpResponse:
    """Answer a page of places."""
    told = {"items": list(found.records()), **found.around}
    return with_next(answer(told), found.around)


@operation(
    router,
    "/places.geojson",
    PlaceCollection,
    summary=_("Lister les lieux en GeoJSON"),
    description=_("Les mêmes lieux, dans le même ordre, pour les cartes et les tableurs."),
    parameters=[*parameters.SEARCH, *cursors.PAGING],
    is_strict=False,
    media=GEOJSON,
)
@revalidated
@searched
def place_features(request: HttpRequest, found: Found) -> HttpResponse:
    """Answer a page of places as a GeoJSON collection."""
    features = [feature(record) for record in found.records()]
    told = {"type": "FeatureCollection", **found.around, "features": features}
    return with_next(answer(told, GEOJSON), found.around)


@operation(
    router,
    "/places/{int:number}",
    PlaceRecord,
    summary=_("Lire un lieu"),
    description=_(
        "Le numéro d’un lieu ne change jamais. Celui d’une fiche réunie à une autre mène à elle."
    ),
    may_have_moved=True,
)
@revalidated
@follows_merged_numbers
def place(request: HttpRequest, number: int) -> HttpResponse:
    """Answer one place; 404 when there is none, or none that open data may hold."""
    return answer(_record(request, number))


@operation(
    router,
    "/places/{int:number}.geojson",
    PlaceFeature,
    summary=_("Lire un lieu en GeoJSON"),
    may_have_moved=True,
    media=GEOJSON,
)
@revalidated
@follows_merged_numbers
def place_feature(request: HttpRequest, number: int) -> HttpResponse:
    """Answer one place as a GeoJSON feature."""
    return answer(feature(_record(request, number)), GEOJSON)


def _record(request: HttpRequest, number: int) -> Record:
    recorder = Recorder(choices.current(), request.build_absolute_uri("/").rstrip("/"))
    facts = shelf.get([number]).get(number) if number < 10**KEY_DIGITS else None
    if facts is None or not recorder.is_open(facts):
        raise Http404
    return recorder.place(facts)


def feature(record: Record) -> Record:
    """Return a record as a GeoJSON feature, which takes its position from it."""
    latitude, longitude = record.pop("latitude"), record.pop("longitude")
    point = {"type": "Point", "coordinates": [longitude, latitude]}
    return {
        "type": "Feature",
        "id": record["id"],
        "geometry": point if latitude is not None else None,
        "properties": record,
    }
