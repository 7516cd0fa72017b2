"""What the merge page shows of two records, and how its answer is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from directory.exchange.duplicates.parts import BOTH, FIRST, PARTS, SECOND, Part, Side, sides
from directory.exchange.duplicates.presets import keeps_first, presets
from directory.models import DuplicateCandidate, Place

KEPT = "kept"
"""The field of the record whose address stays; the others bear the names of parts."""
SEEN = "seen"
"""The field that tells what the moderator had before the eyes."""
SWAPPED = {FIRST: SECOND, SECOND: FIRST, BOTH: BOTH}


class UnreadableChoiceError(ValueError):
    """An answer that the page does not offer."""


@dataclass(frozen=True)
class Option:
    """One of the values of a part."""

    value: str
    text: str
    note: str
    is_chosen: bool


@dataclass(frozen=True)
class Row:
    """A part and its values."""

    name: str
    label: str
    options: list[Option]


@dataclass(frozen=True)
class Card:
    """One of the two records, as the head of the page shows it."""

    side: str
    place: Place
    sources: str
    admin_url: str
    is_kept: bool


class MergePage:
    """Two records side by side. `given` is what was typed, when the page is shown again."""

    def __init__(self, pair: DuplicateCandidate, given: Mapping[str, str] | None = None) -> None:
        keys = pair.first_id, pair.second_id or 0
        found = sides(keys)
        self.pair = pair
        self.first, self.second = (found[key] for key in keys)
        self.chosen = presets(self.first, self.second)
        self.kept = FIRST if keeps_first(self.first, self.second) else SECOND
        offered = {part.name: _offered(part) for part in PARTS}
        for name, value in (given or {}).items():
            if value in offered.get(name, ()):
                self.chosen[name] = value
        if given and given.get(KEPT) in {FIRST, SECOND}:
            self.kept = given[KEPT]

    @property
    def seen(self) -> str:
        """What tells that neither record changed while somebody looked."""
        times = (side.place.updated_at.isoformat() for side in (self.first, self.second))
        return " ".join(times)

    def cards(self) -> list[Card]:
        """Return both records' heads."""
        return [
            Card(
                side=name,
                place=side.place,
                sources=", ".join(str(row.source) for row in side.hanging.source_records),
                admin_url=reverse("admin:directory_place_change", args=[side.place.pk]),
                is_kept=self.kept == name,
            )
            for name, side in ((FIRST, self.first), (SECOND, self.second))
        ]

    def differing(self) -> list[Row]:
        """Return the parts that the records say differently, to be chosen."""
        return [self._row(part) for part in PARTS if self._differs(part)]

    def common(self) -> list[tuple[str, str]]:
        """Return the name and the value of parts that both say alike, but those of neither."""
        alike = (part for part in PARTS if not self._differs(part))
        return [(p.label, self.first.text(p)) for p in alike if not self.first.is_empty(p)]

    def _differs(self, part: Part) -> bool:
        return bool(self.first.value(part) != self.second.value(part))

    def _row(self, part: Part) -> Row:
        texts = {name: _text(part, side) for name, side in self._sides()}
        notes = {name: _note(part, side) for name, side in self._sides()}
        texts[BOTH], notes[BOTH] = _("Garder les deux"), ""
        options = [
            Option(value, texts[value], notes[value], self.chosen[part.name] == value)
            for value in _offered(part)
        ]
        return Row(part.name, capfirst(part.label), options)

    def _sides(self) -> tuple[tuple[str, Side], tuple[str, Side]]:
        return (FIRST, self.first), (SECOND, self.second)


def read(posted: Mapping[str, str], page: MergePage) -> tuple[int, int, dict[str, str]]:
    """Return the place to keep, the one to absorb, and where each part is taken from.

    A part that the answer does not name follows its preset. Raises UnreadableChoiceError.
    """
    kept = posted.get(KEPT, page.kept)
    if kept not in {FIRST, SECOND}:
        raise UnreadableChoiceError(kept)
    choices = {}
    for part in PARTS:
        choice = posted.get(part.name, page.chosen[part.name])
        if choice not in _offered(part):
            raise UnreadableChoiceError(f"{part.label} : {choice}")
        choices[part.name] = choice if kept == FIRST else SWAPPED[choice]
    places = page.first.place.pk, page.second.place.pk
    return *(places if kept == FIRST else places[::-1]), choices


def may_merge(request: HttpRequest, page: MergePage) -> bool:
    """Tell whether the visitor may change both records."""
    places: Any = admin.site._registry[Place]
    return all(
        places.has_change_permission(request, side.place) for side in (page.first, page.second)
    )


def _offered(part: Part) -> tuple[str, ...]:
    return (FIRST, SECOND, BOTH) if part.is_many else (FIRST, SECOND)


def _text(part: Part, side: Side) -> str:
    return _("Non renseigné") if side.is_empty(part) else side.text(part)


def _note(part: Part, side: Side) -> str:
    """Say which record a value is of, who gave it, and when."""
    own = _("Fiche %(number)s") % {"number": side.place.pk}
    return " · ".join(filter(None, (own, _origin(part, side))))


def _origin(part: Part, side: Side) -> str:
    if lock := side.lock(part):
        on = date_format(lock.recorded_at, "SHORT_DATE_FORMAT")
        return _("corrigé par une personne le %(on)s") % {"on": on}
    if side.is_empty(part):
        return ""
    owner = side.owner(part)
    if owner is None:
        return _("saisi dans l’annuaire")
    if not side.place.source_updated_on:
        return str(owner)
    on = date_format(side.place.source_updated_on, "SHORT_DATE_FORMAT")
    return f"{owner}, {on}"
