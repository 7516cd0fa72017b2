"""Published places read from the database, one after the other, with all that is searched.

Each table is read once, sorted by place, and the streams are merged: no more than one place is in
memory at a time, whatever their number.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from sys import intern
from typing import Any

from django.db.models import QuerySet

from directory.models import Closure, Need, Place, Service, Stop, Term
from directory.models.querysets import Point
from directory.search.criteria import EVERYONE, PLACE_TERMS, SERVICE_TERMS, YES, Access, Facet
from directory.search.index.hours import Spans, is_evening, is_saturday, week_spans
from directory.search.index.wording import Normalizer, with_twins
from directory.vocabularies.names import Appointment, Basis, Itinerancy, State

CHUNK = 5000
"""Rows fetched at a time."""

DECLARED = "declare"
"""Prefix of the columns of declared needs, beside those of Facet.NEED, declared or deduced."""

HOURS_UNKNOWN = "?horaires"
APPOINTMENT_UNKNOWN = "?rendez-vous"
"""Columns of places silent on what the access facet asks."""

WITHOUT_APPOINTMENT = {Appointment.NOT_NEEDED, Appointment.POSSIBLE, Appointment.RECOMMENDED}

MOVING = {Itinerancy.ITINERANT, Itinerancy.BOTH}

_DEPARTMENT, _REGION = f"{Facet.DEPARTMENT}:", f"{Facet.REGION}:"
_ITINERANT = f"{Facet.ITINERANT}:{YES}"
_PHONE = f"{Facet.ACCESS}:{Access.PHONE}"
_NO_APPOINTMENT = f"{Facet.ACCESS}:{Access.NO_APPOINTMENT}"
_EVENING = f"{Facet.ACCESS}:{Access.EVENING}"
_SATURDAY = f"{Facet.ACCESS}:{Access.SATURDAY}"

Hours = tuple[str, str, str, tuple[tuple[date, date], ...]]
"""Opening hours (OSM), time zone, department and dated closures: what decides "open now"."""


def column(facet: Facet | str, code: str) -> str:
    """Return the name of the column of places that have this value."""
    return f"{facet}:{code}"


@dataclass(slots=True, frozen=True)
class Record:
    """One published place. `verified` is a proleptic ordinal, 0 for never; names are normalised.

    `columns` are those it belongs to, `words` those of its own texts, labels left aside.
    """

    id: int
    name: str
    commune: str
    point: Point | None
    verified: int
    hours: Hours
    spans: Spans
    columns: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True)
class Labels:
    """What needs and terms are called: columns by their key, and columns by word of their label.

    A need has two columns: known to be covered, and declared.
    """

    needs: dict[int, tuple[str, str]]
    parents: dict[str, str]
    terms: dict[int, str]
    words: dict[str, frozenset[str]]


def read_labels(normalizer: Normalizer) -> Labels:
    """Read the vocabularies, in two queries."""
    words: dict[str, set[str]] = {}
    needs: dict[int, tuple[str, str]] = {}
    parents: dict[str, str] = {}
    facets: dict[str, Facet] = {
        vocabulary: facet
        for facet, vocabularies in (SERVICE_TERMS | PLACE_TERMS).items()
        for vocabulary in vocabularies
    }

    def name(key: str, label: str) -> str:
        for word in with_twins(normalizer.words(label)):
            words.setdefault(word, set()).add(key)
        return key

    for pk, code, label, parent in Need.objects.values_list("pk", "code", "label", "parent__code"):
        needs[pk] = name(column(Facet.NEED, code), label), column(DECLARED, code)
        if parent:
            parents[code] = parent
    terms: dict[int, str] = {}
    for pk, vocabulary, code, label in Term.objects.values_list(
        "pk", "vocabulary", "code", "label"
    ):
        facet = facets.get(vocabulary)
        if facet:
            terms[pk] = column(facet, code)
            if facet == Facet.NETWORK:
                name(terms[pk], label)
    return Labels(needs, parents, terms, {word: frozenset(keys) for word, keys in words.items()})


def read_positions() -> Iterator[tuple[int, Point | None]]:
    """Yield the key and position of every published place."""
    rows = Place.objects.published().order_by().values_list("pk", "latitude", "longitude")
    for pk, latitude, longitude in rows.iterator(CHUNK):
        yield pk, None if latitude is None or longitude is None else (latitude, longitude)


PLACE_FIELDS = (
    "pk",
    "name",
    "operator__name",
    "group_name",
    "address",
    "commune__name",
    "commune__department_id",
    "commune__department__name",
    "commune__department__region_id",
    "commune__department__time_zone",
    "latitude",
    "longitude",
    "phone",
    "opening_hours",
    "appointment",
    "itinerancy",
    "verified_on",
)


class Reader:
    """Reads published places, all of them or a few."""

    def __init__(
        self, labels: Labels, normalizer: Normalizer, monday: date, ids: list[int] | None = None
    ) -> None:
        """`monday` begins the week whose hours are read; without `ids`, all places are read."""
        self.labels, self.normalizer, self.monday, self.ids = labels, normalizer, monday, ids
        services = Service.objects.published().filter(place__isnull=False)
        self.names = self._stream(services, "place_id", "name")
        self.needs = self._stream(
            services.filter(service_needs__isnull=False),
            "place_id",
            "service_needs__need_id",
            "service_needs__basis",
        )
        self.service_terms = self._stream(
            services.filter(service_terms__isnull=False), "place_id", "service_terms__term_id"
        )
        links = Place.terms.through.objects.filter(place__state=State.PUBLISHED)
        self.place_terms = self._stream(links, "place_id", "term_id")
        networks = Place.networks.through.objects.filter(
            place__state=State.PUBLISHED, actor__state=State.PUBLISHED
        )
        self.networks = self._stream(networks, "place_id", "actor__name")
        closures = Closure.objects.filter(place__state=State.PUBLISHED)
        self.closures = self._stream(closures, "place_id", "starts_on", "ends_on")
        self.stops = self._stream(Stop.objects.filter(place__state=State.PUBLISHED), "place_id")

    def _stream(self, rows: QuerySet[Any], key: str, *fields: str) -> "_Stream":
        if self.ids is not None:
            rows = rows.filter(place__in=self.ids)
        return _Stream(rows.order_by(key).values_list(key, *fields).iterator(CHUNK))

    def __iter__(self) -> Iterator[Record]:
        """Yield the records in the order of their keys."""
        places = Place.objects.published().order_by("pk")
        if self.ids is not None:
            places = places.filter(pk__in=self.ids)
        for row in places.values_list(*PLACE_FIELDS).iterator(CHUNK):
            yield self._record(row)

    def _record(self, row: tuple[Any, ...]) -> Record:
        pk, name, operator, group, address, commune, department, department_name = row[:8]
        region, zone, latitude, longitude, phone, hours, appointment, itinerancy, verified = row[8:]
        own_name = self.normalizer.words(name)
        own_words = with_twins([*own_name, *self.normalizer.words(address)])
        shared = [commune, department_name, group, operator or ""]
        shared += [service for _pk, service in self.names.of(pk)]
        shared += [network for _pk, network in self.networks.of(pk)]
        columns = self._needs_and_terms(pk)
        columns.add(f"{_DEPARTMENT}{department}")
        if region:
            columns.add(f"{_REGION}{region}")
        # Stops are asked for first: streams are read in step.
        if self.stops.of(pk) or itinerancy in MOVING:
            columns.add(_ITINERANT)
        spans = week_spans(hours, self.monday)
        columns |= access_columns(phone, spans, appointment)
        closures = sorted((start, end) for _pk, start, end in self.closures.of(pk))
        return Record(
            id=pk,
            name=" ".join(own_name),
            commune=self.normalizer.name(commune),
            point=None if latitude is None or longitude is None else (latitude, longitude),
            verified=verified.toordinal() if verified else 0,
            hours=(hours, intern(zone), intern(department), tuple(closures)),
            spans=spans or (),
            columns=frozenset(columns),
            words=frozenset(own_words.union(*map(self.normalizer.searched, shared))),
        )

    def _needs_and_terms(self, pk: int) -> set[str]:
        terms, needs = self.labels.terms, self.labels.needs
        columns = set()
        for _pk, need, basis in self.needs.of(pk):
            known, declared = needs[need]
            columns.add(known)
            if basis == Basis.DECLARED:
                columns.add(declared)
        for stream in (self.service_terms, self.place_terms):
            for _pk, term in stream.of(pk):
                if term in terms:
                    columns.add(terms[term])
        return columns


def access_columns(phone: str, spans: Spans | None, appointment: str) -> set[str]:
    """Return the columns of the access facet that do not depend on the time of the search."""
    columns = set()
    if phone:
        columns.add(_PHONE)
    if appointment in WITHOUT_APPOINTMENT:
        columns.add(_NO_APPOINTMENT)
    elif not appointment:
        columns.add(APPOINTMENT_UNKNOWN)
    if spans is None:
        columns.add(HOURS_UNKNOWN)
        return columns
    if is_evening(spans):
        columns.add(_EVENING)
    if is_saturday(spans):
        columns.add(_SATURDAY)
    return columns


class _Stream:
    """Rows sorted by their first value, handed out place by place."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self.rows = rows
        self.ahead = next(rows, None)

    def of(self, pk: int) -> list[tuple[Any, ...]]:
        """Return the rows of a place; places are asked for in ascending order."""
        found = []
        ahead = self.ahead
        while ahead is not None and ahead[0] <= pk:
            if ahead[0] == pk:
                found.append(ahead)
            ahead = next(self.rows, None)
        self.ahead = ahead
        return found


def everyone_column() -> str:
    """Return the column of places open to everyone."""
    return column(Facet.PUBLIC, EVERYONE)


def distinct(ids: Iterable[int]) -> list[int]:
    """Return keys sorted, each once."""
    return sorted(set(ids))
