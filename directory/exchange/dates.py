"""Reads the days that producers write: ISO 8601, the French order, in words, a spreadsheet's."""

import re
from datetime import date, timedelta

from directory.vocabularies.normalization import normalize

ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
NUMBERS = re.compile(r"(\d{1,4})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{2,4})(?:\D.*)?")
WORDS = re.compile(r"(?:\w+ )??(\d{1,2})(?:er)? ([a-z]+) (\d{4})(?:\D.*)?")
SERIAL = re.compile(r"([3-5]\d{4})(?:[.,]\d+)?")
SERIAL_START = date(1899, 12, 30)
"""Day 0 of spreadsheets, their bug of 1900 included."""
MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre",
    "octobre", "novembre", "decembre",
)  # fmt: skip
STYLES = {"aaaa-mm-jj": "ymd", "jj/mm/aaaa": "dmy", "mm/jj/aaaa": "mdy"}
"""Orders that a mapping may ask for, whatever the separator."""


def read(cell: str, style: str = "") -> date | None:
    """Return the day that a cell says, None when it says none. Two digits are a year of 20xx.

    `style` is a key of STYLES; without it « 02/04/2024 » is the 2nd of April, as in France.
    """
    text = cell.strip()
    order = STYLES.get(style, "")
    if not order and (match := COMPACT.fullmatch(text)):
        return _day(*match.groups())
    if not order and (match := SERIAL.fullmatch(text)):
        return SERIAL_START + timedelta(days=int(match[1]))
    if match := NUMBERS.fullmatch(text):
        order = order or ("ymd" if len(match[1]) == 4 else "dmy")
        parts = dict(zip(order, match.groups(), strict=True))
        return _day(parts["y"], parts["m"], parts["d"])
    if ISO.match(text):
        return _day(text[:4], text[5:7], text[8:10])
    match = WORDS.fullmatch(normalize(text))
    if match:
        found = [n for n, month in enumerate(MONTHS, 1) if _is_month(match[2], month)]
        return _day(match[3], str(found[0]), match[1]) if len(found) == 1 else None
    return None


def _is_month(word: str, month: str) -> bool:
    return month == word or (len(word) >= 3 and month.startswith(word.rstrip("s")))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None
