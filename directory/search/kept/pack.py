"""Places as one run of bytes, which processes forked from the one that packed go on sharing."""

from array import array
from bisect import bisect_left
from collections.abc import Mapping
from itertools import accumulate


class Pack:
    """Some places by key. Never changes.

    An object for each place would be counted by the processes that read it, and the page of memory
    that holds it copied in each of them: 40 MB a worker at 25,000 places. One run of bytes has one
    count.
    """

    def __init__(self, places: Mapping[int, bytes]) -> None:
        """Raise ValueError when there is none."""
        keys = sorted(places)
        if not keys:
            raise ValueError("A pack holds places.")
        self._keys = array("q", keys)
        self._ends = array("Q", accumulate((len(places[key]) for key in keys), initial=0))
        self._bytes = b"".join(places[key] for key in keys)
        self.first, self.last = keys[0], keys[-1]

    def __len__(self) -> int:
        return len(self._keys)

    def get(self, key: int) -> bytes | None:
        """Return the bytes of a place, None when it is not here."""
        rank = bisect_left(self._keys, key)
        if rank == len(self._keys) or self._keys[rank] != key:
            return None
        return self._bytes[self._ends[rank] : self._ends[rank + 1]]
