"""Finds the numbers of a phrase that say a place: postcodes, departments, arrondissements."""

import re
from collections.abc import Iterator, Sequence

from directory.search.lexicon_forms import Lexicon
from directory.search.phrases_sounds import as_in_gazetteer
from directory.search.phrases_spots import (
    Spot,
    cue_before,
    department_of,
    ends,
    is_inside,
    starts,
)
from directory.search.phrases_words import Token

POSTCODE = re.compile(r"^(?:\d{5}|2[ab]\d{3})$")
NUMBER = re.compile(r"^(?:\d{2}|2[ab]|97\d)$")

_NOT_AFTER = frozenset(
    """ans an h heures heure euro euros enfants mois jours jour semaines semaine fois pourcent
    minutes minute min km kg rue avenue av bd boulevard place allee chemin impasse route cours e
    personnes pages ko mo go""".split()
)
_NOT_BEFORE = frozenset(
    "depuis il apres avant plus moins les ai tous j toutes carte numero age".split()
)
_DISTRICT = re.compile(r"^(\d{1,2})(er|e|eme|ieme|ere)?$")
_ROMAN = re.compile(r"^(x{0,2})(ix|iv|v?i{0,3})e?$")
_DIVIDED = {"paris": 20, "lyon": 9, "marseille": 16}
_BETWEEN = frozenset("dans le ds la de a arrondissement arr ardt".split())

ONLY_PARIS = range(17, 21)
"""Arrondissements that neither Lyon nor Marseille has: they need no city's name."""


def numbers(text: str, words: Sequence[Token], lexicon: Lexicon) -> Iterator[Spot]:
    """Yield the postcodes and departments written as numbers."""
    for i, token in enumerate(words):
        after = words[i + 1].word if i + 1 < len(words) else ""
        if POSTCODE.match(token.word):
            yield Spot(i, i + 1, token.word, 9, department=department_of(token.word))
        elif re.fullmatch(r"\d{2}", token.word) and re.fullmatch(r"\d{3}", after):
            code = token.word + after
            yield Spot(i, i + 2, code, 9, department=department_of(code))
        elif NUMBER.match(token.word) and after not in _NOT_AFTER and not _is_share(words, i):
            before = words[i - 1].word if i else ""
            code = token.word.upper()
            known = code in lexicon.places.gazetteer.department_names and before not in _NOT_BEFORE
            if known and _is_cued(words, i, before, lexicon):
                yield Spot(i, i + 1, code, 3 + cue_before(words, i) / 2, department=code)


def _is_share(words: Sequence[Token], i: int) -> bool:
    return [token.word for token in words[i + 1 : i + 3]] == ["pour", "cent"]


def _is_cued(words: Sequence[Token], i: int, before: str, lexicon: Lexicon) -> bool:
    if starts(words, i, lexicon) or ends(words, i + 1, lexicon) or cue_before(words, i) > 0:
        return True
    # "MDPH 33 dossier", "Ham 80 carte vitale": a number beside what bears one.
    return before in lexicon.places.bearers or before in lexicon.meanings.words


def district(plain: Sequence[str], words: Sequence[Token], first: int) -> Spot | None:
    """Read "paris 18", "pari 19", "marseille 3e", "Paris XIVe", "dans le 20e"."""
    alone = _DISTRICT.match(plain[first])
    if alone and alone[2] and int(alone[1]) in ONLY_PARIS and is_inside(words, first):
        return Spot(first, first + 1, f"Paris {alone[1]}", 9, is_corrected=True)
    city = _city(plain[first])
    if not city:
        return _before_city(plain, first) if alone and alone[2] else None
    last = first + 1
    while last < len(plain) - 1 and plain[last] in _BETWEEN:
        last += 1
    number = _number(plain[last]) if last < len(plain) else 0
    if not 1 <= number <= _DIVIDED[city]:
        return None
    return Spot(first, last + 1, f"{city.capitalize()} {number}", 9, is_corrected=True)


def _city(word: str) -> str:
    heard = as_in_gazetteer(word)
    return next((city for city in _DIVIDED if as_in_gazetteer(city) == heard), "")


def _before_city(plain: Sequence[str], first: int) -> Spot | None:
    """Read "13e arrondissement de Marseille", "3e Lyon"."""
    last = first + 1
    while last < len(plain) - 1 and plain[last] in _BETWEEN:
        last += 1
    city, number = _city(plain[last]) if last < len(plain) else "", _number(plain[first])
    if not city or not 1 <= number <= _DIVIDED[city]:
        return None
    return Spot(first, last + 1, f"{city.capitalize()} {number}", 9, is_corrected=True)


def _number(word: str) -> int:
    if match := _DISTRICT.match(word):
        return int(match[1])
    if len(word) > 1 and (roman := _ROMAN.match(word)):
        units = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}
        return 10 * len(roman[1]) + (9 if roman[2] == "ix" else units[roman[2]])
    return 0
