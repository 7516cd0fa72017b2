"""The page of one place, and the form to say that something on it is wrong."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory.exchange import phones
from directory.models import Actor, Need, Place, Service
from directory.moderation.forms import ReportForm
from directory.search.opening import OFF_ON_HOLIDAYS, week
from directory.views import cards, words
from directory.views.freshness import revalidated
from directory.vocabularies.names import (
    PLACE_VOCABULARIES,
    PositionPrecision,
    State,
    VerificationMethod,
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
    needs: list[cards.NeedTag]
    groups: list[Group]
    how_to_book: str
    citation: str
    area_text: str = ""
    place: Place | None = None


@dataclass(frozen=True)
class StopRow:
    """A stop of an itinerant place."""

    when: str
    label: str
    commune_name: str


@revalidated
def place_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one published place; others are not found."""
    place = get_object_or_404(
        Place.objects.published()
        .select_related("commune__department", "operator", "principal", "source")
        .prefetch_related(
            Prefetch("networks", Actor.objects.published()),
            Prefetch("antennas", Place.objects.published()),
            Prefetch("services", Service.objects.published()),
            "closures",
            "stops__commune",
        ),
        slug=slug,
    )
    return render(request, "place_detail.html", _context(request, place))


def _context(request: HttpRequest, place: Place) -> dict[str, Any]:
    services = list(place.services.all())
    asked = request.GET.getlist("besoin")[:1]
    details = cards.read_details([place], services)
    closures = [(closure.starts_on, closure.ends_on) for closure in place.closures.all()]
    operator = place.operator if place.operator and _is_public(place.operator) else None
    return {
        "place": place,
        "need": Need.objects.filter(code__in=asked).first() if asked else None,
        "card": cards.place_card(place, details, asked, closures=closures),
        "week": week_rows(place),
        "closures": [c for c in place.closures.all() if c.ends_on >= timezone.localdate()],
        "holiday_text": holiday_text(place),
        "route_url": route_url(place),
        "position_text": position_text(place),
        "booking_phone_display": phones.display(place.booking_phone) if place.booking_phone else "",
        "booking_phone_uri": phones.tel_uri(place.booking_phone) if place.booking_phone else "",
        "services": [service_view(service, details) for service in services],
        "groups": _groups(
            details.place_terms[place.pk], PLACE_VOCABULARIES - HEADLINE_VOCABULARIES
        ),
        "stops": [_stop_row(stop) for stop in place.stops.all()],
        "operator": operator,
        "networks": place.networks.all(),
        "principal": place.principal if place.principal and _is_public(place.principal) else None,
        "antennas": place.antennas.all(),
        "source": place.source,
        "source_updated_on": place.source_updated_on,
        "trust_text": trust_text(place),
        "report_url": reverse("directory:report", args=[place.slug]),
        "back_url": _back_url(request),
    }


def _is_public(record: Actor | Place) -> bool:
    return record.state == State.PUBLISHED


def _back_url(request: HttpRequest) -> str:
    """Return the results page the visitor comes from, when the browser says so."""
    referrer = request.headers.get("referer", "")
    results = request.build_absolute_uri(reverse("directory:results"))
    return referrer if referrer.startswith(f"{results}?") else ""


def service_view(service: Service, details: cards.Details, area: str = "") -> ServiceView:
    """Return a service with its needs and properties."""
    return ServiceView(
        name=service.name,
        description=service.description,
        needs=cards.need_tags(details.service_needs[service.pk]),
        groups=_groups(
            details.service_terms[service.pk], frozenset(Vocabulary) - PLACE_VOCABULARIES
        ),
        how_to_book=service.how_to_book,
        citation=service.citation,
        area_text=service.area_note or area,
    )


def _groups(terms: list[tuple[str, str]], vocabularies: frozenset[Vocabulary]) -> list[Group]:
    groups = [Group(str(v.label), cards.labels(terms, v)) for v in Vocabulary if v in vocabularies]
    return [group for group in groups if group.items]


def week_rows(place: Place) -> list[DayRow]:
    """Return the seven days of the current week, [] when hours are unknown."""
    zone = place.commune.department.time_zone
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


def holiday_text(place: Place) -> str:
    """Say what happens on public holidays."""
    if OFF_ON_HOLIDAYS in place.opening_hours:
        return _("Les jours fériés\u00a0: en général fermé. Appelez avant de venir.")
    return ""


def route_url(place: Place) -> str:
    """Return the address of a route planner that asks no account; by address if no point."""
    if place.point:
        latitude, longitude = place.point
        target = f"{latitude:.5f},{longitude:.5f}"
    else:
        target = place.full_address
    query = urlencode({"engine": "fossgis_osrm_car", "route": f";{target}"})
    return f"https://www.openstreetmap.org/directions?{query}"


def position_text(place: Place) -> str:
    """Say how far the point on a map may be trusted, "" when it may."""
    return {
        PositionPrecision.COMMUNE: _("Position approchée\u00a0: centre de la commune."),
        PositionPrecision.STREET: _("Position approchée\u00a0: la rue."),
    }.get(PositionPrecision(place.position_precision), "")


def trust_text(place: Place) -> str:
    """Say when and how the record was last checked by someone."""
    if not place.verified_on:
        return _("Nous n’avons pas vérifié cette fiche. Appelez avant de venir.")
    return _("Fiche vérifiée le %(date)s (%(how)s).") % {
        "date": words.long_date(place.verified_on),
        "how": VerificationMethod(place.verification_method).label.lower(),
    }


def _stop_row(stop: Any) -> StopRow:
    if stop.on:
        return StopRow(
            f"{date_format(stop.on, 'l')} {words.long_date(stop.on)}", stop.label, stop.commune.name
        )
    zone = "Europe/Paris"
    monday = date(2026, 1, 5)
    days = week(stop.opening_hours, zone, monday) or []
    said = [
        f"{date_format(monday + timedelta(days=offset), 'l')} {words.spans(open_spans)}"
        for offset, open_spans in enumerate(days)
        if open_spans
    ]
    return StopRow(", ".join(said), stop.label, stop.commune.name)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Take what a visitor says is wrong and store it for moderators; ask no name."""
    place = get_object_or_404(
        Place.objects.published().select_related("commune__department"), slug=slug
    )
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.store(place)
        return HttpResponseRedirect(reverse("directory:report-done", args=[slug]))
    card = cards.place_card(place, cards.Details())
    status = 400 if form.errors else 200
    return render(request, "report.html", {"form": form, "card": card}, status=status)


def report_done(request: HttpRequest, slug: str) -> HttpResponse:
    """Thank the visitor and say what happens next."""
    place = get_object_or_404(
        Place.objects.published().select_related("commune__department"), slug=slug
    )
    card = cards.place_card(place, cards.Details())
    return render(request, "report_done.html", {"card": card})
