"""Guesses the place that a misspelt part of a phrase names."""

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.search.gazetteer import LETTER_COST, MAX_LETTERS, SOUND_COST
from directory.search.lexicon import LONG_SOUND, Lexicon
from directory.search.phrases_sounds import (
    as_in_gazetteer,
    in_latin_letters,
    is_arabic,
    is_cyrillic,
    joined,
)
from directory.search.phrases_spots import Spot, cue_before, ends, starts
from directory.search.phrases_words import Token
from directory.vocabularies.normalization import normalize_place_name

MAX_GUESSES = 10
"""Parts of a phrase looked at."""

FORMER = 3.0
"""Size, in powers of ten, of a former commune at most: it is not the town that it joined."""

LEAST = 2.0
LEAST_ALONE = 2.8
"""Likelihood under which a misspelt place is not guessed; with nothing before that says a place."""

CITY = 4.7
"""Size, in powers of ten, of a city that a common word may sound like ("a lion")."""


def guess(
    words: Sequence[Token], taken: frozenset[int], lexicon: Lexicon, around: Spot | None = None
) -> Spot | None:
    """Return the likeliest misspelt place among the words not `taken`, as its official name.

    `around`: only a longer name than this one ("boulogne biyancourt" and not "boulogne").
    """
    spans = _unknown(words, taken, lexicon, around)
    if around:
        spans = [s for s in spans if s[1] <= around.first and around.last <= s[2]]
    spots = [spot for span in spans if (spot := _near(*span, lexicon))]
    return max(spots, key=lambda spot: spot.score, default=None)


def _unknown(
    words: Sequence[Token], taken: frozenset[int], lexicon: Lexicon, around: Spot | None
) -> list[tuple[str, int, int, float]]:
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
                if cue or edge or any(map(_is_foreign, words[first:last])):
                    spans[first, last] = cue + edge
    best = sorted(spans.items(), key=lambda item: (-item[1], item[0][0] - item[0][1]))
    return [
        (" ".join(normalize_place_name(t.word) for t in words[a:b]), a, b, cue)
        for (a, b), cue in best[:MAX_GUESSES]
        if not (b - a > 1 and words[b - 1].word in lexicon.empty)
    ]


def _is_strange(words: Sequence[Token], i: int, lexicon: Lexicon) -> bool:
    """Tell whether a word means nothing here; a common one may, at the end, after "à"."""
    word = words[i].word
    if any(map(str.isdigit, word)):
        return False
    if not lexicon.is_known(word):
        return True
    is_meant = word in lexicon.empty or word in lexicon.meanings.words
    return not is_meant and ends(words, i + 1, lexicon) and cue_before(words, i) == 2


def _is_foreign(token: Token) -> bool:
    return is_arabic(token.word) or is_cyrillic(token.word)


def _near(name: str, first: int, last: int, cue: float, lexicon: Lexicon) -> Spot | None:
    """Return the commune whose name is nearest, by the gazetteer's own costs."""
    is_common = last - first == 1 and lexicon.is_known(name)
    name = in_latin_letters(name)
    if len(name) < 4 or not name.isascii():
        return None
    names = lexicon.places.gazetteer
    scores = [
        (score, index)
        for index in _candidates(name, lexicon)
        if (score := _likelihood(name, index, is_common, lexicon))
    ]
    best, index = max(scores, default=(0.0, -1))
    if index < 0 or best + cue / 2 < (LEAST if cue > 1 or last - first > 1 else LEAST_ALONE):
        return None
    code = names.communes[index]
    town, department, _population = lexicon.places.communes[code]
    score = best + cue / 2 + 0.8 * (last - first - 1)
    return Spot(
        first,
        last,
        f"{town} ({department})",
        score,
        code,
        department,
        frozenset({department}),
        is_corrected=True,
        cue=cue,
    )


def _candidates(name: str, lexicon: Lexicon) -> set[int]:
    """Return the names that sound the same, or differ by a mistake or two."""
    by_ear = joined(tuple(name.split()))
    found = {
        i for key in (as_in_gazetteer(name), by_ear) for i in lexicon.places.heard.get(key, ())
    }
    allowed = 1 if len(name) <= 5 else 2
    pool = lexicon.places.by_letter.get(name[0], {})
    near = process.extract(name, pool, scorer=OSA.distance, score_cutoff=allowed, limit=30)
    if len(by_ear) >= LONG_SOUND:
        towns = lexicon.places.towns_heard.get(by_ear[0], {})
        near += process.extract(by_ear, towns, scorer=OSA.distance, score_cutoff=1, limit=10)
    found.update(index for _name, _distance, index in near)
    return found


def _likelihood(name: str, index: int, is_common: bool, lexicon: Lexicon) -> float:
    """Return the size of a commune less the cost of mistakes; 0 when there are too many."""
    names = lexicon.places.gazetteer
    letters = OSA.distance(name, names.names[index])
    if letters > min(MAX_LETTERS, len(name) // 2 + 1):
        return 0
    sounds = OSA.distance(as_in_gazetteer(name), names.sounds[index])
    if joined(tuple(name.split())) == joined(tuple(names.names[index].split())):
        sounds = 0
    size = names.weights[index]
    if names.is_former(names.names[index], names.communes[index]):
        size = min(size, FORMER)
    if is_common and (sounds or size < CITY):
        return 0
    return size - LETTER_COST * letters - SOUND_COST * sounds
