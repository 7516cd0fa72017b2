"""One way to compare texts that people type: used by the models, the search and the imports.

The result is meant for comparing, never for showing.
"""

import re
import unicodedata

UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Controls that are no space, what turns the order of letters (Unicode TR 9), and the halves of
characters that JSON may hold."""
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_NOT_WORD = re.compile(r"[^a-z0-9\u0600-\u06ff\u0400-\u04ff]+")
_SAINT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_ARTICLES = ("le ", "la ", "les ", "l ")


def normalize(text: str) -> str:
    """Return `text` in lower case, without accents, ligatures, punctuation nor double spaces."""
    if not text.isascii():
        folded = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
        text = "".join(c for c in folded if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", text.lower()).strip()


def normalize_place_name(text: str) -> str:
    """Like `normalize`, and writes "St" and "Ste" in full, as INSEE's names do."""
    words = normalize(text).split()
    return " ".join(_SAINT.get(word, word) for word in words)


def without_article(normalized: str) -> str:
    """Return a normalised name without its leading article ("le havre" → "havre")."""
    for article in _ARTICLES:
        if normalized.startswith(article):
            return normalized.removeprefix(article)
    return normalized


_SOUNDS = (
    ("eau", "o"),
    ("au", "o"),
    ("ph", "f"),
    ("qu", "k"),
    ("gue", "ge"),
    ("gui", "gi"),
    ("ch", "S"),
    ("ain", "in"),
    ("ein", "in"),
    ("am", "an"),
    ("en", "an"),
    ("em", "an"),
    ("ai", "e"),
    ("ei", "e"),
    ("oe", "e"),
    ("ce", "se"),
    ("ci", "si"),
    ("c", "k"),
    ("z", "s"),
    ("y", "i"),
    ("h", ""),
)
_SILENT = "estxdp"


def phonetic(normalized: str) -> str:
    """Return a rough French sound of a normalised text, the same for "bordo" and "bordeaux".

    For comparing misspelt names only; the rules are the commonest spellings of a same sound,
    doubled letters and silent endings.
    """
    words = []
    for word in normalized.split():
        sound = word
        for spelling, letter in _SOUNDS:
            sound = sound.replace(spelling, letter)
        single = "".join(c for i, c in enumerate(sound) if i == 0 or c != sound[i - 1])
        words.append(single.rstrip(_SILENT) or single)
    return " ".join(words)
