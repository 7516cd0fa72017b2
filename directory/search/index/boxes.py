"""Which places lie within a box, from positions sorted into bands."""

from bisect import bisect_left, bisect_right
from itertools import pairwise

from directory.search.boxes import Box
from directory.search.index.geography import Bands, from_ranges


def places_in(bands: Bands, box: Box) -> int:
    """Return the bitset of places inside a box, borders included.

    Only the bands that its north and south borders cut are read place by place.
    """
    first = max(bands.first, int(box.south // bands.height))
    last = min(bands.first + len(bands.starts) - 2, int(box.north // bands.height))
    if last < first:
        return 0
    starts = bands.starts[first - bands.first : last - bands.first + 2]
    inside: list[tuple[int, int]] = []
    edge: list[int] = []
    for band, (start, end) in enumerate(pairwise(starts), first):
        west = bisect_left(bands.longitudes, box.west, start, end)
        east = bisect_right(bands.longitudes, box.east, west, end)
        if west == east:
            continue
        if box.south <= band * bands.height and (band + 1) * bands.height <= box.north:
            inside.append((west, east))
        else:
            edge += [
                slot
                for slot in range(west, east)
                if box.south <= bands.latitudes[slot] <= box.north
            ]
    return from_ranges(inside, edge, starts[0], starts[-1])
