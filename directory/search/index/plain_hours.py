"""A quick reading of the plainest opening hours: days, times, and nothing else.

Nearly all published hours say only "Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00; PH off". Reading
their week rule by rule costs a tenth of a general parser's time, which was most of the index's
build. What is not surely plain is left to that parser.
"""

import re
from functools import lru_cache
from itertools import pairwise

_NAMES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAYS = f"(?:{'|'.join(_NAMES)})(?:-(?:{'|'.join(_NAMES)}))?"
_TIMES = r"(?:[01]\d|2[0-4]):[0-5]\d-(?:[01]\d|2[0-4]):[0-5]\d"
_RULE = re.compile(rf"({_DAYS}(?:,{_DAYS})*) (off|{_TIMES}(?:,{_TIMES})*)")
_DAY = 24 * 60

ON_HOLIDAYS = "PH off"
"""A rule that an ordinary week, without holidays, never meets."""

Times = tuple[tuple[int, int], ...]


def plain_week(opening_hours: str) -> Times | None:
    """Return the open spans, in minutes since Monday 0:00; None when hours are not plain.

    A rule replaces what the ones before said of its days, as OpenStreetMap's specification has it.
    """
    days: list[Times] = [()] * 7
    for rule in opening_hours.split("; "):
        if rule != ON_HOLIDAYS:
            read = _read(rule)
            if read is None:
                return None
            for day in read[0]:
                days[day] = read[1]
    return tuple(
        (day * _DAY + start, day * _DAY + end)
        for day, times in enumerate(days)
        for start, end in times
    )


@lru_cache(maxsize=8192)
def _read(rule: str) -> tuple[tuple[int, ...], Times] | None:
    """Return the days and times of a rule whose times are in order and never past midnight."""
    found = _RULE.fullmatch(rule)
    if not found:
        return None
    days: list[int] = []
    for part in found[1].split(","):
        first, last = _NAMES.index(part[:2]), _NAMES.index(part[-2:])
        if first > last:
            return None
        days += range(first, last + 1)
    minutes = [int(text[:2]) * 60 + int(text[3:]) for text in re.findall(r"\d\d:\d\d", found[2])]
    in_order = all(before < after for before, after in pairwise(minutes))
    if not in_order or (minutes and minutes[-1] > _DAY):
        return None
    return tuple(days), tuple(zip(minutes[::2], minutes[1::2], strict=True))
