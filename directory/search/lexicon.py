"""What words mean: health needs in the database, everything else in fixtures/synonyms.json.

Read once per process, like the gazetteer, and read again when the gazetteer was: `clear` makes the
next phrase read it again, after moderators have edited synonyms.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings

from directory.models import Need, Synonym
from directory.search.criteria import Facet
from directory.search.gazetteer import Gazetteer, gazetteer
from directory.search.phrases_names import PlaceNames, index
from directory.search.phrases_sounds import joined, stem
from directory.vocabularies.normalization import normalize

FILE = settings.FIXTURES_DIR / "synonyms.json"
COMMON = settings.FIXTURES_DIR / "common_words.json"
"""Everyday French words, kept apart: they have a licence of their own."""

ELSEWHERE = "ailleurs"
"""Meaning of what this directory does not help with: a bank card, a driving licence."""

SHORTEST_SOUND = 3
SHORTEST_JOINED = 4
"""Letters under which two words that sound alike may well be different words."""

LONG_SOUND = 5
"""Letters from which a sound may bear a mistake ("medsin")."""

NOTHING = ""
"""Meaning of expressions that only look like a facet ("près de chez moi")."""


class Heard(NamedTuple):
    """What a sound means, and the form that sounds so."""

    meaning: str
    form: tuple[str, ...]


@dataclass
class Forms:
    """Ways to write a meaning: as they are, as they sound, and without their inflections.

    Words of `empty` may be left out of
    an expression unless the forms are `literal`.
    """

    empty: frozenset[str]
    literal: bool = False
    exact: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    heard: dict[str, list[Heard]] = field(default_factory=lambda: defaultdict(list))
    stems: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_letter: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    strange: dict[str, tuple[tuple[str, ...], float]] = field(default_factory=dict)

    def add(self, text: str, meaning: str) -> None:
        """Let `text` mean `meaning`, whatever else it means."""
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
            if len(key := joined(form)) >= least and words[0] not in self.empty - {"en", "a"}:
                self.heard[key].append(Heard(meaning, form))
        if len(words) == 1:
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
    """Everything that a phrase is read with."""

    meanings: Forms
    facets: Forms
    ways: dict[str, tuple[Way, ...]]
    weights: dict[str, float]
    needs: dict[str, str]
    positions: dict[str, int]
    labels: dict[str, str]
    renewals: frozenset[str]
    empty: frozenset[str]
    common: frozenset[str]
    french: frozenset[str]
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


_kept: list[Lexicon] = []


def clear() -> None:
    """Forget it: the next phrase reads the synonyms again."""
    _kept.clear()


def lexicon() -> Lexicon:
    """Return the words of the database and of the fixtures when first asked."""
    names = gazetteer()
    if not _kept or _kept[0].places.gazetteer is not names:
        _kept[:] = [_read(names)]
    return _kept[0]


def _read(names: Gazetteer) -> Lexicon:
    data: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    meanings, empty = _meanings(data)
    telling = frozenset(form for form in meanings.exact if " " not in form)
    facets = Forms(empty=empty, literal=True)
    for text in data["nothing"]:
        facets.add(text, NOTHING)
    labels: dict[str, str] = {}
    for facet, codes in data["facets"].items():
        for code, texts in codes.items():
            labels[f"{Facet(facet)}:{code}"] = texts[0]
            for text in texts:
                facets.add(text, f"{facet}:{code}")
    needs = dict(Need.objects.values_list("code", "short_label"))
    ways = _ways(meanings)
    french = json.loads(COMMON.read_text(encoding="utf-8"))
    common = frozenset(french["words"].split())
    return Lexicon(
        meanings=meanings,
        facets=facets,
        ways=ways,
        weights=_rarity(ways, common) | data["weights"],
        needs=needs,
        positions={code: rank for rank, code in enumerate(needs)},
        labels=labels,
        renewals=frozenset(data["renewals"]),
        empty=empty,
        common=common,
        french=common.union(french["others"].split()),
        telling=telling | facets.words,
        text=frozenset(word for text in data["text"] for word in normalize(text).split()),
        places=index(names, data["places"], common | meanings.words | empty),
    )


def _meanings(data: dict[str, Any]) -> tuple[Forms, frozenset[str]]:
    texts = [text for group in data["same"].items() for text in (group[0], *group[1])]
    empty = frozenset(data["empty"]) - {normalize(text) for text in texts}
    capitals = frozenset(data["capitals"])
    forms = Forms(empty=empty | capitals)
    for text in data["elsewhere"]:
        forms.add(text, ELSEWHERE)
    for meaning, others in data["same"].items():
        for text in (meaning, *others):
            forms.add(text, meaning)
    return forms, empty | capitals


def _ways(forms: Forms) -> dict[str, tuple[Way, ...]]:
    """Index the ways to say needs by each of their meanings; unknown words get their own."""
    rows = [*Synonym.objects.values_list("need__code", "text").order_by("pk")]
    for code, *labels in Need.objects.values_list("code", "label", "short_label"):
        rows += [(code, label) for label in labels]
    split = [(code, _in_groups(normalize(text).split(), forms)) for code, text in rows]
    for _code, groups in split:
        for group in groups:
            if group not in forms.exact:
                forms.add(group, group)
    ways: dict[str, dict[Way, None]] = defaultdict(dict)
    for code, groups in split:
        if not groups:
            continue
        way = Way(code, frozenset(forms.exact[group][0] for group in groups))
        for meaning in way.meanings:
            ways[meaning][way] = None
    return {meaning: tuple(found) for meaning, found in ways.items()}


def _in_groups(words: list[str], forms: Forms) -> list[str]:
    """Cut a synonym into its longest known forms; a word of no form stands alone."""
    groups, start = [], 0
    while start < len(words):
        for end in range(min(len(words), start + 6), start, -1):
            group = " ".join(words[start:end])
            if group in forms.exact or end == start + 1:
                break
        if group not in forms.empty or (group in forms.exact and len(words) == 1):
            groups.append(group)
        start = end
    return groups


def _rarity(ways: dict[str, tuple[Way, ...]], common: frozenset[str]) -> dict[str, float]:
    """Weigh meanings by how few needs they lead to; an ordinary word tells little by itself."""
    weights = {}
    for meaning, found in ways.items():
        needs = len({way.need for way in found})
        weights[meaning] = {1: 1.1, 2: 0.8}.get(needs, 0.6) * (0.6 if meaning in common else 1)
    return weights
