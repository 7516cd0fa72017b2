"""Services: what is offered at a place, or over an area by people who come or call."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from directory.api import cursors
from directory.api.operations import Parameter, answer, operation, revalidated
from directory.api.place_schemas import ActorLink, ServiceRecord
from directory.api.places import KEY_DIGITS
from directory.api.records import Recorder
from directory.models import Service
from directory.search import choices
from directory.search.kept import read_services
from directory.views.problems import Problem, bad_request
from directory.vocabularies.names import OPEN_LICENCES, State

router = Router()

PARAMETERS = (
    Parameter(
        "besoin",
        _("Démarche de santé. Codes\u00a0: voir /needs. Répétable\u00a0: l’une ou l’autre."),
        several=True,
        example="ameli",
    ),
    Parameter("lieu", _("Numéro d’un lieu."), {"type": "string", "pattern": "^[0-9]{1,18}$"}),
    Parameter("acteur", _("Identifiant (slug) d’un acteur.")),
    *cursors.PAGING,
)


class PlaceLink(Schema):
    """The place of a service, told in full at /places/{number}."""

    id: int
    name: str
    slug: str


class Area(Schema):
    """A territory that a service without place covers; `code` null: the whole country."""

    kind: str
    code: str | None
    name: str


class WholeService(ServiceRecord):
    """A service, at a place or over areas."""

    place: PlaceLink | None
    actor: ActorLink | None
    areas: list[Area]


class ServiceList(Schema):
    """A page of services, by number; `next` is the address of the next one."""

    next: str | None
    items: list[WholeService]


def publishable() -> QuerySet[Service]:
    """Return the services that open data may hold, by key."""
    actor_open = Q(actor=None) | Q(actor__source=None) | Q(actor__source__licence__in=OPEN_LICENCES)
    return Service.objects.publishable().filter(actor_open).order_by("pk")


@operation(
    router,
    "/services",
    ServiceList,
    summary=_("Lister les services"),
    description=_("Ce qui est proposé dans un lieu, à domicile, à distance ou par téléphone."),
    parameters=PARAMETERS,
)
@revalidated
def service_list(request: HttpRequest) -> HttpResponse:
    """Answer a page of services."""
    query, problems = request.GET, []
    needs = [code for code in query.getlist("besoin") if code]
    if set(needs) - choices.current().need_by_code.keys():
        problems.append(Problem("besoin", _("Cette démarche n’est pas dans la liste.")))
    try:
        page = cursors.read(query)
    except cursors.UnreadableError as error:
        problems += error.problems
    if problems:
        return bad_request(problems)
    services = publishable().filter(pk__gt=page.last[0] if page.last else 0)
    if needs:
        services = services.covering(needs)  # type: ignore[attr-defined]
    if place := query.get("lieu", ""):
        services = services.filter(place=int(place))
    if actor := query.get("acteur", ""):
        services = services.filter(actor__slug=actor)
    keys = list(services.values_list("pk", flat=True)[: page.limit + 1])
    shown = keys[: page.limit]
    told = {
        "next": cursors.following(request, page, (shown[-1],)) if len(keys) > len(shown) else None,
        "items": _records(shown),
    }
    return answer(told)


@operation(router, "/services/{int:number}", WholeService, summary=_("Lire un service"))
@revalidated
def service(request: HttpRequest, number: int) -> HttpResponse:
    """Answer one service."""
    if number >= 10**KEY_DIGITS:
        raise Http404
    keys = list(publishable().filter(pk=number).values_list("pk", flat=True))
    records = _records(keys)
    if not records:
        raise Http404
    return answer(records[0])


def _records(keys: list[int]) -> list[dict[str, Any]]:
    """Return the services of these keys; five queries for any number."""
    recorder = Recorder(choices.current(), "")
    rows = publishable().filter(pk__in=keys)
    facts = read_services(rows)
    whole = (
        rows.select_related("place", "actor")
        .only("place__name", "place__slug", "actor__name", "actor__slug", "actor__state")
        .prefetch_related("areas__region", "areas__department", "areas__commune")
    )
    linked = whole.in_bulk()
    return [
        {**recorder.service(one), **_links(linked[one.id])}
        for one in facts
        if one.id in linked and one.source_id in recorder.open
    ]


def _links(service: Service) -> dict[str, Any]:
    place, actor = service.place, service.actor
    is_told = actor is not None and actor.state == State.PUBLISHED
    return {
        "place": {"id": place.pk, "name": place.name, "slug": place.slug} if place else None,
        "actor": {"id": actor.pk, "name": actor.name, "slug": actor.slug}
        if actor and is_told
        else None,
        "areas": [_area(area) for area in service.areas.all()],
    }


def _area(area: Any) -> dict[str, Any]:
    for kind in ("region", "department", "commune"):
        if territory := getattr(area, kind):
            return {"kind": kind, "code": territory.pk, "name": territory.name}
    return {"kind": "country", "code": None, "name": "France"}
