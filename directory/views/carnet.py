"""The carnet: places chosen for someone, in the address and nowhere else."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Need
from directory.search import choices
from directory.search.kept import PlaceFacts
from directory.views import cards, selection, short_links, trust
from directory.views.carnet_links import SEARCH, SEARCH_MAX, CarnetLinks, anchor
from directory.views.freshness import revalidated
from directory.views.selection import LIMIT, PARAMETER


@dataclass(frozen=True)
class CarnetItem:
    """A place of the carnet, and the addresses of the carnet with it moved or removed.

    `up_url` and `down_url` are "" at the ends.
    """

    number: int
    anchor: str
    card: cards.PlaceCard
    trust_text: str
    up_url: str
    down_url: str
    remove_url: str


@revalidated
def carnet(request: HttpRequest) -> HttpResponse:
    """Show the places that the address names; always 200, what cannot be shown is said."""
    chosen = selection.read_kept(request.GET.getlist(PARAMETER))
    need, problems = read_need(request)
    search = request.GET.get(SEARCH, "")
    addresses = CarnetLinks(
        tuple(chosen.numbers),
        need.code if need else "",
        search if len(search) <= SEARCH_MAX else "",
    )
    context = {
        "problems": chosen.problems + problems,
        "numbers": selection.as_text(chosen.numbers),
        "items": _items(chosen, addresses, need),
        "need": need,
        "links": addresses,
        "short_url": short_links.carnet_url(request, chosen.places) if chosen.places else "",
        "limit": LIMIT,
    }
    return render(request, "carnet.html", context)


def read_need(request: HttpRequest) -> tuple[Need | None, list[str]]:
    """Return the need that the address names and what to say when it is unknown."""
    code = request.GET.get("besoin", "").strip()
    if not code:
        return None, []
    need = choices.current().need_by_code.get(code)
    if need:
        return need, []
    return None, [_("La démarche demandée n’existe pas\u00a0: nous l’avons laissée de côté.")]


def _items(
    chosen: selection.Selection[PlaceFacts], addresses: CarnetLinks, need: Need | None
) -> list[CarnetItem]:
    offered = choices.current()
    asked = [need.code] if need else []
    last = len(chosen.places) - 1
    items = []
    for rank, place in enumerate(chosen.places):
        here = f"#{anchor(place.pk)}"
        up, down = addresses.moved(place.pk, -1).url, addresses.moved(place.pk, 1).url
        items.append(
            CarnetItem(
                number=place.pk,
                anchor=anchor(place.pk),
                card=cards.place_card(place, offered, asked),
                trust_text=trust.of_place(place, timezone.localdate()),
                up_url=up + here if rank else "",
                down_url=down + here if rank < last else "",
                remove_url=addresses.without(place.pk).url,
            )
        )
    return items
