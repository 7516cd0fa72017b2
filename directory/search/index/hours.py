"""Ordinary weeks: who is open at a day and minute, in the evening, on Saturdays.

The week is that of the reading, so that summer hours are those of summer, and is read once per
distinct text of hours, as `opening.week` reads it: holidays left aside, and at the hour on the
door, which is the same in every time zone.
"""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, ParserError, State

from directory.search.index.bits import Slots, from_slots
from directory.search.index.plain_hours import plain_week

MINUTE = timedelta(minutes=1)

DAY = 24 * 60
"""Minutes of a day."""

EVENING = 18 * 60
"""Minute from which a place still open is open in the evening."""

SATURDAY = 5
"""As `date.weekday` counts."""

Spans = tuple[tuple[int, int], ...]
"""Open spans, [start, end) in minutes since Monday 0:00, never across midnight."""

Hours = tuple[str, str, str, tuple[tuple[date, date], ...]]
"""What decides "open now": opening hours (OSM), time zone, dated closures before which comes the
department, empty when it has no holidays of its own."""


@lru_cache(maxsize=8192)
def week_spans(opening_hours: str, first_day: date) -> Spans | None:
    """Return the open spans of the week from `first_day`, a Monday; None when unknown."""
    if not opening_hours:
        return None
    plain = plain_week(opening_hours)
    if plain is not None:
        return plain
    try:
        hours = OpeningHours(opening_hours)
    except (ParserError, SyntaxError):
        return None
    monday = datetime.combine(first_day, time())
    spans: list[tuple[int, int]] = []
    for first, last, state, _comment in hours.intervals(monday, monday + timedelta(days=7)):
        if state == State.OPEN:
            start, end = (first - monday) // MINUTE, (last - monday) // MINUTE
            while start < end:
                midnight = (start // DAY + 1) * DAY
                spans.append((start, min(end, midnight)))
                start = midnight
    return tuple(spans)


def is_open_at(spans: Spans, minute: int) -> bool:
    """Tell whether a place is open at a minute of the week."""
    return any(start <= minute < end for start, end in spans)


def is_evening(spans: Spans) -> bool:
    """Tell whether a place is open after 18:00 some day from Monday to Friday."""
    return any(
        start // DAY < SATURDAY and end - start // DAY * DAY > EVENING for start, end in spans
    )


def is_saturday(spans: Spans) -> bool:
    """Tell whether a place is open some time on Saturdays."""
    return any(start // DAY == SATURDAY for start, _end in spans)


class Week:
    """Bitsets of the places open between two consecutive changes of an ordinary week."""

    def __init__(self, changes: Mapping[int, Slots], size: int) -> None:
        """`changes` are the slots that open or close, by minute, each once; below `size`."""
        bits = 0
        self.starts: list[int] = []
        self.open: list[int] = []
        for minute in sorted(changes):
            bits ^= from_slots(changes[minute], size)
            self.starts.append(minute)
            self.open.append(bits)

    def open_at(self, minute: int) -> int:
        """Return the bitset of places open at a minute of the week."""
        index = bisect_right(self.starts, minute) - 1
        return self.open[index] if index >= 0 else 0
