"""What the index holds: the part built at once, never changed, and the columns over it."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import accumulate

from directory.models.querysets import Point
from directory.search.index.bits import Slots, from_slots
from directory.search.index.clock import Clock
from directory.search.index.geography import Bands
from directory.search.index.hours import Hours, Week
from directory.search.index.records import Record
from directory.search.index.tallies import Tally
from directory.search.index.words import Speller, Words


class Texts:
    """Texts by slot, one after the other in one string: they take a third of their room."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.whole = "".join(texts)
        self.ends = array("I", accumulate(map(len, texts), initial=0))

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, slot: int) -> str:
        return self.whole[self.ends[slot] : self.ends[slot + 1]]


class SharedTexts:
    """Texts by slot, of which there are few; their numbers are in the same order as they."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = sorted(set(texts))
        numbers = {text: number for number, text in enumerate(self.texts)}
        self.numbers = array("I", map(numbers.__getitem__, texts))

    def __getitem__(self, slot: int) -> str:
        return self.texts[self.numbers[slot]]


@dataclass(frozen=True)
class Orders:
    """Slots in an order, and the rank of each slot."""

    slots: Slots
    ranks: Slots


class Columns:
    """Bitsets by name. Copied when places change."""

    def __init__(self, bits: dict[str, int]) -> None:
        self.bits = bits

    def get(self, name: str) -> int:
        """Return a bitset, empty when no place ever had this value."""
        return self.bits.get(name, 0)

    def union(self, names: Iterable[str]) -> int:
        """Return the places of any of these columns."""
        found = 0
        for name in names:
            found |= self.bits.get(name, 0)
        return found

    def codes(self, prefix: str) -> list[str]:
        """Return the codes of the columns whose name begins with `prefix` and a colon."""
        start = f"{prefix}:"
        return [name[len(start) :] for name in self.bits if name.startswith(start)]

    def with_rows(self, rows: Iterable[tuple[int, Record]]) -> "Columns":
        """Return the columns with these places in these slots."""
        added: dict[str, int] = {}
        for slot, record in rows:
            for name in record.columns:
                added[name] = added.get(name, 0) | 1 << slot
        return Columns(self.bits | {name: self.get(name) | bits for name, bits in added.items()})

    def beyond(self, size: int) -> "Columns":
        """Return the columns of the slots from `size` on, numbered from 0."""
        return Columns({name: own for name, bits in self.bits.items() if (own := bits >> size)})


@dataclass(frozen=True)
class Base:
    """Places as they were at the last build, by slot. `verified` holds ordinals, 0 for never.

    `tallies` are made when first asked for, by what they count.
    """

    bands: Bands
    names: Texts
    communes: SharedTexts
    verified: Slots
    by_commune: Orders
    by_name: Orders
    by_verified: Orders
    words: Words
    speller: Speller
    week: Week
    clock: Clock
    monday: date
    slots_by_id: Slots
    verified_since: Callable[[int], int]
    columns: Columns
    tallies: dict[Hashable, Tally] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of slots."""
        return len(self.names)

    def slot(self, key: int) -> int | None:
        """Return the slot of a place, None when it was not published then."""
        ids = self.bands.ids
        low, high = 0, len(self.slots_by_id)
        while low < high:
            middle = (low + high) // 2
            if ids[self.slots_by_id[middle]] < key:
                low = middle + 1
            else:
                high = middle
        found = self.slots_by_id[low] if low < len(self.slots_by_id) else None
        return found if found is not None and ids[found] == key else None


class Rows:
    """Slots of the base followed by the tail: places read again since."""

    def __init__(self, base: Base, tail: tuple[Record, ...]) -> None:
        self.base, self.tail, self.size = base, tail, base.size

    def id(self, slot: int) -> int:
        """Return the key of the place in a slot."""
        return self.base.bands.ids[slot] if slot < self.size else self.tail[slot - self.size].id

    def name(self, slot: int) -> str:
        """Return its normalised name."""
        return self.base.names[slot] if slot < self.size else self.tail[slot - self.size].name

    def commune(self, slot: int) -> str:
        """Return its commune's normalised name."""
        return self.base.communes[slot] if slot < self.size else self.tail[slot - self.size].commune

    def verified(self, slot: int) -> int:
        """Return the ordinal of its last verification, 0 for never."""
        if slot < self.size:
            return self.base.verified[slot]
        return self.tail[slot - self.size].verified

    def point(self, slot: int) -> Point | None:
        """Return its position."""
        return (
            self.base.bands.point(slot) if slot < self.size else self.tail[slot - self.size].point
        )

    def hours(self, slot: int) -> Hours:
        """Return the hours of a place of the tail."""
        return self.tail[slot - self.size].hours


def verified_since(verified: Slots, order: Orders) -> Callable[[int], int]:
    """Return the function that gives the places verified on a day (an ordinal) or later.

    The threshold moves once a day: its last values are kept.
    """

    def since(ordinal: int) -> int:
        end = bisect_right(order.slots, -ordinal, key=lambda slot: -verified[slot])
        return from_slots(order.slots[:end], len(order.slots))

    return lru_cache(maxsize=4)(since)
