"""Finds the part of a phrase that is a place.

Many communes bear the name of a common word (Die, Sens, Eu, L'Hôpital): such a word is a place only
with a cue beside it, "à", a department, or its size.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from directory.search.lexicon import Lexicon
from directory.search.phrases_names import LARGE, TOWN
from directory.search.phrases_sounds import as_in_gazetteer, joined
from directory.search.phrases_words import Token
from directory.vocabularies.normalization import normalize_place_name

LONGEST = 7
"""Words of the longest name looked for."""

WHOLE_DEPARTMENT = 50_000
"""People that a department or a region counts for."""

HAMLET = 300
"""People under which a name at either end of a phrase is no place without a cue."""

VILLAGE = 1_500
"""People from which a common word written with a capital letter is a place."""

KNOWN_TOWN = 8_000
"""People from which a common word is a place after "à"."""

SURE = 6.5
"""Score from which a place is one even inside an expression that means something else."""

STRONG = frozenset(
    """a au aux vers pres proche habite in near at around ville commune cote ds cerca perto в у
    біля возле около في قرب lângă langa in к secteur""".split()
)
WEAK = frozenset("de du d en dans sur le la les l em na no pe к под de des entre chez".split())
_UNITS = frozenset(
    "ans an h heures heure euro euros enfants mois jours jour semaines pour fois pourcent".split()
)
_NOT_BEFORE = frozenset("depuis il apres avant plus moins les ai tous j toutes carte".split())
_POSTCODE = re.compile(r"^(?:\d{5}|2[ab]\d{3})$")
_NUMBER = re.compile(r"^(?:\d{2}|2[ab]|97\d)$")
_DISTRICT = re.compile(r"^(\d{1,2})(?:er|e|eme|ieme|ere)?$")
_DIVIDED = {"paris": 20, "lyon": 9, "marseille": 16}


@dataclass(frozen=True)
class Spot:
    """A place in a phrase: words `first` to `last` (excluded), what to put in `ou`, how likely."""

    first: int
    last: int
    text: str
    score: float
    commune: str = ""
    department: str = ""
    is_corrected: bool = False
    cue: float = 0


def find(
    text: str, words: Sequence[Token], expressions: frozenset[int], lexicon: Lexicon
) -> Spot | None:
    """Return the likeliest place written without mistake, with its department when it is said.

    A village is not read inside `expressions`, the words that mean something else together.
    """
    spots = [*_numbers(text, words, lexicon), *_names(text, words, lexicon)]
    spots = [
        s
        for s in spots
        if s.score >= SURE or s.last - s.first > 2 or not expressions.intersection(_range(s))
    ]
    spots = [s for s in spots if not any(_is_inside(s, other) for other in spots)]
    if not spots:
        return None
    best = max(spots, key=lambda spot: (spot.score, spot.last - spot.first, -spot.first))
    return _with_department(best, spots, words, text)


def _range(spot: Spot) -> range:
    return range(spot.first, spot.last)


def _is_inside(spot: Spot, other: Spot) -> bool:
    size = other.last - other.first
    return other.first <= spot.first and spot.last <= other.last and size > spot.last - spot.first


def _with_department(best: Spot, spots: Sequence[Spot], words: Sequence[Token], text: str) -> Spot:
    """Join a commune and the department or postcode said elsewhere ("ham carte vitale somme")."""
    pairs = [best, *(s for s in spots if s.last <= best.first or s.first >= best.last)]
    communes = [s for s in pairs if s.commune]
    departments = [s for s in pairs if s.department and not s.commune]
    for commune in communes:
        for other in departments:
            if best in (commune, other) and commune.department == other.department:
                first, last = sorted((commune, other), key=lambda s: s.first)
                if first.last == last.first and not commune.is_corrected:
                    whole = text[words[first.first].start : words[last.last - 1].end]
                    return replace(best, first=first.first, last=last.last, text=whole)
                return replace(commune, text=f"{commune.text} ({other.department})")
    return best


def cue_before(words: Sequence[Token], first: int) -> float:
    """Return 2 after "à" or "près de", 1 after "de" or "en", 0 after anything else."""
    if first == 0:
        return 0
    before = words[first - 1].word
    if before in STRONG:
        return 2
    if before in ("de", "d", "du", "des", "от") and first > 1:
        return 2 if words[first - 2].word in STRONG else 1
    if before in ("le", "la", "les", "l") and first > 1:
        return 2 if words[first - 2].word in ("dans", "ds", "sur") else 0
    return 1 if before in WEAK else 0


def _numbers(text: str, words: Sequence[Token], lexicon: Lexicon) -> Iterator[Spot]:
    for i, token in enumerate(words):
        after = words[i + 1].word if i + 1 < len(words) else ""
        if _POSTCODE.match(token.word):
            yield Spot(i, i + 1, token.word, 9, department=_department(token.word))
        elif re.fullmatch(r"\d{2}", token.word) and re.fullmatch(r"\d{3}", after):
            code = token.word + after
            yield Spot(i, i + 2, code, 9, department=_department(code))
        elif _NUMBER.match(token.word) and after not in _UNITS:
            before = words[i - 1].word if i else ""
            code = token.word.upper()
            known = code in lexicon.places.gazetteer.department_names and before not in _NOT_BEFORE
            is_cued = i == 0 or i + 1 == len(words) or cue_before(words, i) > 0
            if known and (is_cued or before in lexicon.places.bearers):
                yield Spot(i, i + 1, code, 3 + cue_before(words, i) / 2, department=code)


def _department(code: str) -> str:
    """Return the department of a postcode or an INSEE code (not Corsica's postcodes)."""
    return code[:3] if code.startswith(("97", "98")) else code[:2].upper()


def _names(text: str, words: Sequence[Token], lexicon: Lexicon) -> Iterator[Spot]:
    plain = [normalize_place_name(token.word) for token in words]
    for first in range(len(words)):
        if district := _district(plain, first):
            yield district
            continue
        for last in range(min(len(words), first + LONGEST), first, -1):
            typed = text[words[first].start : words[last - 1].end]
            spot = _named(Spot(first, last, typed, 0), " ".join(plain[first:last]), words, lexicon)
            if spot:
                yield spot
                break


def _named(spot: Spot, name: str, words: Sequence[Token], lexicon: Lexicon) -> Spot | None:
    """Read a name as written: a usual one, a department, a region, a commune, a beginning."""
    if place := lexicon.places.other(name):
        return _judged(replace(spot, text=place), words, LARGE, lexicon)
    names = lexicon.places.gazetteer
    code = names.departments.get(name) or names.regions.get(name)
    index = lexicon.places.bearers.get(name)
    if index is None and code is None:
        return _short(spot, name, words, lexicon)
    insee = names.communes[index] if index is not None else ""
    population = lexicon.places.communes[insee][2] if insee in lexicon.places.communes else 0
    if code and population < LARGE:
        spot = replace(spot, department=names.departments.get(name, ""))
        return _judged(spot, words, WHOLE_DEPARTMENT, lexicon)
    if names.is_former(name, insee):
        population = min(population, VILLAGE)
    if (usual := lexicon.places.beginnings.get(name)) and usual != insee:
        return _short(spot, name, words, lexicon)
    spot = replace(spot, commune=insee, department=_department(insee))
    return _judged(spot, words, population, lexicon)


def _district(plain: list[str], first: int) -> Spot | None:
    """Read "paris 18", "pari 19", "marseille 3e"."""
    city = next((c for c in _DIVIDED if as_in_gazetteer(c) == as_in_gazetteer(plain[first])), "")
    after = plain[first + 1] if city and first + 1 < len(plain) else ""
    number = _DISTRICT.match(after)
    if not number or not 1 <= int(number[1]) <= _DIVIDED[city]:
        return None
    return Spot(first, first + 2, f"{city.capitalize()} {number[1]}", 9, is_corrected=True)


def _short(spot: Spot, name: str, words: Sequence[Token], lexicon: Lexicon) -> Spot | None:
    """Read the usual beginning of a town's name ("amelie les bains", "equeurdreville")."""
    code = lexicon.places.beginnings.get(name, "")
    if name in lexicon.places.beginnings and not code:
        return _judged(spot, words, LARGE, lexicon)
    if not code and spot.last - spot.first > 1 and len(name) >= 8:
        code = lexicon.places.heard_beginnings.get(as_in_gazetteer(name), "") or _heard(
            name, lexicon
        )
    if not code:
        return None
    town, department, population = lexicon.places.communes[code]
    spot = replace(
        spot, text=f"{town} ({department})", commune=code, department=department, is_corrected=True
    )
    return _judged(spot, words, population, lexicon)


def _heard(name: str, lexicon: Lexicon) -> str:
    """Return the largest town whose name of several words sounds the same ("st briec")."""
    names = lexicon.places.gazetteer
    found = lexicon.places.heard.get(joined(tuple(name.split())), ())
    towns = [(names.weights[i], names.communes[i]) for i in found if " " in names.names[i]]
    weight, code = max(towns, default=(0, ""))
    return code if weight >= math.log10(TOWN) else ""


def _judged(spot: Spot, words: Sequence[Token], population: int, lexicon: Lexicon) -> Spot | None:
    """Score a name by its size and surroundings; None when it is likelier a word than a place."""
    count = spot.last - spot.first
    cue = cue_before(words, spot.first)
    is_edge = spot.first == 0 or spot.last == len(words)
    hinted = _is_hinted(spot, words, lexicon)
    if not hinted and not _is_place(spot, words, population, lexicon):
        return None
    size = math.log10(population + 10)
    return replace(spot, score=1.5 * cue + 2 * hinted + is_edge + size + 0.8 * (count - 1))


def _is_hinted(spot: Spot, words: Sequence[Token], lexicon: Lexicon) -> bool:
    """Tell whether the number that follows is the department of a commune of this name."""
    after = words[spot.last].word if spot.last < len(words) else ""
    if not spot.commune or not (_NUMBER.match(after) or _POSTCODE.match(after)):
        return False
    department = _department(after) if len(after) == 5 else after.upper()
    name = " ".join(normalize_place_name(t.word) for t in words[spot.first : spot.last])
    bearers = (spot.commune, *lexicon.places.gazetteer.bearers(name))
    return any(lexicon.places.communes[code][1] == department for code in bearers)


def _is_place(spot: Spot, words: Sequence[Token], population: int, lexicon: Lexicon) -> bool:
    span = [token.word for token in words[spot.first : spot.last]]
    cue = cue_before(words, spot.first)
    is_edge = spot.first == 0 or spot.last == len(words)
    is_name = words[spot.first].is_name
    is_piece = any(w in lexicon.meanings.words for w in span)
    if len(span) == len(words) and not is_piece:
        return True
    telling = [w in lexicon.telling for w in span]
    if all(w in lexicon.empty or w in lexicon.telling for w in span) and (
        len(span) == 1 or any(telling)
    ):
        return is_name and cue == 2 and span[0] in lexicon.empty
    if all(lexicon.is_known(w) for w in span):
        return _is_common_place(spot, words, population, lexicon, is_piece)
    letters = len("".join(span))
    if len(span) == 1 and cue == 0 and population < (HAMLET if is_edge else TOWN):
        return False
    return letters >= 3 or cue == 2


def _is_common_place(
    spot: Spot, words: Sequence[Token], population: int, lexicon: Lexicon, is_piece: bool
) -> bool:
    """Tell whether common words are a place: by a capital, a cue, their size."""
    count = spot.last - spot.first
    cue = cue_before(words, spot.first)
    is_last = spot.last == len(words)
    is_edge = spot.first == 0 or is_last
    is_saint = count > 1 and normalize_place_name(words[spot.first].word).startswith("saint")
    if population >= TOWN and (is_saint or (count > 2 and (cue or is_edge))):
        return True
    if words[spot.first].is_name and population >= VILLAGE:
        return True
    before = words[spot.first - 1].word if spot.first else ""
    if is_last and population >= TOWN and not _is_plain(before, lexicon):
        return True
    if cue == 2:
        return population >= KNOWN_TOWN or (is_edge and not is_piece)
    return cue == 1 and population >= WHOLE_DEPARTMENT and not spot.commune


def _is_plain(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a word is ordinary French that means nothing here."""
    means = word in lexicon.meanings.words or word in lexicon.facets.words
    return not word or (lexicon.is_known(word) and not means)
