"""Places as results and pages show them: everything a card says, read in two queries a page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import BooleanField, F, Q, Value
from django.urls import reverse
from django.utils import timezone

from directory.exchange import phones
from directory.models import Place, Service, ServiceNeed, ServiceTerm
from directory.search.opening import Opening, opening_at
from directory.views import words
from directory.vocabularies.names import Appointment, State, Vocabulary

MAX_NEEDS = 4
"""Needs told on a card: more would hide the phone number on a small screen."""


@dataclass(frozen=True)
class NeedTag:
    """A need that a place covers. A need that is not declared is to be confirmed by phone."""

    label: str
    is_declared: bool
    is_asked: bool = False


@dataclass(frozen=True)
class PlaceCard:
    """What a card says; every text is ready to be shown, "" when not known."""

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
    needs: list[NeedTag]
    appointment_text: str
    is_itinerant: bool
    report_url: str
    walk_text: str = ""
    is_silent: bool = False


@dataclass(frozen=True)
class AreaOffer:
    """A service that comes to people or helps them from afar."""

    name: str
    actor_name: str
    actor_url: str
    description: str
    needs: list[NeedTag]
    modes: list[str]
    area_text: str
    how_to_book: str
    phone_display: str
    phone_uri: str
    website: str
    email: str


@dataclass
class Details:
    """Needs and terms of places and services, by their keys."""

    place_needs: dict[int, dict[str, ServiceNeed]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    service_needs: dict[int, list[ServiceNeed]] = field(default_factory=lambda: defaultdict(list))
    place_terms: dict[int, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    service_terms: dict[int, list[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )


def read_details(places: Sequence[Place], services: Sequence[Service] = ()) -> Details:
    """Read in two queries what the cards of these places and services say."""
    details = Details()
    place_ids = [place.pk for place in places]
    service_ids = [service.pk for service in services]
    if not place_ids and not service_ids:
        return details
    for row in _needs(place_ids, service_ids):
        details.service_needs[row.service_id].append(row)
        if row.service.place_id:
            known = details.place_needs[row.service.place_id]
            # Declared by one service of the place is declared.
            if row.need.code not in known or row.is_declared:
                known[row.need.code] = row
    for owner, is_place, vocabulary, label in _terms(place_ids, service_ids):
        target = details.place_terms if is_place else details.service_terms
        target[owner].append((vocabulary, label))
    return details


def _needs(place_ids: list[int], service_ids: list[int]) -> Iterable[ServiceNeed]:
    # Services first, by their own index: the same OR across the join reads the whole table.
    services = Service.objects.filter(
        Q(place__in=place_ids) | Q(pk__in=service_ids), state=State.PUBLISHED
    )
    return (
        ServiceNeed.objects.filter(service__in=services)
        .select_related("need", "service")
        .order_by("need__position", "pk")
    )


def _terms(place_ids: list[int], service_ids: list[int]) -> Iterable[tuple[int, bool, str, str]]:
    of_places = (
        Place.terms.through.objects.filter(place__in=place_ids)
        .order_by()
        .values_list(
            F("place_id"),
            Value(True, output_field=BooleanField()),
            "term__vocabulary",
            "term__label",
            "term__position",
        )
    )
    of_services = (
        ServiceTerm.objects.filter(service__in=service_ids)
        .order_by()
        .values_list(
            F("service_id"),
            Value(False, output_field=BooleanField()),
            "term__vocabulary",
            "term__label",
            "term__position",
        )
    )
    rows = sorted(of_places.union(of_services, all=True), key=lambda row: (row[2], row[4]))
    return [(owner, bool(is_place), vocab, label) for owner, is_place, vocab, label, _ in rows]


def labels(terms: list[tuple[str, str]], vocabulary: Vocabulary) -> list[str]:
    """Return the labels of one vocabulary."""
    return [label for name, label in terms if name == vocabulary]


def opening_of(place: Place, now: datetime, closures: Iterable[tuple[date, date]] = ()) -> Opening:
    """Return whether the place is open now; its commune and department must be loaded."""
    department = place.commune.department
    return opening_at(place.opening_hours, department.time_zone, now, department.code, closures)


def need_tags(rows: Iterable[ServiceNeed], asked: Iterable[str] = ()) -> list[NeedTag]:
    """Return the needs to show, those asked for first."""
    wanted = set(asked)
    tags = [NeedTag(r.need.short_label, r.is_declared, r.need.code in wanted) for r in rows]
    return sorted(tags, key=lambda tag: (not tag.is_asked, not tag.is_declared))


def place_card(
    place: Place,
    details: Details,
    asked: Iterable[str] = (),
    now: datetime | None = None,
    closures: Iterable[tuple[date, date]] = (),
) -> PlaceCard:
    """Return the card of a place whose commune and department are loaded."""
    now = now or timezone.now()
    opening = opening_of(place, now, closures)
    terms = details.place_terms[place.pk]
    status = {None: "unknown", True: "open", False: "closed"}[opening.is_open]
    return PlaceCard(
        name=place.name,
        url=_url(place, asked),
        address=place.full_address,
        commune_name=place.commune.name,
        distance_text=words.distance(place.distance),
        phone_display=phones.display(place.phone) if place.phone else "",
        phone_uri=phones.tel_uri(place.phone) if place.phone else "",
        status=status,
        status_text=words.opening_text(opening, now),
        kinds=labels(terms, Vocabulary.KIND),
        networks=labels(terms, Vocabulary.PROGRAMME),
        needs=need_tags(details.place_needs[place.pk].values(), asked)[:MAX_NEEDS],
        appointment_text=appointment_text(place),
        is_itinerant=place.is_itinerant,
        report_url=reverse("directory:report", args=[place.slug]),
        # A walking time towards what moves would mislead.
        walk_text="" if place.is_itinerant else words.walk(place.distance),
    )


def _url(place: Place, asked: Iterable[str]) -> str:
    """Return the place's address, with the need asked for: its page then says what to bring."""
    query = urlencode([("besoin", code) for code in asked])
    return f"{place.get_absolute_url()}?{query}" if query else place.get_absolute_url()


def appointment_text(place: Place) -> str:
    """Return what the place says of appointments, "" when it says nothing."""
    return str(Appointment(place.appointment).label) if place.appointment else ""


def area_offer(service: Service, details: Details, asked: Iterable[str], area: str) -> AreaOffer:
    """Return the offer of a service without a place; its actor must be loaded."""
    actor = service.actor
    phone = actor.phone if actor else ""
    return AreaOffer(
        name=service.name,
        actor_name=actor.display_name if actor else "",
        actor_url=actor.get_absolute_url() if actor else "",
        description=service.description,
        needs=need_tags(details.service_needs[service.pk], asked)[:MAX_NEEDS],
        modes=labels(details.service_terms[service.pk], Vocabulary.SUPPORT_MODE),
        area_text=service.area_note or area,
        how_to_book=service.how_to_book,
        phone_display=phones.display(phone) if phone else "",
        phone_uri=phones.tel_uri(phone) if phone else "",
        website=actor.website if actor else "",
        email=actor.email if actor else "",
    )
