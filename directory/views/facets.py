"""Facets as the results page shows them: what can be chosen, what it would give, what is chosen."""

from collections.abc import Mapping
from datetime import time
from typing import NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _

from directory.search.criteria import Access, Facet
from directory.search.filters import DAYS, SearchFilter
from directory.search.finder import Found
from directory.views import links, words

SHOWN = (
    Facet.NEED,
    Facet.SUPPORT_MODE,
    Facet.ACCESS,
    Facet.LANGUAGE,
    Facet.PUBLIC,
    Facet.SPECIAL_CARE,
    Facet.COST,
    Facet.EQUIPMENT,
    Facet.ITINERANT,
    Facet.NETWORK,
    Facet.KIND,
    Facet.ACTIVITY,
    Facet.VERIFIED,
)
"""Facets in the order of a mediator's questions. Departments and regions are typed, not ticked:
their addresses work and show as chips."""

RARE_VALUES_HIDDEN = frozenset({Facet.KIND, Facet.LANGUAGE})
"""Long vocabularies (92 kinds, 59 languages): a value that no place here has is not listed."""

WHERE_PARAMETERS = ("ou", "lat", "lon", "rayon", "bbox")


class FacetOption(NamedTuple):
    """A value to tick; `total` is what ticking it alone in its facet would give."""

    code: str
    label: str
    total: int
    is_selected: bool
    is_zero: bool


class FacetView(NamedTuple):
    """A facet; `silent_count` places match the rest of the search and say nothing here."""

    name: str
    label: str
    options: list[FacetOption]
    is_open: bool
    is_declared: bool
    silent_count: int
    selected_count: int


class Chip(NamedTuple):
    """An active filter and the address of the search without it."""

    label: str
    url: str


def access_labels() -> dict[str, str]:
    """Return the labels of the access facet, which no vocabulary holds."""
    return {
        Access.NOW: _("Ouvert maintenant"),
        Access.AT: _("Ouvert à un jour et une heure précis"),
        Access.EVENING: _("Ouvert le soir, après 18\u00a0h"),
        Access.SATURDAY: _("Ouvert le samedi"),
        Access.NO_APPOINTMENT: _("Sans rendez-vous"),
        Access.PHONE: _("Joignable par téléphone"),
    }


def _labels(search: SearchFilter, facet: Facet) -> Mapping[str, str]:
    if facet == Facet.ACCESS:
        return {str(code): label for code, label in access_labels().items()}
    if facet == Facet.ITINERANT:
        return {"oui": _("Lieux qui se déplacent")}
    if facet == Facet.VERIFIED:
        return {"oui": _("Fiche vérifiée depuis moins d’un an")}
    return search.offered.labels[facet]


def facet_views(search: SearchFilter, found: Found) -> list[FacetView]:
    """Return the facets to show; counts are those of the search's territory and other facets."""
    return [_facet(search, found, facet) for facet in SHOWN]


def _facet(search: SearchFilter, found: Found, facet: Facet) -> FacetView:
    selected = set(search.value(facet) or ())
    counts = found.facet_counts.get(facet, {})
    options = [
        FacetOption(code, label, counts.get(code, 0), code in selected, not counts.get(code))
        for code, label in _labels(search, facet).items()
        if counts.get(code) or code in selected or facet not in RARE_VALUES_HIDDEN
    ]
    return FacetView(
        name=facet.value,
        label=str(search.form.fields[facet].label),
        options=options,
        is_open=bool(selected),
        is_declared=any(option.total for option in options) or bool(selected),
        silent_count=found.silent_counts.get(facet, 0),
        selected_count=len(selected),
    )


def chips(request: HttpRequest, search: SearchFilter) -> list[Chip]:
    """Return the active filters, each removable; the place and the radius are not filters."""
    found = []
    for facet in Facet:
        labels = _labels(search, facet)
        found += [
            Chip(labels.get(code, code), links.without(request, facet, code))
            for code in search.value(facet) or ()
            if code != Access.AT
        ]
    if search.criteria.day is not None and search.criteria.minute is not None:
        found.append(_moment_chip(request, search.criteria.day, search.criteria.minute))
    if search.value("declare"):
        label = _("Déclaré par le lieu")
        found.append(Chip(label, links.without(request, "declare", "oui")))
    if search.value("q"):
        typed = _("«\u00a0%(text)s\u00a0»") % {"text": search.value("q")}
        found.append(Chip(typed, links.changed(request, q="")))
    return found


def _moment_chip(request: HttpRequest, day: int, minute: int) -> Chip:
    """Return the chosen day and hour, which go together."""
    said = {"day": DAYS[day], "hour": words.hour(time(*divmod(minute, 60)))}
    codes = [code for code in request.GET.getlist(Facet.ACCESS) if code != Access.AT]
    url = links.with_lists(request, {Facet.ACCESS: codes, "jour": [], "heure": []})
    return Chip(_("Ouvert le %(day)s à %(hour)s") % said, url)


def clear_url(request: HttpRequest) -> str:
    """Return the address of the same place without any filter."""
    return links.keeping(request, WHERE_PARAMETERS)
