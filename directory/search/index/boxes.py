"""Which places lie within a box, from positions sorted into bands."""

from bisect import bisect_left, bisect_right
from itertools import pairwise

from directory.search.boxes import Box
from directory.search.index.geography import Bands, from_ranges


def places_in(bands: Bands, box: Box) -> int:
    """Return the bitset of places inside a box, borders included.

    Only the bands that its north and south borders cut are read place by place.
    """
    south, north = (int(edge // bands.height) for edge in (box.south, box.north))
    first = max(bands.first, south)
    last = min(bands.first + len(bands.starts) - 2, north)
    if last < first:
        return 0
    starts = bands.starts[first - bands.first : last - bands.first + 2]
    inside: list[tuple[int, int]] = []
    rim: list[int] = []
    for band, (start, end) in enumerate(pairwise(starts), first):
        west = bisect_left(bands.longitudes, box.west, start, end)
        east = bisect_right(bands.longitudes, box.east, west, end)
        # Ranges that hold nothing would hide those that begin where they do.
        if south < band < north and west < east:
            inside.append((west, east))
        elif west < east:
            slots = range(west, east)
            rim += [slot for slot in slots if box.south <= bands.latitudes[slot] <= box.north]
    return from_ranges(inside, rim, starts[0], starts[-1])
