"""The `id` of an exported place: the same at each export, and after a round trip.

It is the producer's own identifier after its source (`france-services:634`), so that two producers'
numbers never meet; one that already says its source is written as it is. A place that no producer
gave is `fiche/` and its permanent number.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db.models import Count

from directory.exchange.standard_cells import line_of_text
from directory.exchange.standard_reader import KEY_LENGTH
from directory.models import Place, PlaceSource

QUALIFIED = re.compile(r"([-\w]+):(.+)|fiche/(\d+)", re.ASCII | re.DOTALL)
"""What already names its source."""
DIGEST = 40
"""Hexadecimal digits that stand for an identifier too long once its source is written before it."""
MAX_KEY = 2**63 - 1


class Record(NamedTuple):
    """What a producer says of a place in its list: its identifier, and who collected it."""

    source_id: int
    external_id: str
    collected_by: str


def of(
    places: Sequence[Place], records: Mapping[int, Record], slugs: Mapping[int, str]
) -> dict[int, str]:
    """Return the identifiers of places by key; three queries at most.

    `records` are the places' own records at their source, `slugs` the sources' by key.
    """
    told = {key: line_of_text(record.external_id) for key, record in records.items()}
    kept = {text for text in told.values() if QUALIFIED.fullmatch(text)}
    shared = _shared(kept) if kept else set()
    found = {}
    for place in places:
        record = records.get(place.pk)
        if record is None:
            found[place.pk] = f"fiche/{place.pk}"
        elif told[place.pk] in kept - shared:
            found[place.pk] = told[place.pk]
        else:
            found[place.pk] = _qualified(slugs[record.source_id], told[place.pk])
    return found


def _qualified(slug: str, text: str) -> str:
    whole = f"{slug}:{text}"
    if len(whole) <= KEY_LENGTH:
        return whole
    return f"{slug}:{hashlib.sha256(text.encode()).hexdigest()[:DIGEST]}"


def _shared(kept: set[str]) -> set[str]:
    """Return the identifiers that name another place too, by another source."""
    records = PlaceSource.objects.order_by()
    counted = records.filter(external_id__in=kept).values("external_id")
    several = counted.annotate(places=Count("place", distinct=True)).filter(places__gt=1)
    shared = set(several.values_list("external_id", flat=True))
    parts = [match.groups() for text in kept if (match := QUALIFIED.fullmatch(text))]
    pairs = {(slug, key) for slug, key, _number in parts if slug}
    if pairs:
        own = records.filter(
            source__slug__in={slug for slug, _key in pairs},
            external_id__in={key for _slug, key in pairs},
        )
        found = set(own.values_list("source__slug", "external_id"))
        shared |= {f"{slug}:{key}" for slug, key in pairs & found}
    numbers = {int(number) for _slug, _key, number in parts if number}
    made_here = Place.objects.filter(
        pk__in={number for number in numbers if number <= MAX_KEY}, source_records=None
    )
    return shared | {f"fiche/{key}" for key in made_here.values_list("pk", flat=True)}
