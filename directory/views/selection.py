"""The places that an address names (`lieux=12,45,78`), in its order, and what to say of the others.

An unknown, an archived and an unpublished place get the same answer: nothing of them leaks.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.models import Place
from directory.search.kept import PlaceFacts, shelf
from directory.views import moved
from directory.views.short_codes import MAX_NUMBER

PARAMETER = "lieux"
CARRIED_AS = "carnet"
"""The parameter that carries the same list on the pages where one goes on searching."""

LIMIT = 20
"""Places in a carnet: ten printed pages, and a short link that a QR code still holds."""

MOST_READ = 500
"""Numbers read of one address: beyond, it is no one's carnet."""

MOST_RANKS = 5
"""Ranks told of the places that are missing: a longer list helps no one."""

_BETWEEN = re.compile(r"[\s,;+]+")


@dataclass(frozen=True)
class Written:
    """The distinct numbers of an address, in its order, and how many parts were no number."""

    numbers: list[int] = field(default_factory=list)
    unreadable: int = 0
    beyond: int = 0
    """Numbers left unread, past MOST_READ."""


AnyPlace = Place | PlaceFacts
"""A place, as a row of the database or as it is kept in memory."""

Chosen = TypeVar("Chosen", Place, PlaceFacts)


@dataclass(frozen=True)
class Selection(Generic[Chosen]):
    """The published places, at most LIMIT, and what the page must say, in full sentences."""

    places: list[Chosen]
    problems: list[str]

    @property
    def numbers(self) -> list[int]:
        """The numbers of the places shown."""
        return [place.pk for place in self.places]


def written_numbers(values: Iterable[str]) -> Written:
    """Read the numbers of one or several parameters; raises nothing."""
    parts = [part for value in values for part in _BETWEEN.split(value) if part]
    numbers = list(dict.fromkeys(_number(part) for part in parts if _is_number(part)))
    return Written(
        numbers[:MOST_READ],
        sum(1 for part in parts if not _is_number(part)),
        max(0, len(numbers) - MOST_READ),
    )


def read(values: Iterable[str]) -> Selection[Place]:
    """Return the places of `request.GET.getlist("lieux")`, commune and department loaded."""
    rows = Place.objects.published().select_related("commune__department")
    return _selected(values, rows.in_bulk)


def read_kept(values: Iterable[str]) -> Selection[PlaceFacts]:
    """Return the same places as they are kept in memory."""
    return _selected(values, shelf.get)


def _selected(
    values: Iterable[str], fetch: Callable[[list[int]], Mapping[int, Chosen]]
) -> Selection[Chosen]:
    written = written_numbers(values)
    # Zero stands for numbers that no database holds.
    asked = [number for number in written.numbers if number]
    found = dict(fetch(asked)) if asked else {}
    if gone := [number for number in asked if number not in found]:
        found |= _moved(gone, fetch)
    places = list({found[n].pk: found[n] for n in written.numbers if n in found}.values())
    missing = [rank for rank, n in enumerate(written.numbers, start=1) if n not in found]
    left_out = max(0, len(places) - LIMIT) + written.beyond
    problems = [too_many(left_out), _missing(missing), _unreadable(written.unreadable)]
    return Selection(places[:LIMIT], [problem for problem in problems if problem])


def _moved(
    gone: list[int], fetch: Callable[[list[int]], Mapping[int, Chosen]]
) -> dict[int, Chosen]:
    """Return, by their old numbers, the places that others were merged into."""
    now = moved.places_now(gone)
    found = fetch(list(now.values())) if now else {}
    return {number: found[place] for number, place in now.items() if place in found}


def as_text(numbers: Sequence[int]) -> str:
    """Return the value of the parameter for these numbers."""
    return ",".join(map(str, numbers))


def too_many(count: int) -> str:
    """Say that so many places were left out, "" for none or fewer."""
    if count <= 0:
        return ""
    return ngettext(
        "Un carnet tient %(limit)s lieux au plus. Un lieu n’a pas été gardé.",
        "Un carnet tient %(limit)s lieux au plus. %(count)s lieux n’ont pas été gardés.",
        count,
    ) % {"limit": LIMIT, "count": count}


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdigit()


def _number(part: str) -> int:
    """Return the number, or 0, which is no place's, when it is too large for a database."""
    digits = part.lstrip("0")
    return int(digits) if digits and len(digits) <= 10 and int(digits) <= MAX_NUMBER else 0


def _missing(ranks: list[int]) -> str:
    if not ranks:
        return ""
    said = ngettext(
        "Un lieu de cette liste n’est plus dans l’annuaire, ou son numéro est mal écrit.",
        "%(count)s lieux de cette liste ne sont plus dans l’annuaire, ou leurs numéros sont mal"
        " écrits.",
        len(ranks),
    ) % {"count": len(ranks)}
    if len(ranks) > MOST_RANKS:
        return said
    told = _("Rang dans la liste\u00a0: %(ranks)s.") % {"ranks": ", ".join(map(str, ranks))}
    return f"{said} {told}"


def _unreadable(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "Un morceau de l’adresse n’est pas un numéro de lieu\u00a0: nous l’avons laissé de côté.",
        "%(count)s morceaux de l’adresse ne sont pas des numéros de lieux\u00a0: nous les avons"
        " laissés de côté.",
        count,
    ) % {"count": count}
