"""Reads what pages say of places: five queries for any number of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    F,
    IntegerField,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import TruncDate
from django.utils import timezone

from directory.models import (
    Closure,
    FieldProvenance,
    Place,
    Service,
    ServiceNeed,
    ServiceTerm,
    Stop,
)
from directory.search import choices
from directory.search.choices import Choices
from directory.search.kept.facts import PlaceFacts, ServiceFacts
from directory.vocabularies.names import Basis, Credit, State

FIELDS = (
    "slug", "name", "pivot", "commune_id", "commune__name", "commune__department_id",
    "commune__department__time_zone", "address", "address_complement", "postcode", "latitude",
    "longitude", "position_precision", "phone", "booking_phone", "emails", "websites",
    "booking_url", "acceslibre_url", "opening_hours", "hours_note", "appointment",
    "appointment_note", "itinerancy", "rounds", "notes", "summary", "description", "source_id",
    "source_updated_on", "updated_at", "verified_on", "verification_method",
)  # fmt: skip
OPERATOR = ("operator_id", "operator__name", "operator__slug", "operator__state")

SERVICE_FIELDS = (
    "id", "name", "description", "how_to_book", "opening_hours", "booking_url", "area_note",
    "citation", "source_id",
)  # fmt: skip

NEED, SERVICE_TERM, PLACE_TERM = 0, 1, 2
CLOSURE, STOP, ORIGIN, CREDIT = 0, 1, 2, 3
"""Kinds of rows that one query reads together."""

NOTHING = Value("", output_field=CharField())
NO_DAY = Value(None, output_field=DateField())
END = date.max.toordinal()

Rows = dict[int, list[tuple[Any, ...]]]


def read_places(ids: Sequence[int]) -> list[PlaceFacts]:
    """Return the published places among `ids`; raises django.db.Error."""
    if not ids:
        return []
    published = Place.objects.published().filter(pk__in=ids).order_by()
    rows = list(published.values_list("pk", *FIELDS, *OPERATOR))
    if not rows:
        return []
    found = [row[0] for row in rows]
    services = Service.objects.published().filter(place__in=found).order_by("position", "pk")
    by_place: Rows = defaultdict(list)
    for place, *own in services.values_list("place_id", *SERVICE_FIELDS):
        by_place[place].append(tuple(own))
    links = _links([own[0] for own_rows in by_place.values() for own in own_rows], found)
    linked = _Linked(choices.current(), links)
    networks, times = _networks(found), _times(found)
    return [_facts(row, by_place[row[0]], linked, networks[row[0]], times[row[0]]) for row in rows]


def read_services(services: QuerySet[Service]) -> list[ServiceFacts]:
    """Return the facts of these services, in their order; two queries."""
    rows = list(services.values_list(*SERVICE_FIELDS))
    linked = _Linked(choices.current(), _links([row[0] for row in rows], []))
    return [ServiceFacts(*linked.service(row)) for row in rows]


class _Linked:
    """Needs and terms of services and places, sorted as their vocabularies are, the newest last."""

    def __init__(self, offered: Choices, links: dict[tuple[int, int], list[tuple[int, bool]]]):
        self.needs, self.terms, self.links = offered.need_ranks, offered.term_ranks, links

    def service(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return a service's own columns, then its needs and terms."""
        needs = sorted(
            self.links.get((NEED, row[0]), ()), key=lambda link: self.needs.get(link[0], END)
        )
        return (*row, tuple(needs), self.of(SERVICE_TERM, row[0]))

    def of(self, kind: int, owner: int) -> tuple[int, ...]:
        """Return the terms of an owner."""
        keys = [key for key, _flag in self.links.get((kind, owner), ())]
        return tuple(sorted(keys, key=lambda key: self.terms.get(key, END)))


def _links(services: list[int], places: list[int]) -> dict[tuple[int, int], list[tuple[int, bool]]]:
    """Read the needs and terms of services and the terms of places, in one query."""

    def linked(kind: int, rows: QuerySet[Any], owner: str, key: str, flag: Any) -> QuerySet[Any]:
        told = Value(kind, output_field=IntegerField())
        return rows.order_by().values_list(told, F(owner), F(key), flag)

    no = Value(False, output_field=BooleanField())
    declared = Case(When(basis=Basis.DECLARED, then=Value(True)), default=no)
    needs = ServiceNeed.objects.filter(service__in=services)
    terms = ServiceTerm.objects.filter(service__in=services)
    place_terms = Place.terms.through.objects.filter(place__in=places)
    rows = linked(NEED, needs, "service_id", "need_id", declared).union(
        linked(SERVICE_TERM, terms, "service_id", "term_id", no),
        linked(PLACE_TERM, place_terms, "place_id", "term_id", no),
        all=True,
    )
    found: dict[tuple[int, int], list[tuple[int, bool]]] = defaultdict(list)
    for kind, owner, key, flag in rows:
        found[kind, owner].append((key, bool(flag)))
    return found


def _networks(places: list[int]) -> Rows:
    """Read the published networks of places, by name."""
    links = Place.networks.through.objects.filter(place__in=places, actor__state=State.PUBLISHED)
    found: Rows = defaultdict(list)
    for place, *actor in links.order_by("actor__name", "actor_id").values_list(
        "place_id", "actor_id", "actor__name", "actor__slug"
    ):
        found[place].append(tuple(actor))
    return found


def _times(places: list[int]) -> Rows:
    """Read closures not yet over, stops and origins of fields of places, in one query.

    Closures and stops: first to come first.
    """
    # One day more: it is still yesterday in some overseas departments.
    still = timezone.localdate() - timedelta(days=1)
    closures = Closure.objects.filter(place__in=places, ends_on__gte=still).values_list(
        Value(CLOSURE, output_field=IntegerField()),
        F("place_id"), F("starts_on"), F("ends_on"), F("reason"), NOTHING, NOTHING, F("pk"),
    )  # fmt: skip
    stops = Stop.objects.filter(place__in=places).values_list(
        Value(STOP, output_field=IntegerField()),
        F("place_id"), F("on"), F("on"), F("opening_hours"), F("label"), F("commune__name"),
        F("pk"),
    )  # fmt: skip
    thanks = FieldProvenance.objects.filter(
        place__in=places, is_locked=True, credit=Credit.CONTRIBUTOR
    ).values_list(
        Value(CREDIT, output_field=IntegerField()),
        F("place_id"), TruncDate("recorded_at"), TruncDate("recorded_at"), F("field"), NOTHING,
        NOTHING, F("pk"),
    )  # fmt: skip
    origins = FieldProvenance.objects.filter(
        place__in=places, is_locked=False, source__isnull=False
    ).values_list(
        Value(ORIGIN, output_field=IntegerField()),
        F("place_id"), NO_DAY, NO_DAY, F("field"), NOTHING, NOTHING, F("source_id"),
    )  # fmt: skip
    others = (stops.order_by(), origins.order_by(), thanks.order_by())
    rows_of_all = closures.order_by().union(*others, all=True)
    found: Rows = defaultdict(list)
    for kind, place, *told in rows_of_all:
        found[place].append((kind, _ordinal(told[0]), _ordinal(told[1]), *told[2:]))
    for rows in found.values():
        rows.sort(key=lambda row: (row[0], row[1] or END, row[-1]))
    return found


def _facts(
    row: tuple[Any, ...],
    services: list[tuple[Any, ...]],
    linked: _Linked,
    networks: list[tuple[Any, ...]],
    times: list[tuple[Any, ...]],
) -> PlaceFacts:
    own = dict(zip(("id", *FIELDS), row[: len(FIELDS) + 1], strict=True))
    operator = row[-4:]
    return PlaceFacts(
        commune_code=own.pop("commune_id"),
        commune_name=own.pop("commune__name"),
        department_code=own.pop("commune__department_id"),
        time_zone=own.pop("commune__department__time_zone"),
        emails=tuple(own.pop("emails")),
        websites=tuple(own.pop("websites")),
        source_id=own.pop("source_id") or 0,
        updated=_ordinal(own.pop("source_updated_on")),
        modified=_ordinal(timezone.localdate(own.pop("updated_at"))),
        verified=_ordinal(own.pop("verified_on")),
        operator_row=operator[:3] if operator[3] == State.PUBLISHED else (),
        terms=linked.of(PLACE_TERM, row[0]),
        service_rows=tuple(map(linked.service, services)),
        network_rows=tuple(networks),
        closure_rows=tuple(told[1:4] for told in times if told[0] == CLOSURE),
        stop_rows=tuple((told[1], *told[3:7]) for told in times if told[0] == STOP),
        origin_rows=tuple((told[3], told[6]) for told in times if told[0] == ORIGIN),
        credit_rows=tuple((told[3], told[1]) for told in times if told[0] == CREDIT),
        **own,
    )


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0
