"""Actors: who runs places, federates them or finances them; the list, by name, and one."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from directory.api import cursors
from directory.api.operations import Parameter, answer, operation, revalidated
from directory.api.place_schemas import ActorLink, SourceRecord
from directory.api.records import source_of
from directory.models import Actor
from directory.search.parameters import TEXT_MAX
from directory.views.problems import bad_request
from directory.vocabularies.names import OPEN_LICENCES, ActorCategory
from directory.vocabularies.normalization import normalize

router = Router()

FAMILY = Parameter(
    "famille",
    _("Famille d’acteurs."),
    {"type": "string", "enum": list(ActorCategory.values)},
    example="hub",
)
PARAMETERS = (
    Parameter(
        "q",
        _("Mots à trouver dans le nom ou le sigle."),
        {"type": "string", "maxLength": TEXT_MAX},
        example="hub",
    ),
    FAMILY,
    Parameter("departement", _("Code Insee d’un département où il agit."), example="23"),
    Parameter("region", _("Code Insee d’une région où il agit.")),
    *cursors.PAGING,
)


class ActorRecord(Schema):
    """An actor. Null: not known."""

    id: int
    slug: str
    url: str
    name: str
    short_name: str | None
    category: str
    level: str
    legal_status: str | None
    description: str | None
    how_it_works: str | None
    mediation_actions: str | None
    partnerships: str | None
    website: str | None
    email: str | None
    phone: str | None
    regions: list[str]
    departments: list[str]
    networks: list[ActorLink]
    citation: str | None
    source: SourceRecord


class ActorList(Schema):
    """A page of actors, by name; `next` is the address of the next one."""

    total: int
    next: str | None
    items: list[ActorRecord]


def published_openly() -> QuerySet[Actor]:
    """Return the actors that open data may hold: ours, or from a source of open licence."""
    return Actor.objects.published().filter(Q(source=None) | Q(source__licence__in=OPEN_LICENCES))


@operation(
    router,
    "/actors",
    ActorList,
    summary=_("Lister les acteurs"),
    description=_(
        "Programmes, réseaux, hubs, organismes de santé, structures locales\u00a0; par nom."
    ),
    parameters=PARAMETERS,
)
@revalidated
def actor_list(request: HttpRequest) -> HttpResponse:
    """Answer a page of actors."""
    query = request.GET
    try:
        page = cursors.read(query)
    except cursors.UnreadableError as error:
        return bad_request(error.problems)
    actors = _bearing(query.get("q", ""), published_openly().filter(_picked(query)))
    total = actors.count()
    if page.last:
        name, key = page.last
        actors = actors.filter(Q(name__gt=name) | Q(name=name, pk__gt=key))
    found = list(_whole(actors).order_by("name", "pk")[: page.limit + 1])
    shown = found[: page.limit]
    last = (shown[-1].name, shown[-1].pk) if len(found) > len(shown) else None
    told = {
        "total": total,
        "next": cursors.following(request, page, last) if last else None,
        "items": [_record(request, one) for one in shown],
    }
    return answer(told)


@operation(router, "/actors/{slug:slug}", ActorRecord, summary=_("Lire un acteur"))
@revalidated
def actor(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer one actor."""
    found = get_object_or_404(_whole(published_openly()), slug=slug)
    return answer(_record(request, found))


def _picked(query: Any) -> Q:
    picked = Q()
    if family := query.get("famille", ""):
        picked &= Q(category=family)
    for name, path in (("departement", "departments"), ("region", "regions")):
        if code := query.get(name, ""):
            picked &= Q(**{path: code})
    return picked


def _bearing(text: str, actors: QuerySet[Actor]) -> QuerySet[Actor]:
    """Return the actors whose name or short name holds every word."""
    words = normalize(text).split()
    if not words:
        return actors
    names = actors.order_by().values_list("pk", "name", "short_name")
    return actors.filter(
        pk__in=[
            key
            for key, name, short_name in names
            if all(word in normalize(f"{name} {short_name}") for word in words)
        ]
    )


def _whole(actors: QuerySet[Actor]) -> QuerySet[Actor]:
    return actors.select_related("source").prefetch_related(
        "regions", "departments", Prefetch("member_of", Actor.objects.published())
    )


def _record(request: HttpRequest, found: Actor) -> dict[str, Any]:
    texts = (
        "short_name", "legal_status", "description", "how_it_works", "mediation_actions",
        "partnerships", "website", "email", "phone", "citation",
    )  # fmt: skip
    return {
        "id": found.pk,
        "slug": found.slug,
        "url": request.build_absolute_uri(found.get_absolute_url()),
        "name": found.name,
        "category": found.category,
        "level": found.level,
        **{name: getattr(found, name) or None for name in texts},
        "regions": [region.pk for region in found.regions.all()],
        "departments": [department.pk for department in found.departments.all()],
        "networks": [
            {"id": network.pk, "name": network.name, "slug": network.slug}
            for network in found.member_of.all()
        ],
        "source": source_of(found.source),
    }
