"""Cuts what speech and haste glue: words without their space ("cartevitale", "ameli93"), the
consonant heard between two words ("mon nordinateur")."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from directory.search.lexicon_forms import Lexicon
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

LIAISONS = {
    **dict.fromkeys(("mon", "ton", "son", "un", "aucun", "en"), "n"),
    **dict.fromkeys(("les", "des", "mes", "tes", "ses", "ces", "aux", "deux", "trois"), "z"),
}
"""Consonants heard before a vowel after these words."""

_LIAISON = re.compile(r"^[nz][aeiouyh]\w{3}")
_NUMBERED = re.compile(r"^([a-z]{4,})(\d{2,5}|\d)$")
_SMALL = frozenset("de du la le les ma mon mes un une en au aux et pour avec dans".split())
_DIVIDED = frozenset({"paris", "lyon", "marseille"})


def unglued(words: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """Return the words, those that mean nothing cut into words that do."""
    found: list[Token] = []
    for word in words:
        before = found[-1].word if found else ""
        found += _pieces(_without_liaison(word, before, lexicon), lexicon)
    return found


def _without_liaison(token: Token, before: str, lexicon: Lexicon) -> Token:
    """Take off the consonant heard after "mon" or "les", when the word is none with it."""
    consonant = LIAISONS.get(before)
    word = token.word
    if not consonant or not _LIAISON.match(word) or word[0] != consonant:
        return token
    if _is_word(word, lexicon):
        return token
    return replace(token, word=word[1:], start=token.start + 1)


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
    return not _is_word(word, lexicon)


def _is_word(word: str, lexicon: Lexicon) -> bool:
    known = lexicon.is_known(word) or word in lexicon.french
    return known or lexicon.places.is_name(word)


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
