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

WHOLE_DEPARTMENT = 50_000
"""People that a department or a region counts for."""

AMBIGUOUS = ""
"""Instead of a commune's code, when several towns share the beginning of their name."""

SHORTEST_BEGINNING = 4

SHORTEST_USUAL = 5
"""Letters from which a usual name, a department or a region may be misspelt."""

SHORTEST_NICKNAME = 8
"""The same, for other names: "medsin" is a doctor and not "messin"."""

UNFINISHED = frozenset("le la les l et de du des d en a au aux sur sous lez pres val".split())
"""Words that end no usual name: "Saint-Michel et" is not Saint-Michel-et-Chanveaux."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name that may be misspelt: a commune's, its usual beginning, a department's, a region's.

    `size` is a power of ten of people; `text` is what to put in `ou`; `is_former`: the name of a
    commune that joined another.
    """

    name: str
    sound: str
    size: float
    text: str
    commune: str = ""
    department: str = ""
    is_former: bool = False


@dataclass(frozen=True)
class PlaceNames:
    """Indexes on the gazetteer: numbers are positions in its tuples, then in `usual`."""

    gazetteer: Gazetteer
    others: dict[str, str]
    stems: dict[str, str]
    bearers: dict[str, int]
    communes: dict[str, tuple[str, str, int]]
    beginnings: dict[str, str]
    heard: dict[str, list[int]]
    by_letter: dict[str, dict[int, str]]
    towns_heard: dict[str, dict[int, str]]
    usual: tuple[Named, ...]
    words: frozenset[str]

    def is_name(self, word: str) -> bool:
        """Tell whether a word is the name of a place, or one of its words, or its usual name."""
        return word in self.words or word in self.others

    def named(self, i: int) -> Named:
        """Return the name of an index."""
        names = self.gazetteer
        if i >= len(names.names):
            return self.usual[i - len(names.names)]
        name, code = names.names[i], names.communes[i]
        if name in self.others:
            size = max(math.log10(LARGE), names.weights[i])
            return Named(name, names.sounds[i], size, self.others[name])
        town, department, _population = self.communes[code]
        # Homonyms stay to be chosen, as when the name is written right.
        is_shared = normalize_place_name(town) == name and len(names.bearers(name)) > 1
        text = town if is_shared else f"{town} ({department})"
        is_former = names.is_former(name, code)
        return Named(name, names.sounds[i], names.weights[i], text, code, department, is_former)

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
    communes = {code: (name, department, n or 0) for code, name, department, n in rows}
    beginnings = _beginnings(names, ordinary)
    usual = tuple(_usual(names, beginnings, called, communes))
    for i, named in enumerate(usual, start=len(names.names)):
        sound = joined(tuple(named.name.split()))
        heard[named.sound].append(i)
        heard[sound].append(i)
        towns_heard[sound[:1]][i] = sound
        by_letter[named.name[:1]][i] = named.name
    return PlaceNames(
        gazetteer=names,
        others=called,
        stems={stem(text): place for text, place in called.items() if not text.isascii()},
        bearers=bearers,
        communes=communes,
        beginnings=beginnings,
        heard=heard,
        by_letter=by_letter,
        towns_heard=towns_heard,
        usual=usual,
        words=frozenset(
            word
            for name in (*names.names, *names.departments, *names.regions)
            for word in name.split()
        ),
    )


def _usual(
    names: Gazetteer,
    beginnings: dict[str, str],
    called: dict[str, str],
    communes: dict[str, tuple[str, str, int]],
) -> Iterable[Named]:
    """Yield the usual names that may be misspelt, beside those of the gazetteer."""
    known = set(names.names)
    for text, code in beginnings.items():
        if len(text) >= SHORTEST_USUAL and text not in known and text.split()[-1] not in UNFINISHED:
            town, department, population = communes.get(code, (text.title(), "", LARGE))
            size, ou = math.log10(population + 10), f"{town} ({department})" if code else town
            yield Named(text, phonetic(text), size, ou, code, department)
    whole = math.log10(WHOLE_DEPARTMENT)
    for name, code in (*names.departments.items(), *names.regions.items()):
        if len(name) >= SHORTEST_USUAL:
            department = code if name in names.departments else ""
            official = names.department_names.get(department) or names.region_names[code]
            yield Named(name, phonetic(name), whole, official, "", department)
    for text, place in called.items():
        if len(text) >= SHORTEST_NICKNAME and text.isascii() and text not in known:
            yield Named(text, phonetic(text), math.log10(LARGE), place)


def _beginnings(names: Gazetteer, ordinary: frozenset[str]) -> dict[str, str]:
    """Return the communes that the beginning of a name means: ten times larger than any other."""
    bearers: dict[str, dict[str, float]] = defaultdict(dict)
    whole = {
        name
        for name, code in zip(names.names, names.communes, strict=True)
        if not names.is_former(name, code)
    }
    for name, weight, code in zip(names.names, names.weights, names.communes, strict=True):
        words = name.split()
        for size in range(1, len(words) + 1):
            text = " ".join(words[:size])
            is_plain = text in ordinary and text not in whole
            if size > 1 or (len(text) >= SHORTEST_BEGINNING and not is_plain):
                bearers[text][code] = weight
    found = {}
    for text, weights in bearers.items():
        (weight, town), following = max((w, c) for c, w in weights.items()), 0.0
        if len(weights) > 1:
            following = max(w for c, w in weights.items() if c != town)
        if weight >= math.log10(TOWN) and weight >= following + math.log10(DOMINANT):
            found[text] = town
        elif weight >= math.log10(LARGE) and text not in whole:
            found[text] = AMBIGUOUS
    return found
