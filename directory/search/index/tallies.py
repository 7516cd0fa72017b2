"""Counting many bitsets at once over a few slots: they are cut beforehand into blocks of slots.

Slots follow latitudes, so that the places of a search are in a few blocks; counting there reads
neither the rest of each bitset, nor the values that no place of these blocks has.
"""

from collections.abc import Mapping
from typing import TypeAlias

BLOCK = 4096
"""Slots of a block."""

_BYTES = BLOCK // 8
_MASK = (1 << BLOCK) - 1

Blocks: TypeAlias = list[tuple[int, int]]
"""The blocks of a bitset that hold something: their number and their bits."""


def blocks_of(bits: int) -> Blocks:
    """Cut a bitset."""
    if not bits:
        return []
    first = ((bits & -bits).bit_length() - 1) // BLOCK
    bits >>= first * BLOCK
    if bits <= _MASK:
        return [(first, bits)]
    data = bits.to_bytes(-(-bits.bit_length() // BLOCK) * _BYTES, "little")
    parts = range(0, len(data), _BYTES)
    own = [int.from_bytes(data[start : start + _BYTES], "little") for start in parts]
    return [(first + number, part) for number, part in enumerate(own) if part]


class Tally:
    """Named bitsets, ready to be counted."""

    def __init__(self, bits: Mapping[str, int]) -> None:
        self.names = list(bits)
        self.blocks: dict[int, list[tuple[int, int]]] = {}
        for position, own in enumerate(bits.values()):
            for number, part in blocks_of(own):
                self.blocks.setdefault(number, []).append((position, part))

    @property
    def parts(self) -> list[tuple[int, int]]:
        """All parts of all bitsets."""
        return [part for parts in self.blocks.values() for part in parts]

    def counts(self, kept: Blocks) -> dict[str, int]:
        """Count, for each name, the slots that it shares with `kept`."""
        totals = [0] * len(self.names)
        for number, mine in kept:
            for position, own in self.blocks.get(number, ()):
                totals[position] += (mine & own).bit_count()
        return dict(zip(self.names, totals, strict=True))
