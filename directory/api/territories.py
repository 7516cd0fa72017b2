"""Territories: regions, departments and communes, by code or by name, all from memory."""

from bisect import bisect_right
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from directory.api import cursors
from directory.api.operations import Parameter, answer, operation, revalidated
from directory.models import Commune, Department, Region
from directory.search.atlas import Atlas, atlas
from directory.search.gazetteer import gazetteer
from directory.search.parameters import TEXT_MAX
from directory.views.problems import Problem, bad_request
from directory.vocabularies.normalization import normalize, normalize_place_name

router = Router()

NAMED_MAX = 1_000
"""Communes whose name begins alike that are looked at: « Saint » begins 4,000."""

NAME = Parameter(
    "q",
    _("Début du nom."),
    {"type": "string", "maxLength": TEXT_MAX},
    example="cre",
)


class RegionRecord(Schema):
    """A region, or an overseas collectivity in that role."""

    code: str
    name: str


class DepartmentRecord(Schema):
    """A department; `region` is a code."""

    code: str
    name: str
    region: str | None
    time_zone: str
    population: int | None
    latitude: float | None
    longitude: float | None


class CommuneRecord(Schema):
    """A commune or a municipal arrondissement, whose city is `parent`; codes are INSEE's."""

    code: str
    name: str
    department: str
    region: str | None
    parent: str | None
    population: int | None
    latitude: float | None
    longitude: float | None


class RegionList(Schema):
    """Regions by code."""

    items: list[RegionRecord]


class DepartmentList(Schema):
    """Departments by code."""

    items: list[DepartmentRecord]


class CommuneList(Schema):
    """A page of communes, by code; `next` is the address of the next one."""

    total: int
    next: str | None
    items: list[CommuneRecord]


@operation(
    router, "/territories/regions", RegionList, summary=_("Lister les régions"), parameters=[NAME]
)
@revalidated
def region_list(request: HttpRequest) -> HttpResponse:
    """Answer the regions whose name begins with `q`."""
    found = _named(request, atlas().regions)
    return answer({"items": [_region(region) for region in found]})


@operation(router, "/territories/regions/{slug:code}", RegionRecord, summary=_("Lire une région"))
@revalidated
def region(request: HttpRequest, code: str) -> HttpResponse:
    """Answer a region by its INSEE code."""
    return answer(_region(_known(atlas().regions, code)))


@operation(
    router,
    "/territories/departments",
    DepartmentList,
    summary=_("Lister les départements"),
    parameters=[NAME, Parameter("region", _("Code Insee de la région."), example="75")],
)
@revalidated
def department_list(request: HttpRequest) -> HttpResponse:
    """Answer the departments whose name begins with `q`, of a region if it is told."""
    within = request.GET.get("region", "")
    if within and within not in atlas().regions:
        return bad_request([Problem("region", _("Cette région n’existe pas."))])
    found = _named(request, atlas().departments)
    told = [_department(one) for one in found if not within or one.region_id == within]
    return answer({"items": told})


@operation(
    router,
    "/territories/departments/{slug:code}",
    DepartmentRecord,
    summary=_("Lire un département"),
)
@revalidated
def department(request: HttpRequest, code: str) -> HttpResponse:
    """Answer a department by its INSEE code."""
    return answer(_department(_known(atlas().departments, code)))


@operation(
    router,
    "/territories/communes",
    CommuneList,
    summary=_("Lister les communes"),
    description=_(
        "Par début de nom, par code postal, par département\u00a0; sans paramètre\u00a0: toutes."
    ),
    parameters=[
        NAME,
        Parameter(
            "code_postal",
            _("Code postal."),
            {"type": "string", "pattern": "^[0-9]{5}$"},
            example="23000",
        ),
        Parameter("departement", _("Code Insee du département."), example="23"),
        *cursors.PAGING,
    ],
)
@revalidated
def commune_list(request: HttpRequest) -> HttpResponse:
    """Answer a page of communes."""
    query, problems = request.GET, []
    within = query.get("departement", "").upper()
    if within and within not in atlas().departments:
        problems.append(Problem("departement", _("Ce département n’existe pas.")))
    try:
        page = cursors.read(query)
    except cursors.UnreadableError as error:
        problems += error.problems
    if problems:
        return bad_request(problems)
    codes = _codes(query.get("q", ""), query.get("code_postal", ""), within)
    start = bisect_right(codes, page.last[0]) if page.last else 0
    shown = codes[start : start + page.limit]
    has_more = start + len(shown) < len(codes)
    told = {
        "total": len(codes),
        "next": cursors.following(request, page, (shown[-1],)) if has_more else None,
        "items": [_commune(one) for code in shown if (one := atlas().commune(code))],
    }
    return answer(told)


@operation(
    router, "/territories/communes/{slug:code}", CommuneRecord, summary=_("Lire une commune")
)
@revalidated
def commune(request: HttpRequest, code: str) -> HttpResponse:
    """Answer a commune by its INSEE code."""
    found = atlas().commune(code.upper())
    if found is None:
        raise Http404
    return answer(_commune(found))


def _codes(text: str, postcode: str, within: str) -> list[str]:
    """Return in order the codes of the communes that are all of what is asked."""
    geography: Atlas = atlas()
    if not (postcode or text.strip() or within):
        # Databases order codes each in their own way; sorting what is nearly sorted is quick.
        return sorted(geography.communes)
    if postcode:
        codes = set(geography.postcodes.get(postcode, ()))
    elif text.strip():
        codes = set(gazetteer().completing(normalize_place_name(text), NAMED_MAX))
    else:
        codes = set(geography.communes)
    if postcode and text.strip():
        codes &= set(gazetteer().completing(normalize_place_name(text), NAMED_MAX))
    if within:
        # A commune's code begins with its department's: few are read to make sure.
        near = {code for code in codes if code.startswith(within)}
        codes = {c for c in near if (one := geography.commune(c)) and one.department_id == within}
    return sorted(codes)


def _named(request: HttpRequest, territories: dict[str, Any]) -> list[Any]:
    typed = normalize(request.GET.get("q", ""))
    return [
        territories[code]
        for code in sorted(territories)
        if normalize(territories[code].name).startswith(typed)
    ]


def _known(territories: dict[str, Any], code: str) -> Any:
    found = territories.get(code.upper())
    if found is None:
        raise Http404
    return found


def _region(region: Region) -> dict[str, Any]:
    return {"code": region.pk, "name": region.name}


def _department(department: Department) -> dict[str, Any]:
    return {
        "code": department.pk,
        "name": department.name,
        "region": department.region_id,
        "time_zone": department.time_zone,
        "population": department.population,
        "latitude": department.latitude,
        "longitude": department.longitude,
    }


def _commune(commune: Commune) -> dict[str, Any]:
    return {
        "code": commune.pk,
        "name": commune.name,
        "department": commune.department_id,
        "region": commune.department.region_id,
        "parent": commune.parent_id,
        "population": commune.population,
        "latitude": commune.latitude,
        "longitude": commune.longitude,
    }
