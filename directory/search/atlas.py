"""Communes, departments and regions kept in memory: a search reads its territory without a query.

Read once per process, like the names (`gazetteer`) and for the same reason: geography changes once
a year, by a deployment. Some 8 MB for the country, shared by workers that the server forks.
"""

import marshal
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from directory.models import Commune, Department, Postcode, Region
from directory.models.querysets import Point, bounding_box, haversine_km

FIELDS = ("code", "name", "population", "latitude", "longitude", "department_id", "parent_id")


@dataclass(frozen=True)
class Atlas:
    """Territories by code. `by_latitude` holds the centres of communes, from south to north."""

    communes: dict[str, bytes]
    departments: dict[str, Department]
    regions: dict[str, Region]
    districts: dict[str, list[str]]
    postcodes: dict[str, list[str]]
    by_latitude: list[tuple[float, float, str]]

    def commune(self, code: str) -> Commune | None:
        """Return a commune with its department, None when there is none of this code."""
        kept = self.communes.get(code)
        if kept is None:
            return None
        values = marshal.loads(kept)  # noqa: S302 (bytes of this very process)
        commune = Commune(**dict(zip(FIELDS, values, strict=True)))
        commune.department = self.departments[commune.department_id]
        return commune

    def fetch(self, codes: Iterable[str]) -> list[Commune]:
        """Return the communes of these codes, the most populated first."""
        found = [commune for code in set(codes) if (commune := self.commune(code))]
        return sorted(found, key=lambda commune: (-(commune.population or 0), commune.pk))

    def of_postcode(self, postcode: str) -> list[Commune]:
        """Return the communes that a postcode serves, the most populated first."""
        return self.fetch(self.postcodes.get(postcode, ()))

    def districts_of(self, city: str) -> list[Commune]:
        """Return the arrondissements of Paris, Lyon or Marseille, in their order."""
        return [found for code in self.districts.get(city, ()) if (found := self.commune(code))]

    def nearest(self, point: Point, within_km: float) -> Commune | None:
        """Return the commune whose centre is the nearest, within `within_km`.

        A city that has arrondissements is none: they are.
        """
        south, west, north, east = bounding_box(point, within_km)
        start = bisect_left(self.by_latitude, (south, -181.0, ""))
        end = bisect_right(self.by_latitude, (north, 181.0, ""))
        near = [
            (haversine_km(point, (latitude, longitude)), code)
            for latitude, longitude, code in self.by_latitude[start:end]
            if west <= longitude <= east and code not in self.districts
        ]
        return self.commune(min(near)[1]) if near else None


@lru_cache(maxsize=1)
def atlas() -> Atlas:
    """Return the geography that the database held when first asked; four queries."""
    rows = list(Commune.objects.order_by("pk").values_list(*FIELDS))
    districts = defaultdict(list)
    for row in rows:
        if row[-1]:
            districts[row[-1]].append(row[0])
    postcodes = defaultdict(list)
    for postcode, code in Postcode.objects.order_by("code").values_list("code", "commune_id"):
        postcodes[postcode].append(code)
    departments = Department.objects.select_related("region").in_bulk()
    return Atlas(
        communes={row[0]: marshal.dumps(row) for row in rows},
        departments=departments,
        regions=Region.objects.in_bulk(),
        districts=dict(districts),
        postcodes=dict(postcodes),
        by_latitude=sorted(
            (latitude, longitude, code)
            for code, _name, _population, latitude, longitude, *_ in rows
            if latitude is not None and longitude is not None
        ),
    )


clear = atlas.cache_clear
