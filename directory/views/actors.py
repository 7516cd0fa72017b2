"""Actors: the list by family, and what each of them does."""

from dataclasses import dataclass, replace

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.exchange import phones
from directory.models import Actor, Department, Place, Region, Service
from directory.search import choices
from directory.search.choices import Choices
from directory.search.kept import PlaceRef, ServiceFacts, read_services, shelf
from directory.views import cards, map_view, structured_data
from directory.views.freshness import revalidated
from directory.views.places import ServiceView, service_view
from directory.vocabularies.names import ActorCategory
from directory.vocabularies.normalization import normalize

PAGE_SIZE = 20
TEXT_MAX = 200


@dataclass(frozen=True)
class ActorGroup:
    """Actors of one family."""

    label: str
    description: str
    actors: list[Actor]


@revalidated
def actor_list(request: HttpRequest) -> HttpResponse:
    """Show published actors by family; `q` keeps those whose name holds every word."""
    query = request.GET.get("q", "")[:TEXT_MAX]
    words = normalize(query).split()
    actors = [
        actor
        for actor in Actor.objects.published().order_by("name", "pk").with_place_count()
        if all(word in normalize(f"{actor.name} {actor.short_name}") for word in words)
    ]
    # Bodies known only because they run a counter are found by name: hundreds would hide the rest.
    shown = actors if words else [actor for actor in actors if not _only_runs_counters(actor)]
    groups = [
        ActorGroup(*_heading(c), [a for a in shown if a.category == c]) for c in ActorCategory
    ]
    context = {
        "groups": [group for group in groups if group.actors],
        "query": query,
        "total": len(actors),
    }
    return render(request, "actor_list.html", context)


def _only_runs_counters(actor: Actor) -> bool:
    """Tell whether an import made this actor from the name of a counter, and says no more of it."""
    is_local = actor.category == ActorCategory.LOCAL_STRUCTURE
    return is_local and not actor.description and actor.source_id is not None


def _heading(category: ActorCategory) -> tuple[str, str]:
    """Return the plural name of a family and what it holds."""
    return {
        ActorCategory.STATE_PROGRAMME: (
            _("Programmes de l’État"),
            _("Des programmes publics, présents partout en France."),
        ),
        ActorCategory.ADMINISTRATION: (
            _("Administrations"),
            _("Des services de l’État, des collectivités et des conseils publics."),
        ),
        ActorCategory.PUBLIC_INTEREST_GROUP: (
            _("Groupements d’intérêt public"),
            _("Des organismes publics créés par plusieurs administrations."),
        ),
        ActorCategory.NATIONAL_NETWORK: (
            _("Réseaux nationaux"),
            _("Des associations et des coopératives nationales."),
        ),
        ActorCategory.HUB: (
            _("Hubs territoriaux"),
            _("Ils relient les acteurs d’une région."),
        ),
        ActorCategory.HEALTH_BODY: (
            _("Acteurs de la santé"),
            _("L’Assurance Maladie, les agences, les établissements et les soignants."),
        ),
        ActorCategory.LOCAL_STRUCTURE: (
            _("Structures locales"),
            _(
                "Associations et services proches de chez vous. Pour une commune ou un CCAS "
                "(centre communal d’action sociale), cherchez son nom."
            ),
        ),
    }[category]


@map_view.shows_map
@revalidated
def actor_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one published actor with its services, members and places (20 a page)."""
    actor = get_object_or_404(
        Actor.objects.published()
        .select_related("source")
        .prefetch_related(
            "regions",
            "departments",
            Prefetch("member_of", Actor.objects.published()),
            Prefetch("members", Actor.objects.published()),
        ),
        slug=slug,
    )
    places = (
        Place.objects.published()
        .filter(Q(operator=actor) | Q(networks=actor))
        .distinct()
        .order_by("commune__department", "commune__name", "name", "pk")
        .values_list("pk", "commune__department", "commune__name", "name")
    )
    paginator = Paginator(places, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    keys = [row[0] for row in page.object_list]
    kept = shelf.get(keys)
    offered, now = choices.current(), timezone.now()
    url = reverse("directory:actor-detail", args=[slug])
    networks, regions = actor.member_of.all(), actor.regions.all()
    departments = actor.departments.all()
    territories: list[Region | Department] = [*regions, *departments]
    context = {
        "actor": actor,
        "structured_data": structured_data.actor(request, actor, networks, territories),
        "phone_display": phones.display(actor.phone) if actor.phone else "",
        "phone_uri": phones.tel_uri(actor.phone) if actor.phone else "",
        "services": _services(actor, offered),
        "networks": networks,
        "members": actor.members.all(),
        "regions": regions,
        "departments": departments,
        "places": [cards.place_card(kept[key], offered, now=now) for key in keys if key in kept],
        "map": map_view.actor_map(request, slug),
        "place_total": paginator.count,
        "page": page.number,
        "page_count": paginator.num_pages,
        "previous_url": f"{url}?page={page.number - 1}" if page.has_previous() else "",
        "next_url": f"{url}?page={page.number + 1}" if page.has_next() else "",
    }
    return render(request, "actor_detail.html", context)


def _services(actor: Actor, offered: Choices) -> list[ServiceView]:
    """Return its published services; where they have no place, the area that they cover."""
    rows = actor.services.published()
    services = list(
        rows.select_related("place").prefetch_related(
            "areas__region", "areas__department", "areas__commune"
        )
    )
    facts = read_services(rows)
    return [_service(*pair, offered) for pair in zip(services, facts, strict=True)]


def _service(service: Service, facts: ServiceFacts, offered: Choices) -> ServiceView:
    area = ", ".join(
        _("Partout en France") if area.is_national else str(area) for area in service.areas.all()
    )
    view = service_view(facts, offered, area)
    place = service.place
    return replace(view, place=PlaceRef(place.pk, place.name, place.slug)) if place else view
