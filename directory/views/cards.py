"""Places as results and pages show them: everything a card says, from what is kept in memory."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils import timezone

from directory.exchange import phones
from directory.search.choices import Choices
from directory.search.kept import PlaceFacts, ServiceFacts
from directory.search.kept.facts import Need, path_of
from directory.search.kept.offers import Offer
from directory.search.opening import Opening, opening_at
from directory.views import words
from directory.vocabularies.names import Appointment, Vocabulary

MAX_NEEDS = 4
"""Needs told on a card: more would hide the phone number on a small screen."""


class NeedTag(NamedTuple):
    """A need that a place covers. A need that is not declared is to be confirmed by phone."""

    label: str
    is_declared: bool
    is_asked: bool = False


class PlaceCard(NamedTuple):
    """What a card says; every text is ready to be shown, "" when not known."""

    id: int
    name: str
    url: str
    address: str
    commune_name: str
    distance_text: str
    phone_display: str
    phone_uri: str
    status: str
    status_text: str
    kinds: list[str]
    networks: list[str]
    needs: tuple[NeedTag, ...]
    appointment_text: str
    is_itinerant: bool
    walk_text: str = ""
    is_silent: bool = False
    point: str = ""


class AreaOffer(NamedTuple):
    """A service that comes to people or helps them from afar."""

    name: str
    actor_name: str
    actor_url: str
    description: str
    needs: tuple[NeedTag, ...]
    modes: list[str]
    area_text: str
    how_to_book: str
    phone_display: str
    phone_uri: str
    website: str
    email: str


def labels(offered: Choices, terms: Iterable[int], vocabulary: Vocabulary) -> list[str]:
    """Return the labels of one vocabulary among terms, given by their keys."""
    known = (offered.terms.get(key) for key in terms)
    return [told[1] for told in known if told and told[0] == vocabulary]


def opening_of(place: PlaceFacts, now: datetime) -> Opening:
    """Return whether the place is open at `now`, an aware time."""
    return opening_at(
        place.opening_hours, place.time_zone, now, place.department_code, place.closed_days
    )


def need_tags(
    offered: Choices, needs: Iterable[Need], asked: Sequence[str] = ()
) -> tuple[NeedTag, ...]:
    """Return the needs to show: those asked for first, then those declared, in their order."""
    tags = []
    for key, is_declared in needs:
        need = offered.need_by_key.get(key)
        if need:
            tags.append(NeedTag(need.short_label, is_declared, need.code in asked))
    return tuple(sorted(tags, key=_rank))


def _rank(tag: NeedTag) -> tuple[bool, bool]:
    return (not tag.is_asked, not tag.is_declared)


def needs_of(offered: Choices, place: PlaceFacts) -> list[Need]:
    """Return the needs of all its services; declared by one of them is declared."""
    rows = place.service_rows
    if len(rows) == 1:
        return list(ServiceFacts._make(rows[0]).needs)
    found: dict[int, bool] = {}
    for service in place.services:
        for key, is_declared in service.needs:
            found[key] = found.get(key, False) or is_declared
    ranks = offered.need_ranks
    return sorted(found.items(), key=lambda need: ranks.get(need[0], 0))


def place_card(
    place: PlaceFacts,
    offered: Choices,
    asked: Sequence[str] = (),
    now: datetime | None = None,
    is_silent: bool = False,
) -> PlaceCard:
    """Return the card of a place; `asked` are codes of needs."""
    now = now or timezone.now()
    opening = opening_of(place, now)
    return PlaceCard(
        id=place.id,
        name=place.name,
        url=place_url(place, asked),
        address=place.full_address,
        commune_name=place.commune_name,
        distance_text=words.distance(place.distance),
        phone_display=phones.display(place.phone) if place.phone else "",
        phone_uri=phones.tel_uri(place.phone) if place.phone else "",
        status={None: "unknown", True: "open", False: "closed"}[opening.is_open],
        status_text=words.opening_text(opening, now),
        kinds=labels(offered, place.terms, Vocabulary.KIND),
        networks=labels(offered, place.terms, Vocabulary.PROGRAMME),
        needs=need_tags(offered, needs_of(offered, place), asked)[:MAX_NEEDS],
        appointment_text=appointment_text(place),
        is_itinerant=place.is_itinerant,
        # A walking time towards what moves would mislead.
        walk_text="" if place.is_itinerant else words.walk(place.distance),
        is_silent=is_silent,
        point=point_text(place),
    )


def place_url(place: PlaceFacts, asked: Sequence[str] = ()) -> str:
    """Return the place's address, with the need asked for: its page then says what to bring."""
    url = place.get_absolute_url()
    return f"{url}?{urlencode([('besoin', code) for code in asked])}" if asked else url


def point_text(place: PlaceFacts) -> str:
    """Return "46.17000,1.87000", latitude then longitude to the metre, "" when not known."""
    return f"{place.latitude:.5f},{place.longitude:.5f}" if place.point else ""


def appointment_text(place: PlaceFacts) -> str:
    """Return what the place says of appointments, "" when it says nothing."""
    return str(Appointment(place.appointment).label) if place.appointment else ""


def area_offer(offer: Offer, offered: Choices, asked: Sequence[str], area: str) -> AreaOffer:
    """Return the offer of a service without a place."""
    service, actor = offer.service, offer.actor
    phone = actor.phone if actor else ""
    return AreaOffer(
        name=service.name,
        actor_name=actor.display_name if actor else "",
        actor_url=path_of("directory:actor-detail", actor.slug) if actor else "",
        description=service.description,
        needs=need_tags(offered, service.needs, asked)[:MAX_NEEDS],
        modes=labels(offered, service.terms, Vocabulary.SUPPORT_MODE),
        area_text=service.area_note or area,
        how_to_book=service.how_to_book,
        phone_display=phones.display(phone) if phone else "",
        phone_uri=phones.tel_uri(phone) if phone else "",
        website=actor.website if actor else "",
        email=actor.email if actor else "",
    )
