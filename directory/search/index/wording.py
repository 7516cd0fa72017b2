"""The words of texts, normalised once per spelling: places share most of their words."""

from directory.vocabularies.normalization import normalize

_SAINT = (("saint", "st"), ("sainte", "ste"), ("saints", "sts"), ("saintes", "stes"))
TWINS = dict(_SAINT) | {short: full for full, short in _SAINT}
"""Words that are the same: "St" is written as often as "Saint"."""


class _Known(dict[str, str]):
    def __missing__(self, written: str) -> str:
        found = self[written] = normalize(written)
        return found


class Normalizer:
    """Normalises texts word by word; lives as long as one reading of the database."""

    def __init__(self) -> None:
        self._known = _Known()

    def text(self, text: str) -> str:
        """Return a text as `normalize` would write it."""
        # A dash, say, is no word.
        return " ".join(filter(None, map(self._known.__getitem__, text.split())))

    def words(self, text: str) -> list[str]:
        """Return the words of a text, as `normalize` would write them."""
        return self.text(text).split()


def with_twins(words: list[str]) -> set[str]:
    """Return the words and their other spellings."""
    found = set(words)
    for word in found & TWINS.keys():
        found.add(TWINS[word])
    return found
