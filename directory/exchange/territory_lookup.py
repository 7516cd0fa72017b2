"""Finds the commune of a row, and says whether its point can be believed."""

from directory.exchange import positions
from directory.exchange.positions import Position
from directory.models import Commune, CommuneName
from directory.vocabularies.normalization import normalize_place_name

NORTHERN_ISLANDS = {"97133": "977", "97150": "978"}
"""Postcodes of Saint-Barthélemy and Saint-Martin, once communes of Guadeloupe."""


def departments_of(postcode: str) -> tuple[str, ...]:
    """Return the departments that a postcode may belong to, () when it tells none.

    Corsica's two share "20"; overseas ones have three digits.
    """
    if postcode in NORTHERN_ISLANDS:
        return (NORTHERN_ISLANDS[postcode],)
    if postcode.startswith("20"):
        return ("2A", "2B")
    if postcode.startswith(("97", "98")):
        return (postcode[:3],)
    return (postcode[:2],) if postcode else ()


class TerritoryLookup:
    """Communes by code, old code, and name with postcode; read once for a whole file."""

    def __init__(self) -> None:
        self.communes = {c.pk: c for c in Commune.objects.select_related("department")}
        names = CommuneName.objects.values_list("former_code", "normalized", "commune_id")
        self.former: dict[str, str] = {}
        self.by_name: dict[str, list[str]] = {}
        for former, normalized, code in names:
            if former:
                self.former[former] = code
            self.by_name.setdefault(normalized, []).append(code)

    def commune(self, code: str, name: str = "", postcode: str = "") -> Commune | None:
        """Return the commune of an INSEE code, current or former, else of a name and postcode."""
        found = self.communes.get(code) or self.communes.get(self.former.get(code, ""))
        return found or self.named(name, *departments_of(postcode))

    def named(self, name: str, *departments: str) -> Commune | None:
        """Return the only commune of that name in these departments, in the country if none."""
        codes = self.by_name.get(normalize_place_name(name), [])
        kept = {code for code in codes if code.startswith(departments or "")}
        return self.communes[kept.pop()] if len(kept) == 1 else None

    @staticmethod
    def position(latitude: str, longitude: str, commune: Commune) -> Position:
        """Return the point of a row, checked against its commune, or the commune's centre."""
        return positions.read(latitude, longitude, commune)
