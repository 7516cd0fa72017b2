"""Which places lie within a box, from positions sorted into bands."""

from bisect import bisect_left, bisect_right

from directory.search.boxes import Box
from directory.search.index.geography import Bands, from_ranges


def places_in(bands: Bands, box: Box) -> int:
    """Return the bitset of places inside a box, borders included.

    Only the bands that its north and south borders cut are read place by place.
    """
    first, last = (int(edge // bands.height) for edge in (box.south, box.north))
    ranges: list[tuple[int, int]] = []
    for band in range(first, last + 1):
        if band not in bands.bands:
            continue
        start, end = bands.bands[band]
        west = bisect_left(bands.longitudes, box.west, start, end)
        east = bisect_right(bands.longitudes, box.east, west, end)
        if first < band < last:
            ranges.append((west, east))
        else:
            ranges += [
                (slot, slot + 1)
                for slot in range(west, east)
                if box.south <= bands.latitudes[slot] <= box.north
            ]
    return from_ranges(ranges)
