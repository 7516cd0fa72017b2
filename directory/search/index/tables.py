"""What is read of the database, table by table, of all published places or of a few.

No table is joined to that of places: knowing which are published is quicker here. Links are grouped
by what they lead to: a term and the keys of all that have it, rather than a row for each.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, TypeAlias

from django.db.models import Aggregate, Field, QuerySet

from directory.models import Closure, Commune, Place, Service, ServiceNeed, ServiceTerm, Stop
from directory.search.opening import has_own_holidays
from directory.vocabularies.names import State

CHUNK = 2000
"""Rows fetched at a time, when all places are read."""

GROUPS = 10
"""Groups fetched at a time: one may hold the keys of nearly all places."""

BATCH = 500
"""Rows handed out together: turning more of them into columns leaves the processor's cache."""

Rows: TypeAlias = Iterator[tuple[Any, ...]]

PLACE_FIELDS = (
    "pk",
    "name",
    "address",
    "commune_id",
    "operator__name",
    "group_name",
    "phone",
    "opening_hours",
    "appointment",
    "itinerancy",
    "verified_on",
    "source_id",
)


class Keys(Aggregate):
    """The keys of a group, as a list."""

    function = "ARRAY_AGG"
    output_field = Field()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """SQLite has no arrays, but writes them as JSON."""
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)

    def convert_value(self, value: Any, expression: Any, connection: Any) -> list[int]:
        """Return the list, which PostgreSQL already gives."""
        return json.loads(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Town:
    """What a commune tells of its places.

    `holidays` is its department when that one has holidays of its own, else empty: places whose
    hours are the same are then the same in nearly all departments.
    """

    name: str
    department: str
    department_name: str
    region: str | None
    zone: str
    holidays: str


class Tables:
    """Reads the tables; every method asks one query."""

    def __init__(self, ids: list[int] | None = None) -> None:
        """Without `ids`, all places are read."""
        self.ids = ids

    def _of_places(self, rows: QuerySet[Any], path: str = "place") -> QuerySet[Any]:
        rows = rows.order_by()
        return rows if self.ids is None else rows.filter(**{f"{path}__in": self.ids})

    def _rows(self, rows: QuerySet[Any], chunk: int = CHUNK) -> Rows:
        """Fetch rows in chunks, or at once those of a few places: a cursor costs more."""
        return rows.iterator(chunk) if self.ids is None else iter(rows)

    def _grouped(self, rows: QuerySet[Any], key: str, *by: str) -> Rows:
        return self._rows(rows.values_list(*by).annotate(keys=Keys(key)), GROUPS)

    def positions(self) -> Rows:
        """Yield the key, latitude and longitude of every place."""
        rows = self._of_places(Place.objects.published(), "pk")
        return self._rows(rows.values_list("pk", "latitude", "longitude"))

    def places(self) -> Iterator[list[tuple[Any, ...]]]:
        """Yield PLACE_FIELDS of every place, some hundred rows at a time."""
        places = self._of_places(Place.objects.published(), "pk")
        rows = self._rows(places.values_list(*PLACE_FIELDS))
        return iter(lambda: list(islice(rows, BATCH)), [])

    def towns(self) -> dict[str, Town]:
        """Return what communes tell of their places, by key."""
        places = self._of_places(Place.objects.published(), "pk")
        communes = Commune.objects.filter(pk__in=places.values("commune")).order_by()
        rows = communes.values_list(
            "pk",
            "name",
            "department_id",
            "department__name",
            "department__region_id",
            "department__time_zone",
        )
        return {
            pk: Town(name, code, label, region, zone, code if has_own_holidays(code) else "")
            for pk, name, code, label, region, zone in self._rows(rows)
        }

    def services(self) -> Rows:
        """Yield the key, place and name of every published service of a place."""
        rows = Service.objects.published().filter(place__isnull=False)
        return self._rows(self._of_places(rows).values_list("pk", "place_id", "name"))

    def needs(self) -> Rows:
        """Yield a need, a basis, and the keys of the services, published or not."""
        rows = self._of_places(ServiceNeed.objects.all(), "service__place")
        return self._grouped(rows, "service_id", "need_id", "basis")

    def service_terms(self) -> Rows:
        """Yield a term and the keys of the services, published or not."""
        rows = self._of_places(ServiceTerm.objects.all(), "service__place")
        return self._grouped(rows, "service_id", "term_id")

    def place_terms(self) -> Rows:
        """Yield a term and the keys of the places, published or not."""
        rows = self._of_places(Place.terms.through.objects.all())
        return self._grouped(rows, "place_id", "term_id")

    def networks(self) -> Rows:
        """Yield the name of a network and the keys of its places, published or not."""
        rows = Place.networks.through.objects.filter(actor__state=State.PUBLISHED)
        return self._grouped(self._of_places(rows), "place_id", "actor__name")

    def with_stops(self) -> Iterable[int]:
        """Yield the keys of places that have stops, published or not."""
        return self._of_places(Stop.objects.all()).values_list("place_id", flat=True)

    def closures(self) -> dict[int, tuple[tuple[date, date], ...]]:
        """Return the closures of places that have some, published or not, in order."""
        found: dict[int, list[tuple[date, date]]] = defaultdict(list)
        rows = self._of_places(Closure.objects.all())
        for place, start, end in rows.values_list("place_id", "starts_on", "ends_on"):
            found[place].append((start, end))
        return {place: tuple(sorted(own)) for place, own in found.items()}
