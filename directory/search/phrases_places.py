"""Finds the part of a phrase that is a place.

Many communes bear the name of a common word (Die, Sens, Eu, L'Hôpital): such a word is a place only
with a cue beside it, "à", a department, or its size.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.search.gazetteer import LETTER_COST, MAX_LETTERS, SOUND_COST
from directory.search.lexicon import Lexicon
from directory.search.phrases_sounds import in_latin_letters, is_arabic, is_cyrillic, joined
from directory.search.phrases_words import Token
from directory.vocabularies.normalization import normalize_place_name, phonetic

LONGEST = 7
"""Words of the longest name looked for."""

TOWN = 3_000
"""People from which a name that stands alone in the middle of a phrase is a place."""

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


_phonetic = lru_cache(maxsize=5_000)(phonetic)


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


def _cue(words: Sequence[Token], first: int) -> float:
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
            is_cued = i == 0 or i + 1 == len(words) or _cue(words, i) > 0
            if known and (is_cued or before in lexicon.places.bearers):
                yield Spot(i, i + 1, code, 3 + _cue(words, i) / 2, department=code)


def _department(code: str) -> str:
    """Return the department of a postcode or an INSEE code (not Corsica's postcodes)."""
    return code[:3] if code.startswith(("97", "98")) else code[:2].upper()


def _names(text: str, words: Sequence[Token], lexicon: Lexicon) -> Iterator[Spot]:
    plain = [normalize_place_name(token.word) for token in words]
    for first in range(len(words)):
        for last in range(min(len(words), first + LONGEST), first, -1):
            spot = _named(text, words, plain, first, last, lexicon)
            if spot:
                yield spot
                break


def _named(
    text: str, words: Sequence[Token], plain: list[str], first: int, last: int, lexicon: Lexicon
) -> Spot | None:
    name = " ".join(plain[first:last])
    typed = text[words[first].start : words[last - 1].end]
    if last - first == 1 and (district := _district(name, plain, first)):
        return district
    if place := lexicon.places.other(name):
        return _judged(Spot(first, last, place, 0), words, 20_000, lexicon)
    names = lexicon.places.gazetteer
    code = names.departments.get(name) or names.regions.get(name)
    department = names.departments.get(name, "")
    index = lexicon.places.bearers.get(name)
    if index is None and code is None:
        return _short(Spot(first, last, typed, 0), name, words, lexicon)
    insee = names.communes[index] if index is not None else ""
    population = lexicon.places.communes[insee][2] if insee in lexicon.places.communes else 0
    if code and population < 20_000:
        spot = Spot(first, last, typed, 0, department=department)
        return _judged(spot, words, 50_000, lexicon)
    short = _short(Spot(first, last, typed, 0), name, words, lexicon)
    if short and short.commune != insee:
        return short
    district = words[last : last + 1]
    spot = Spot(first, last, typed, 0, insee, _department(insee))
    return _judged(spot, words, population, lexicon)


def _district(name: str, plain: list[str], first: int) -> Spot | None:
    """Read "paris 18", "pari 19", "marseille 3e"."""
    city = next((c for c in _DIVIDED if _phonetic(c) == _phonetic(name)), "")
    after = plain[first + 1] if city and first + 1 < len(plain) else ""
    number = _DISTRICT.match(after)
    if not number or not 1 <= int(number[1]) <= _DIVIDED[city]:
        return None
    return Spot(first, first + 2, f"{city.capitalize()} {number[1]}", 9, is_corrected=True)


def _short(spot: Spot, name: str, words: Sequence[Token], lexicon: Lexicon) -> Spot | None:
    """Read the usual beginning of a town's name ("amelie les bains", "equeurdreville")."""
    code = lexicon.places.beginnings.get(name, "")
    if not code and spot.last - spot.first > 1 and len(name) >= 8:
        code = lexicon.places.heard_beginnings.get(_phonetic(name), "") or _heard(name, lexicon)
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
    span = [token.word for token in words[spot.first : spot.last]]
    cue = _cue(words, spot.first)
    is_whole = len(span) == len(words)
    is_edge = spot.first == 0 or spot.last == len(words)
    hinted = spot.last < len(words) and bool(
        _NUMBER.match(words[spot.last].word) or _POSTCODE.match(words[spot.last].word)
    )
    means_something = all(w in lexicon.empty or w in lexicon.telling for w in span) and (
        len(span) == 1 or any(w in lexicon.telling for w in span)
    )
    is_common = all(lexicon.is_known(w) for w in span)
    is_said = words[spot.first].is_name and cue == 2 and span[0] in lexicon.empty
    is_piece = any(w in lexicon.meanings.words for w in span)
    is_asked = is_whole and not is_piece
    if means_something and not (is_asked or hinted or is_said):
        return None
    if not (hinted or (is_whole and not is_piece)):
        before = words[spot.first - 1].word if spot.first else ""
        is_named = (
            words[spot.first].is_name
            and population >= VILLAGE
            or spot.last == len(words)
            and population >= TOWN
            and not is_plain(before, lexicon)
        )
        is_saint = len(span) > 1 and normalize_place_name(span[0]).startswith("saint")
        is_long = (
            (len(span) > 2 or is_saint) and population >= TOWN and (cue or is_edge or is_saint)
        )
        if (
            is_common
            and not is_long
            and not is_named
            and not (cue == 2 and (population >= KNOWN_TOWN or (is_edge and not is_piece)))
        ):
            if not (cue == 1 and population >= 50_000 and spot.commune == ""):
                return None
        elif (
            (cue == 0 and population < (300 if is_edge else TOWN) and len(span) == 1)
            or (cue == 0 and len("".join(span)) < 3 and not is_edge)
            or (len("".join(span)) < 3 and cue < 2)
        ):
            return None
    size = math.log10(population + 10)
    score = 1.5 * cue + 2 * hinted + is_edge + size + 0.8 * (len(span) - 1)
    return replace(spot, score=score)


def is_plain(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a word is ordinary French that means nothing here."""
    means = word in lexicon.meanings.words or word in lexicon.facets.words
    return not word or (lexicon.is_known(word) and not means)


def guess(
    words: Sequence[Token], taken: frozenset[int], lexicon: Lexicon, around: Spot | None = None
) -> Spot | None:
    """Return the likeliest misspelt place among the words not `taken`, as its official name.

    `around`: only a longer name than this one ("boulogne biyancourt" and not "boulogne").
    """
    spans = _unknown(words, taken, lexicon)
    if around:
        size = around.last - around.first
        spans = [
            s for s in spans if s[1] <= around.first and around.last <= s[2] and s[2] - s[1] > size
        ]
    spots = [spot for span in spans if (spot := _near(*span, lexicon))]
    return max(spots, key=lambda spot: spot.score, default=None)


MAX_GUESSES = 10

FORMER = 3.0
"""Size, in powers of ten, of a former commune at most: it is not the town that it joined."""

LEAST = 2.0
"""Likelihood under which a misspelt place is not guessed."""


def _unknown(
    words: Sequence[Token], taken: frozenset[int], lexicon: Lexicon
) -> list[tuple[str, int, int, float]]:
    """Return the spans that may be a misspelt place: at an edge, or after a cue."""
    strange = [
        i
        for i, t in enumerate(words)
        if i not in taken and not lexicon.is_known(t.word) and not any(map(str.isdigit, t.word))
    ]
    spans: dict[tuple[int, int], float] = {}
    for i in strange:
        for first in range(i, max(-1, i - 4), -1):
            for last in range(i + 1, min(len(words), i + 5) + 1):
                if taken.intersection(range(first, last)):
                    continue
                cue = _cue(words, first)
                edge = first == 0 or last == len(words)
                if cue or edge or any(map(_is_foreign, words[first:last])):
                    spans[first, last] = cue + edge
    best = sorted(spans.items(), key=lambda item: (-item[1], item[0][0] - item[0][1]))
    return [
        (" ".join(normalize_place_name(t.word) for t in words[a:b]), a, b, cue)
        for (a, b), cue in best[:MAX_GUESSES]
        if not (b - a > 1 and words[b - 1].word in lexicon.empty)
    ]


def _is_foreign(token: Token) -> bool:
    return is_arabic(token.word) or is_cyrillic(token.word)


def _near(name: str, first: int, last: int, cue: float, lexicon: Lexicon) -> Spot | None:
    """Return the commune whose name is nearest, by the gazetteer's own costs."""
    name = in_latin_letters(name)
    if len(name) < 4 or not name.isascii():
        return None
    heard = _phonetic(name)
    names = lexicon.places.gazetteer
    by_ear = joined(tuple(name.split()))
    found = {i for key in (heard, by_ear) for i in lexicon.places.heard.get(key, ())}
    allowed = 1 if len(name) <= 5 else 2
    pool = lexicon.places.by_letter.get(name[0], {})
    near = process.extract(name, pool, scorer=OSA.distance, score_cutoff=allowed, limit=30)
    found.update(index for _name, _distance, index in near)
    best: tuple[float, int] | None = None
    for index in found:
        letters = OSA.distance(name, names.names[index])
        if letters <= min(MAX_LETTERS, len(name) // 2 + 1):
            sounds = OSA.distance(heard, names.sounds[index])
            if by_ear == joined(tuple(names.names[index].split())):
                sounds = 0
            size = names.weights[index]
            if names.is_former(names.names[index], names.communes[index]):
                size = min(size, FORMER)
            score = size - LETTER_COST * letters - SOUND_COST * sounds
            if best is None or score > best[0]:
                best = (score, index)
    if best is None or best[0] + cue / 2 < LEAST:
        return None
    code = names.communes[best[1]]
    town, department, _population = lexicon.places.communes[code]
    score = best[0] + cue / 2 + 0.8 * (last - first - 1)
    return Spot(first, last, f"{town} ({department})", score, code, department, True, cue)
