"""Reads what a person typed for a place: a commune, a postcode, a department.

Nothing here guesses in silence: a corrected name is marked as such, and names that several communes
bear are proposed with their department, most populated first.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings

from directory.models import Commune
from directory.search.addresses import commune_part, is_address
from directory.search.atlas import atlas
from directory.search.gazetteer import Gazetteer, gazetteer
from directory.search.geocoder import GeocoderUnavailableError, geocoder
from directory.search.territory import Note, Territory, Where, WhereKind, text_for
from directory.vocabularies.normalization import normalize, normalize_place_name

__all__ = ["Territory", "Where", "WhereKind", "at", "text_for", "understand"]

MAX_LENGTH = 120
"""Characters read: the longest commune's name has 45, the rest is room for a department."""

DOMINANT = 10
"""A homonym this many times as populated as the next is taken at once, the others proposed."""

MAX_CHOICES = 8

POSTCODE_LENGTH = 5

DIVIDED_CITIES = frozenset({"75056", "69123", "13055"})
"""INSEE codes of Paris, Lyon and Marseille, which have arrondissements."""

SHORTEST_BEGINNING = 3
"""Letters from which the beginning of a name is looked for."""

_DISTRICT = re.compile(
    r"^(paris|lyon|marseille)(?: cedex)? (\d{1,2})(?: ?(?:er|e|eme|ieme|ere))?(?: arr\w*)?$"
)
_DISTRICT_CODES = {"paris": ("751", 20), "lyon": ("6938", 9), "marseille": ("132", 16)}
_INSEE = re.compile(r"^(\d{5}|2[ab]\d{3})$")
_HINT = re.compile(r"^(?P<name>.*?) (?P<hint>\d{5}|2[ab]\d{3}|\d{2,3}|2[ab])$")
_HINT_FIRST = re.compile(r"^(?P<hint>\d{5}|\d{2,3}|2[ab]) (?P<name>\D.*)$")
_SPACED_POSTCODE = re.compile(r"\b(\d{2}) (\d{3})\b")
_CEDEX = re.compile(r" cedex(?: \d+)?$")


NEAREST_KM = 15.0
"""km around a position in which its commune's centre is looked for; Guyane's are wider apart."""

LARGE_TOWN = 20_000
"""Below this population a commune named like a department or a region gives way to it (Creuse in
the Somme has 200 people); above, it comes first (Vienne in Isère)."""


def understand(text: str) -> Where:
    """Return what `text` means, without a query once names and geography are in memory."""
    query = " ".join(text.split())
    normalized = _SPACED_POSTCODE.sub(r"\1\2", normalize_place_name(query[:MAX_LENGTH]))
    if not normalized:
        return Where(WhereKind.UNKNOWN if query else WhereKind.NONE, query)
    if is_address(query[:MAX_LENGTH]) and (found := _by_address(query[:MAX_LENGTH])):
        return found
    where = _read(normalized, query)
    if where.commune and where.commune.pk in DIVIDED_CITIES:
        # Distances from the middle of a large city mislead: propose its arrondissements.
        return replace(where, choices=atlas().districts_of(where.commune.pk))
    return where


def _by_address(query: str) -> Where | None:
    """Read a street address: by the geocoder when it is there, else by the commune it names."""
    try:
        address = geocoder.find(query)
        note = Note.ADDRESS_NOT_FOUND
    except GeocoderUnavailableError:
        address = None
        note = Note.GEOCODER_UNAVAILABLE if settings.GEOCODER else Note.ADDRESS_NOT_READ
    if address:
        commune = atlas().commune(address.commune_code)
        point = (address.latitude, address.longitude)
        if commune:
            return Where(
                WhereKind.ADDRESS, query, commune, address=address.label, precise_point=point
            )
    part = commune_part(query)
    return replace(_read(normalize_place_name(part), query), note=note) if part else None


def at(latitude: float, longitude: float) -> Where:
    """Return the territory around a point in degrees: its nearest commune within NEAREST_KM."""
    commune = atlas().nearest((latitude, longitude), NEAREST_KM)
    if commune is None:
        return Where(WhereKind.UNKNOWN)
    return Where(WhereKind.POSITION, commune=commune, precise_point=(latitude, longitude))


def _read(normalized: str, query: str) -> Where:
    if found := _by_code(normalized, query):
        return found
    names = gazetteer()
    if normalized.upper() in names.department_names:
        return _department(normalized.upper(), query)
    return _by_text(normalized, query, names)


def _by_text(normalized: str, query: str, names: Gazetteer) -> Where:
    """Read a name: exact, then the beginning of a name, then the likeliest misspelling."""
    name, hint = _split_hint(normalized, names)
    if len(hint) == POSTCODE_LENGTH and (served := _served(name, hint, query)):
        return served
    codes = names.bearers(name)
    territory = _territory_codes(normalized, query, names)
    if codes:
        named = _by_name(codes, name, hint, query, names)
        return _the_larger(named, territory, query) if territory else named
    if territory:
        return _territory(*territory, query)
    if len(name) >= SHORTEST_BEGINNING and (codes := names.beginning_with(name, MAX_CHOICES + 1)):
        return _ranked(_keep(_fetch(codes), hint), query)
    codes = names.near_misses(name)
    likely = _keep(_fetch(codes), hint) if codes else []
    if not likely:
        return Where(WhereKind.UNKNOWN, query)
    likely.sort(key=lambda c: codes.index(c.pk))
    return Where(WhereKind.COMMUNE, query, likely[0], corrected=True, choices=likely[1:6])


def _by_code(normalized: str, query: str) -> Where | None:
    # "Marseille (13)" is the city in its department, not its thirteenth arrondissement.
    if "(" not in query and (match := _DISTRICT.match(normalized)):
        prefix, count = _DISTRICT_CODES[match[1]]
        number = int(match[2])
        if 1 <= number <= count:
            code = f"{prefix}{number:0{5 - len(prefix)}d}"
            return _one(atlas().commune(code), query)
    if not _INSEE.match(normalized):
        return None
    code = normalized.upper()
    found = atlas().fetch([*atlas().postcodes.get(code, ()), code])
    communes = [c for c in found if c.pk != code] or found
    # A whole city stands behind its arrondissement, which is what the postcode means.
    communes = [c for c in communes if c.parent_id] or communes
    if not communes:
        return Where(WhereKind.UNKNOWN, query)
    return Where(WhereKind.COMMUNE, query, communes[0], choices=communes[1 : MAX_CHOICES + 1])


def _served(name: str, postcode: str, query: str) -> Where | None:
    """Return the commune of a postcode that bears the name typed with it ("75002 Paris")."""
    found = _by_code(postcode.lower(), query)
    communes = (
        [c for c in (found.commune, *found.choices) if isinstance(c, Commune)] if found else []
    )
    named = [c for c in communes if normalize_place_name(c.name).startswith(name)]
    return Where(WhereKind.COMMUNE, query, named[0]) if named else None


def _fetch(codes: list[str]) -> list[Commune]:
    return atlas().fetch(codes)


def _one(commune: Commune | None, query: str) -> Where | None:
    return Where(WhereKind.COMMUNE, query, commune) if commune else None


def _department(code: str, query: str) -> Where:
    return Where(WhereKind.DEPARTMENT, query, department=atlas().departments[code])


def _split_hint(normalized: str, names: Gazetteer) -> tuple[str, str]:
    """Separate a name from the department, postcode or INSEE code typed with it."""
    normalized = _CEDEX.sub("", normalized)
    if match := _HINT.match(normalized) or _HINT_FIRST.match(normalized):
        return match["name"], match["hint"].upper()
    words = normalized.split()
    # "Blainville-sur-Orne" is a name, not Blainville in the Orne.
    for start in range(1, 0 if names.bearers(normalized) else len(words)):
        name, tail = " ".join(words[:start]), " ".join(words[start:])
        code = names.departments.get(tail)
        # "la reunion" is one name: an article alone bears no hint.
        if code and (names.bearers(name) or start > 1):
            return name, code
    return normalized, ""


def _keep(communes: list[Commune], hint: str) -> list[Commune]:
    """Keep those that the hint names; a hint that names none of them is not believed."""
    return _named(communes, hint) or communes


def _named(communes: list[Commune], hint: str) -> list[Commune]:
    department = hint if len(hint) <= 3 else _department_of(hint)
    return [c for c in communes if hint == c.pk or department == c.department_id]


def _department_of(code: str) -> str:
    """Return the department of a postcode or an INSEE code (not Corsica's postcodes)."""
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def _by_name(codes: list[str], name: str, hint: str, query: str, names: Gazetteer) -> Where:
    communes = _fetch(codes)
    kept = _named(communes, hint) if hint else communes
    if not kept:
        # "Saint-Ouen 93" is Saint-Ouen-sur-Seine; a hint that names nothing is not believed.
        begun = names.beginning_with(name, MAX_CHOICES)
        kept = (_named(_fetch(begun), hint) if begun else []) or communes
    current = [c for c in kept if not names.is_former(name, c.pk)]
    former = [c for c in kept if names.is_former(name, c.pk)]
    if not current:
        # A former village's name is likelier the beginning of a large town's ("Boulogne").
        large = [] if hint else _large_towns(name, names)
        return _ranked(large, query, former) if large else _ranked(former, query)
    longer = [] if hint else _longer(current[0], name, names)
    return _ranked(sorted([*current, *longer], key=_by_population), query, former)


def _large_towns(name: str, names: Gazetteer) -> list[Commune]:
    """Return the large towns whose name begins with this one, most populated first."""
    codes = names.beginning_with(name, MAX_CHOICES)
    return [c for c in _fetch(codes) if (c.population or 0) >= LARGE_TOWN] if codes else []


def _longer(commune: Commune, name: str, names: Gazetteer) -> list[Commune]:
    """Return the large towns whose name goes on after this one, when one is far larger.

    "Aix" is Aix-en-Provence or Aix-les-Bains, "Villeneuve" one of the large ones.
    """
    if (commune.population or 0) >= LARGE_TOWN:
        return []
    least = DOMINANT * (commune.population or 0)
    codes = names.beginning_with(name, MAX_CHOICES)
    towns = _fetch(codes) if codes else []
    if not any((c.population or 0) >= least for c in towns):
        return []
    return [c for c in towns if (c.population or 0) >= min(least, LARGE_TOWN)]


def _by_population(commune: Commune) -> tuple[int, str]:
    return -(commune.population or 0), commune.pk


def _ranked(communes: list[Commune], query: str, others: Sequence[Commune] = ()) -> Where:
    first, rest = communes[0], communes[1:]
    if not rest or (first.population or 0) >= DOMINANT * (rest[0].population or 0):
        choices = [*rest, *others][:MAX_CHOICES]
        return Where(WhereKind.COMMUNE, query, first, choices=choices)
    return Where(WhereKind.CHOICES, query, choices=[*communes, *others][:MAX_CHOICES])


def _territory_codes(normalized: str, query: str, names: Gazetteer) -> tuple[str, bool] | None:
    """Return the code of the department or region of that name, and whether it is a region."""
    for key in (normalize(query[:MAX_LENGTH]), normalized):
        if code := names.departments.get(key):
            return code, False
        if code := names.regions.get(key):
            return code, True
    return None


def _territory(code: str, is_region: bool, query: str) -> Where:
    if is_region:
        return Where(WhereKind.REGION, query, region=atlas().regions[code])
    return _department(code, query)


def _the_larger(named: Where, territory: tuple[str, bool], query: str) -> Where:
    """Choose between a commune and a department or region of the same name; propose the other."""
    communes = [c for c in (named.commune, *named.choices) if isinstance(c, Commune)]
    first, (code, is_region) = communes[0], territory
    if first.department_id == code:
        return named
    other = _territory(code, is_region, query)
    if (first.population or 0) >= LARGE_TOWN:
        whole = other.department or other.region
        return replace(named, choices=[c for c in (*named.choices, whole) if c])
    return replace(other, choices=communes)
