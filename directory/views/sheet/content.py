"""What an orientation sheet says: one structure, that the page and the PDF draw alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from directory.exchange import phones
from directory.models import Need, NeedTranslation, Place
from directory.views import words
from directory.views.sheet import facts as place_facts
from directory.views.sheet import reading
from directory.views.sheet.facts import Fact, Known

FRENCH = "fr"
LANGUAGES = {FRENCH: "Français", "en": "English", "ar": "العربية"}
"""Languages a sheet may be printed in, each in its own letters. French is always there."""


@dataclass(frozen=True)
class Said:
    """The same thing in French and in the person's language ("" when that is French)."""

    fr: str
    other: str = ""


@dataclass(frozen=True)
class SheetFact:
    """One thing to know of a place. `words` are the place's own, in French only."""

    icon: str
    title: str
    lines: tuple[Said, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class SheetPhone:
    """A number to call, and what for."""

    label: Said
    display: str
    uri: str


@dataclass(frozen=True)
class SheetPlace:
    """One place of the sheet; `number` counts from 1, `key` is the place's own number."""

    number: int
    key: int
    name: str
    phones: tuple[SheetPhone, ...]
    address: SheetFact
    facts: tuple[SheetFact, ...]
    link: str

    @property
    def shown_link(self) -> str:
        """The address as a person may type it."""
        return self.link.split("://", 1)[-1]


@dataclass(frozen=True)
class Sheet:
    """A whole sheet. `language` is "" when it is in French alone."""

    language: str
    asks: tuple[Said, ...]
    bring: tuple[str, ...]
    bring_other: tuple[str, ...]
    places: tuple[SheetPlace, ...]
    made_on: str
    """The day in French words, beside the stamp."""

    texts: dict[str, Said]
    needs_review: bool
    """Whether no native speaker has read the translation of one of its needs yet."""

    @property
    def is_right_to_left(self) -> bool:
        """Whether the person's language is written from right to left."""
        return bool(self.language) and translation.get_language_info(self.language)["bidi"]


def build(
    places: Sequence[Place],
    needs: Sequence[Need],
    language: str,
    link_to: Callable[[Place], str],
    now: datetime | None = None,
) -> Sheet:
    """Return the sheet of these places, whose commune and department are loaded.

    `link_to` gives a place's short address. At most six queries, whatever the number of places.
    """
    now = now or timezone.now()
    other = "" if language == FRENCH else language
    translations = reading.translations(needs, other)
    known = reading.known_places(places, needs, other, now)
    told = [
        _place(number, one, other, link_to(one.place)) for number, one in enumerate(known, start=1)
    ]
    with translation.override(FRENCH):
        made_on = words.long_date(timezone.localdate(now))
    return Sheet(
        language=other,
        asks=tuple(_ask(need, translations.get(need.pk), other) for need in needs if need.ask),
        bring=_bring([need.bring for need in needs]),
        bring_other=_bring([row.bring for row in translations.values()]),
        places=tuple(told),
        made_on=made_on,
        texts={name: said(text, other) for name, text in TEXTS.items()},
        needs_review=any(not row.is_reviewed for row in translations.values()),
    )


TEXTS: dict[str, Callable[[], str]] = {
    "title": lambda: _("Où trouver de l’aide"),
    "bring": lambda: _("Apportez\u00a0:"),
    "day": lambda: _("Jour du rendez-vous\u00a0:"),
    "hour": lambda: _("Heure\u00a0:"),
    "stamp": lambda: _("Tampon"),
    "phone": lambda: _("Téléphone"),
    "link": lambda: _("Site"),
    "code": lambda: _("Code à photographier\u00a0:"),
}
"""What the sheet says whatever its places."""


def said(function: Callable[[], str], other: str) -> Said:
    """Say in French, then in another language unless it is ""."""
    with translation.override(FRENCH):
        french = function()
    if not other:
        return Said(french)
    with translation.override(other):
        return Said(french, function())


def _place(number: int, known: Known, other: str, link: str) -> SheetPlace:
    with translation.override(FRENCH):
        french = place_facts.facts(known)
    with translation.override(other or FRENCH):
        translated = place_facts.facts(known)
    place = known.place
    address, *others = (
        _both(one, two, bool(other)) for one, two in zip(french, translated, strict=True)
    )
    return SheetPlace(
        number=number,
        key=place.pk,
        name=place.name,
        phones=_phones(place, other),
        address=address,
        facts=tuple(others),
        link=link,
    )


def _both(french: Fact, translated: Fact, is_translated: bool) -> SheetFact:
    lines = zip(french.lines, translated.lines, strict=True)
    return SheetFact(
        icon=french.icon,
        title=french.title,
        lines=tuple(Said(fr, text if is_translated else "") for fr, text in lines),
        words=tuple(french.words),
    )


def _phones(place: Place, other: str) -> tuple[SheetPhone, ...]:
    numbers = {
        place.phone: said(lambda: _("Appelez\u00a0:"), other),
        place.booking_phone: said(lambda: _("Pour un rendez-vous\u00a0:"), other),
    }
    if place.phone == place.booking_phone:
        numbers[place.phone] = said(lambda: _("Appelez\u00a0:"), other)
    found = tuple(
        SheetPhone(label, phones.display(number), phones.tel_uri(number))
        for number, label in numbers.items()
        if number
    )
    return found or (SheetPhone(said(lambda: _("Téléphone non renseigné."), other), "", ""),)


def _ask(need: Need, translated: NeedTranslation | None, other: str) -> Said:
    """Return what to ask for on the telephone; in French alone when nobody translated it."""
    asked = {other: translated.ask if translated else "", FRENCH: need.ask}
    told = said(lambda: _asked(asked[translation.get_language() or FRENCH]), other)
    return told if asked[other] else Said(told.fr)


def _asked(text: str) -> str:
    return _("Demandez\u00a0: «\u00a0%(ask)s\u00a0»") % {"ask": text}


def _bring(lists: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the things to bring for all the needs, each once."""
    return tuple(dict.fromkeys(thing for things in lists for thing in things))
