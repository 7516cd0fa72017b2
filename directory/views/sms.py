"""How many messages a text takes by SMS, and how to write French so that it takes fewer.

3GPP TS 23.038: the default alphabet holds 160 characters of 7 bits in one message, 153 in each part
of a longer one, some characters counting twice; any other character makes the whole text UCS-2: 70,
or 67 in each part.
"""

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""TS 23.038, table of section 6.2.1."""

EXTENDED = frozenset("\f^{}\\[~]|€")
"""Section 6.2.1.1: an escape comes before, hence two units."""

MOST = 2
"""Messages that a text of ours may take."""

_PLAIN = {
    "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "‑": "-",
    "·": "-", "•": "-", "…": "...", "œ": "oe", "Œ": "OE", "°": "o", "\u00ad": "", "\u200b": "",
}  # fmt: skip


def segments(text: str) -> int:
    """Return how many messages this text takes; an empty one takes one."""
    if is_default_alphabet(text):
        units, alone, part = [2 if c in EXTENDED else 1 for c in text], 160, 153
    else:
        units, alone, part = [2 if ord(c) > 0xFFFF else 1 for c in text], 70, 67
    if sum(units) <= alone:
        return 1
    count, room = 1, part
    for unit in units:
        # An escape and what it escapes, or a surrogate pair, are never in two parts.
        if unit > room:
            count, room = count + 1, part
        room -= unit
    return count


def fits(text: str) -> bool:
    """Whether a text takes no more than MOST messages."""
    return segments(text) <= MOST


def is_default_alphabet(text: str) -> bool:
    """Whether every character has 7 bits, or 14."""
    return all(character in BASIC or character in EXTENDED for character in text)


def plain(text: str) -> str:
    """Return a text in Latin letters with the default alphabet's characters, as near as may be.

    A text with a letter of another alphabet is returned as it is: it is UCS-2 whatever we do, and
    keeps its accents. So is a character that nothing in the default alphabet resembles.
    """
    if not is_latin(text):
        return text
    spaced = text.replace("«\u00a0", "«").replace("\u00a0»", "»")
    return "".join(_nearest(character) for character in spaced)


def is_latin(text: str) -> bool:
    """Whether every letter is of the Latin alphabet."""
    return all(
        # Decomposed: the letter of a superscript or of a ligature tells its alphabet.
        unicodedata.name(unicodedata.normalize("NFKD", character)[0], "").startswith("LATIN")
        for character in text
        if character.isalpha() and character not in BASIC
    )


def _nearest(character: str) -> str:
    if character in BASIC or character in EXTENDED:
        return character
    if character in _PLAIN:
        return _PLAIN[character]
    if character.isspace():
        return " "
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)
    )
    return bare if bare and is_default_alphabet(bare) else character
