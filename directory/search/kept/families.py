"""Antennas and the places that they depend on: a page of one names the others."""

from collections import defaultdict
from dataclasses import dataclass

from directory.models import Place
from directory.search.kept.facts import PlaceRef
from directory.search.memory import Kept
from directory.vocabularies.names import State


@dataclass(frozen=True)
class Families:
    """Published antennas of published places, both by key; antennas by name."""

    principals: dict[int, PlaceRef]
    antennas: dict[int, list[PlaceRef]]

    def of(self, place: int) -> tuple[PlaceRef | None, list[PlaceRef]]:
        """Return the place that this one depends on, and its own antennas."""
        return self.principals.get(place), self.antennas.get(place, [])


def read() -> Families:
    """Read them; one query."""
    rows = Place.objects.published().filter(principal__state=State.PUBLISHED).order_by("name", "pk")
    principals, antennas = {}, defaultdict(list)
    for key, name, slug, *principal in rows.values_list(
        "pk", "name", "slug", "principal_id", "principal__name", "principal__slug"
    ):
        principals[key] = PlaceRef(*principal)
        antennas[principal[0]].append(PlaceRef(key, name, slug))
    return Families(principals, dict(antennas))


_kept = Kept(read)
current = _kept.current
"""Return the families; one query when no copy is kept."""
