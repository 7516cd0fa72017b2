"""What words mean and the ways to write it, to be found however they are typed."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from directory.search.phrases_names import PlaceNames
from directory.search.phrases_sounds import joined, spelled, stem
from directory.vocabularies.normalization import normalize

ELSEWHERE = "ailleurs"
"""Meaning of what this directory does not help with: a bank card, a driving licence."""

NOTHING = ""
"""Meaning of expressions that only look like a facet ("près de chez moi")."""

SHORTEST_SOUND = 3
SHORTEST_JOINED = 4
"""Letters under which two words that sound alike may well be different words."""

LONG_SOUND = 5
"""Letters from which a sound may bear a mistake ("medsin")."""


class Heard(NamedTuple):
    """What a sound means, and the form that sounds so."""

    meaning: str
    form: tuple[str, ...]


@dataclass
class Forms:
    """Ways to write a meaning: as they are, as they sound, and without their inflections.

    Words of `empty` may be left out of an expression unless the forms are `literal`. Only words of
    `french` are heard: a French ear tells nothing of the sound of other languages.
    """

    empty: frozenset[str]
    french: frozenset[str]
    literal: bool = False
    exact: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    heard: dict[str, list[Heard]] = field(default_factory=lambda: defaultdict(list))
    stems: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_letter: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    strange: dict[str, tuple[tuple[str, ...], float]] = field(default_factory=dict)

    def spell(self, initials: str) -> None:
        """Let initials be heard letter by letter as what they mean."""
        for meaning in self.exact.get(initials, ()):
            for said in spelled(initials):
                self.heard[said].append(Heard(meaning, (initials,)))

    def add(self, text: str, meaning: str, *, forgiving: bool = True) -> None:
        """Let `text` mean `meaning`, whatever else it means; misspelt too when `forgiving`."""
        words = tuple(normalize(text).split())
        if not words:
            return
        kept = tuple(word for word in words if word not in self.empty)
        forms = [words] if self.literal or len(kept) < 2 else [words, kept]
        if not (text.isascii() or self.literal):
            forms.append(tuple(map(stem, words)))
        for form in forms:
            if meaning not in self.exact[" ".join(form)]:
                self.exact[" ".join(form)].append(meaning)
            least = SHORTEST_SOUND if len(form) == 1 else SHORTEST_JOINED
            is_told = words[0] in {"en", "a"} or words[0] not in self.empty
            if (
                forgiving
                and is_told
                and self.french.issuperset(form)
                and len(key := joined(form)) >= least
            ):
                self.heard[key].append(Heard(meaning, form))
        if len(words) == 1 and forgiving:
            self.by_letter[words[0][0]].add(words[0])
            self.stems[stem(words[0])].append(meaning)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every single word that means something alone."""
        return frozenset(form for form in self.exact if " " not in form)

    @cached_property
    def pieces(self) -> dict[tuple[int, int, str], list[tuple[str, ...]]]:
        """Expressions by their count of words, and by each word and its rank."""
        found: dict[tuple[int, int, str], list[tuple[str, ...]]] = defaultdict(list)
        for form in self.exact:
            words = tuple(form.split())
            for rank, word in enumerate(words):
                if len(words) > 1 and len(word) > 1:
                    found[len(words), rank, word].append(words)
        return found

    @cached_property
    def sounds(self) -> dict[str, list[str]]:
        """Sounds long enough to bear a mistake, by first letter."""
        found: dict[str, list[str]] = defaultdict(list)
        for key in self.heard:
            if len(key) >= LONG_SOUND and key.isascii():
                found[key[0]].append(key)
        return found


@dataclass(frozen=True)
class Way:
    """One way to say a need: meanings that must all be there, wherever they stand."""

    need: str
    meanings: frozenset[str]


@dataclass(frozen=True)
class Lexicon:
    """Everything that a phrase is read with.

    `empty` words mean nothing, `polite` ones nothing at either end ("aide"), `capitals` only mean
    something as initials ("MES"); `common` words are everyday French, `french` ones less so.
    """

    meanings: Forms
    facets: Forms
    ways: dict[str, tuple[Way, ...]]
    weights: dict[str, float]
    needs: dict[str, str]
    positions: dict[str, int]
    labels: dict[str, str]
    renewals: frozenset[str]
    empty: frozenset[str]
    polite: frozenset[str]
    capitals: frozenset[str]
    common: frozenset[str]
    french: frozenset[str]
    common_sounds: frozenset[str]
    telling: frozenset[str]
    text: frozenset[str]
    places: PlaceNames

    def is_known(self, word: str) -> bool:
        """Tell whether a word means something here, or is an ordinary French word."""
        return (
            word in self.empty
            or word in self.common
            or word in self.meanings.words
            or word in self.facets.words
        )

    def weight(self, meaning: str) -> float:
        """Return how much a meaning tells of a need."""
        return self.weights.get(meaning, 1.0)
