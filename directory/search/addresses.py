"""Tells a street address from the name of a commune, and finds the commune that it names."""

import re

from directory.search.gazetteer import gazetteer
from directory.vocabularies.normalization import normalize, normalize_place_name

_STREET = (
    "rue|avenue|av|boulevard|bd|bvd|place|pl|chemin|che|impasse|imp|allee|allees|quai|cours|route|"
    "rte|square|sq|passage|ruelle|sentier|faubourg|fbg|rond point|esplanade|residence|lotissement|"
    "lieu dit|hameau|cite|villa|promenade|voie|montee|cour"
)
_ADDRESS = re.compile(rf"^(\d+ ?(?:bis|ter|quater|[a-d])? )?(?:{_STREET}) \w|^\d{{1,4}} \D")
_POSTCODE = re.compile(r"\b\d{5}\b")
LONGEST_NAME = 6
"""Words: the longest commune's name has ten, but none of those ends an address that people type."""


def is_address(text: str) -> bool:
    """Tell whether `text` looks like a street address rather than a commune."""
    normalized = normalize(text)
    if not _ADDRESS.match(normalized):
        return False
    # "La Place" or "Cours" (Rhône) are communes; "93 Saint-Denis" is one with its department.
    words = normalize_place_name(text).split()
    names = gazetteer()
    if names.bearers(" ".join(words)):
        return False
    return not (words[0].isdigit() and names.bearers(" ".join(words[1:])))


def commune_part(text: str) -> str:
    """Return the part of an address that names its commune, "" when none does."""
    if postcode := _POSTCODE.search(text):
        return text[postcode.start() :].replace(",", " ").strip()
    words = normalize_place_name(text).split()
    names = gazetteer()
    for length in range(min(LONGEST_NAME, len(words) - 1), 0, -1):
        tail = " ".join(words[-length:])
        if names.bearers(tail):
            return tail
    return ""
