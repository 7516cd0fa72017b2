"""What an import must know of places that were merged: several rows speak of one of them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from directory.exchange import place_state
from directory.exchange.place_state import Parts
from directory.models import Place, PlaceRedirect, PlaceSource, Source


@dataclass(frozen=True)
class MergedPlaces:
    """Places that several rows speak of, as one source sees them.

    `spared` are the services that its second rows gave, by place: its first row replaces its own
    only. `seconds` are the identifiers of these second rows.
    """

    places: frozenset[int] = frozenset()
    spared: dict[int, set[str]] = field(default_factory=dict)
    seconds: frozenset[str] = frozenset()

    def is_same(self, place: int, name: str, before: Any, after: Any) -> bool:
        """Tell whether a part would stay as it is; a merged place may hold more than a row says.

        What a second row completed is not erased by a first row that is silent.
        """
        if place in self.spared and not after and name not in place_state.CHILDREN:
            return True
        if place in self.places and name == "networks":
            return bool(after <= before)
        if place in self.places and name == "terms":
            return all(codes <= before.get(name, frozenset()) for name, codes in after.items())
        return place_state.is_same(name, before, after)

    def leaves(self, external_id: str, name: str, before: Any) -> bool:
        """Tell whether a row says nothing of a part: a second row only completes what is empty."""
        return external_id in self.seconds and (bool(before) or name in place_state.CHILDREN)


def read(states: dict[int, Parts], source: Source) -> MergedPlaces:
    """Read what is known of places, and leave in their states the services of first rows only.

    One query.
    """
    rows: dict[int, int] = defaultdict(int)
    spared: dict[int, set[str]] = defaultdict(set)
    seconds = []
    for row in PlaceSource.objects.filter(place__in=states):
        rows[row.place_id] += 1
        if row.is_second and row.source_id == source.pk:
            spared[row.place_id].update(row.service_ids)
            seconds.append(row.external_id)
    for place, services in spared.items():
        own = states[place]["services"]
        states[place]["services"] = {key: own[key] for key in own if key not in services}
    several = frozenset(place for place, count in rows.items() if count > 1)
    return MergedPlaces(several, dict(spared), frozenset(seconds))


def former_slugs(slugs: Collection[str]) -> set[str]:
    """Return those that a merged place had: they lead to another one, and are not given again."""
    found = PlaceRedirect.objects.filter(slug__in=slugs)
    return set(found.values_list("slug", flat=True))


def is_slug_used(slug: str) -> bool:
    """Tell whether a place has a slug, or had it before a merge."""
    return Place.objects.filter(slug=slug).exists() or bool(former_slugs([slug]))
