"""Cuts a phrase into words and reads the meaning of each, misspelt, glued or cut."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.search.lexicon import Forms, Lexicon
from directory.search.phrases_sounds import joined, sound, stem
from directory.vocabularies.normalization import normalize

LONGEST = 6
"""Words of the longest expression looked for."""

EXACT, HEARD, CUT, CLOSE, FAR = 1.0, 0.9, 0.75, 0.8, 0.65
"""How sure a word is: as written, as heard, abbreviated, one mistake away, two mistakes away."""

ONE_MISTAKE, TWO_MISTAKES = 4, 7
"""Letters from which a word may bear one, two mistakes."""

SHORTEST_CUT = 4
"""Letters from which the beginning of a word stands for it ("ophtal", "renouv")."""

_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f\u064b-\u065f\u0670]+[^\W_]*)*")
_ELISION = re.compile(r"^(?:qu|[ldjmnstc])(?=[aeiouyh])")


@dataclass(frozen=True)
class Token:
    """A word of the phrase; `start` and `end` are offsets in the text typed."""

    word: str
    start: int
    end: int
    is_capitals: bool = False


@dataclass(frozen=True)
class Reading:
    """What words `first` to `last` (excluded) mean; `sureness` is one of EXACT, HEARD…"""

    meanings: tuple[str, ...]
    first: int
    last: int
    sureness: float


def tokens(text: str) -> list[Token]:
    """Return the words of a text, normalised, in their order."""
    mixed = text != text.upper()
    found = []
    for match in _WORD.finditer(text):
        for word in normalize(match[0]).split():
            capitals = mixed and len(match[0]) > 1 and match[0].isupper()
            found.append(Token(word, match.start(), match.end(), capitals))
    return found


def readings(
    words: Sequence[Token], taken: frozenset[int], forms: Forms, lexicon: Lexicon, guess: bool
) -> Iterator[Reading]:
    """Yield the longest expressions known, left to right; `taken` words are skipped over.

    `guess`: also correct mistakes, not only those heard alike.
    """
    start = 0
    while start < len(words):
        reading = None if start in taken else _longest(words, start, taken, forms, lexicon, guess)
        if reading:
            yield reading
        start = reading.last if reading else start + 1


def _longest(
    words: Sequence[Token],
    start: int,
    taken: frozenset[int],
    forms: Forms,
    lexicon: Lexicon,
    guess: bool,
) -> Reading | None:
    limit = next((i for i in range(start, len(words)) if i in taken), len(words))
    for end in range(min(limit, start + LONGEST), start + 1, -1):
        span = tuple(token.word for token in words[start:end])
        found, sureness = _expression(span, forms)
        if found:
            return Reading(found, start, end, sureness)
    token = words[start]
    if token.word in forms.empty and not token.is_capitals:
        return None
    found, sureness = one_word(token.word, forms, lexicon, guess)
    return Reading(found, start, start + 1, sureness) if found else None


def _expression(span: tuple[str, ...], forms: Forms) -> tuple[tuple[str, ...], float]:
    """Read several words as one expression, however they are cut."""
    if found := forms.exact.get(" ".join(span)):
        return tuple(found), EXACT
    if span[0] in forms.empty or span[-1] in forms.empty:
        # An expression keeps its own small words ("à la rue"), but no more around it.
        return (tuple(forms.heard[h]), HEARD) if (h := _heard(span, forms)) else ((), 0)
    kept = tuple(word for word in span if word not in forms.empty)
    if found := forms.exact.get(" ".join(kept)):
        return tuple(found), EXACT
    if heard := _heard(span, forms):
        return tuple(forms.heard[heard]), HEARD
    if len(kept) == len(span) == 2 and (heard := _nearly_glued(span, forms)):
        return tuple(forms.exact.get(heard, ())), CLOSE
    return (), 0


def _heard(span: tuple[str, ...], forms: Forms) -> str:
    if len(span) > 4:
        return ""
    for key in (joined(span), sound("".join(span))):
        if len(key) >= ONE_MISTAKE and key in forms.heard:
            return key
    return ""


def _nearly_glued(span: tuple[str, ...], forms: Forms) -> str:
    """Return the word that two words cut, one mistake away ("telé consulation")."""
    glued = "".join(span)
    if len(glued) < TWO_MISTAKES + 1 or all(word in forms.exact for word in span):
        return ""
    pool = [w for w in forms.beginnings.get(glued[0], ()) if abs(len(w) - len(glued)) <= 1]
    return next((w for w in pool if OSA.distance(w, glued, score_cutoff=1) <= 1), "")


def one_word(
    word: str, forms: Forms, lexicon: Lexicon, guess: bool
) -> tuple[tuple[str, ...], float]:
    """Read a word alone: as written, heard, glued to an article, abbreviated, then misspelt."""
    if found := forms.exact.get(word):
        return tuple(found), EXACT
    if len(word) > 3 and word.endswith(("s", "x")) and (found := forms.exact.get(word[:-1])):
        return tuple(found), EXACT
    if found := forms.stems.get(stem(word)) if not word.isascii() else None:
        return tuple(found), HEARD
    heard = sound(word)
    if len(word) > 3 and len(heard) >= 3 and (found := forms.heard.get(heard)):
        return tuple(found), HEARD
    if word in lexicon.common or word in lexicon.empty or word.isdigit():
        return (), 0
    if found := _without_elision(word, forms):
        return found, HEARD
    return _corrected(word, forms, lexicon) if guess else ((), 0)


def _without_elision(word: str, forms: Forms) -> tuple[str, ...]:
    """Read "lordi", "dexamen": an article whose apostrophe was not typed."""
    bare = _ELISION.sub("", word)
    if bare == word or len(bare) < 3:
        return ()
    return tuple(forms.exact.get(bare) or forms.heard.get(sound(bare), ()))


def _corrected(word: str, forms: Forms, lexicon: Lexicon) -> tuple[tuple[str, ...], float]:
    if len(word) < SHORTEST_CUT:
        return (), 0
    begun = [w for w in forms.beginnings.get(word[0], ()) if w.startswith(word)]
    if begun and len({forms.exact[w][0] for w in begun}) == 1:
        return tuple(forms.exact[begun[0]]), CUT
    if len(word) >= TWO_MISTAKES and (inflected := _same_root(word, forms)):
        return tuple(forms.exact[inflected]), CUT
    allowed = 2 if len(word) >= TWO_MISTAKES else 1
    pool = forms.beginnings.get(word[0], ())
    near = process.extractOne(word, pool, scorer=OSA.distance, score_cutoff=allowed)
    if not near or len(near[0]) < SHORTEST_CUT:
        return (), 0
    return tuple(forms.exact[near[0]]), CLOSE if near[1] == 1 else FAR


def _same_root(word: str, forms: Forms) -> str:
    """Return the known word that shares all but the end ("randevusu", "користуватися")."""
    for known in forms.beginnings.get(word[0], ()):
        root = len(known) if len(known) >= 6 else 99
        if word.startswith(known) and len(word) - root <= 4:
            return known
    return ""
