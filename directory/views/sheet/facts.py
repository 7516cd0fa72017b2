"""What the sheet says of one place, in the language now active.

Called once for each language of the sheet: every function returns as many lines in one language as
in another. What the place itself wrote, in French, is kept apart (`words`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from directory.models import Place
from directory.models.places import Closure, Stop
from directory.moderation import freshness_rules
from directory.moderation.freshness_rules import Kind
from directory.search.opening import OFF_ON_HOLIDAYS
from directory.views import hours_words, words
from directory.views.hours_words import OrdinaryWeek
from directory.vocabularies.names import Appointment, PositionPrecision, VerificationMethod

NOTE_MAX = 160
"""Characters kept of what a place wrote: two lines of paper; its page says the rest."""

STOPS_MAX = 4
CLOSURES_MAX = 2
CLOSURES_AHEAD = timedelta(days=120)
"""A sheet is used within weeks: a closure further away would only take room."""


@dataclass(frozen=True)
class Fact:
    """One thing to know, a paragraph a line.

    `icon` names a pictogram, `title` says what it means to who does not see it.
    """

    icon: str
    title: str
    lines: list[str]
    words: list[str]


@dataclass(frozen=True)
class Known:
    """What was read of a place before anything is put into words."""

    place: Place
    week: OrdinaryWeek | None
    stops: list[tuple[Stop, OrdinaryWeek | None]]
    closures: list[Closure]
    today: date
    confirms: bool
    """Whether the place has not itself said that it helps with the need asked for."""

    speaks: str | None
    """Days when the person's language is spoken there, "" when any; None when not known to be."""


def facts(known: Known) -> list[Fact]:
    """Return what there is to know, the address first, in the order it is needed."""
    return [
        _address(known.place),
        *_rounds(known),
        *_hours(known),
        *_closures(known.closures),
        *_appointment(known.place),
        *_language(known.speaks),
        _trust(known),
    ]


def _address(place: Place) -> Fact:
    lines = []
    if not place.address:
        lines = [_("Nous n’avons que le nom de la commune\u00a0: demandez l’adresse.")]
    elif place.position_precision in {PositionPrecision.COMMUNE, PositionPrecision.STREET}:
        lines = [_("Notre plan n’est pas précis\u00a0: demandez le chemin.")]
    told = [place.full_address, place.address_complement]
    return Fact("pin", _("Adresse"), lines, [text for text in told if text])


def _rounds(known: Known) -> Iterator[Fact]:
    """Tell where and when what moves can be found."""
    place = known.place
    if not (place.is_itinerant or known.stops):
        return
    lines = [_("Ce lieu se déplace.")]
    if not known.stops:
        lines.append(_("Demandez où et quand il passe."))
    yield Fact("bus", _("Passages"), lines, [] if known.stops else _clipped(place.rounds))
    for stop, week in known.stops[:STOPS_MAX]:
        where = ", ".join(text for text in (stop.label, stop.commune.name) if text)
        yield Fact("calendar", _("Passage"), _stop_times(stop, week), [where])
    if len(known.stops) > STOPS_MAX:
        yield Fact("bus", _("Passages"), [_("Il passe aussi ailleurs\u00a0: demandez.")], [])


def _stop_times(stop: Stop, week: OrdinaryWeek | None) -> list[str]:
    if stop.on:
        return [f"{date_format(stop.on, 'l')} {words.long_date(stop.on)}"]
    return hours_words.open_days(week) if week else [_("Demandez le jour et l’heure.")]


def _hours(known: Known) -> Iterator[Fact]:
    place, week = known.place, known.week
    if week is None and known.stops:
        return
    if week is None:
        lines = [
            _("Horaires non renseignés\u00a0: appelez avant de venir.")
            if _phone(place)
            else _("Horaires non renseignés.")
        ]
    else:
        lines = hours_words.in_words(week)
        if OFF_ON_HOLIDAYS in place.opening_hours:
            lines.append(_("Jours fériés\u00a0: souvent fermé."))
    yield Fact("clock", _("Horaires"), lines, _clipped(place.hours_note))


def _closures(closures: list[Closure]) -> Iterator[Fact]:
    for closure in closures:
        start, end = words.long_date(closure.starts_on), words.long_date(closure.ends_on)
        if start == end:
            line = _("Fermé le %(day)s.") % {"day": start}
        else:
            line = _("Fermé du %(start)s au %(end)s.") % {"start": start, "end": end}
        yield Fact("warning", _("Fermeture"), [line], _clipped(closure.reason))


def _appointment(place: Place) -> Iterator[Fact]:
    lines = [f"{Appointment(place.appointment).label}."] if place.appointment else []
    told = _clipped(place.appointment_note)
    if lines or told:
        yield Fact("calendar", _("Rendez-vous"), lines, told)


def _language(speaks: str | None) -> Iterator[Fact]:
    if speaks is not None:
        yield Fact(
            "people", _("Langues"), [_("Ici, on parle votre langue.")], [speaks] if speaks else []
        )


def _trust(known: Known) -> Fact:
    place = known.place
    lines = [_("Demandez s’il aide pour cela.")] if known.confirms else []
    day = place.verified_on
    lines.append(_verified(place, day, known.today) if day else _not_verified(place))
    return Fact("check" if place.verified_on else "warning", _("Avant de venir"), lines, [])


def _not_verified(place: Place) -> str:
    if not _phone(place):
        return _("Non vérifié.")
    return _("Non vérifié\u00a0: appelez avant de venir.")


def _verified(place: Place, day: date, today: date) -> str:
    method = VerificationMethod(place.verification_method)
    values = {"date": words.long_date(day), "how": str(method.label).lower()}
    if method == VerificationMethod.UNKNOWN:
        told = _("Vérifié le %(date)s.") % values
    else:
        told = _("Vérifié le %(date)s (%(how)s).") % values
    if freshness_rules.is_stale(day, Kind.RECORD, today) and _phone(place):
        return f"{told} " + _("C’est ancien\u00a0: appelez avant de venir.")
    return told


def _phone(place: Place) -> str:
    return place.phone or place.booking_phone


def _clipped(text: str) -> list[str]:
    """Return a note on one line, cut at a word when it is long; nothing for nothing."""
    flat = re.sub(r"[ \t\r\n]+", " ", text).strip()
    if len(flat) <= NOTE_MAX:
        return [flat] if flat else []
    cut = Truncator(flat).chars(NOTE_MAX, truncate="")
    return [f"{cut.rsplit(' ', 1)[0]}…"]
