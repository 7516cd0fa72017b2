"""The counts of every facet: what each value of a search would give. Also `/facettes.json`.

Strict where the pages forgive: what cannot be read, repeats or contradicts itself answers 400 and
says which parameter, so that a program never counts something else than what it asked.
"""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from ninja import Router, Schema

from directory.api import parameters
from directory.api.operations import Parameter, operation
from directory.search import finder
from directory.search.criteria import Access, Facet
from directory.search.filters import SearchFilter
from directory.search.index import Answer
from directory.search.territory import Territory, Where
from directory.views.freshness import revalidated
from directory.views.problems import Problem, bad_request
from directory.views.strict_search import strictly

CARRIED = frozenset({"page", "tri", "carnet", "phrase"})
"""Parameters of the results page that change no count."""

UNUSED = [Parameter(name, _("Sans effet ici.")) for name in sorted(CARRIED - {"tri"})]

router = Router()


class Ignored(Schema):
    """What was read and changes nothing, and why."""

    parameter: str
    reason: str


class Understood(Schema):
    """The territory that « ou » was understood as; `corrected` tells that it was misspelt."""

    kind: str
    code: str
    label: str
    corrected: bool


class FacetCounts(Schema):
    """Counts by code, each what `total` would be with this value alone; `silent` say nothing."""

    counts: dict[str, int]
    silent: int
    selected: list[str]


class Counts(Schema):
    """The counts of a search."""

    total: int
    silent_total: int
    radius: int | None
    radius_counts: dict[str, int]
    where: Understood | None
    facets: dict[str, FacetCounts]
    corrections: dict[str, str]
    ignored: list[Ignored]


@operation(
    router,
    "/facets",
    Counts,
    summary=_("Compter les lieux par critère"),
    description=(
        _(
            "Combien de lieux pour chaque valeur de chaque critère. Tous les lieux du site "
            "comptent, même ceux que les listes ne publient pas."
        )
    ),
    parameters=[*parameters.SEARCH, *UNUSED],
    is_strict=False,
)
@require_safe
@revalidated
def facet_counts(request: HttpRequest) -> HttpResponse:
    """Answer the counts of the results page with the same parameters; 400 when one is unclear."""
    search, problems = strictly(request.GET, CARRIED)
    if problems:
        return bad_request(problems)
    answer = finder.current_index().answer(search.criteria, size=0)
    return JsonResponse(
        {
            "total": answer.total,
            "silent_total": answer.silent_total,
            "radius": search.criteria.circle_km and search.radius,
            "radius_counts": answer.radius_counts,
            "where": understood(search.where),
            "facets": {facet: _facet(search, facet, answer) for facet in Facet},
            "corrections": answer.corrections,
            "ignored": [vars(problem) for problem in _ignored(request.GET, search)],
        },
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )


def _ignored(query: QueryDict, search: SearchFilter) -> Iterator[Problem]:
    """Yield what was read and changes nothing, and why."""
    for name in CARRIED & query.keys():
        yield Problem(name, _("Ne change aucun nombre."))
    if search.value("ou") and search.value("lat") is not None:
        for name in ("lat", "lon"):
            yield Problem(name, _("Le lieu écrit dans «\u00a0ou\u00a0» compte seul."))
    if search.value("rayon") and search.criteria.circle_km is None:
        yield Problem("rayon", _("Sans centre connu, il n’y a pas de distance."))
    if Access.AT in query.getlist(Facet.ACCESS) and search.criteria.day is None:
        yield Problem(Facet.ACCESS, _("«\u00a0horaire\u00a0» demande un jour et une heure."))


def understood(where: Where) -> dict[str, Any] | None:
    """Return the territory that was understood, None when none was typed."""
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
