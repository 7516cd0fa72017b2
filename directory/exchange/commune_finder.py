"""Finds the commune of a row that may lack its INSEE code, as older lists do."""

import re

from rapidfuzz import fuzz

from directory.exchange.territory_lookup import TerritoryLookup, departments_of
from directory.models import Commune, Postcode
from directory.vocabularies.normalization import normalize_place_name

NOT_THE_NAME = re.compile(r"^\d{5}\s+|\s*(?:\(.*|\bcedex\b.*|\s\d.*)$", re.IGNORECASE)
ALIKE = 88
"""rapidfuzz score (0–100) from which a name is a misspelling of a commune of the same postcode:
« Chiré Montreuil » for Chiré-en-Montreuil."""


class CommuneFinder:
    """A commune by code, else by name and postcode, else by postcode alone when it has only one."""

    def __init__(self) -> None:
        self.territory = TerritoryLookup()
        self.by_postcode: dict[str, set[str]] = {}
        for postcode, commune in Postcode.objects.values_list("code", "commune_id"):
            self.by_postcode.setdefault(postcode, set()).add(commune)

    def find(self, code: str, name: str, postcode: str) -> tuple[Commune | None, str]:
        """Return the commune, None when unknown, and the repair made, "" when none.

        A name alone is enough when the whole country has only one commune of that name.
        """
        found = self.territory.commune(code)
        if found:
            return found, "" if code == found.pk else "former-commune-code"
        name = NOT_THE_NAME.sub("", name)
        around = self.by_postcode.get(postcode, set())
        named = around.intersection(self.territory.by_name.get(normalize_place_name(name), ()))
        if len(named) == 1:
            return self.territory.communes[named.pop()], "commune-by-name" if code else ""
        if found := self._in_department(name, postcode):
            return found, "commune-by-name" if code else ""
        if found := self._alike(normalize_place_name(name), around):
            return found, "commune-by-likeness"
        if len(around) == 1:
            return self.territory.communes[next(iter(around))], "commune-by-postcode"
        return None, ""

    def _alike(self, name: str, around: set[str]) -> Commune | None:
        """Return the one commune of a postcode whose name is near enough, or begins so."""
        if not name:
            return None
        near = {
            full: self.territory.communes[code]
            for code in around
            if fuzz.token_set_ratio(
                name, full := normalize_place_name(self.territory.communes[code].name)
            )
            >= ALIKE
        }
        if len(near) > 1:
            near = {full: c for full, c in near.items() if full.startswith(f"{name} ")}
        return next(iter(near.values())) if len(near) == 1 else None

    def _in_department(self, name: str, postcode: str) -> Commune | None:
        return self.territory.named(name, *departments_of(postcode))
