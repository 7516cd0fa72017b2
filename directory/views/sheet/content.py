"""What an orientation sheet says: one structure, that the page and the PDF draw alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from directory.exchange import phones
from directory.models import Need, Place, ServiceTerm
from directory.models.places import Closure, Stop
from directory.views import cards, hours_words, words
from directory.views.hours_words import OrdinaryWeek
from directory.views.sheet import facts as place_facts
from directory.views.sheet.facts import CLOSURES_AHEAD, CLOSURES_MAX, Fact, Known
from directory.vocabularies.names import State, Vocabulary

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
    is_reviewed: bool
    """Whether a native speaker has read the translations of its needs."""

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

    `needs` come with their translations; `link_to` gives a place's short address.
    """
    now = now or timezone.now()
    other = "" if language == FRENCH else language
    prefetch_related_objects(list(places), "closures", "stops__commune")
    details = cards.read_details(places)
    speaking = _speaking(places, other)
    told = []
    for number, place in enumerate(places, start=1):
        covered = details.place_needs[place.pk]
        confirms = any(n.code not in covered or not covered[n.code].is_declared for n in needs)
        known = _known(place, now, confirms, speaking.get(place.pk))
        told.append(_place(number, known, other, link_to(place)))
    with translation.override(FRENCH):
        made_on = words.long_date(timezone.localdate(now))
    return Sheet(
        language=other,
        asks=tuple(_ask(need, other) for need in needs if need.ask),
        bring=_bring([need.bring for need in needs]),
        bring_other=_bring([_translated(need, other, "bring", []) for need in needs]),
        places=tuple(told),
        made_on=made_on,
        texts={name: said(text, other) for name, text in TEXTS.items()},
        is_reviewed=all(t.is_reviewed for n in needs for t in n.translations.all() if other),
    )


TEXTS: dict[str, Callable[[], str]] = {
    "title": lambda: _("Où trouver de l’aide"),
    "bring": lambda: _("Apportez\u00a0:"),
    "day": lambda: _("Jour du rendez-vous\u00a0:"),
    "hour": lambda: _("Heure\u00a0:"),
    "stamp": lambda: _("Tampon"),
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


def _known(place: Place, now: datetime, confirms: bool, speaks: str | None) -> Known:
    zone = place.commune.department.time_zone
    today = now.astimezone(ZoneInfo(zone)).date()
    return Known(
        place=place,
        week=hours_words.ordinary_week(place.opening_hours, zone, today),
        stops=_coming_stops(place, zone, today),
        closures=_coming_closures(place, today),
        today=today,
        confirms=confirms,
        speaks=speaks,
    )


def _coming_stops(place: Place, zone: str, today: date) -> list[tuple[Stop, OrdinaryWeek | None]]:
    """Return the stops still to come, dated ones first, with the week of the recurring ones."""
    stops = [stop for stop in place.stops.all() if not stop.on or stop.on >= today]
    stops.sort(key=lambda stop: (stop.on is None, stop.on or today, stop.pk))
    return [
        (s, None if s.on else hours_words.ordinary_week(s.opening_hours, zone, today))
        for s in stops
    ]


def _coming_closures(place: Place, today: date) -> list[Closure]:
    coming = [
        closure
        for closure in place.closures.all()
        if closure.ends_on >= today and closure.starts_on <= today + CLOSURES_AHEAD
    ]
    return coming[:CLOSURES_MAX]


def _speaking(places: Sequence[Place], language: str) -> dict[int, str]:
    """Return the places where this language is spoken, and on which days when they say so."""
    if not language:
        return {}
    rows = (
        ServiceTerm.objects.filter(
            service__place__in=[place.pk for place in places],
            service__state=State.PUBLISHED,
            term__vocabulary=Vocabulary.LANGUAGE,
            term__code=language,
        )
        .order_by("pk")
        .values_list("service__place_id", "days")
    )
    return {place: days for place, days in rows if place}


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


def _ask(need: Need, other: str) -> Said:
    """Return what to ask for on the telephone; in French alone when nobody translated it."""
    asked = {FRENCH: need.ask, other: _translated(need, other, "ask", "")}
    told = said(lambda: _asked(asked[translation.get_language() or FRENCH]), other)
    return told if asked[other] else Said(told.fr)


def _asked(text: str) -> str:
    return _("Demandez\u00a0: «\u00a0%(ask)s\u00a0»") % {"ask": text}


def _translated(need: Need, language: str, field: str, missing: Any) -> Any:
    found = next((t for t in need.translations.all() if t.language == language), None)
    return getattr(found, field) if found else missing


def _bring(lists: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the things to bring for all the needs, each once."""
    return tuple(dict.fromkeys(thing for things in lists for thing in things))
