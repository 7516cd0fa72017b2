"""Where a row is: its commune by code, name, postcode or point, and its point, each checked."""

import math
from collections import defaultdict

from django.conf import settings
from django.utils.translation import gettext as _

from directory.exchange import positions
from directory.exchange import standard_cells as cells
from directory.exchange.commune_finder import CommuneFinder
from directory.exchange.positions import Position
from directory.exchange.standard_cells import Notes, line_of_text
from directory.models import Commune
from directory.models.querysets import Point, haversine_km
from directory.search.geocoder import GeocoderUnavailableError, geocoder
from directory.vocabularies.names import PositionPrecision

NEAR_KM = 10.0
"""A point farther than this from every commune's centre is not in France, or in no town."""
GRID = 5
"""Cells by degree: their sides are then longer than NEAR_KM everywhere in the French mainland."""
UNKNOWN_POINTS = frozenset({"point-missing", "point-too-far"})


class PlaceLocator:
    """Finds the commune and the point of rows; knows the whole territory."""

    def __init__(self) -> None:
        self.finder = CommuneFinder()
        self.asks_geocoder = bool(settings.GEOCODER)
        self.grid: dict[tuple[int, int], list[Commune]] = defaultdict(list)

    def commune(self, row: dict[str, str], notes: Notes) -> Commune | None:
        """Return the commune of a row, each way of finding it told; None when all fail, told too.

        The code wins, unless the name, the postcode and the point all say another commune.
        """
        code = cells.insee_code(line_of_text(row.get("code_insee", "")), notes)
        town = line_of_text(row.get("commune", ""))
        postcode = cells.postcode(line_of_text(row.get("code_postal", "")), notes)
        said = f"{code} {postcode} {town}".strip()
        found, repair = self.finder.find(code, town, postcode)
        if found is None:
            found, repair = self._by_point(row, postcode), "commune-by-point"
        elif code and not repair:
            other, _repair = self.finder.find("", town, postcode)
            if other and other != found and self._is_near(row, other, found):
                found, repair = other, "commune-by-name-and-point"
        if found and repair:
            notes.repaired(repair, "commune", said)
        if found is None:
            notes.reject("code_insee" if code else "commune", said, _("commune inconnue"))
        return found

    def position(self, row: dict[str, str], commune: Commune, notes: Notes) -> Position:
        """Return the point of a row, else that of its address if the geocoder is on, else the
        commune's centre."""
        written = row.get("latitude", ""), row.get("longitude", "")
        found = positions.read(*written, commune)
        if found.repair in UNKNOWN_POINTS and self.asks_geocoder:
            found = self._geocoded(line_of_text(row.get("adresse", "")), commune, notes) or found
        if found.repair != "point-missing" and any("," in text for text in written):
            notes.repaired("decimal-comma", "latitude", " ".join(written))
        if found.repair:
            notes.repaired(found.repair, "latitude", " ".join(written).strip())
        return found

    def _geocoded(self, address: str, commune: Commune, notes: Notes) -> Position | None:
        if not address:
            return None
        try:
            found = geocoder.find(f"{address} {commune.name} {commune.pk}")
        except GeocoderUnavailableError:
            self.asks_geocoder = False
            notes.report.warnings.append(
                f"géocodeur muet à la ligne {notes.line} : les lieux suivants sans coordonnées "
                "sont mis au centre de leur commune."
            )
            return None
        if found is None or not positions.believable((found.latitude, found.longitude), commune):
            return None
        numbered = found.label[:1].isdigit()
        precision = PositionPrecision.ADDRESS if numbered else PositionPrecision.STREET
        return Position(found.latitude, found.longitude, precision, "point-geocoded")

    def _by_point(self, row: dict[str, str], postcode: str) -> Commune | None:
        """Return the commune whose centre is nearest to the point, of the same postcode first."""
        department = postcode[:3] if postcode.startswith("97") else postcode[:2]
        written = row.get("latitude", ""), row.get("longitude", "")
        around = self.finder.by_postcode.get(postcode, set())
        for point, _repair in positions.points(*written, department):
            near = self._near(point)
            kept = [commune for commune in near if commune.pk in around]
            kept = kept or [c for c in near if c.pk.startswith(department)]
            if kept:
                return min(kept, key=lambda c: haversine_km(point, c.point or point))
        return None

    def _near(self, point: Point) -> list[Commune]:
        if not self.grid:
            for commune in self.finder.territory.communes.values():
                if commune.point:
                    self.grid[_cell(commune.point)].append(commune)
        if not all(math.isfinite(part) for part in point):
            return []
        row, column = _cell(point)
        beside = [(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        found = (commune for cell in beside for commune in self.grid.get(cell, ()))
        return [c for c in found if c.point and haversine_km(point, c.point) <= NEAR_KM]

    @staticmethod
    def _is_near(row: dict[str, str], commune: Commune, other: Commune) -> bool:
        """Tell whether the point is near one commune and not near the other."""
        written = row.get("latitude", ""), row.get("longitude", "")
        precise = positions.read(*written, commune).precision == PositionPrecision.ADDRESS
        return precise and positions.read(*written, other).precision != PositionPrecision.ADDRESS


def _cell(point: Point) -> tuple[int, int]:
    return math.floor(point[0] * GRID), math.floor(point[1] * GRID)
