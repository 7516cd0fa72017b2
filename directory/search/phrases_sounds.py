"""How words sound, to read what people write by ear ("kart vital", "randévou").

Rougher than the gazetteer's `phonetic`: endings of verbs are dropped too, so that "remboursé",
"rembourser" and "ranbourse" are one word.
"""

import re
from functools import lru_cache
from itertools import product

from directory.vocabularies.normalization import phonetic

_BEFORE = r"(?![aeiouynm])"
_SPELLINGS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(?:eau|au)(?:[xltds]?s?$|)", "o"),
        (r"x$", ""),
        (r"(?<=n)g(?=s?$)", ""),
        (r"oo", "ou"),
        (r"(?<=[aeou])ill", "y"),
        (r"ph", "f"),
        (r"qu|q|ck", "k"),
        (r"s?ch|sh", "S"),
        (r"gn", "n"),
        (r"g(?=[eiy])", "j"),
        (r"gu(?=[eiy])", "g"),
        (r"sc(?=[eiy])|c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"(?<=.)ti(?=on|el)", "si"),
        (r"x", "ks"),
        (r"z", "s"),
        (r"w", "v"),
        (r"[ae]y(?=s?$)", "e"),
        (rf"(?:ain|ein|aim|yn|ym){_BEFORE}", "in"),
        (rf"(?:in|im|un|um){_BEFORE}", "1"),
        (rf"(?:an|am|en|em){_BEFORE}", "2"),
        (rf"(?:on|om){_BEFORE}", "3"),
        (r"ou", "u"),
        (r"oi", "ua"),
        (r"ai|ei|oe|eu", "e"),
        (r"y", "i"),
        (r"h", ""),
        (r"(.)\1+", r"\1"),
        (r"er(?=s?$)", ""),
    )
)
_SILENT = "estdp"


_DIGITS = {"1": "un", "2": "deux", "3": "troi", "5": "sin", "6": "si", "7": "set", "8": "uit"}
_LETTERS = {
    "a": ("a",), "b": ("be",), "c": ("ce",), "d": ("de",), "e": ("eu", "e"), "f": ("effe", "ef"),
    "h": ("ache",), "i": ("i",), "j": ("ji",), "l": ("elle", "el"), "m": ("em", "eme"),
    "p": ("pe",), "q": ("qu",), "r": ("erre", "er"), "s": ("esse", "es"), "t": ("te",), "u": ("u",),
    "v": ("ve",), "2": ("deux", "2"),
}  # fmt: skip


def spelled(initials: str) -> set[str]:
    """Return the sounds of initials said letter by letter ("emdépéache")."""
    ways = product(*(_LETTERS.get(letter, (letter,)) for letter in initials))
    return {sound("".join(way)) for way in ways}


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """Return the rough sound of a normalised word, digits said as in texting ("kel1").

    Other scripts and numbers stay as they are.
    """
    if word.isascii() and word.isalnum() and not word.isdigit():
        word = "".join(_DIGITS.get(letter, letter) for letter in word)
    if not word.isascii() or not word.isalpha():
        return word
    heard = word
    for pattern, letters in _SPELLINGS:
        heard = pattern.sub(letters, heard)
    return heard.rstrip(_SILENT) or heard


@lru_cache(maxsize=20_000)
def _written(word: str) -> str:
    return phonetic(word)


def as_in_gazetteer(name: str) -> str:
    """Return the gazetteer's `phonetic` of a name, each word of which is computed once."""
    return " ".join(map(_written, name.split()))


def joined(words: tuple[str, ...]) -> str:
    """Return the sound of words said in one breath, wherever they are cut."""
    return "".join(sound(word) for word in words)


_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "j",
        "з": "s", "и": "i", "і": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o",
        "п": "p", "р": "r", "с": "s", "т": "t", "у": "ou", "ф": "f", "х": "h", "ц": "s", "ч": "ch",
        "ш": "ch", "щ": "ch", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "u", "я": "ia",
    }
)  # fmt: skip


def in_latin_letters(word: str) -> str:
    """Return a Cyrillic word as a French ear would write it."""
    return word.translate(_LATIN)


def is_arabic(word: str) -> bool:
    """Tell whether a word is in Arabic script."""
    return not word.isascii() and any("\u0600" <= letter <= "\u06ff" for letter in word)


def is_cyrillic(word: str) -> bool:
    """Tell whether a word is in Cyrillic script."""
    return not word.isascii() and any("\u0400" <= letter <= "\u04ff" for letter in word)


def without_elision(word: str) -> str:
    """Return a word without the article glued to it, its apostrophe not typed ("lallier")."""
    return _ELIDED.sub("", word)


_ELIDED = re.compile(r"^[dl](?=[aeiouyh])")
_PREFIXES = ("وبال", "وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف")
_ENDINGS = "аеиіоуыьюяєйхм"


def stem(word: str) -> str:
    """Return an Arabic word without its glued articles, a Cyrillic one without its endings."""
    if is_arabic(word):
        for prefix in _PREFIXES:
            if word.startswith(prefix) and len(word) - len(prefix) >= 3:
                return word.removeprefix(prefix)
        return word
    if is_cyrillic(word) and len(word) > 3:
        return word.rstrip(_ENDINGS) or word
    return word
