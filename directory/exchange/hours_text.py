"""Reads a week of opening hours written as one French sentence.

« Du lundi au vendredi : 9h-12h et 14h-17h ; samedi 9h-12h » is cut by its days, and each part is
read as a day's cell (directory/exchange/french_hours.py). A word that is neither day nor hour makes
the whole sentence be left as text.
"""

import re
import unicodedata

from directory.exchange import french_hours
from directory.exchange.french_hours import DAYS

DAY = (
    r"(?:lun(?:di)?|mar(?:di)?|mer(?:credi)?|jeu(?:di)?|ven(?:dredi)?|sam(?:edi)?|dim(?:anche)?)s?"
)
STARTS = {"lun": 0, "mar": 1, "mer": 2, "jeu": 3, "ven": 4, "sam": 5, "dim": 6}
JOINED = r"\s*\.?\s*(?:,|/|&|-|\bet\b|\bau\b|\ba\b|\bles?\b|\bdu\b)?\s*(?:\ble\b\s*)?"
GROUP = re.compile(rf"\b{DAY}\b(?:{JOINED}\b{DAY}\b)*")
LEADING = re.compile(r"[\s.,;:/-]*(?:(?:tous|les?|du|de|ouverte?|horaires?|chaque)\b[\s:]*)*")
TRAILING = re.compile(r"(?:\s*\b(?:et|du|les?|tous)\b)*[\s.,;/|-]*$")
RANGE = re.compile(r"\s*\.?\s*(?:-|\bau\b|\ba\b)\s*")


def to_osm(text: str) -> str:
    """Return the hours in the OpenStreetMap format, "" when they cannot be read for sure."""
    plain = _plain(text)
    groups = list(GROUP.finditer(plain))
    if not groups or not LEADING.fullmatch(plain[: groups[0].start()]):
        return ""
    days: dict[str, str] = {}
    ends = [group.start() for group in groups[1:]] + [len(plain)]
    for group, end in zip(groups, ends, strict=True):
        hours = TRAILING.sub("", plain[group.end() : end]).strip(" .:,;")
        if not re.search(r"\d|\bferme", hours):
            return ""
        for day in _days(group[0]):
            if day in days:
                return ""
            days[day] = hours
    result = french_hours.to_osm(days)
    return "" if result.problems else result.opening_hours


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    plain = re.sub(r"\s+", " ", re.sub(r"[\u2010-\u2015\u2212]", "-", plain)).strip()
    # « 12h 14h » are two hours, not 12:14.
    return re.sub(r"(\d)h (?=\d{1,2}h)", r"\1h00 ", plain)


def _days(group: str) -> list[str]:
    """Return the days of a group in the order of the week, ranges filled."""
    named = list(re.finditer(rf"\b{DAY}\b", group))
    numbers = [STARTS[match[0][:3]] for match in named]
    found = set(numbers)
    for before, after, start, end in zip(named, named[1:], numbers, numbers[1:], strict=False):
        if RANGE.fullmatch(group[before.end() : after.start()]):
            found.update(range(start, end + 1))
    return [DAYS[number] for number in sorted(found)]
