"""What a map tells of the places that one selects: a short panel, or the list of one address.

HTML, for the site's own maps: also `/carte/lieux/`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import Router

from directory.api.guard import HTML
from directory.api.maps import kept_a_minute
from directory.api.operations import Parameter, operation
from directory.api.places import KEY_DIGITS
from directory.search import choices
from directory.search.index.clusters import MAX_LISTED
from directory.search.kept import PlaceFacts, StopFacts, shelf
from directory.search.opening import opening_at
from directory.views import cards, words
from directory.views.carnet_links import CarnetInHand
from directory.views.problems import Problem, bad_request

router = Router()


@dataclass(frozen=True)
class Selected:
    """A place of the panel; `next_stop` is "" when it does not move, or says no stop.

    `url` is its page and `carnet_url` the carnet with it, the search and the need carried along.
    """

    card: cards.PlaceCard
    next_stop: str
    url: str
    carnet_url: str
    is_in_carnet: bool


@operation(
    router,
    "/map/places",
    str,
    summary=_("Lire les lieux choisis sur une carte"),
    description=_(
        "Un morceau de page HTML\u00a0: téléphone, horaires du moment, prochain passage."
    ),
    parameters=[
        Parameter(
            "id",
            _("Numéro d’un lieu. Répétable, %(most)s au plus.") % {"most": MAX_LISTED},
            {"type": "string", "pattern": r"^[0-9]{1,18}$"},
            several=True,
            required=True,
            example="1",
        ),
        Parameter("besoin", _("Démarche que les liens gardent."), several=True),
        Parameter("carnet", _("Carnet que les liens gardent.")),
    ],
    is_strict=False,
    media=HTML,
)
@require_safe
@kept_a_minute
def map_places(request: HttpRequest) -> HttpResponse:
    """Show the places of `id` (repeatable, MAX_LISTED at most); 404 when none is published."""
    typed = request.GET.getlist("id")
    keys = [int(one) for one in typed if _is_key(one)]
    if not typed or len(keys) < len(typed):
        said = _("Il faut des numéros de lieux. Par exemple\u00a0: id=12&id=45.")
        return bad_request([Problem("id", said)])
    kept = shelf.get(dict.fromkeys(keys[:MAX_LISTED]))
    if not kept:
        raise Http404
    offered = choices.current()
    asked = [code for code in request.GET.getlist("besoin") if code in offered.need_by_code]
    now = timezone.now()
    carnet = CarnetInHand(request)
    places = []
    for place in kept.values():
        card = cards.place_card(place, offered, asked, now)
        numbers = tuple(dict.fromkeys([*carnet.numbers, place.id]))
        selected = Selected(
            card,
            next_stop_text(place, now),
            carnet.carry(card.url),
            replace(carnet.links, numbers=numbers).url,
            carnet.holds(place.id),
        )
        places.append(selected)
    places.sort(key=lambda place: place.card.name)
    return render(request, "_map_places.html", {"places": places})


def _is_key(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) <= KEY_DIGITS


def next_stop_text(place: PlaceFacts, now: datetime) -> str:
    """Say where and when a place that moves stops next; "" when no stop to come is known."""
    coming = [
        (*told, ", ".join(part for part in (stop.label, stop.commune_name) if part))
        for stop in place.stops
        if (told := _coming(stop, place, now))
    ]
    if not coming:
        return ""
    _when, said, where = min(coming)
    return _("Prochain passage\u00a0: %(when)s – %(where)s") % {"when": said, "where": where}


def _coming(stop: StopFacts, place: PlaceFacts, now: datetime) -> tuple[datetime, str] | None:
    """Return the next time at a stop and how it is said; None when there is none to come."""
    local = now.astimezone(ZoneInfo(place.time_zone))
    if stop.on:
        start = datetime.combine(stop.on, time(), tzinfo=local.tzinfo)
        said = words.day(stop.on, local.date()).removesuffix(",")
        return (start, said) if stop.on >= local.date() else None
    opening = opening_at(stop.opening_hours, place.time_zone, now, place.department_code)
    if opening.is_open:
        return local, _("en ce moment")
    if opening.opens_at is None:
        return None
    day = words.day(opening.opens_at.date(), local.date())
    said = _("%(day)s à %(hour)s") % {"day": day, "hour": words.hour(opening.opens_at)}
    return opening.opens_at, said
