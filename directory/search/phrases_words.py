"""Cuts a phrase into words and reads the meaning of each, misspelt, glued or cut."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.search.lexicon_forms import LONG_SOUND, Forms, Heard, Lexicon
from directory.search.phrases_sounds import joined, sound, stem
from directory.vocabularies.normalization import normalize

LONGEST = 6
"""Words of the longest expression looked for."""

EXACT, HEARD, ECHOED, CUT, CLOSE, FAR = 1.0, 0.9, 0.85, 0.75, 0.8, 0.65
"""How sure a word is: as written, as heard, as heard but written far otherwise, abbreviated, one
mistake away, two mistakes away."""

ONE_MISTAKE, TWO_MISTAKES = 4, 7
"""Letters from which a word may bear one, two mistakes."""

MOST_KEPT = 10_000
"""Misspelt words whose reading is kept, to correct each once."""

LONGEST_HEARD = 4
"""Words of the longest expression recognised by its sound."""

SHORTEST_HEARD = 3
LONG_ROOT = 6
"""Letters of a word that may bear an ending of its language ("randevusu")."""

SHORTEST_CUT = 4
"""Letters from which the beginning of a word stands for it ("ophtal", "renouv")."""

_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f\u064b-\u065f\u0670]+[^\W_]*)*")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ]{2})(?=[A-ZÀ-Ý])")
"""Where two words typed together are told apart by a capital letter ("dossierMDPH")."""

_ELISION = re.compile(r"^(?:qu|[ldjmnstc])(?=[aeiouyh])")


@dataclass(frozen=True)
class Token:
    """A word of the phrase; `start` and `end` are offsets in the text typed.

    `is_name`: it has a capital letter though it does not begin the phrase.
    """

    word: str
    start: int
    end: int
    is_capitals: bool = False
    is_name: bool = False


@dataclass(frozen=True)
class Reading:
    """What words `first` to `last` (excluded) mean; `sureness` is one of EXACT, HEARD…"""

    meanings: tuple[str, ...]
    first: int
    last: int
    sureness: float


WORD_MAX = 50
"""Letters read of a word: the longest name of a commune has 45."""


def tokens(text: str) -> list[Token]:
    """Return the words of a text, normalised, in their order."""
    mixed = text != text.upper() or " " not in text
    found: list[Token] = []
    for match in _WORD.finditer(text):
        start = match.start()
        for piece in _CAMEL.split(match[0]):
            for word in normalize(piece).split():
                capitals = mixed and len(piece) > 1 and piece.isupper()
                name = mixed and bool(found) and piece[0].isupper()
                # One character may become eighteen letters once normalised.
                found.append(Token(word[:WORD_MAX], start, start + len(piece), capitals, name))
            start += len(piece)
    return found


def readings(
    words: Sequence[Token], taken: frozenset[int], forms: Forms, lexicon: Lexicon
) -> Iterator[Reading]:
    """Yield the longest expressions known, left to right; `taken` words are skipped over."""
    start = 0
    while start < len(words):
        reading = None if start in taken else _longest(words, start, taken, forms, lexicon)
        if reading:
            yield reading
        start = reading.last if reading else start + 1


def _longest(
    words: Sequence[Token], start: int, taken: frozenset[int], forms: Forms, lexicon: Lexicon
) -> Reading | None:
    limit = next((i for i in range(start, len(words)) if i in taken), len(words))
    for end in range(min(limit, start + LONGEST), start + 1, -1):
        span = tuple(token.word for token in words[start:end])
        found, sureness = _expression(span, forms, lexicon)
        if found:
            return Reading(found, start, end, sureness)
    token = words[start]
    if token.word in forms.empty and not token.is_capitals:
        return None
    found, sureness = _one_word(token.word, forms, lexicon)
    return Reading(found, start, start + 1, sureness) if found else None


def _expression(
    span: tuple[str, ...], forms: Forms, lexicon: Lexicon
) -> tuple[tuple[str, ...], float]:
    """Read several words as one expression, however they are cut."""
    kept = tuple(word for word in span if word not in forms.empty)
    if forms.literal or len(kept) < 2 or kept[0] != span[0] or kept[-1] != span[-1]:
        kept = span
    if found := forms.exact.get(" ".join(span)) or forms.exact.get(" ".join(kept)):
        return tuple(found), EXACT
    if not all(map(str.isascii, span)) and (found := forms.exact.get(" ".join(map(stem, span)))):
        return tuple(found), HEARD
    strange = any(not lexicon.is_known(word) for word in span)
    if len(span) <= LONGEST_HEARD and (heard := _heard(span, kept, strange, forms)):
        return _told(span, heard)
    if strange and len(kept) == len(span) == 2 and (near := _nearly_glued(span, forms)):
        return tuple(forms.exact[near]), CLOSE
    if strange and (near := _nearly_said(span, forms, lexicon)):
        return tuple(forms.exact[near]), CLOSE
    return (), 0


def _heard(
    span: tuple[str, ...], kept: tuple[str, ...], strange: bool, forms: Forms
) -> list[Heard]:
    """Return what sounds like these words; cut otherwise only when one of them is `strange`."""
    whole, glued = joined(span), sound("".join(span))
    if len(glued) < len(whole) - 1 or glued == sound("".join(span[:-1])):
        # A silent ending swallowed the last words: "ameli Sète" is not "ameli".
        glued = ""
    for key in (whole, glued, joined(kept)):
        same = [h for h in forms.heard.get(key, ()) if len(h.form) == len(span) or strange]
        if len(key) >= SHORTEST_CUT and same:
            return same
    return []


def _told(span: tuple[str, ...], heard: Sequence[Heard]) -> tuple[tuple[str, ...], float]:
    """Return the meanings of what sounds the same, less sure when it is written far otherwise."""
    typed = "".join(span)
    near = any(
        len(h.form) == len(span) > 1 or OSA.distance(typed, "".join(h.form)) <= 1 for h in heard
    )
    return tuple(dict.fromkeys(h.meaning for h in heard)), HEARD if near else ECHOED


def _nearly_glued(span: tuple[str, ...], forms: Forms) -> str:
    """Return the word that two words cut, one mistake away ("telé consulation")."""
    glued = "".join(span)
    if len(glued) <= TWO_MISTAKES or any(word in forms.exact for word in span):
        return ""
    pool = [w for w in forms.by_letter.get(glued[0], ()) if abs(len(w) - len(glued)) <= 1]
    return next((w for w in pool if OSA.distance(w, glued, score_cutoff=1) <= 1), "")


def _nearly_said(span: tuple[str, ...], forms: Forms, lexicon: Lexicon) -> str:
    """Return the expression that misspelt words make with the others ("mon espcae santé")."""
    strange = [not lexicon.is_known(word) and word not in lexicon.french for word in span]
    kept = [rank for rank, is_strange in enumerate(strange) if not is_strange]
    if not kept or len(kept) == len(span) or len(span) > LONGEST_HEARD:
        return ""
    for words in forms.pieces.get((len(span), kept[0], span[kept[0]]), ()):
        if all(words[rank] == span[rank] for rank in kept) and all(
            _is_near(span[rank], words[rank]) for rank in range(len(span)) if strange[rank]
        ):
            return " ".join(words)
    return ""


def _is_alike(word: str, form: tuple[str, ...]) -> bool:
    """Tell whether what nearly sounds the same is also written nearly so, for its length."""
    return OSA.distance(word, "".join(form)) <= max(2, len(word) // 3)


def _is_near(word: str, known: str) -> bool:
    allowed = 2 if len(known) >= TWO_MISTAKES else 1
    return len(word) >= ONE_MISTAKE and OSA.distance(word, known, score_cutoff=allowed) <= allowed


def _one_word(word: str, forms: Forms, lexicon: Lexicon) -> tuple[tuple[str, ...], float]:
    """Read a word alone: as written, heard, glued to an article, abbreviated, then misspelt."""
    singular = word[:-1] if len(word) > 3 and word.endswith(("s", "x")) else word
    if found := forms.exact.get(word) or forms.exact.get(singular):
        return tuple(found), EXACT
    if not word.isascii() and (found := forms.stems.get(stem(word))):
        return tuple(found), HEARD
    if word in lexicon.text or (forms.literal and word in lexicon.meanings.words):
        return (), 0
    is_ordinary = word in lexicon.common or word in lexicon.empty or word.isdigit()
    if heard := _heard_alone(word, is_ordinary, forms):
        return _told((word,), heard)
    return ((), 0) if is_ordinary else _strange_word(word, forms)


def _strange_word(word: str, forms: Forms) -> tuple[tuple[str, ...], float]:
    """Read a word that is not French: glued to its article, or else misspelt."""
    known = forms.strange.get(word)
    if known is None:
        found = _without_elision(word, forms)
        known = (tuple(found), HEARD) if found else _corrected(word, forms)
        if len(forms.strange) >= MOST_KEPT:
            forms.strange.clear()
        forms.strange[word] = known
    return known


def _heard_alone(word: str, is_ordinary: bool, forms: Forms) -> list[Heard]:
    """Return what sounds like a word; an ordinary one must sound long enough."""
    heard = sound(word)
    least = LONG_SOUND if forms.literal or is_ordinary else SHORTEST_HEARD
    if len(word) < SHORTEST_CUT or len(heard) < least:
        return []
    return [h for h in forms.heard.get(heard, ()) if len(h.form) == 1 or not is_ordinary]


def _without_elision(word: str, forms: Forms) -> list[str]:
    """Read "lordi", "dexamen": an article whose apostrophe was not typed."""
    bare = _ELISION.sub("", word)
    if bare == word or len(bare) < SHORTEST_CUT:
        return []
    heard = sound(bare)
    alike = forms.heard.get(heard, ()) if len(heard) >= SHORTEST_CUT else ()
    return forms.exact.get(bare) or [found.meaning for found in alike]


def _corrected(word: str, forms: Forms) -> tuple[tuple[str, ...], float]:
    """Read a word cut short, inflected, or with one or two mistakes."""
    if len(word) < (LONG_ROOT if forms.literal else SHORTEST_CUT):
        return (), 0
    pool = forms.by_letter.get(word[0], set())
    if not forms.literal:
        begun = [known for known in pool if known.startswith(word)]
        if len({forms.exact[known][0] for known in begun}) == 1:
            return tuple(forms.exact[begun[0]]), CUT
        for known in pool:
            if len(known) >= LONG_ROOT and word.startswith(known) and len(word) <= len(known) + 4:
                return tuple(forms.exact[known]), CUT
    long = [known for known in pool if len(known) >= SHORTEST_CUT]
    allowed = 2 if len(word) >= TWO_MISTAKES else 1
    near = process.extractOne(word, long, scorer=OSA.distance, score_cutoff=allowed)
    if near:
        return tuple(forms.exact[near[0]]), CLOSE if near[1] == 1 else FAR
    heard = sound(word)
    if len(heard) >= LONG_SOUND - 1:
        alike = forms.sounds.get(heard[0], ())
        close = process.extractOne(heard, alike, scorer=OSA.distance, score_cutoff=1)
        if close and any(_is_alike(word, h.form) for h in forms.heard[close[0]]):
            return tuple(dict.fromkeys(h.meaning for h in forms.heard[close[0]])), FAR
    return (), 0
