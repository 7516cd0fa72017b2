"""What words mean: health needs in the database, everything else in fixtures/synonyms.json.

Read once per process, like the gazetteer, and read again when the gazetteer was: `clear` makes the
next phrase read it again, after moderators have edited synonyms.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from directory.models import Need, Synonym
from directory.search.criteria import Facet
from directory.search.gazetteer import Gazetteer, gazetteer
from directory.search.lexicon_forms import Forms
from directory.search.phrases_names import PlaceNames, index
from directory.search.phrases_sounds import sound
from directory.vocabularies.normalization import normalize

FILE = settings.FIXTURES_DIR / "synonyms.json"
COMMON = settings.FIXTURES_DIR / "common_words.json"
"""Everyday French words, kept apart: they have a licence of their own."""

ELSEWHERE = "ailleurs"
"""Meaning of what this directory does not help with: a bank card, a driving licence."""

NOTHING = ""
"""Meaning of expressions that only look like a facet ("près de chez moi")."""


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
    words = json.loads(COMMON.read_text(encoding="utf-8"))
    common = frozenset(words["words"].split())
    french = common.union(words["others"].split())
    rows = _synonyms()
    said = french | _words(text for _code, text, language in rows if language == "fr")
    meanings, empty = _meanings(data, said | _words(data["same"]))
    telling = frozenset(form for form in meanings.exact if " " not in form)
    facets = Forms(empty=empty, french=meanings.french, literal=True)
    for text in data["nothing"]:
        facets.add(text, NOTHING)
    labels: dict[str, str] = {}
    for facet, codes in data["facets"].items():
        for code, texts in codes.items():
            labels[f"{Facet(facet)}:{code}"] = texts[0]
            for text in texts:
                facets.add(text, f"{facet}:{code}")
    needs = dict(Need.objects.values_list("code", "short_label"))
    ways = _ways(meanings, [(code, text) for code, text, _language in rows])
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
        polite=frozenset(data["empty"]),
        capitals=frozenset(data["capitals"]),
        common=common,
        french=french,
        common_sounds=frozenset(map(sound, common | empty)),
        telling=telling | facets.words,
        text=_words(data["text"]),
        places=index(names, data["places"], common | meanings.words | empty),
    )


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in normalize(text).split())


def _synonyms() -> list[tuple[str, str, str]]:
    """Return the code, text and language of every way to say a need, its labels last."""
    rows = [*Synonym.objects.values_list("need__code", "text", "language").order_by("pk")]
    for code, *labels in Need.objects.values_list("code", "label", "short_label"):
        rows += [(code, label, "fr") for label in labels]
    return rows


def _meanings(data: dict[str, Any], french: frozenset[str]) -> tuple[Forms, frozenset[str]]:
    texts = [text for group in data["same"].items() for text in (group[0], *group[1])]
    empty = frozenset(data["empty"]) - {normalize(text) for text in texts}
    capitals = frozenset(data["capitals"])
    forms = Forms(empty=empty | capitals, french=french)
    for text in data["elsewhere"]:
        forms.add(text, ELSEWHERE, forgiving=" " in normalize(text))
    for meaning, others in data["same"].items():
        for text in (meaning, *others):
            forms.add(text, meaning)
    for initials in data["spelled"]:
        forms.spell(initials)
    return forms, empty | capitals


def _ways(forms: Forms, rows: Iterable[tuple[str, str]]) -> dict[str, tuple[Way, ...]]:
    """Index the ways to say needs by each of their meanings; unknown words get their own."""
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
