"""The words of texts, normalised once per spelling: places share most of their words."""

from directory.vocabularies.normalization import normalize

_SAINT = (("saint", "st"), ("sainte", "ste"), ("saints", "sts"), ("saintes", "stes"))
TWINS = dict(_SAINT) | {short: full for full, short in _SAINT}
"""Words that are the same: "St" is written as often as "Saint"."""


class Normalizer:
    """Normalised words of texts; lives as long as one reading of the database."""

    def __init__(self) -> None:
        self._words: dict[str, tuple[str, ...]] = {}
        self._names: dict[str, str] = {}

    def words(self, text: str) -> list[str]:
        """Return the normalised words of a text, as `normalize` would write them."""
        known = self._words
        found: list[str] = []
        for written in text.split():
            words = known.get(written)
            if words is None:
                words = known[written] = tuple(normalize(written).split())
            found += words
        return found

    def name(self, text: str) -> str:
        """Return a normalised text; remembers it: for those that places share."""
        found = self._names.get(text)
        if found is None:
            found = self._names[text] = " ".join(self.words(text))
        return found


def with_twins(words: list[str]) -> set[str]:
    """Return the words and their other spellings."""
    found = set(words)
    for word in found & TWINS.keys():
        found.add(TWINS[word])
    return found
