"""The page of one place."""

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.exchange import phones
from directory.models import Place
from directory.search import choices
from directory.search.choices import Choices
from directory.search.kept import (
    PlaceFacts,
    PlaceRef,
    ServiceFacts,
    families,
    shelf,
)
from directory.search.opening import OFF_ON_HOLIDAYS, week
from directory.views import cards, gone, map_view, stops, structured_data, trust, words
from directory.views.carnet_links import CarnetInHand, CarnetLinks
from directory.views.freshness import revalidated_by
from directory.views.moved import follows_merges
from directory.vocabularies.names import (
    PLACE_VOCABULARIES,
    PositionPrecision,
    Vocabulary,
)

HEADLINE_VOCABULARIES = frozenset({Vocabulary.KIND, Vocabulary.PROGRAMME})
"""Shown at the head of the page, hence not repeated among its properties."""


@dataclass(frozen=True)
class DayRow:
    """One day of the week table."""

    name: str
    text: str
    is_today: bool
    is_closed: bool


@dataclass(frozen=True)
class Group:
    """Labels of one vocabulary."""

    label: str
    items: list[str]


@dataclass(frozen=True)
class ServiceView:
    """A service as a page shows it."""

    name: str
    description: str
    needs: tuple[cards.NeedTag, ...]
    groups: list[Group]
    how_to_book: str
    citation: str
    area_text: str = ""
    place: PlaceRef | None = None
    when: str = ""
    dates_url: str = ""


def state_of(slug: str) -> str | None:
    """Return what changes when the page of a place does; None when the place is not kept."""
    kept = shelf.fingerprint(slug)
    if kept is None:
        return None
    family = families.current().of(shelf.key(slug))
    told = hashlib.sha256(kept)
    told.update(repr((family, choices.current().version)).encode())
    return told.hexdigest()


@follows_merges
@map_view.shows_map
@revalidated_by(state_of)
def place_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one published place; say of an archived one that it is no more; others are not found."""
    try:
        place = published(slug)
    except Http404:
        return gone.page(request, Place, slug)
    return render(request, "place_detail.html", page_context(request, place))


def published(slug: str) -> PlaceFacts:
    """Return a published place; raises Http404 when there is none."""
    place = shelf.by_slug(slug)
    if place is None:
        raise Http404
    return place


def page_context(request: HttpRequest, place: PlaceFacts) -> dict[str, Any]:
    """Return what the page of a place says."""
    offered = choices.current()
    asked = [code for code in request.GET.getlist("besoin")[:1] if code in offered.need_by_code]
    today = timezone.localdate()
    principal, antennas = families.current().of(place.id)
    card = cards.place_card(place, offered, asked)
    return {
        "place": place,
        "need": offered.need_by_code[asked[0]] if asked else None,
        "card": card,
        "map": map_view.place_map(place, card),
        "week": week_rows(place),
        "closures": [closure for closure in place.closures if closure.ends_on >= today],
        "holiday_text": holiday_text(place),
        "route_url": route_url(place),
        "position_text": position_text(place),
        "booking_phone_display": phones.display(place.booking_phone) if place.booking_phone else "",
        "booking_phone_uri": phones.tel_uri(place.booking_phone) if place.booking_phone else "",
        "services": [_own_service(place, service, offered) for service in place.services],
        "groups": _groups(offered, place.terms, PLACE_VOCABULARIES - HEADLINE_VOCABULARIES),
        "stops": [stops.stop_row(place, stop) for stop in place.stops],
        "operator": place.operator,
        "networks": place.networks,
        "principal": principal,
        "antennas": antennas,
        "source": offered.sources.get(place.source_id),
        "source_updated_on": place.source_updated_on,
        "trust_text": trust.of_place(place, today),
        "credits": trust.thanks(place),
        "report_url": reverse("directory:report", args=[place.slug]),
        "alone": CarnetLinks((place.id,), asked[0] if asked else ""),
        "back_url": _back_url(request),
        "structured_data": structured_data.place(request, place, offered),
    }


def _back_url(request: HttpRequest) -> str:
    """Return the results page the visitor comes from, the carnet in hand, "" when not known."""
    addresses = CarnetInHand(request).links
    return addresses.search_url if addresses.search else ""


def service_view(service: ServiceFacts, offered: Choices, area: str = "") -> ServiceView:
    """Return a service with its needs and properties."""
    return ServiceView(
        name=service.name,
        description=service.description,
        needs=cards.need_tags(offered, service.needs),
        groups=_groups(offered, service.terms, frozenset(Vocabulary) - PLACE_VOCABULARIES),
        how_to_book=service.how_to_book,
        citation=service.citation,
        area_text=service.area_note or area,
    )


def _own_service(place: PlaceFacts, service: ServiceFacts, offered: Choices) -> ServiceView:
    """Return a service of the place, with its own hours when it has some."""
    return replace(
        service_view(service, offered),
        when=stops.in_words(service.opening_hours, place.time_zone),
        dates_url=stops.workshop_url(place, service),
    )


def _groups(
    offered: Choices, terms: tuple[int, ...], vocabularies: frozenset[Vocabulary]
) -> list[Group]:
    """Return the labels of terms by vocabulary, in the order of vocabularies."""
    by_name: dict[str, list[str]] = {}
    for key in terms:
        if told := offered.terms.get(key):
            by_name.setdefault(told[0], []).append(told[1])
    return [
        Group(str(vocabulary.label), by_name[vocabulary])
        for vocabulary in Vocabulary
        if vocabulary in by_name and vocabulary in vocabularies
    ]


def week_rows(place: PlaceFacts) -> list[DayRow]:
    """Return the seven days of the current week, [] when hours are unknown."""
    zone = place.time_zone
    today = timezone.now().astimezone(ZoneInfo(zone)).date()
    monday = today - timedelta(days=today.weekday())
    days = week(place.opening_hours, zone, monday)
    if days is None:
        return []
    return [
        DayRow(
            name=date_format(monday + timedelta(days=offset), "l"),
            text=words.spans(open_spans),
            is_today=monday + timedelta(days=offset) == today,
            is_closed=not open_spans,
        )
        for offset, open_spans in enumerate(days)
    ]


def holiday_text(place: PlaceFacts) -> str:
    """Say what happens on public holidays."""
    if OFF_ON_HOLIDAYS in place.opening_hours:
        return _("Les jours fériés\u00a0: en général fermé. Appelez avant de venir.")
    return ""


def route_url(place: PlaceFacts) -> str:
    """Return the address of a route planner that asks no account; by address if no point."""
    if place.point:
        latitude, longitude = place.point
        target = f"{latitude:.5f},{longitude:.5f}"
    else:
        target = place.full_address
    query = urlencode({"engine": "fossgis_osrm_car", "route": f";{target}"})
    return f"https://www.openstreetmap.org/directions?{query}"


def position_text(place: PlaceFacts) -> str:
    """Say how far the point on a map may be trusted, "" when it may."""
    return {
        PositionPrecision.COMMUNE: _("Position approchée\u00a0: centre de la commune."),
        PositionPrecision.STREET: _("Position approchée\u00a0: la rue."),
    }.get(PositionPrecision(place.position_precision), "")
