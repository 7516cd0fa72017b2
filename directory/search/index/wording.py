"""The words of texts, normalised once per spelling: places share most of their words."""

from directory.vocabularies.normalization import normalize

_SAINT = (("saint", "st"), ("sainte", "ste"), ("saints", "sts"), ("saintes", "stes"))
_TWINS = dict(_SAINT) | {short: full for full, short in _SAINT}
"""Words that are the same: "St" is written as often as "Saint"."""


class Normalizer(dict[str, tuple[str, ...]]):
    """Normalised words by written word; lives as long as one reading of the database."""

    def __missing__(self, written: str) -> tuple[str, ...]:
        words = tuple(normalize(written).split())
        self[written] = words
        return words

    def words(self, text: str) -> list[str]:
        """Return the normalised words of a text, as `normalize` would write them."""
        return [word for written in text.split() for word in self[written]]


def with_twins(words: list[str]) -> set[str]:
    """Return the words and their other spellings."""
    found = set(words)
    for word in words:
        if word in _TWINS:
            found.add(_TWINS[word])
    return found
