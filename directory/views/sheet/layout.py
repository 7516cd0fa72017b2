"""How many places go on each sheet of paper, and in letters of what size.

A page holds two places at most, and a sheet takes no more pages than one for two places whenever
that can be read. The page and the PDF follow the same plan. Heights are estimated, in millimetres,
on the generous side: a place never breaks across pages, so that a wrong estimate costs white paper.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from directory.views.sheet.content import Said, Sheet, SheetFact, SheetPhone, SheetPlace

SIZES = (18, 17, 16, 15, 14)
"""Points; 14 is the least for tired eyes (large print starts there), 18 is comfortable."""

WIDTH, HEIGHT = 190, 272
"""A4 less its margins, and 3 mm: with the gap that no last place needs, 8 mm for what is missed."""

POINT = 0.3528
LINE = 1.25
"""Height of a line, times its letters' size."""

LETTERS = {
    " \u00a0.,:;'’!|il": 0.28,
    "jftIr()[]/-": 0.39,
    "mwMW@œŒ%": 0.9,
}
DIGIT, CAPITAL, LETTER, ARABIC_LETTER = 0.57, 0.65, 0.57, 0.42
"""Widths in Noto Sans and Noto Naskh, times the size: within 5 % of the shipped fonts' own."""

ICON, GUTTER, INSET = 9, 6, 6
"""Width of pictograms, of the gap between two languages, of what frames the things to bring."""

STAMP, CODE = (61, 27), (30, 26)
"""Width and height of the stamp's box and of the QR code, with the gap beside them."""

NAME, PHONE, BOLD = 1.3, 1.9, 1.06
"""Sizes of a place's name and of its telephone, width of bold letters, times the text's."""

VISIT, GAP, FACT_GAP = 4, 5, 0.8
"""Heights of the room to write by hand, above its line, and of what parts places and facts."""


@dataclass(frozen=True)
class SheetPage:
    """One page: its places, and whether it starts with what to ask and to bring."""

    places: tuple[SheetPlace, ...]
    is_first: bool = False
    is_tight: bool = False
    """Things to bring follow one another on a line, to leave room for two places."""

    is_long: bool = False
    """What it holds does not fit: it goes on overleaf."""


@dataclass(frozen=True)
class Layout:
    """All pages, and the size of their letters in points."""

    size: int
    pages: tuple[SheetPage, ...]

    @property
    def paper(self) -> int:
        """How many pages of paper it takes, those that go on overleaf counted twice."""
        return len(self.pages) + sum(page.is_long for page in self.pages)


def lay_out(sheet: Sheet) -> Layout:
    """Return the plan with the fewest pages, then a list that reads well, then large letters."""
    plans = [Layout(size, tuple(_pages(sheet, size))) for size in SIZES]
    return min(plans, key=lambda plan: (plan.paper, plan.pages[0].is_tight, -plan.size))


def _pages(sheet: Sheet, size: int) -> Iterable[SheetPage]:
    heights = {place.number: _place(place, size, sheet.language) for place in sheet.places}
    first = _first_page(sheet, heights, size)
    yield first
    rest = sheet.places[len(first.places) :]
    while rest:
        fits = sum(heights[place.number] for place in rest[:2]) <= HEIGHT
        count = 2 if fits else 1
        yield SheetPage(rest[:count], is_long=heights[rest[0].number] > HEIGHT)
        rest = rest[count:]


def _first_page(sheet: Sheet, heights: dict[int, float], size: int) -> SheetPage:
    places = sheet.places
    # The room that an odd number of places leaves is best used here, for what to bring.
    alone = bool(sheet.bring) and len(places) % 2 == 1
    heading = _heading(sheet, size)
    for count, is_tight in ((2, False), (2, True), (1, False), (1, True)):
        used = heading + _bring(sheet, size, is_tight)
        used += sum(heights[place.number] for place in places[:count])
        if used <= HEIGHT and not (count == 2 and alone):
            return SheetPage(places[:count], True, is_tight)
    is_tight = heading + _bring(sheet, size, False) > HEIGHT
    return SheetPage((), True, is_tight, heading + _bring(sheet, size, is_tight) > HEIGHT)


def _heading(sheet: Sheet, size: int) -> float:
    width = WIDTH - STAMP[0]
    title = _lines(f"{sheet.texts['title'].fr} {sheet.texts['title'].other}", width, size * NAME)
    lines = title * NAME
    for ask in sheet.asks:
        lines += sum(_lines(text, width, size * BOLD) for text in (ask.fr, ask.other))
    return max(STAMP[1], _mm(lines, size)) + GAP


def _bring(sheet: Sheet, size: int, is_tight: bool) -> float:
    if not sheet.bring:
        return 0
    width, half = WIDTH - INSET, (WIDTH - INSET - GUTTER) / 2 - ICON
    lists = (sheet.bring, sheet.bring_other)
    if is_tight:
        lines = sum(_flowing(sheet.texts["bring"].fr, things, width, size) for things in lists)
        return _mm(lines, size) + GAP
    if not sheet.language:
        middle = math.ceil(len(sheet.bring) / 2)
        lists = (sheet.bring[:middle], sheet.bring[middle:])
    lines = max(sum(_lines(thing, half, size) for thing in things) for things in lists)
    return _mm(lines + 1, size) + GAP


def _flowing(label: str, things: Sequence[str], width: float, size: int) -> int:
    told = "".join(f"   □  {thing}" for thing in things)
    return _lines(label + told, width, size) if things else 0


def _place(place: SheetPlace, size: int, language: str) -> float:
    beside_code = WIDTH - CODE[0]
    name = _lines(f"{place.number}. {place.name}", beside_code, size * NAME * BOLD) * NAME
    calls = sum(_call(phone, beside_code - ICON, size) for phone in place.phones)
    facts = sum(_fact(fact, size, language) for fact in place.facts)
    link = _lines(place.link, WIDTH - ICON, size)
    address = _fact(place.address, size, language, beside_code)
    top = max(CODE[1], _mm(name + calls + address, size))
    gaps = FACT_GAP * (len(place.facts) + 1) + VISIT + GAP
    return top + _mm(facts + link + 1, size) + gaps


def _call(phone: SheetPhone, width: float, size: int) -> float:
    """Return the height of a telephone in lines: its label comes before it when there is room."""
    label = _lines(f"{phone.label.fr} {phone.label.other}", width, size)
    if not phone.display:
        return label
    beside = f"{phone.label.fr} {phone.label.other} " + "0" * math.ceil(len(phone.display) * PHONE)
    return PHONE if _lines(beside, width, size) == 1 else label + PHONE


def _fact(fact: SheetFact, size: int, language: str, room: float = WIDTH) -> int:
    lines = sum(_said(line, size, language, room - ICON) for line in fact.lines)
    return lines + sum(_lines(text, room - ICON, size) for text in fact.words)


def _said(said: Said, size: int, language: str, room: float) -> int:
    width = (room - GUTTER) / 2 if language else room
    return max(_lines(said.fr, width, size), _lines(said.other, width, size))


def _lines(text: str, width: float, size: float) -> int:
    """Return how many lines a text takes in this width (mm), in letters of this size (points)."""
    if not text:
        return 0
    room = width / (size * POINT)
    space = _letter(" ")
    lines, used = 1, 0.0
    for word in text.split(" "):
        length = sum(map(_letter, word))
        if used and used + space + length > room:
            lines, used = lines + 1, 0.0
        # A word longer than the line is cut.
        lines += int(length / room)
        used += length % room + (space if used else 0)
    return lines


@cache
def _letter(letter: str) -> float:
    for letters, width in LETTERS.items():
        if letter in letters:
            return width
    if "\u0600" <= letter <= "\u06ff":
        return ARABIC_LETTER
    if letter.isdigit():
        return DIGIT
    return CAPITAL if letter.isupper() else LETTER


def _mm(lines: float, size: float) -> float:
    return lines * size * LINE * POINT
