"""Names of places, indexed for phrases: usual short names, other alphabets, sounds."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from directory.models import Commune
from directory.search.gazetteer import Gazetteer
from directory.search.phrases_sounds import joined, stem
from directory.search.where import DOMINANT
from directory.vocabularies.normalization import normalize_place_name, phonetic

TOWN = 3_000
"""People from which the beginning of a name is enough to name a commune."""

LARGE = 20_000
"""People from which a beginning that several towns share is still a place, to be chosen."""

AMBIGUOUS = ""
"""Instead of a commune's code, when several towns share the beginning of their name."""

SHORTEST_BEGINNING = 4


@dataclass(frozen=True)
class PlaceNames:
    """Indexes on the gazetteer: numbers are positions in its parallel tuples."""

    gazetteer: Gazetteer
    others: dict[str, str]
    stems: dict[str, str]
    bearers: dict[str, int]
    communes: dict[str, tuple[str, str, int]]
    beginnings: dict[str, str]
    heard: dict[str, list[int]]
    heard_beginnings: dict[str, str]
    by_letter: dict[str, dict[int, str]]
    towns_heard: dict[str, dict[int, str]]

    def other(self, name: str) -> str:
        """Return the French name of a place called otherwise: abroad, or for short; else ""."""
        if name in self.others or name.isascii():
            return self.others.get(name, "")
        return self.stems.get(stem(name), "")


def index(
    names: Gazetteer, others: dict[str, Iterable[str]], ordinary: frozenset[str]
) -> PlaceNames:
    """Index names; `others` lists usual names by French name, `ordinary` common words."""
    heard: dict[str, list[int]] = defaultdict(list)
    by_letter: dict[str, dict[int, str]] = defaultdict(dict)
    bearers: dict[str, int] = {}
    towns_heard: dict[str, dict[int, str]] = defaultdict(dict)
    for i, name in enumerate(names.names):
        heard[names.sounds[i]].append(i)
        if names.weights[i] >= math.log10(TOWN):
            sound = joined(tuple(name.split()))
            heard[sound].append(i)
            towns_heard[sound[:1]][i] = sound
        by_letter[name[:1]][i] = name
        if name not in bearers or names.weights[i] > names.weights[bearers[name]]:
            bearers[name] = i
    called = {normalize_place_name(t): place for place, texts in others.items() for t in texts}
    rows = Commune.objects.order_by().values_list("code", "name", "department_id", "population")
    beginnings = _beginnings(names, ordinary)
    return PlaceNames(
        gazetteer=names,
        others=called,
        stems={stem(text): place for text, place in called.items() if not text.isascii()},
        bearers=bearers,
        communes={code: (name, department, n or 0) for code, name, department, n in rows},
        beginnings=beginnings,
        heard_beginnings={
            phonetic(text): code for text, code in beginnings.items() if " " in text and code
        },
        heard=heard,
        by_letter=by_letter,
        towns_heard=towns_heard,
    )


def _beginnings(names: Gazetteer, ordinary: frozenset[str]) -> dict[str, str]:
    """Return the communes that the beginning of a name means: ten times larger than any other."""
    bearers: dict[str, dict[str, float]] = defaultdict(dict)
    for name, weight, code in zip(names.names, names.weights, names.communes, strict=True):
        words = name.split()
        for size in range(1, len(words) + 1):
            text = " ".join(words[:size])
            if size > 1 or (len(text) >= SHORTEST_BEGINNING and text not in ordinary):
                bearers[text][code] = weight
    found, whole = {}, set(names.names)
    for text, weights in bearers.items():
        (weight, town), following = max((w, c) for c, w in weights.items()), 0.0
        if len(weights) > 1:
            following = max(w for c, w in weights.items() if c != town)
        if weight >= math.log10(TOWN) and weight >= following + math.log10(DOMINANT):
            found[text] = town
        elif weight >= math.log10(LARGE) and text not in whole:
            found[text] = AMBIGUOUS
    return found
