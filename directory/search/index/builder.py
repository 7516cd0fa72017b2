"""Builds the part of the index that does not change, in one reading of the database."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from directory.search.index.bits import Slots, from_slots
from directory.search.index.clock import Clock
from directory.search.index.geography import Bands
from directory.search.index.hours import Week
from directory.search.index.records import Hours, Labels, Record
from directory.search.index.store import Base, Columns, Orders, verified_since
from directory.search.index.words import Speller, Words


def _slots() -> Slots:
    return array("I")


class Builder:
    """Gathers records, in the order of their keys, then makes the base and its columns."""

    def __init__(self, bands: Bands, labels: Labels, monday: date) -> None:
        self.bands, self.labels, self.monday = bands, labels, monday
        self.size = len(bands.ids)
        self.slots_by_id = array("I", sorted(range(self.size), key=bands.ids.__getitem__))
        self.names = [""] * self.size
        self.communes = [""] * self.size
        self.verified = array("i", bytes(4 * self.size))
        self.columns: dict[str, Slots] = defaultdict(_slots)
        self.postings: dict[str, Slots] = defaultdict(_slots)
        self.hours: dict[Hours, Slots] = defaultdict(_slots)
        self.changes: dict[int, Slots] = defaultdict(_slots)
        self.shared: dict[str, str] = {}

    def gather(self, records: Iterable[Record]) -> None:
        """Take the records; each must have a slot."""
        for slot, record in zip(self.slots_by_id, records, strict=True):
            if self.bands.ids[slot] != record.id:
                raise ValueError("The places changed while they were read.")
            self.names[slot] = record.name
            self.communes[slot] = self.shared.setdefault(record.commune, record.commune)
            self.verified[slot] = record.verified
            self.hours[record.hours].append(slot)
            for start, end in record.spans:
                self.changes[start].append(slot)
                self.changes[end].append(slot)
            for name in record.columns:
                self.columns[name].append(slot)
            for word in record.words:
                self.postings[word].append(slot)

    def base(self) -> Base:
        """Make the base; what was gathered is spent."""
        size, names = self.size, self.names
        communes, verified = self.communes, self.verified
        by_name = _order(sorted(self.slots_by_id, key=names.__getitem__))
        frequencies = {word: len(slots) for word, slots in self.postings.items()}
        for word, columns in self.labels.words.items():
            labelled = sum(len(self.columns.get(name, ())) for name in columns)
            if labelled:
                frequencies[word] = frequencies.get(word, 0) + labelled
        by_verified = _order(sorted(by_name.slots, key=lambda slot: -verified[slot]))
        return Base(
            bands=self.bands,
            names=names,
            communes=communes,
            verified=verified,
            by_commune=_order(sorted(by_name.slots, key=communes.__getitem__)),
            by_name=by_name,
            by_verified=by_verified,
            words=Words(self.postings, size),
            speller=Speller(frequencies),
            week=Week(self.changes, size),
            clock=Clock(list(self.hours.items()), size),
            monday=self.monday,
            slots_by_id=self.slots_by_id,
            verified_since=verified_since(verified, by_verified),
        )

    def bits(self) -> Columns:
        """Make the columns."""
        return Columns({name: from_slots(own, self.size) for name, own in self.columns.items()})


def _order(slots: Sequence[int]) -> Orders:
    ranks = array("I", bytes(4 * len(slots)))
    for rank, slot in enumerate(slots):
        ranks[slot] = rank
    return Orders(array("I", slots), ranks)
