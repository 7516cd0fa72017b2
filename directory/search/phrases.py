"""Understands a phrase typed in one box: a need, a place, a language and the rest.

docs/decisions/0008-phrases.md tells the rules. Nothing is lost: words that mean nothing here are
searched as text, and every part understood is shown as a chip that can be taken off.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from directory.search import phrases_guess, phrases_needs, phrases_places, phrases_spots
from directory.search.criteria import Facet
from directory.search.lexicon import lexicon
from directory.search.lexicon_forms import ELSEWHERE, NOTHING, Lexicon
from directory.search.phrases_glued import unglued
from directory.search.phrases_needs import Choice
from directory.search.phrases_spots import Spot, cue_before
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

DOUBTFUL = 3.5
"""Likelihood under which a guessed place gives way to a word one mistake away."""

WEAK = 0.3
"""Weight under which a word tells nearly nothing."""

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


@dataclass
class _Reader:
    """A phrase being read: its words, and what has been understood so far."""

    text: str
    words: list[Token]
    known: Lexicon
    place: Spot | None = None
    facets: list[Reading] = field(default_factory=list)
    found: list[Reading] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)


def read(text: str) -> Phrase:
    """Return what the first 200 characters of `text` mean; any text is read, none raises."""
    text = " ".join(text[:MAX_LENGTH].split())
    known = lexicon()
    reader = _Reader(text, unglued(tokens(text), known), known)
    words = reader.words
    said = [r for f in (known.meanings, known.facets) for r in readings(words, _NONE, f, known)]
    reader.place = phrases_places.find(
        text, words, _spread(r for r in said if _is_long(r) and r.sureness >= HEARD), known
    )
    in_place = _indexes(reader.place) | phrases_spots.street(words)
    facets = [r for r in readings(words, in_place, known.facets, known) if r.meanings != (NOTHING,)]
    bound = _spread(r for r in facets if _is_binding(r))
    reader.facets = facets
    words = reader.words = phrases_spots.with_initials(words, in_place, known)
    reader.found = list(readings(words, in_place | bound, known.meanings, known))
    _guess_place(reader)
    reader.choices = phrases_needs.choose(reader.found, known)
    reader.facets = _kept(reader.facets, reader.choices)
    reader.facets += _ages(words, reader.facets)
    return _phrase(reader)


def _guess_place(reader: _Reader) -> None:
    """Put a misspelt place instead of none, or of a shorter one, and of what it is made of."""
    place = _misspelt(reader)
    if place:
        taken = _indexes(place)
        reader.place = place
        reader.found = [r for r in reader.found if not taken.intersection(_range(r))]
        reader.facets = [r for r in reader.facets if not taken.intersection(_range(r))]


def _range(reading: Reading) -> range:
    return range(reading.first, reading.last)


def _spread(found: Iterable[Reading]) -> frozenset[int]:
    """Return the places of the words read."""
    return frozenset(i for reading in found for i in _range(reading))


def _is_long(reading: Reading) -> bool:
    return reading.last - reading.first > 1


def _indexes(place: Spot | None) -> frozenset[int]:
    return frozenset(range(place.first, place.last)) if place else frozenset()


def _is_binding(reading: Reading) -> bool:
    facets = {meaning.split(":")[0] for meaning in reading.meanings}
    if Facet.LANGUAGE in facets:
        return True
    return bool(facets & BINDING) and reading.last - reading.first > 1


def _misspelt(reader: _Reader) -> Spot | None:
    """Guess a place among the words that mean nothing else as surely, or around a shorter one."""
    said = [*reader.found, *reader.facets]
    sure = _spread(r for r in said if r.sureness >= HEARD and not _is_weak(r, reader))
    place = phrases_guess.guess(reader.words, sure, reader.known, reader.place)
    if place is None:
        return None
    taken = _indexes(place)
    rivals = [r for r in said if taken.intersection(_range(r)) and r.sureness >= CLOSE]
    doubtful = place.score < DOUBTFUL and place.cue < 2
    # "carte vitle" is one expression: Vitré would leave half of it.
    is_piece = any(not taken.issuperset(_range(r)) for r in rivals)
    return None if is_piece or (rivals and doubtful) else place


def _is_weak(reading: Reading, reader: _Reader) -> bool:
    """Tell whether a word says so little that it may be a town after "à" ("ver mets")."""
    if _is_long(reading) or cue_before(reader.words, reading.first) != 2:
        return False
    return all(reader.known.weights.get(m, 1.0) <= WEAK for m in reading.meanings)


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


def _phrase(reader: _Reader) -> Phrase:
    place, choices = reader.place, reader.choices
    parts = [_need_part(reader, choice) for choice in choices]
    if place:
        typed = _typed(reader, range(place.first, place.last))
        parts.append(Part(PartKind.PLACE, place.text, place.text, typed))
    chosen: dict[Facet, frozenset[str]] = {}
    for part in _facet_parts(reader):
        if part.facet and part.code not in chosen.get(part.facet, ()):
            chosen[part.facet] = chosen.get(part.facet, frozenset()) | {part.code}
            parts.append(part)
    rest = _rest(reader)
    if rest:
        parts.append(Part(PartKind.TEXT, rest, rest, rest))
    needs = tuple(choice.need for choice in choices)
    where = place.text if place else ""
    return Phrase(reader.text, needs, where, chosen, rest, tuple(parts))


def _need_part(reader: _Reader, choice: Choice) -> Part:
    typed = _typed(reader, sorted(phrases_needs.used_words([choice])))
    return Part(PartKind.NEED, choice.need, reader.known.needs[choice.need], typed)


def _facet_parts(reader: _Reader) -> Iterator[Part]:
    for reading in reader.facets:
        typed = _typed(reader, _range(reading))
        for meaning in reading.meanings:
            name, code = meaning.split(":")
            yield Part(PartKind.FACET, code, reader.known.labels[meaning], typed, Facet(name))


def _typed(reader: _Reader, indexes: Iterable[int]) -> str:
    """Return the text of these words, as typed, with what stands between neighbours."""
    words = reader.words
    pieces: list[list[int]] = []
    for i in indexes:
        if pieces and pieces[-1][-1] == i - 1:
            pieces[-1].append(i)
        else:
            pieces.append([i])
    return " … ".join(reader.text[words[p[0]].start : words[p[-1]].end] for p in pieces)


def _rest(reader: _Reader) -> str:
    """Return the words to search as text: neither understood, nor ordinary."""
    words, known = reader.words, reader.known
    used = _indexes(reader.place) | phrases_needs.used_words(reader.choices)
    used |= _spread(reader.facets)
    if reader.choices:
        used |= _spread(r for r in reader.found if ELSEWHERE not in r.meanings)
    kept: list[int] = []
    for i, token in enumerate(words):
        if i in used or token.word in known.empty or len(token.word) < 2:
            continue
        if token.word in known.text or token.word not in known.common:
            between = range(kept[-1] + 1, i) if kept else range(0)
            if all(words[j].word in known.empty for j in between):
                kept.extend(between)
            kept.append(i)
    typed = (reader.text[words[i].start : words[i].end] for i in kept)
    return " ".join(dict.fromkeys(typed))
