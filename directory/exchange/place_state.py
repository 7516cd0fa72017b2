"""What a place is in the database and what a draft wants it to be, part by part, comparable.

A part is a field of `Place`, or one of CHILDREN. Both sides use the same plain values: keys of
communes, slugs of actors, codes of terms.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import CharField

from directory.exchange.drafts import PlaceDraft, ServiceDraft
from directory.models import Place, Service, ServiceArea, ServiceNeed, ServiceTerm, Source, Stop
from directory.vocabularies.names import Vocabulary

CHILDREN = {
    "operator": "structure qui le gère",
    "networks": "réseaux",
    "terms": "caractéristiques",
    "services": "services",
    "stops": "passages",
}
"""Parts that are no column of their own, and how they are named to people."""

TEXT_LIMITS = {
    field.name: field.max_length
    for field in Place._meta.concrete_fields
    if isinstance(field, CharField) and field.max_length
}
"""Characters that each text of a place holds."""

PLACE_FIELDS = {field.name: field for field in Place._meta.concrete_fields}

UNTOLD = frozenset({"source_updated_on"})
"""Parts that follow the file without being a change: a producer dates every row anew."""

Parts = dict[str, Any]


def wanted(draft: PlaceDraft, known_networks: Collection[str]) -> Parts:
    """Return the parts that a draft gives; it says nothing of the others."""
    parts: Parts = {name: _plain(name, value) for name, value in draft.fields.items()}
    terms: dict[str, frozenset[str]] = {}
    for vocabulary, code in draft.terms:
        terms[vocabulary.value] = terms.get(vocabulary.value, frozenset()) | {code}
    return parts | {
        "operator": draft.operator.slug if draft.operator else "",
        "networks": frozenset(slug for slug in draft.networks if slug in known_networks),
        "terms": terms,
        "services": {service.external_id: _service(service) for service in draft.services},
        "stops": tuple(sorted((s.commune, s.label, s.opening_hours) for s in draft.stops)),
    }


def stored(places: Iterable[Place], source: Source) -> dict[int, Parts]:
    """Return the parts of places by key, of `source` alone where a place has several's.

    The places must have their operator read; five queries.
    """
    states = {place.pk: _columns(place) for place in places}
    terms: dict[int, dict[str, frozenset[str]]] = defaultdict(dict)
    rows = Place.terms.through.objects.filter(place__in=states)
    for place, vocabulary, code in rows.values_list("place_id", "term__vocabulary", "term__code"):
        terms[place][vocabulary] = terms[place].get(vocabulary, frozenset()) | {code}
    networks: dict[int, set[str]] = defaultdict(set)
    joined = Place.networks.through.objects.filter(place__in=states)
    for place, slug in joined.values_list("place_id", "actor__slug"):
        networks[place].add(slug)
    stops: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for stop in Stop.objects.filter(place__in=states, on=None):
        stops[stop.place_id].append((stop.commune_id, stop.label, stop.opening_hours))
    services = _services(states, source)
    for key, state in states.items():
        state["terms"] = terms[key]
        state["networks"] = frozenset(networks[key])
        state["stops"] = tuple(sorted(stops[key]))
        state["services"] = services[key]
    return states


def is_same(name: str, before: Any, after: Any) -> bool:
    """Tell whether a part would stay as it is; a draft's terms only speak of their vocabularies."""
    if name == "terms":
        return all(before.get(vocabulary) == codes for vocabulary, codes in after.items())
    return bool(before == after)


def shown(value: Any, name: str = "") -> str:
    """Return a part as a person reads it; `name` tells the field whose choices have labels."""
    choices = dict(getattr(PLACE_FIELDS.get(name), "flatchoices", ()))
    if isinstance(value, str) and value in choices:
        return str(choices[value])
    if value is None:
        return ""
    if isinstance(value, dict):
        return " ; ".join(f"{key} : {shown(part)}" for key, part in sorted(value.items()))
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(shown, value)))
    return str(value)


def label(name: str) -> str:
    """Return the name of a part as people know it."""
    return CHILDREN.get(name) or str(getattr(PLACE_FIELDS.get(name), "verbose_name", name))


def area_code(area: ServiceArea) -> str:
    """Return a stored area as drafts tell it."""
    for kind in ("region", "department", "commune"):
        if code := getattr(area, f"{kind}_id"):
            return f"{kind}:{code}"
    return "france"


def _plain(name: str, value: Any) -> Any:
    limit = TEXT_LIMITS.get(name)
    if limit and len(value or "") > limit:
        return str(value)[:limit].rstrip()
    return getattr(value, "pk", value)


def _columns(place: Place) -> Parts:
    parts: Parts = {name: getattr(place, f.attname) for name, f in PLACE_FIELDS.items()}
    return parts | {"operator": place.operator.slug if place.operator else ""}


def _service(draft: ServiceDraft) -> tuple[Any, ...]:
    return (
        draft.name,
        draft.description,
        draft.booking_url,
        draft.how_to_book,
        draft.area_note,
        draft.opening_hours,
        frozenset(draft.areas),
        frozenset(f"{need.code} ({need.rule})" if need.rule else need.code for need in draft.needs),
        frozenset(f"{Vocabulary(name).value}:{code}" for name, code in draft.terms),
    )


def _services(places: Collection[int], source: Source) -> dict[int, dict[str, tuple[Any, ...]]]:
    found = list(Service.objects.filter(place__in=places, source=source))
    keys = [service.pk for service in found]
    needs: dict[int, set[str]] = defaultdict(set)
    for service, code, rule in ServiceNeed.objects.filter(service__in=keys).values_list(
        "service_id", "need__code", "rule"
    ):
        needs[service].add(f"{code} ({rule})" if rule else code)
    terms: dict[int, set[str]] = defaultdict(set)
    for service, vocabulary, code in ServiceTerm.objects.filter(service__in=keys).values_list(
        "service_id", "term__vocabulary", "term__code"
    ):
        terms[service].add(f"{vocabulary}:{code}")
    areas: dict[int, set[str]] = defaultdict(set)
    for area in ServiceArea.objects.filter(service__in=keys):
        areas[area.service_id].add(area_code(area))
    by_place: dict[int, dict[str, tuple[Any, ...]]] = defaultdict(dict)
    for one in found:
        own = (
            one.name, one.description, one.booking_url, one.how_to_book, one.area_note,
            one.opening_hours, frozenset(areas[one.pk]),
        )  # fmt: skip
        by_place[one.place_id or 0][one.external_id] = (
            *own,
            frozenset(needs[one.pk]),
            frozenset(terms[one.pk]),
        )
    return by_place
