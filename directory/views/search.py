"""Home and results: what do you need, where are you, who helps near you."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.models import Commune, Department
from directory.search import finder
from directory.search.criteria import Facet
from directory.search.filters import RADII, TEXT_MAX, SearchFilter
from directory.search.kept.offers import DEPARTMENTAL, NATIONAL, REGIONAL
from directory.search.territory import Note, Territory, Where, WhereKind, text_for
from directory.views import (
    cards,
    facets,
    links,
    map_view,
    open_data,
    phrases,
    structured_data,
)
from directory.views.freshness import revalidated

MAX_PAGE = 1_000_000
"""Beyond any directory: a larger number is a page that does not exist, like this one."""


@dataclass(frozen=True)
class RadiusOption:
    """A radius to choose, in km, with the count of places that it holds."""

    km: int
    label: str
    count: int | None
    url: str
    is_current: bool


class WhereChoice(NamedTuple):
    """A territory that the typed name may mean."""

    label: str
    detail: str
    url: str
    population: int | None


class Correction(NamedTuple):
    """A word found nowhere, and the one looked for instead."""

    typed: str
    used: str


@revalidated
def home(request: HttpRequest) -> HttpResponse:
    """Show the search form and the most asked needs."""
    search = SearchFilter(QueryDict())
    search.form.radius_options = radius_options(request, search, finder.Found())
    everything = finder.current_index().answer(search.criteria, size=0)
    departments = everything.counts.get(Facet.DEPARTMENT, {})
    context = {
        "form": search.form,
        "needs": [need for need in search.needs if need.is_on_home],
        "place_count": everything.total,
        "department_count": sum(1 for count in departments.values() if count),
        "data_on": search.offered.data_on,
        "structured_data": structured_data.website(request),
    }
    return render(request, "home.html", context)


@map_view.shows_map
@revalidated
def results(request: HttpRequest) -> HttpResponse:
    """Show places near what was typed; always a page with the form kept as typed.

    A page number that does not exist answers 404 with the way back to the first page; a box of the
    map that cannot be read, 400.
    """
    if said := request.GET.get(phrases.PARAMETER, "").strip():
        return HttpResponseRedirect(phrases.understood_url(request, said))
    search = SearchFilter(request.GET)
    if search.where.kind == WhereKind.UNKNOWN and (url := phrases.rescued_url(request)):
        return HttpResponseRedirect(url)
    page, page_problem = page_number(request)
    found = finder.find(search, page)
    problems = [page_problem] if page_problem else []
    if found.is_beyond:
        problems.append(
            ngettext(
                "Cette page n’existe pas. Il y a %(count)s page de résultats.",
                "Cette page n’existe pas. Il y a %(count)s pages de résultats.",
                found.page_count,
            )
            % {"count": found.page_count}
        )
    context = _context(request, search, found) | {"problems": problems}
    status = 400 if "bbox" in search.form.errors else 404 if found.is_beyond else 200
    return render(request, "results.html", context, status=status)


def _context(request: HttpRequest, search: SearchFilter, found: finder.Found) -> dict[str, Any]:
    asked = [need.code for need in search.chosen_needs]
    search.form.radius_options = radius_options(request, search, found)
    offered, now = search.offered, timezone.now()
    return {
        "form": search.form,
        "where": _where(request, search.where),
        "total": found.total,
        "cards": [cards.place_card(place, offered, asked, now) for place in found.places],
        "silent_cards": [
            cards.place_card(place, offered, asked, now, is_silent=True)
            for place in found.silent_places
        ],
        "silent_total": found.silent_total,
        "is_language_unheard": bool(search.value(Facet.LANGUAGE)) and not found.total,
        "corrections": [Correction(*pair) for pair in found.corrections.items()],
        "start": (found.page - 1) * finder.PAGE_SIZE + 1,
        "page": found.page,
        "page_count": found.page_count,
        "previous_url": links.paged(request, found.page - 1) if found.page > 1 else "",
        "next_url": links.paged(request, found.page + 1) if found.page < found.page_count else "",
        "first_url": links.paged(request, 1),
        "radius": found.radius,
        "widened_from": found.widened_from,
        "has_distances": bool(search.where.point),
        "has_box": search.criteria.bbox is not None,
        "leave_box_url": links.changed(request, bbox=""),
        "map": map_view.results_map(request, search, found),
        "need": search.form.selected_need,
        "text": search.value("q") or "",
        "area_offers": [
            cards.area_offer(offer, offered, asked, _area_text(scope, search.where))
            for scope, offer in found.area_offers
        ],
        "helplines": found.helplines,
        "facets": facets.facet_views(search, found),
        "chips": facets.chips(request, search),
        "clear_url": facets.clear_url(request),
        "ranking_url": links.page("ranking"),
        "download_url": open_data.results_url(request, search, found) if found.total else "",
        "phrase": request.GET.get(phrases.KEPT_AS, "")[:TEXT_MAX],
        "phrase_parts": phrases.parts(request),
    }


def radius_options(
    request: HttpRequest, search: SearchFilter, found: finder.Found
) -> list[RadiusOption]:
    """Return the radii to choose from, with their counts when the search has a centre."""
    current = found.radius or search.radius
    return [
        RadiusOption(
            km=km,
            label=f"{km}\u00a0km",
            count=found.counts.get(km),
            url=links.changed(request, rayon=str(km)),
            is_current=km == current,
        )
        for km in RADII
    ]


def page_number(request: HttpRequest) -> tuple[int, str]:
    """Return the page asked for and what to say when it cannot be read."""
    typed = request.GET.get("page", "").strip()
    if not typed:
        return 1, ""
    if typed.isascii() and typed.isdigit() and int(typed[:9]) >= 1:
        return min(int(typed[:9]), MAX_PAGE), ""
    return 1, _("Ce numéro de page n’est pas un nombre. Voici la première page.")


def _where(request: HttpRequest, where: Where) -> dict[str, Any]:
    """Return what the page says of the place typed; `districts` are a large city's."""
    choices = [_choice(request, territory) for territory in where.choices]
    is_divided = where.commune is not None and any(
        isinstance(territory, Commune) and territory.parent_id == where.commune.pk
        for territory in where.choices
    )
    return {
        "kind": str(where.kind),
        "note": _note(where),
        "label": where.label,
        "query": where.query,
        "corrected": where.corrected,
        "choices": [] if is_divided else choices,
        "districts": choices if is_divided else [],
    }


def _note(where: Where) -> str:
    """Say what the distances are told from when it is not what was typed."""
    commune = where.commune.name if where.commune else ""
    return {
        Note.ADDRESS_NOT_FOUND: _("Nous n’avons pas trouvé cette adresse."),
        Note.GEOCODER_UNAVAILABLE: _("Le service qui cherche les adresses ne répond pas."),
        Note.ADDRESS_NOT_READ: _("Nous ne lisons pas les rues."),
        Note.NONE: "",
    }[where.note] + (
        " " + _("Les distances partent du centre de la commune (%(name)s).") % {"name": commune}
        if where.note and commune
        else ""
    )


def _choice(request: HttpRequest, territory: Territory) -> WhereChoice:
    url = links.changed(request, ou=text_for(territory))
    if isinstance(territory, Commune):
        inhabitants = ""
        if territory.population:
            inhabitants = ngettext(
                "%(count)s habitant", "%(count)s habitants", territory.population
            ) % {"count": number_format(territory.population, force_grouping=True)}
        label = f"{territory.name} ({territory.department.name})"
        if territory.parent_id:
            label = territory.name.replace("Arrondissement", _("arrondissement"))
        return WhereChoice(label, inhabitants, url, territory.population)
    detail = _("tout le département")
    if not isinstance(territory, Department):
        detail = _("toute la région")
    return WhereChoice(territory.name, detail, url, territory.population)


def _area_text(scope: int, where: Where) -> str:
    """Say the territory that an offer covers, as seen from what was typed."""
    commune = where.commune
    department = commune.department if commune else where.department
    if scope == NATIONAL or not department:
        return _("Partout en France")
    if scope == REGIONAL:
        return _("Dans toute votre région")
    if scope == DEPARTMENTAL or not commune:
        return _("Département\u00a0: %(name)s") % {"name": department.name}
    return _("Commune\u00a0: %(name)s") % {"name": commune.name}
