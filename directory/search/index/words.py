"""Words of places: found by their beginning, counted, and corrected by one another.

Frequent words have a bitset of their own; the others share one array of slots, sorted by word, so
that the words that begin alike are one slice of it.
"""

import math
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from heapq import nsmallest

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.search.index.bits import Slots, from_slots
from directory.search.index.wording import TWINS
from directory.vocabularies.normalization import phonetic

FREQUENT = 64
"""A word borne by more than one place out of 64 has a bitset: smaller than its slots."""

LAST = "\uffff"
"""Comes after any letter: ends the words that begin alike."""

SHORTEST = 4
"""Letters under which a word is not corrected: too many others are one letter away."""

SOUND_COST = 0.8
"""What a difference of sound costs against one letter; a factor ten of frequency gains one."""

LEAST_SHARED = 2
"""Trigrams that a word and its correction share at least: a beginning, an end, three letters."""

CANDIDATES = 60
"""Words that share most trigrams, whose distance is measured."""


class Postings:
    """Which slots bear which words, while texts are read; a slot may be told twice.

    What is told of many slots at once is held as a bitset, beside the slots told otherwise.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.slots: dict[str, Slots] = defaultdict(lambda: array("I"))
        self.bits: dict[str, int] = defaultdict(int)

    def add(self, words: Iterable[str], slots: Collection[int]) -> None:
        """Tell that these slots bear these words."""
        if len(slots) * FREQUENT > self.size:
            bits = from_slots(slots, self.size)
            for word in words:
                self.bits[word] |= bits
        elif slots:
            for word in words:
                self.slots[word].extend(slots)

    def merge_spellings(self) -> None:
        """Tell of every word what was told of its other spelling."""
        for word, other in TWINS.items():
            if word in self.slots:
                self.slots[other].extend(self.slots[word])
            if word in self.bits:
                self.bits[other] |= self.bits[word]

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """Yield each word and its bitset."""
        for word in self.slots.keys() | self.bits.keys():
            yield word, self.bitset(word)

    def bitset(self, word: str) -> int:
        """Return the bitset of the slots that bear a word."""
        return self.bits.get(word, 0) | from_slots(self.slots.get(word, ()), self.size)


class Words:
    """Which slots bear which words."""

    def __init__(self, postings: Postings) -> None:
        self.size = postings.size
        self.words = sorted(postings.slots.keys() | postings.bits.keys())
        self.frequencies = array("I")
        self.frequent: dict[str, int] = {}
        self.slots = array("I")
        self.starts = array("I", [0])
        for word in self.words:
            own = postings.slots.get(word, ())
            if word in postings.bits or len(own) * FREQUENT > self.size:
                self.frequent[word] = postings.bitset(word)
                self.frequencies.append(self.frequent[word].bit_count())
            else:
                slots = set(own)
                self.slots.extend(slots)
                self.frequencies.append(len(slots))
            self.starts.append(len(self.slots))
        self.beginning: Callable[[str], int] = lru_cache(256)(self._beginning)

    def span(self, prefix: str) -> range:
        """Return the numbers of the words that begin with `prefix`."""
        start = bisect_left(self.words, prefix)
        return range(start, bisect_left(self.words, prefix + LAST, start))

    def _beginning(self, prefix: str) -> int:
        """Return the bitset of slots one of whose words begins with `prefix`."""
        span = self.span(prefix)
        bits = self._rare(span)
        if len(span) < len(self.frequent):
            found = (self.frequent.get(self.words[number], 0) for number in span)
        else:
            found = (own for word, own in self.frequent.items() if word.startswith(prefix))
        for own in found:
            bits |= own
        return bits

    def exactly(self, word: str) -> int:
        """Return the bitset of slots that bear this very word."""
        start = bisect_left(self.words, word)
        if start == len(self.words) or self.words[start] != word:
            return 0
        return self._rare(range(start, start + 1)) | self.frequent.get(word, 0)

    def _rare(self, span: range) -> int:
        slots = self.slots[self.starts[span.start] : self.starts[span.stop]]
        return from_slots(slots, self.size) if slots else 0


class Speller:
    """Corrects a word by the likest and most frequent of a vocabulary."""

    def __init__(self, frequencies: dict[str, int]) -> None:
        known = [word for word in frequencies if len(word) >= SHORTEST and word.isalpha()]
        self.words = sorted(known, key=lambda word: (-frequencies[word], word))
        self.weights = array("d", [weight_of(frequencies[word]) for word in self.words])
        self.trigrams: dict[str, Slots] = defaultdict(lambda: array("I"))
        for number, word in enumerate(self.words):
            for trigram in trigrams_of(word):
                self.trigrams[trigram].append(number)

    def near(self, word: str, more: Mapping[str, int]) -> list[str]:
        """Return the words that `word` may be a misspelling of, best first.

        `more` holds words unknown to the vocabulary, with their frequencies.
        """
        if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
            return []
        shared: Counter[int] = Counter()
        for trigram in trigrams_of(word):
            if trigram in self.trigrams:
                shared.update(self.trigrams[trigram])
        alike = [(-count, number) for number, count in shared.items() if count >= LEAST_SHARED]
        weights = {other: weight_of(count) for other, count in more.items()}
        for _count, number in nsmallest(CANDIDATES, alike):
            weights[self.words[number]] = self.weights[number]
        close = process.extract(
            word,
            weights.keys(),
            scorer=OSA.distance,
            score_cutoff=mistakes_allowed(word),
            limit=None,
        )
        sound = phonetic(word)

        def cost(found: tuple[str, float, int]) -> tuple[float, str]:
            text, letters, _number = found
            sounds = OSA.distance(sound, phonetic(text))
            return letters + SOUND_COST * sounds - weights[text], text

        return [found[0] for found in sorted(close, key=cost)]


def weight_of(frequency: int) -> float:
    """Return what the frequency of a word is worth, in letters."""
    return math.log10(frequency + 1)


def mistakes_allowed(word: str) -> int:
    """Return how many letters may differ: one in a word of four, three in a long one."""
    return 1 if len(word) <= SHORTEST else 2 if len(word) < 2 * SHORTEST else 3


def trigrams_of(word: str) -> set[str]:
    """Return the distinct trigrams of a word between its marked ends."""
    marked = f"^{word}$"
    return {marked[start : start + 3] for start in range(len(marked) - 2)}


def singular(word: str) -> str:
    """Return a French plural's singular when one letter makes it, else an empty text."""
    return word[:-1] if len(word) > SHORTEST - 1 and word[-1] in "sx" else ""


LONGEST = 40
"""Letters beyond which a word is no misspelling: the longest French words have 25."""
