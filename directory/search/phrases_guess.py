"""Guesses the place that a misspelt part of a phrase names."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.search.gazetteer import LETTER_COST, MAX_LETTERS, SOUND_COST
from directory.search.lexicon_forms import LONG_SOUND, Lexicon
from directory.search.phrases_names import Named
from directory.search.phrases_sounds import (
    as_in_gazetteer,
    in_latin_letters,
    is_arabic,
    is_cyrillic,
    joined,
    sound,
    without_elision,
)
from directory.search.phrases_spots import Spot, cue_before, ends, starts
from directory.search.phrases_words import Token
from directory.vocabularies.normalization import normalize_place_name

Span = tuple[str, int, int, float]
"""A name, its first word, the word after its last, and how it stands (`cue_before`, ends)."""

MAX_GUESSES = 12
"""Parts of a phrase looked at."""

MAX_ORDINARY = 4
"""Words of the longest part made of ordinary words."""

_DETERMINERS = frozenset(
    "le la les l un une des du mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce"
    " cet cette ces au aux".split()
)
_SMALL = frozenset("a de du des d en et ou un une mon ma mes je j il elle on que qui pour".split())

MAX_HEARD = 6
"""Letters that may differ when a name is written by ear ("bové" and "Beauvais")."""

HEARD_COST = 0.25
"""What a letter costs when the sound is kept."""

FORMER = 3.0
"""Size, in powers of ten, of a former commune at most: it is not the town that it joined."""

LEAST = 2.0
LEAST_ALONE = 2.8
"""Likelihood under which a misspelt place is not guessed; with nothing before that says a place."""

LEAST_WITHIN = 1.5
"""The same, among the communes of a department that is said beside ("Aubuson 23")."""

SHORTEST = 3
"""Letters of the shortest name that is guessed, by its sound, after "à" ("a lil")."""

SAID = 3
"""Cue of a place after "à" or "près de", at an end of the phrase."""

CITY = 4.7
"""Size, in powers of ten, of a city that a common word may sound like ("ameli lion")."""

TOWN_SAID = 4.0
"""The same after "à", or for several words ("a sevre", "bois colomb")."""


def guess(
    words: Sequence[Token], taken: frozenset[int], lexicon: Lexicon, around: Spot | None = None
) -> Spot | None:
    """Return the likeliest misspelt place among the words not `taken`, as its official name.

    `around`: only a longer name than this one ("boulogne biyancourt" and not "boulogne").
    """
    if around and (spot := _beside(words, taken, lexicon, around)):
        return spot
    spans = _unknown(words, taken, lexicon, around)
    if around:
        spans = [s for s in spans if s[1] <= around.first and around.last <= s[2]]
    spots = [spot for span in spans if (spot := _nearest(span, words, lexicon))]
    # "mortagbe sur sevre" is not Sèvres.
    spots = [s for s in spots if not any(set(s.words) < set(other.words) for other in spots)]
    return max(spots, key=lambda spot: spot.score, default=None)


def _beside(
    words: Sequence[Token], taken: frozenset[int], lexicon: Lexicon, around: Spot
) -> Spot | None:
    """Guess a commune beside its department ("Aubuson 23", "Aubuson dans la Creuse")."""
    if around.commune or not around.department:
        return None
    spots = []
    for size in range(1, 5):
        for first in (around.first - size, around.last):
            span = range(first, first + size)
            if first < 0 or span.stop > len(words) or taken.intersection(span):
                continue
            if not any(_is_strange(words, i, lexicon) for i in span):
                continue
            name = " ".join(normalize_place_name(words[i].word) for i in span)
            if spot := _near((name, first, span.stop, 1), lexicon, around.department):
                both = min(first, around.first), max(span.stop, around.last)
                spots.append(replace(spot, first=both[0], last=both[1], cue=SAID))
    return max(spots, key=lambda spot: spot.score, default=None)


def _unknown(
    words: Sequence[Token], taken: frozenset[int], lexicon: Lexicon, around: Spot | None
) -> list[Span]:
    """Return the spans that may be a misspelt place: at an edge, or after a cue."""
    read = range(around.first, around.last) if around else range(0)
    spans: dict[tuple[int, int], float] = {}
    for i in range(len(words)):
        if i in taken or i in read or not _is_strange(words, i, lexicon):
            continue
        for first in range(i, max(-1, i - 4), -1):
            for last in range(i + 1, min(len(words), i + 5) + 1):
                cue = cue_before(words, first)
                edge = starts(words, first, lexicon) or ends(words, last, lexicon)
                if taken.intersection(range(first, last)):
                    continue
                is_foreign = any(map(_is_foreign, words[first:last]))
                # "renouvellement strasbour je suis perdue": beside what is understood.
                is_beside = last in taken or first - 1 in taken
                if cue or edge or is_foreign or is_beside:
                    spans[first, last] = cue + edge
    for first, last in () if around else _ordinary(words, taken, lexicon):
        edge = starts(words, first, lexicon) or ends(words, last, lexicon)
        spans.setdefault((first, last), cue_before(words, first) + edge)
    best = sorted(spans.items(), key=lambda item: (-item[1], item[0][0] - item[0][1]))
    return [
        (" ".join(normalize_place_name(t.word) for t in words[a:b]), a, b, cue)
        for (a, b), cue in best[:MAX_GUESSES]
    ]


def _ordinary(
    words: Sequence[Token], taken: frozenset[int], lexicon: Lexicon
) -> Iterator[tuple[int, int]]:
    """Yield the spans of ordinary words that may sound like a town: "a sevre", "bois colomb"."""
    for first in range(len(words)):
        for last in range(first + 1, min(len(words), first + MAX_ORDINARY) + 1):
            is_long = last - first > 1
            is_last = ends(words, last, lexicon)
            is_said = cue_before(words, first) == 2 and (is_long or is_last)
            if not is_said and not (is_long and (is_last or starts(words, first, lexicon))):
                continue
            span = range(first, last)
            is_ascii = all(words[i].word.isascii() for i in span)
            if is_ascii and not taken.intersection(span) and words[first].word not in _SMALL:
                yield first, last


def _nearest(span: Span, words: Sequence[Token], lexicon: Lexicon) -> Spot | None:
    """Guess what a span names, and what its two words would name without their space."""
    name, first, last, cue = span
    ways = [span]
    pieces = range(first, last)
    if len(pieces) == 2 and all(
        _is_strange(words, i, lexicon) and not lexicon.places.is_name(words[i].word) for i in pieces
    ):
        ways.append((name.replace(" ", ""), first, last, cue))
    spots = [spot for way in ways if (spot := _near(way, lexicon))]
    return max(spots, key=lambda spot: spot.score, default=None)


def _is_strange(words: Sequence[Token], i: int, lexicon: Lexicon) -> bool:
    """Tell whether a word means nothing here; a common one may, at the end, after "à"."""
    word = words[i].word
    if any(map(str.isdigit, word)):
        return False
    if not lexicon.is_known(word) and word not in lexicon.french:
        is_edge = starts(words, i, lexicon) or ends(words, i + 1, lexicon)
        if not is_edge and not cue_before(words, i) and _echoes(word, lexicon):
            return False
        return not lexicon.is_known(without_elision(word)) or len(word) < SHORTEST + 2
    is_meant = word in lexicon.empty or word in lexicon.meanings.words
    before = words[i - 1].word if i else ""
    is_said = cue_before(words, i) == 2 or (before and before not in _DETERMINERS)
    return bool(not is_meant and is_said and ends(words, i + 1, lexicon))


def _echoes(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a word sounds like an everyday one ("on vien darivé" is not about Vienne)."""
    heard = sound(word)
    return len(heard) >= SHORTEST and heard in lexicon.common_sounds


def _is_foreign(token: Token) -> bool:
    return is_arabic(token.word) or is_cyrillic(token.word)


def _near(span: Span, lexicon: Lexicon, within: str = "") -> Spot | None:
    """Return the place whose name is nearest, by the gazetteer's own costs.

    `within`: only a commune of this department, which is said beside.
    """
    name, first, last, cue = span
    is_common = all(lexicon.is_known(w) or w in lexicon.french for w in name.split())
    name = in_latin_letters(name)
    if len(name) < (SHORTEST if cue >= SAID else SHORTEST + 1) or not name.isascii():
        return None
    places = [lexicon.places.named(index) for index in _candidates(name, lexicon)]
    if " " in name:
        # A small word is part of a name only as it is: "a lion" is not Avion.
        start, end = name.partition(" ")[0], name.rpartition(" ")[2]
        if start in lexicon.empty:
            places = [place for place in places if place.name.startswith(f"{start} ")]
        if end in lexicon.empty:
            places = [place for place in places if place.name.endswith(f" {end}")]
    scores = [
        (score, place.text, place)
        for place in places
        if (not within or (place.commune and place.department == within))
        and (score := _likelihood(name, place, is_common, cue))
    ]
    if not scores:
        return None
    best, _text, place = max(scores, key=lambda found: found[:2])
    least = LEAST if cue > 1 or last - first > 1 else LEAST_ALONE
    if best + cue / 2 < (LEAST_WITHIN if within else least):
        return None
    score = best + cue / 2 + 0.8 * (last - first - 1)
    departments = frozenset({place.department} - {""})
    return Spot(
        first, last, place.text, score, place.commune, place.department, departments, True, cue
    )


def _candidates(name: str, lexicon: Lexicon) -> set[int]:
    """Return the names that sound the same, or differ by a mistake or two."""
    by_ear = joined(tuple(name.split()))
    sounds = [key for key in (as_in_gazetteer(name), by_ear) if len(key) >= SHORTEST]
    found = {i for key in sounds for i in lexicon.places.heard.get(key, ())}
    if len(name) <= SHORTEST:
        return found
    allowed = 1 if len(name) <= 5 else 2
    pool = lexicon.places.by_letter.get(name[0], {})
    near = process.extract(name, pool, scorer=OSA.distance, score_cutoff=allowed, limit=30)
    if len(by_ear) >= LONG_SOUND:
        towns = lexicon.places.towns_heard.get(by_ear[0], {})
        near += process.extract(by_ear, towns, scorer=OSA.distance, score_cutoff=1, limit=10)
    found.update(index for _name, _distance, index in near)
    return found


def _likelihood(name: str, place: Named, is_common: bool, cue: float) -> float:
    """Return the size of a place less the cost of mistakes; 0 when there are too many.

    A slip of the finger and a name written by ear are two ways to be wrong: the cheaper counts.
    """
    letters = OSA.distance(name, place.name)
    # A slip changes a sound by chance: it costs no more than its letters.
    slips = min(letters, OSA.distance(as_in_gazetteer(name), place.sound))
    by_ear = joined(tuple(name.split()))
    echoes = OSA.distance(by_ear, joined(tuple(place.name.split())))
    size = min(place.size, FORMER) if place.is_former else place.size
    if is_common or len(name) <= SHORTEST:
        least = TOWN_SAID if cue >= SAID or " " in name else CITY
        if echoes or size < least or letters > MAX_LETTERS:
            return 0
    costs = []
    if letters <= min(MAX_LETTERS, len(name) // 2 + 1):
        costs.append(LETTER_COST * letters + SOUND_COST * slips)
    heard = {0: MAX_HEARD, 1: MAX_LETTERS}.get(echoes, 0)
    if letters <= heard and len(by_ear) >= SHORTEST:
        costs.append(HEARD_COST * letters + SOUND_COST * echoes)
    return max(0.0, size - min(costs)) if costs else 0
