"""The names people may type for a territory, kept in memory to forgive typing mistakes.

Read once per process (39,738 names, some 10 MB, 0.3 s, shared by workers that the server forks):
comparing a misspelt name with all of them by SQL would read them all each time. Geography changes
once a year, by a deployment; `clear` makes the next search read it again.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.models import CommuneName, Department, Region
from directory.search import atlas
from directory.vocabularies.normalization import normalize, phonetic, without_article

SHORTEST = 3
"""Letters under which a text is no misspelt name: "la" is one letter away from thirty communes."""

LONGEST = 60
"""Letters beyond which a text is no misspelt name: the longest has 45."""

MANY_NAMES = 100
"""Names that begin alike from which the answer is kept: some tens of beginnings in the country."""

SHORT_NAME = 4
"""Names up to this length forgive one mistake, longer ones two."""

LETTER_COST = 0.5
SOUND_COST = 0.8
"""What a mistake of letters, of sound, costs against a factor ten of population: "Gerret" is Guéret
(two letters, no sound) rather than Yerres (two letters, two sounds), twice as large."""

MAX_LETTERS = 4
"""Letters that may differ when the sound is the same ("bordo" and "bordeaux")."""


@dataclass(frozen=True)
class Gazetteer:
    """Territories by normalised name; the parallel tuples are sorted by name."""

    departments: dict[str, str]
    regions: dict[str, str]
    department_names: dict[str, str]
    region_names: dict[str, str]
    names: tuple[str, ...]
    sounds: tuple[str, ...]
    communes: tuple[str, ...]
    weights: tuple[float, ...]
    former: frozenset[tuple[str, str]]
    frequent: dict[tuple[str, int], list[str]] = field(default_factory=dict, compare=False)
    """Answers of `beginning_with` for the words that begin many names ("saint", "la")."""

    def bearers(self, normalized: str) -> list[str]:
        """Return the INSEE codes of communes that bear or bore exactly this name."""
        start = bisect_left(self.names, normalized)
        codes = []
        while start < len(self.names) and self.names[start] == normalized:
            codes.append(self.communes[start])
            start += 1
        return list(dict.fromkeys(codes))

    def is_former(self, normalized: str, code: str) -> bool:
        """Tell whether this is only a delegated commune's name, not the commune's own."""
        return (normalized, code) in self.former

    def beginning_with(self, words: str, limit: int) -> list[str]:
        """Return the codes of communes whose name begins with these whole words."""
        if known := self.frequent.get((words, limit)):
            return list(known)
        prefix = f"{words} "
        start = bisect_left(self.names, prefix)
        codes: dict[str, float] = {}
        while start < len(self.names) and self.names[start].startswith(prefix):
            codes[self.communes[start]] = self.weights[start]
            start += 1
        found = sorted(codes, key=lambda code: (-codes[code], code))[:limit]
        if len(codes) >= MANY_NAMES:
            self.frequent[words, limit] = found
        return list(found)

    def completing(self, typed: str, limit: int) -> list[str]:
        """Return the codes of communes whose name begins with these letters, largest first."""
        start = bisect_left(self.names, typed)
        codes: dict[str, float] = {}
        while start < len(self.names) and self.names[start].startswith(typed):
            codes[self.communes[start]] = self.weights[start] + (self.names[start] == typed)
            start += 1
        return sorted(codes, key=lambda code: (-codes[code], code))[:limit]

    def near_misses(self, normalized: str, limit: int = 6) -> list[str]:
        """Return the INSEE codes of communes whose name is one or two mistakes away, best first."""
        if not SHORTEST <= len(normalized) <= LONGEST or not any(c.isalpha() for c in normalized):
            return []
        allowed = 1 if len(normalized) <= SHORT_NAME else 2
        sound = phonetic(normalized)
        pools = [(normalized, self.names, allowed)]
        if len(sound) >= SHORT_NAME:
            pools.append((sound, self.sounds, allowed - 1))
        close = {
            index
            for text, pool, cutoff in pools
            for _text, _distance, index in process.extract(
                text, pool, scorer=OSA.distance, score_cutoff=cutoff, limit=50
            )
        }
        best: dict[str, float] = {}
        for index in close:
            letters = OSA.distance(normalized, self.names[index])
            sounds = OSA.distance(sound, self.sounds[index])
            if letters <= (allowed if sounds else MAX_LETTERS):
                score = self.weights[index] - LETTER_COST * letters - SOUND_COST * sounds
                code = self.communes[index]
                best[code] = max(best.get(code, -math.inf), score)
        return sorted(best, key=lambda code: (-best[code], code))[:limit]


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Return the names of the geography that the database held when first asked."""
    departments = dict(Department.objects.values_list("code", "name"))
    regions = dict(Region.objects.values_list("code", "name"))
    rows = sorted(
        CommuneName.objects.values_list(
            "normalized", "commune_id", "commune__population", "kind"
        ).order_by()
    )
    kinds = defaultdict(set)
    for name, code, _population, kind in rows:
        kinds[name, code].add(kind)
    names = tuple(row[0] for row in rows)
    return Gazetteer(
        departments=_by_either_name(departments),
        regions=_by_either_name(regions),
        department_names=departments,
        region_names=regions,
        names=names,
        sounds=tuple(phonetic(name) for name in names),
        communes=tuple(row[1] for row in rows),
        weights=tuple(math.log10((row[2] or 0) + 10) for row in rows),
        former=frozenset(key for key, found in kinds.items() if found == {"delegated"}),
    )


def clear() -> None:
    """Forget the names, and the territories that bear them."""
    gazetteer.cache_clear()
    atlas.clear()


def _by_either_name(names: dict[str, str]) -> dict[str, str]:
    """Index codes by name, with and without the leading article ("la réunion", "réunion")."""
    normalized = {normalize(name): code for code, name in names.items()}
    return {without_article(name): code for name, code in normalized.items()} | normalized
