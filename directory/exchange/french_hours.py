"""Read the hours of a counter, day by day, from French text and write them the OpenStreetMap way.

Source of the output format: https://wiki.openstreetmap.org/wiki/Key:opening_hours, which the
national standard asks for in its column `horaires`. Every repair bears a name, so that a moderator
can see what was changed; what cannot be read for sure is left out and reported.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MINUTES_IN_DAY = 24 * 60
# No public counter opens in the middle of the night: such a value is a typing slip.
EARLIEST_OPENING = 5 * 60

CLOSED_WORDS = frozenset(
    {"", "-", "--", "/", "x", "ferme", "fermee", "fermeture", "neant", "aucun"}
)
FILLERS = re.compile(r"\b(?:de|du|des|a|au|et|puis|ou|le|matin|apres[- ]midi|ouverte?|ouverture)\b")
APPOINTMENT = re.compile(
    r"\(?\b(?:uniquement |seulement )?(?:sur |avec |prise de )?(?:rdv|rendez[- ]?vous)\b"
    r"(?: uniquement| seulement)?\)?"
)
TIME = re.compile(
    r"(?<![\d:h])(?P<hour>\d{1,2})(?:\s*(?P<mark>[:h])\s*(?P<minute>\d{2})?(?!\d))?(?!\d)"
)
CANONICAL = re.compile(
    r"\d{2}:\d{2} ?- ?\d{2}:\d{2}(?: ?/ ?\d{2}:\d{2} ?- ?\d{2}:\d{2})*", re.ASCII
)

Range = tuple[int, int]


class UnreadableHoursError(ValueError):
    """The text of a day cannot be read for sure; the message is the named reason."""


@dataclass(frozen=True, slots=True)
class HoursProblem:
    """A day left out of the hours: its value as published and the named reason."""

    day: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class HoursResult:
    """Hours of one place: OSM string ("" when nothing is known), repairs, problems.

    `appointment_days` are the days whose cell speaks of an appointment.
    """

    opening_hours: str
    repairs: tuple[str, ...] = ()
    problems: tuple[HoursProblem, ...] = ()
    appointment_days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Day:
    ranges: tuple[Range, ...] = ()
    repairs: tuple[str, ...] = ()
    appointment: bool = False


def to_osm(days: Mapping[str, str]) -> HoursResult:
    """Convert `days` (keys Mo..Su, French text as values) to one OSM string.

    Raises KeyError for a key that is not one of `DAYS`. Never raises for a value: what cannot be
    read is reported in `problems` and left out.
    """
    unknown = sorted(set(days) - set(DAYS))
    if unknown:
        raise KeyError(f"unknown day: {unknown[0]}")
    read: dict[str, _Day] = {}
    problems: list[HoursProblem] = []
    for day in DAYS:
        value = days.get(day) or ""
        try:
            read[day] = read_day(value)
        except UnreadableHoursError as error:
            problems.append(HoursProblem(day, value, str(error)))
    return HoursResult(
        opening_hours=_write(read),
        repairs=tuple(dict.fromkeys(rule for day in read.values() for rule in day.repairs)),
        problems=tuple(problems),
        appointment_days=tuple(name for name, day in read.items() if day.appointment),
    )


def closed_on_public_holidays(osm: str) -> str:
    """Append the rule `public-holidays-closed` to `osm`, unless it already speaks of them.

    An assumption, not a published fact: public counters close on legal holidays. Empty stays empty.
    """
    if not osm.strip() or re.search(r"\bPH\b", osm):
        return osm
    return f"{osm}; PH off"


def read_day(text: str) -> _Day:
    """Read the text of one day. Raises UnreadableHoursError with a named reason."""
    plain, rest, appointment = _plain(text)
    if rest in CLOSED_WORDS:
        return _Day(appointment=appointment)
    if appointment and not TIME.search(rest):
        if _words_left(rest):
            raise UnreadableHoursError("words-not-understood")
        return _Day(appointment=True)
    ranges, repairs = read_ranges(rest)
    if appointment and len(ranges) > 1:
        raise UnreadableHoursError("appointment-part-unclear")
    if not CANONICAL.fullmatch(plain) and "missing-minutes" not in repairs:
        repairs = ("written-form", *repairs)
    return _Day(ranges, repairs, appointment)


def read_ranges(plain: str) -> tuple[tuple[Range, ...], tuple[str, ...]]:
    """Ranges in minutes and the repairs made, from text already lower-cased without accents."""
    times = list(TIME.finditer(plain))
    if _words_left(TIME.sub(" ", plain)):
        raise UnreadableHoursError("words-not-understood")
    if not times or len(times) % 2:
        raise UnreadableHoursError("odd-number-of-times")
    repairs = []
    if any(not match["minute"] for match in times):
        repairs.append("missing-minutes")
    pairs = list(zip(times[::2], times[1::2], strict=True))
    for start, end in pairs:
        _check_separator(plain[start.end() : end.start()], start, end)
    ranges = [(_minutes(start), _minutes(end)) for start, end in pairs]
    # Midnight to midnight is how the source form fills a part of the day that nobody typed.
    kept = [r for r in ranges if r != (0, 0)]
    if len(kept) < len(ranges):
        repairs.append("empty-range-dropped")
    merged, merges = _merge(kept)
    return merged, (*repairs, *merges)


def _plain(text: str) -> tuple[str, str, bool]:
    """Lower-case text without accents; the same without its appointment remark; was there one."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", plain)
    plain = re.sub(r"\s+", " ", plain.replace("’", "'")).strip()
    plain = re.sub(r"\bheures?\b", "h", plain)
    without, count = APPOINTMENT.subn(" ", plain)
    return plain, without.strip(" .;,:!()") if count else plain, bool(count)


def _words_left(text: str) -> bool:
    return bool(re.search(r"[^\s\-/,;:.|+&()]", FILLERS.sub(" ", text)))


def _check_separator(between: str, start: re.Match[str], end: re.Match[str]) -> None:
    """Bare numbers ("1/2", "3, 4") are hours only when a dash or "à" joins them."""
    explicit = start["mark"] and end["mark"]
    joined = re.fullmatch(r"\s*(?:-|a)\s*", between)
    if not explicit and not joined:
        raise UnreadableHoursError("bare-numbers")


def _minutes(time: re.Match[str]) -> int:
    hour, minute = int(time["hour"]), int(time["minute"] or 0)
    total = hour * 60 + minute
    if minute > 59 or total > MINUTES_IN_DAY:
        raise UnreadableHoursError("impossible-time")
    return total


def _merge(ranges: list[Range]) -> tuple[tuple[Range, ...], tuple[str, ...]]:
    """Sort the ranges of a day and join those that meet: an OSM day holds no overlap."""
    for start, end in ranges:
        if end <= start:
            raise UnreadableHoursError("reversed-range")
        if start < EARLIEST_OPENING and (start, end) != (0, MINUTES_IN_DAY):
            raise UnreadableHoursError("opens-at-night")
    repairs: list[str] = []
    if ranges != sorted(ranges):
        repairs.append("ranges-sorted")
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if not merged or start > merged[-1][1]:
            merged.append((start, end))
            continue
        last_start, last_end = merged[-1]
        if (start, end) == (last_start, last_end):
            repairs.append("duplicate-merged")
        else:
            repairs.append("touching-merged" if start == last_end else "overlap-merged")
        merged[-1] = (last_start, max(end, last_end))
    return tuple(merged), tuple(dict.fromkeys(repairs))


def _write(days: Mapping[str, _Day]) -> str:
    """Group the days which share the same hours, in the order of the week."""
    groups: dict[str, list[str]] = {}
    for name in DAYS:
        day = days.get(name)
        if day and day.ranges:
            hours = ",".join(f"{_clock(start)}-{_clock(end)}" for start, end in day.ranges)
            if day.appointment:
                hours += ' "sur rendez-vous"'
            groups.setdefault(hours, []).append(name)
    return "; ".join(f"{_day_list(names)} {hours}" for hours, names in groups.items())


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _day_list(names: list[str]) -> str:
    """ "Mo-We,Fr" from ["Mo", "Tu", "We", "Fr"]."""
    runs: list[list[str]] = []
    for name in names:
        if runs and DAYS.index(name) == DAYS.index(runs[-1][-1]) + 1:
            runs[-1].append(name)
        else:
            runs.append([name])
    return ",".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
