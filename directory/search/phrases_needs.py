"""Chooses the need that a phrase tells, from the meanings of its words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from directory.search.lexicon_forms import ELSEWHERE, Lexicon, Way
from directory.search.phrases_words import FAR, Reading

PARTLY = 0.7
"""What a way to say a need counts when one of its minor words is missing."""

MINOR = 0.3
"""Share of a way's weight that may be missing."""

OTHERS = 0.15
"""What the other words that lead to the same need add."""

LEAST = 0.25
"""Score under which no need is understood."""

LEAST_FAR = 0.8
"""The same, when every word that tells it has two mistakes."""

LEAST_ELSEWHERE = 1.3
"""The same, when the phrase also asks for what this directory does not help with."""


@dataclass(frozen=True)
class Choice:
    """A need, its score, and the readings that tell it."""

    need: str
    score: float
    readings: tuple[Reading, ...]


def choose(found: Sequence[Reading], lexicon: Lexicon) -> list[Choice]:
    """Return the needs told, best first: one, or two when a right is to be renewed."""
    sure: dict[str, Reading] = {}
    for reading in found:
        for meaning in reading.meanings:
            if meaning not in sure or reading.sureness > sure[meaning].sureness:
                sure[meaning] = reading
    least = LEAST
    if ELSEWHERE in sure:
        sure = {m: r for m, r in sure.items() if ELSEWHERE not in r.meanings}
        least = LEAST_ELSEWHERE
    choices = _scored(sure, lexicon)
    if choices and all(r.sureness <= FAR for r in choices[0].readings):
        least = max(least, LEAST_FAR)
    if not choices or choices[0].score < least:
        return []
    return _renewed(choices, sure, lexicon)


def _scored(sure: dict[str, Reading], lexicon: Lexicon) -> list[Choice]:
    ways = {way for meaning in sure for way in lexicon.ways.get(meaning, ())}
    best: dict[str, tuple[float, int, Way]] = {}
    told: dict[str, set[str]] = {}
    for way in ways:
        score, present = _weight(way, sure, lexicon)
        if score:
            told.setdefault(way.need, set()).update(present)
            rank = (score, len(present), way)
            if way.need not in best or rank[:2] > best[way.need][:2]:
                best[way.need] = rank
    choices = []
    for need, (alone, _size, way) in best.items():
        others = told[need] - way.meanings
        score = alone + OTHERS * sum(lexicon.weight(m) * sure[m].sureness for m in others)
        used = {sure[m] for m in (way.meanings | others) if m in sure}
        choices.append(Choice(need, score, tuple(sorted(used, key=lambda r: r.first))))
    return sorted(choices, key=lambda c: (-c.score, lexicon.positions[c.need]))


def _weight(way: Way, sure: dict[str, Reading], lexicon: Lexicon) -> tuple[float, frozenset[str]]:
    """Return how well the words found say this, 0 when they do not."""
    present = way.meanings & sure.keys()
    whole = sum(lexicon.weight(m) for m in way.meanings)
    score = sum(lexicon.weight(m) * sure[m].sureness for m in present)
    if present == way.meanings:
        return score, present
    missing = whole - sum(lexicon.weight(m) for m in present)
    if len(present) >= 2 and len(way.meanings) - len(present) == 1 and missing <= MINOR * whole:
        return score * PARTLY, present
    return 0, frozenset()


def _renewed(choices: list[Choice], sure: dict[str, Reading], lexicon: Lexicon) -> list[Choice]:
    """Put the right that is to be renewed before the renewal ("renouvellement CMU")."""
    first = choices[0]
    renewal = lexicon.renewals & sure.keys()
    others = {m: r for m, r in sure.items() if m not in renewal}
    named = _scored(others, lexicon)[:1] if renewal else []
    if named and named[0].need != first.need and named[0].score >= 1.5:
        return [named[0], first]
    return [first]


def used_words(choices: Iterable[Choice]) -> frozenset[int]:
    """Return the places of the words that tell these needs."""
    return frozenset(
        i for choice in choices for r in choice.readings for i in range(r.first, r.last)
    )
