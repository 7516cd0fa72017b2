"""Cuts words typed without a space between them ("cartevitale", "ameli93", "aideordinateur")."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from directory.search.lexicon import Lexicon
from directory.search.phrases_names import TOWN
from directory.search.phrases_words import Token
from directory.vocabularies.normalization import normalize_place_name

SHORTEST = 7
"""Letters from which a word that means nothing may be several."""

SHORTEST_PIECE = 3
SHORTEST_SMALL = 2
"""Letters of a piece that means something, of a small word ("de", "ma")."""

SHORTEST_COMMON = 4
"""Letters of an ordinary word: shorter ones are found in any word."""

MOST_PIECES = 3

_NUMBERED = re.compile(r"^([a-z]{4,})(\d{2,5}|\d)$")
_SMALL = frozenset("de du la le les ma mon mes un une en au aux et pour avec dans".split())
_DIVIDED = frozenset({"paris", "lyon", "marseille"})


def unglued(words: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """Return the words, those that mean nothing cut into words that do."""
    return [piece for word in words for piece in _pieces(word, lexicon)]


def _pieces(token: Token, lexicon: Lexicon) -> Sequence[Token]:
    word = token.word
    if token.end - token.start != len(word):
        # An accent or a ligature changed its length: nothing says where it would be cut.
        return [token]
    cuts = _numbered(word) or (_cut(word, lexicon) if _may_be_cut(word, lexicon) else ())
    if not cuts:
        return [token]
    ends = [0]
    for cut in cuts:
        ends.append(ends[-1] + len(cut))
    return [
        replace(token, word=cut, start=token.start + a, end=token.start + b)
        for cut, (a, b) in zip(cuts, pairwise(ends), strict=True)
    ]


def _numbered(word: str) -> tuple[str, ...]:
    """Cut a department or a postcode from the word before it ("ameli93", "lyon3")."""
    match = _NUMBERED.match(word)
    if not match or (len(match[2]) == 1 and match[1] not in _DIVIDED):
        return ()
    return match[1], match[2]


def _may_be_cut(word: str, lexicon: Lexicon) -> bool:
    if len(word) < SHORTEST or not (word.isascii() and word.isalpha()):
        return False
    names = lexicon.places
    is_place = word in names.bearers or word in names.beginnings or word in names.others
    return not is_place and not lexicon.is_known(word)


def _cut(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the fewest words that make this one, one of them at least meaning something."""
    ways = [way for way in _ways(word, MOST_PIECES, lexicon) if any(s for _w, s in way)]
    best = min(ways, key=lambda way: (len(way), sum(not s for _w, s in way)), default=())
    return tuple(piece for piece, _strong in best)


def _ways(word: str, most: int, lexicon: Lexicon) -> Iterator[tuple[tuple[str, bool], ...]]:
    strong = _is_telling(word, lexicon)
    if strong or _is_ordinary(word, lexicon):
        yield ((word, strong),)
    if most == 1:
        return
    for end in range(SHORTEST_SMALL, len(word) - SHORTEST_SMALL + 1):
        first = word[:end]
        strong = _is_telling(first, lexicon)
        if strong or _is_ordinary(first, lexicon):
            for others in _ways(word[end:], most - 1, lexicon):
                yield ((first, strong), *others)


def _is_telling(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a piece means something, or is a town."""
    if len(word) < SHORTEST_PIECE:
        return False
    if word in lexicon.telling:
        return len(word) > SHORTEST_PIECE or word not in lexicon.common
    index = lexicon.places.bearers.get(normalize_place_name(word))
    if index is None or len(word) < SHORTEST_COMMON:
        return False
    code = lexicon.places.gazetteer.communes[index]
    return lexicon.places.communes[code][2] >= TOWN


def _is_ordinary(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a piece is a small word, or an ordinary one long enough."""
    if word in _SMALL:
        return True
    return len(word) >= SHORTEST_COMMON and (word in lexicon.common or word in lexicon.empty)
