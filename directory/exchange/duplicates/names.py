"""What a place's name says: its body, whether it moves, and the words that are its own."""

import re
from dataclasses import dataclass
from functools import lru_cache

from directory.vocabularies.normalization import normalize_place_name

_SHORT = (
    (r"\bc c a s\b|\bccas\b|\bctre com action sociale\b", "centre communal action sociale"),
    (r"\bcias\b", "centre intercommunal action sociale"),
    (r"\b(?:cte|com|communaute) (?:de )?com(?:munes|mune)?\b|^cc\b", "communaute communes"),
    (r"\b(?:efs|mfs|msap)\b", "france services"),
    (r"\b(?:maison|espace) (?:de )?services? au public\b", "france services"),
    (r"\bfrance service\b", "france services"),
    (r"(?<!communaute )\b(?:ville|commune|communes|mairie) (?:de|du|des|d)\b", "mairie"),
    (r"\b(?:mds|msd|maison de la solidarite)\b", "maison solidarites"),
    (r"\bmaison des solidarites\b", "maison solidarites"),
    (r"\b(?:mediatheque|ludomediatheque)s?\b", "bibliotheque"),
    (r"\bpole emploi\b", "france travail"),
    (r"\bbp\b|\bbureau de poste\b|\bpost office\b", "la poste"),
)
_SHORT_FORMS = tuple((re.compile(pattern), full) for pattern, full in _SHORT)
_BODIES = {
    "france_services": r"\bfrance services\b",
    "post": r"\bla poste\b",
    "town": r"\bmairie\b|\bhotel de ville\b",
    "town_welfare": r"\baction sociale\b",
    "library": r"\bbibliotheque\b",
    "caf": r"\bcaf\b|\ballocations familiales\b",
    "cpam": r"\bcpam\b|\bassurance maladie\b",
    "carsat": r"\bcarsat\b|\bassurance retraite\b",
    "msa": r"\bmsa\b|\bmutualite sociale agricole\b",
    "work": r"\bfrance travail\b",
    "youth_work": r"\bmission locale\b",
    "taxes": r"\bfinances publiques\b|\btresorerie\b",
    "department": r"\bconseil departemental\b|\bmaison solidarites\b|\butpas\b|\bmdsi\b",
    "community": r"\bcommunaute\b|\bagglo\w*\b",
    "social_centre": r"\bcentre social\b|\bcentre socio ?culturel\b",
    "youth_info": r"\bpij\b|\binformation jeunesse\b",
    "school": r"\becole\b|\bcollege\b|\blycee\b",
}
BODIES = {name: re.compile(pattern) for name, pattern in _BODIES.items()}
"""Bodies that are never each other, though they may share a building."""
_MOBILE = re.compile(
    r"\b(?:bus|bibliobus|camion|camionnette|caravane|itinerante?s?|mobile|van)\b|\w+bus\b"
)
_SITE = re.compile(r"\b(?:antenne|site|annexe|alt|permanence)\b")
_EMPTY = frozenset(
    "a au aux d de des du en et l la le les un une l association ass assoc asso espace maison "
    "france services service public publics structure point relais antenne site cedex dit".split()
)
"""Words that tell no place from another."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name, read. `own` are its words but those of its town and those that any name has."""

    plain: str
    own: str
    bodies: frozenset[str]
    is_mobile: bool
    is_site: bool


@lru_cache(maxsize=8_192)
def town_words(town: str) -> frozenset[str]:
    """Return the words of a commune's name."""
    return frozenset(normalize_place_name(town).split())


def read(name: str, town: str = "") -> Name:
    """Read the name of a place of a town; raises nothing."""
    plain = normalize_place_name(name)
    full = plain
    for pattern, written_out in _SHORT_FORMS:
        full = pattern.sub(written_out, full)
    left_out = _EMPTY | town_words(town)
    own = [word for word in full.split() if word not in left_out and not _is_noise(word)]
    return Name(
        plain,
        " ".join(dict.fromkeys(own)),
        frozenset(body for body, pattern in BODIES.items() if pattern.search(full)),
        _MOBILE.search(plain) is not None,
        _SITE.search(plain) is not None,
    )


def _is_noise(word: str) -> bool:
    return len(word) == 1 and not word.isdigit()
