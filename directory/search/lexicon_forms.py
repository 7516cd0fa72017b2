"""Ways to write what words mean, to be found however they are typed."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from directory.search.phrases_sounds import joined, spelled, stem
from directory.vocabularies.normalization import normalize

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
