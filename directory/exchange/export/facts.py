"""Reads what an export needs of places, a few hundred at a time: memory does not grow with them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from directory.exchange.export import identifiers
from directory.exchange.export.identifiers import Record
from directory.models import (
    Actor,
    FieldProvenance,
    Place,
    PlaceSource,
    Service,
    ServiceTerm,
    Source,
)
from directory.models.querysets import PlaceQuerySet

CHUNK = 500
"""Places read together."""

Published = dict[str, list[tuple[int, str]]]
"""Position and value of the standard, by vocabulary."""


@dataclass(frozen=True)
class Names:
    """What is read once for a whole export: names of sources and actors."""

    source_slugs: dict[int, str]
    source_names: dict[int, str]
    actors: dict[int, str]
    """Names of published actors by key."""
    actors_by_slug: dict[str, str]


@dataclass(frozen=True)
class Facts:
    """A place and what hangs on it, without what its sources keep us from publishing.

    `withheld` are names of fields of `Place`; `values` the standard's values by vocabulary.
    """

    place: Place
    id: str
    collector: str
    operator: str
    withheld: frozenset[str]
    values: dict[str, list[str]]


def names() -> Names:
    """Read the names; three queries."""
    sources = list(Source.objects.order_by("pk").values_list("pk", "slug", "name"))
    return Names(
        source_slugs={pk: slug for pk, slug, _name in sources},
        source_names={pk: name for pk, _slug, name in sources},
        actors=dict(Actor.objects.published().values_list("pk", "name")),
        actors_by_slug=dict(Actor.objects.values_list("slug", "name")),
    )


def chunks(queryset: PlaceQuerySet, known: Names, own_name: str) -> Iterator[list[Facts]]:
    """Yield the places of a queryset by lists, in the order of their keys.

    `own_name` is who collects what no producer gave. Eight queries a list at most, and a cursor of
    the server over the places.
    """
    places = queryset.order_by("pk").select_related("commune__department").defer("search_text")
    rows = iter(places.iterator(chunk_size=CHUNK))
    while chunk := list(islice(rows, CHUNK)):
        yield _facts(chunk, known, own_name)


def _facts(places: list[Place], known: Names, own_name: str) -> list[Facts]:
    keys = [place.pk for place in places]
    records = _records(places)
    ids = identifiers.of(places, records, known.source_slugs)
    withheld: dict[int, set[str]] = defaultdict(set)
    hidden = FieldProvenance.objects.withheld().filter(place__in=keys)
    for key, name in hidden.values_list("place_id", "field"):
        withheld[key].add(name)
    values = _values(keys, {key for key, hidden in withheld.items() if "terms" in hidden})
    return [
        Facts(
            place=place,
            id=ids[place.pk],
            collector=_collector(place, records.get(place.pk), known) or own_name,
            operator=known.actors.get(place.operator_id or 0, ""),
            withheld=frozenset(withheld[place.pk]),
            values=values[place.pk],
        )
        for place in places
    ]


def _records(places: Iterable[Place]) -> dict[int, Record]:
    """Return each place's record at its own source, the oldest when it has several."""
    sources = {place.pk: place.source_id for place in places}
    found: dict[int, Record] = {}
    rows = PlaceSource.objects.filter(place__in=sources).order_by("pk")
    for key, source, external_id, collected_by in rows.values_list(
        "place_id", "source_id", "external_id", "collected_by"
    ):
        if source == sources[key]:
            found.setdefault(key, Record(source, external_id, collected_by))
    return found


def _collector(place: Place, record: Record | None, known: Names) -> str:
    told = record.collected_by if record else ""
    return told or known.source_names.get(place.source_id or 0, "")


def _values(keys: list[int], without_terms: set[int]) -> dict[int, dict[str, list[str]]]:
    """Return the standard's values of places and of their services, in the published order."""
    found: dict[int, dict[str, set[tuple[int, str]]]] = defaultdict(lambda: defaultdict(set))
    own = Place.terms.through.objects.filter(place__in=set(keys) - without_terms)
    services = Service.objects.publishable().filter(place__in=keys)
    offered = ServiceTerm.objects.order_by().filter(service__in=services)
    term = ("term__vocabulary", "term__position", "term__published")
    for rows in (
        own.exclude(term__published="").values_list("place_id", *term),
        offered.exclude(term__published="").values_list("service__place_id", *term),
    ):
        for key, vocabulary, position, published in rows:
            found[key][vocabulary].add((position, published))
    return defaultdict(
        dict,
        {
            key: {name: [value for _at, value in sorted(values)] for name, values in one.items()}
            for key, one in found.items()
        },
    )
