"""The counts of every facet as JSON: what each value of a search would give, for programs.

Strict where the pages forgive: what cannot be read, repeats or contradicts itself answers 400 and
says which parameter, so that a program never counts something else than what it asked.
"""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.search import finder
from directory.search.criteria import Access, Facet
from directory.search.filters import SearchFilter
from directory.search.index import Answer
from directory.search.territory import Territory, Where, WhereKind, text_for
from directory.views.freshness import revalidated
from directory.views.problems import Problem, bad_request

SEVERAL = frozenset(Facet)
"""Parameters that may be repeated, meaning OR."""

CARRIED = frozenset({"page", "tri", "carnet", "phrase"})
"""Parameters of the results page that change no count."""

MOST_NAMED = 5
"""Homonyms named in the answer that asks to choose."""


@require_safe
@revalidated
def facet_counts(request: HttpRequest) -> HttpResponse:
    """Answer the counts of the results page with the same parameters; 400 when one is unclear."""
    problems = list(_unclear(request.GET))
    search = SearchFilter(request.GET)
    problems += [
        Problem(name, str(reason))
        for name, reasons in search.form.errors.items()
        for reason in reasons
    ]
    problems += _unknown_place(search.where)
    if problems:
        return bad_request(problems)
    answer = finder.current_index().answer(search.criteria, size=0)
    return JsonResponse(
        {
            "total": answer.total,
            "silent_total": answer.silent_total,
            "radius": search.criteria.circle_km and search.radius,
            "radius_counts": answer.radius_counts,
            "where": _where(search.where),
            "facets": {facet: _facet(search, facet, answer) for facet in Facet},
            "corrections": answer.corrections,
            "ignored": [vars(problem) for problem in _ignored(request.GET, search)],
        },
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )


def _unclear(query: QueryDict) -> Iterator[Problem]:
    """Yield the parameters that are unknown, repeated without reason, or half of a pair."""
    known = {*SearchFilter.base_filters, *CARRIED}
    for name, values in query.lists():
        if name not in known:
            yield Problem(name, _("Ce paramètre n’existe pas."))
        elif len(list(filter(None, values))) > 1 and name not in SEVERAL | CARRIED:
            yield Problem(name, _("Ce paramètre n’a qu’une valeur."))
    for name, other in (("lat", "lon"), ("lon", "lat"), ("jour", "heure"), ("heure", "jour")):
        if query.get(name, "").strip() and not query.get(other, "").strip():
            yield Problem(other, _("Il manque\u00a0: il va avec « %(name)s ».") % {"name": name})


def _unknown_place(where: Where) -> Iterator[Problem]:
    if where.kind == WhereKind.UNKNOWN:
        yield Problem("ou", _("Ce lieu n’est pas connu."))
    if where.kind == WhereKind.CHOICES:
        named = ", ".join(map(text_for, where.choices[:MOST_NAMED]))
        said = _("Plusieurs lieux portent ce nom\u00a0: %(names)s.")
        yield Problem("ou", said % {"names": named})


def _ignored(query: QueryDict, search: SearchFilter) -> Iterator[Problem]:
    """Yield what was read and changes nothing, and why."""
    for name in CARRIED & query.keys():
        yield Problem(name, _("Ne change aucun nombre."))
    if search.value("ou") and search.value("lat") is not None:
        for name in ("lat", "lon"):
            yield Problem(name, _("Le lieu écrit dans « ou » compte seul."))
    if search.value("rayon") and search.criteria.circle_km is None:
        yield Problem("rayon", _("Sans centre connu, il n’y a pas de distance."))
    if Access.AT in query.getlist(Facet.ACCESS) and search.criteria.day is None:
        yield Problem(Facet.ACCESS, _("« horaire » demande un jour et une heure."))


def _where(where: Where) -> dict[str, Any] | None:
    territory: Territory | None = where.commune or where.department or where.region
    if territory is None:
        return None
    return {
        "kind": where.kind,
        "code": territory.pk,
        "label": where.label,
        "corrected": where.corrected,
    }


def _facet(search: SearchFilter, facet: Facet, answer: Answer) -> dict[str, Any]:
    """Return what each value would give; a value that is not listed gives none."""
    return {
        "counts": {code: count for code, count in answer.counts.get(facet, {}).items() if count},
        "silent": answer.silent_counts.get(facet, 0),
        "selected": sorted(search.criteria.facets.get(facet, ())),
    }
