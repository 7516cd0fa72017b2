"""What words mean: health needs in the database, everything else in fixtures/synonyms.json.

Read once per process, like the gazetteer, and read again when the gazetteer was. A server process
follows what moderators edit, see `kept`.
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
from directory.search.lexicon_forms import ELSEWHERE, NOTHING, Forms, Lexicon, Way
from directory.search.memory import Kept
from directory.search.phrases_names import PlaceNames, index
from directory.search.phrases_sounds import sound
from directory.vocabularies.normalization import normalize

FILE = settings.FIXTURES_DIR / "synonyms.json"
COMMON = settings.FIXTURES_DIR / "common_words.json"
"""Everyday French words, kept apart: they have a licence of their own."""

Row = tuple[str, str, str]
"""A need's code, a way to say it, the language of this way."""


@dataclass(frozen=True)
class Said:
    """What the database holds of words: the ways to say needs, and the needs with their labels."""

    synonyms: tuple[Row, ...]
    needs: tuple[Row, ...]

    @property
    def rows(self) -> list[Row]:
        """Every way to say a need, its labels last."""
        labels = [(code, text, "fr") for code, *texts in self.needs for text in texts]
        return [*self.synonyms, *labels]


@dataclass(frozen=True)
class Copy:
    """The lexicon of this process, and what it was made from."""

    lexicon: Lexicon
    said: Said


_copies: list[Copy] = []


def clear() -> None:
    """Forget it: the next phrase reads the synonyms again."""
    _copies.clear()


def lexicon() -> Lexicon:
    """Return the words of the database and of the fixtures.

    Read when first asked, then again by the thread of a server process, a few seconds after
    moderators have edited needs or synonyms; without that thread, after `clear`.
    """
    names = gazetteer()
    copy = _copies[0] if _copies else None
    if copy is None or copy.lexicon.places.gazetteer is not names:
        copy = _made(_said(), names, None)
    return copy.lexicon


def _made(said: Said, names: Gazetteer, places: PlaceNames | None) -> Copy:
    copy = Copy(_read(said, names, places), said)
    # By one assignment: requests read a whole lexicon, the former or this one.
    _copies[:] = [copy]
    return copy


def _followed() -> Copy | None:
    """Make the lexicon anew if its words have changed; the names of places stay."""
    copy = _copies[0] if _copies else None
    said = _said()
    if copy is None or copy.said == said:
        return copy
    places = copy.lexicon.places
    return _made(said, places.gazetteer, places)


kept = Kept(_followed)
"""Lets the thread that keeps small tables in step keep the lexicon too."""


def _said() -> Said:
    synonyms = Synonym.objects.order_by("pk").values_list("need__code", "text", "language")
    return Said(tuple(synonyms), tuple(Need.objects.values_list("code", "label", "short_label")))


def _read(said: Said, names: Gazetteer, places: PlaceNames | None) -> Lexicon:
    data: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    words = json.loads(COMMON.read_text(encoding="utf-8"))
    common = frozenset(words["words"].split())
    french = common.union(words["others"].split())
    rows = said.rows
    heard = french | _words(text for _code, text, language in rows if language == "fr")
    meanings, empty = _meanings(data, heard | _words(data["same"]))
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
    needs = {code: short_label for code, _label, short_label in said.needs}
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
        places=places or index(names, data["places"], common | meanings.words | empty),
    )


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in normalize(text).split())


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
