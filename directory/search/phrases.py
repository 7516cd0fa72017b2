"""Understands a phrase typed in one box: a need, a place, a language and the rest.

docs/decisions/0008-phrases.md tells the rules. Nothing is lost: words that mean nothing here are
searched as text, and every part understood is shown as a chip that can be taken off.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from directory.search import phrases_guess, phrases_needs, phrases_places
from directory.search.criteria import Facet
from directory.search.lexicon import ELSEWHERE, NOTHING, Lexicon, lexicon
from directory.search.phrases_needs import Choice
from directory.search.phrases_places import Spot
from directory.search.phrases_words import CLOSE, EXACT, HEARD, Reading, Token, readings, tokens

MAX_LENGTH = 200
"""Characters read."""

BINDING = frozenset(
    {Facet.ACCESS, Facet.LANGUAGE, Facet.SPECIAL_CARE, Facet.ITINERANT, Facet.NETWORK}
)
"""Facets whose expressions of several words say nothing of the need ("sans rendez-vous")."""

LASTING = frozenset({Facet.LANGUAGE, Facet.NETWORK})
"""Facets kept even when their words also tell the need ("emmaüs connect")."""


_NONE: frozenset[int] = frozenset()

ELDERS = range(60, 116)
"""Ages, in years, of elderly people."""


class PartKind(StrEnum):
    """What a part of a phrase is."""

    NEED = "need"
    PLACE = "place"
    FACET = "facet"
    TEXT = "text"


@dataclass(frozen=True)
class Part:
    """A part understood, to be shown as a chip. `typed` is the text that says it.

    `code` is a need's code, a facet's value, or for a place what to put in `ou`; `facet` is set
    for facets only.
    """

    kind: PartKind
    code: str
    label: str
    typed: str
    facet: Facet | None = None


@dataclass(frozen=True)
class Phrase:
    """What was typed and what it means. `where` is for the `ou` parameter, `rest` for `q`."""

    text: str
    needs: tuple[str, ...] = ()
    where: str = ""
    facets: dict[Facet, frozenset[str]] = field(default_factory=dict)
    rest: str = ""
    parts: tuple[Part, ...] = ()


def read(text: str) -> Phrase:
    """Return what the first 200 characters of `text` mean; any text is read, none raises."""
    text = " ".join(text[:MAX_LENGTH].split())
    known = lexicon()
    words = tokens(text)
    said = [r for f in (known.meanings, known.facets) for r in readings(words, _NONE, f, known)]
    place = phrases_places.find(text, words, _expressions(said), known)
    in_place = _indexes(place)
    facets = [r for r in readings(words, in_place, known.facets, known) if r.meanings != (NOTHING,)]
    bound = frozenset(i for r in facets if _is_binding(r) for i in range(r.first, r.last))
    found = list(readings(words, in_place | bound, known.meanings, known))
    wider = _misspelt(words, found, facets, known, place)
    if wider:
        place = wider
        in_place = _indexes(place)
        found = [r for r in found if not in_place.intersection(range(r.first, r.last))]
        facets = [r for r in facets if not in_place.intersection(range(r.first, r.last))]
    choices = phrases_needs.choose(found, known)
    facets = _kept(facets, choices)
    facets += _ages(words, facets)
    return _phrase(text, words, place, facets, found, choices, known)


def _expressions(said: list[Reading]) -> frozenset[int]:
    """Return the words that are part of an expression of several words."""
    return frozenset(i for r in said if r.last - r.first > 1 for i in range(r.first, r.last))


def _indexes(place: Spot | None) -> frozenset[int]:
    return frozenset(range(place.first, place.last)) if place else frozenset()


def _is_binding(reading: Reading) -> bool:
    facets = {meaning.split(":")[0] for meaning in reading.meanings}
    if Facet.LANGUAGE in facets:
        return True
    return bool(facets & BINDING) and reading.last - reading.first > 1


def _misspelt(
    words: list[Token],
    found: list[Reading],
    facets: list[Reading],
    known: Lexicon,
    around: Spot | None,
) -> Spot | None:
    """Guess a place among the words that mean nothing else as surely, or around a shorter one."""
    sure = frozenset(
        i for r in (*found, *facets) if r.sureness >= HEARD for i in range(r.first, r.last)
    )
    place = phrases_guess.guess(words, sure, known, around)
    if place is None:
        return None
    rival = max(
        (r.sureness for r in (*found, *facets) if place.first <= r.first < place.last), default=0
    )
    return None if rival >= CLOSE and place.score < 3.5 and place.cue < 2 else place


def _kept(facets: list[Reading], choices: list[Choice]) -> list[Reading]:
    """Drop the facets whose words are part of the need's ("mutuelle gratuite", "imprimante")."""
    told = [r for choice in choices for r in choice.readings]
    return [r for r in facets if not any(_is_told(r, other) for other in told)]


def _is_told(reading: Reading, other: Reading) -> bool:
    facets = {meaning.split(":")[0] for meaning in reading.meanings}
    if facets & LASTING or not (other.first <= reading.first and reading.last <= other.last):
        return False
    return other.last - other.first > 1 or Facet.EQUIPMENT in facets


def _ages(words: list[Token], facets: list[Reading]) -> list[Reading]:
    """Read an age as a public ("j’ai 78 ans"), unless one is said."""
    found = []
    for i, (age, unit) in enumerate(pairwise(words)):
        if unit.word == "ans" and age.word.isdigit() and int(age.word) in ELDERS:
            found.append(Reading((f"{Facet.PUBLIC}:seniors",), i, i + 2, EXACT))
    said = {meaning for r in facets for meaning in r.meanings}
    return [r for r in found if r.meanings[0] not in said][:1]


def _phrase(
    text: str,
    words: list[Token],
    place: Spot | None,
    facets: list[Reading],
    found: list[Reading],
    choices: list[Choice],
    known: Lexicon,
) -> Phrase:
    parts = []
    for choice in choices:
        typed = _typed(text, words, sorted(phrases_needs.used_words([choice])))
        parts.append(Part(PartKind.NEED, choice.need, known.needs[choice.need], typed))
    if place:
        typed = _typed(text, words, list(range(place.first, place.last)))
        parts.append(Part(PartKind.PLACE, place.text, place.text, typed))
    chosen: dict[Facet, frozenset[str]] = {}
    for reading in facets:
        typed = _typed(text, words, list(range(reading.first, reading.last)))
        for meaning in reading.meanings:
            name, code = meaning.split(":")
            facet = Facet(name)
            if code not in chosen.get(facet, ()):
                chosen[facet] = chosen.get(facet, frozenset()) | {code}
                parts.append(Part(PartKind.FACET, code, known.labels[meaning], typed, facet))
    rest = _rest(text, words, place, facets, found, choices, known)
    if rest:
        parts.append(Part(PartKind.TEXT, rest, rest, rest))
    needs = tuple(choice.need for choice in choices)
    where = place.text if place else ""
    return Phrase(text, needs, where, chosen, rest, tuple(parts))


def _typed(text: str, words: list[Token], indexes: list[int]) -> str:
    """Return the text of these words, as typed, with what stands between neighbours."""
    pieces: list[list[int]] = []
    for i in indexes:
        if pieces and pieces[-1][-1] == i - 1:
            pieces[-1].append(i)
        else:
            pieces.append([i])
    return " … ".join(text[words[p[0]].start : words[p[-1]].end] for p in pieces)


def _rest(
    text: str,
    words: list[Token],
    place: Spot | None,
    facets: list[Reading],
    found: list[Reading],
    choices: list[Choice],
    known: Lexicon,
) -> str:
    """Return the words to search as text: neither understood, nor ordinary."""
    used = set(_indexes(place)) | phrases_needs.used_words(choices)
    used |= {i for r in facets for i in range(r.first, r.last)}
    if choices:
        used |= {i for r in found if ELSEWHERE not in r.meanings for i in range(r.first, r.last)}
    kept: list[int] = []
    for i, token in enumerate(words):
        if i in used or token.word in known.empty or len(token.word) < 2:
            continue
        if token.word in known.text or token.word not in known.common:
            if kept and all(words[j].word in known.empty for j in range(kept[-1] + 1, i)):
                kept.extend(range(kept[-1] + 1, i))
            kept.append(i)
    return " ".join(dict.fromkeys(text[words[i].start : words[i].end] for i in kept))
