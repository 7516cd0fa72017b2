"""Places read again since the build, one by one, with all that is searched of each."""

from dataclasses import dataclass

from directory.models.querysets import Point
from directory.search.index.bits import slots_of
from directory.search.index.gathering import Gathering
from directory.search.index.hours import Hours, Spans, week_spans


@dataclass(slots=True, frozen=True)
class Record:
    """One published place. `verified` is a proleptic ordinal, 0 for never; names are normalised.

    `columns` are those it belongs to, `words` those of its own texts, labels left aside.
    """

    id: int
    name: str
    commune: str
    point: Point | None
    verified: int
    hours: Hours
    spans: Spans
    columns: frozenset[str]
    words: frozenset[str]


def records_of(gathered: Gathering) -> list[Record]:
    """Return the places gathered, each with its share of what was gathered of all."""
    slots = range(gathered.size)
    columns: list[set[str]] = [set() for _ in slots]
    words: list[set[str]] = [set() for _ in slots]
    for name, bits in gathered.columns.items():
        for slot in slots_of(bits):
            columns[slot].add(name)
    for word, bits in gathered.postings:
        for slot in slots_of(bits):
            words[slot].add(word)
    hours = {slot: own for own, slots in gathered.hours.items() for slot in slots}
    return [
        Record(
            id=gathered.bands.ids[slot],
            name=gathered.names[slot],
            commune=gathered.communes[slot],
            point=gathered.bands.point(slot),
            verified=gathered.verified[slot],
            hours=hours[slot],
            spans=week_spans(hours[slot][0], gathered.monday) or (),
            columns=frozenset(columns[slot]),
            words=frozenset(words[slot]),
        )
        for slot in slots
    ]
