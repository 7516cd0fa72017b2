"""Builds the part of the index that does not change, of what was gathered."""

from array import array
from collections import defaultdict
from collections.abc import Sequence

from directory.search.index.bits import Slots
from directory.search.index.clock import Clock
from directory.search.index.gathering import Gathering
from directory.search.index.hours import Week, week_spans
from directory.search.index.labels import Labels
from directory.search.index.store import Base, Columns, Orders, SharedTexts, Texts, verified_since
from directory.search.index.words import Speller, Words


def base_of(gathered: Gathering) -> Base:
    """Make the base."""
    bands, size = gathered.bands, gathered.size
    names, verified = gathered.names, gathered.verified
    slots_by_id = array("I", map(gathered.slot_of.__getitem__, gathered.keys))
    by_name = _order(sorted(slots_by_id, key=names.__getitem__))
    by_verified = _order(sorted(by_name.slots, key=verified.__getitem__, reverse=True))
    communes = SharedTexts(gathered.communes)
    words = Words(gathered.postings)
    return Base(
        bands=bands,
        names=Texts(names),
        communes=communes,
        verified=verified,
        by_commune=_order(sorted(by_name.slots, key=communes.numbers.__getitem__)),
        by_name=by_name,
        by_verified=by_verified,
        words=words,
        speller=Speller(_frequencies(words, gathered.labels, gathered.columns)),
        week=_week(gathered),
        clock=Clock(list(gathered.hours.items()), size),
        monday=gathered.monday,
        slots_by_id=slots_by_id,
        verified_since=verified_since(verified, by_verified),
        columns=Columns(dict(gathered.columns)),
    )


def _order(slots: Sequence[int]) -> Orders:
    ranks = array("I", bytes(4 * len(slots)))
    for rank, slot in enumerate(slots):
        ranks[slot] = rank
    return Orders(array("I", slots), ranks)


def _week(gathered: Gathering) -> Week:
    changes: dict[int, Slots] = defaultdict(lambda: array("I"))
    for (text, *_where), slots in gathered.hours.items():
        minutes: set[int] = set()
        for span in week_spans(text, gathered.monday) or ():
            # A place that closes and opens at once stays open.
            minutes.symmetric_difference_update(span)
        for minute in minutes:
            changes[minute].extend(slots)
    return Week(changes, gathered.size)


def _frequencies(words: Words, labels: Labels, columns: dict[str, int]) -> dict[str, int]:
    """Return how many places bear each word, in their texts or in a label."""
    found = dict(zip(words.words, words.frequencies, strict=True))
    for word, names in labels.words.items():
        labelled = sum(columns[name].bit_count() for name in names if name in columns)
        if labelled:
            found[word] = found.get(word, 0) + labelled
    return found
