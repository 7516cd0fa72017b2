"""How far a record may be trusted, in words: when somebody checked it, and who corrected it.

The months are those of directory/moderation/freshness_rules.py.
"""

from collections import defaultdict
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.moderation import freshness_rules
from directory.moderation.freshness_rules import Kind
from directory.search.kept import PlaceFacts
from directory.views import words
from directory.vocabularies.names import VerificationMethod

CREDITED = {
    "name": lambda: _("le nom"),
    "address": lambda: _("l’adresse"),
    "commune": lambda: _("la commune"),
    "phone": lambda: _("le téléphone"),
    "emails": lambda: _("le courriel"),
    "websites": lambda: _("le site"),
    "opening_hours": lambda: _("les horaires"),
    "appointment": lambda: _("le rendez-vous"),
    "services": lambda: _("les démarches de santé"),
}
"""Fields that are worth a thank you; what goes with one of them is not told apart."""


def of_place(place: PlaceFacts, today: date) -> str:
    """Return the sentence of a place's own page."""
    day = place.verified_on
    if day is None:
        return _("Nous n’avons pas vérifié cette fiche. Appelez avant de venir.")
    return verification(day, place.verification_method, today)


def verification(day: date, method: str, today: date) -> str:
    """Say when and how a record was checked, or for how long it was not."""
    if freshness_rules.is_stale(day, Kind.RECORD, today):
        months = freshness_rules.months_between(day, today)
        return ngettext(
            "Non vérifié depuis %(num)s mois\u00a0: appelez avant de venir.",
            "Non vérifié depuis %(num)s mois\u00a0: appelez avant de venir.",
            months,
        ) % {"num": months}
    told = verified(day, method)
    if freshness_rules.is_stale(day, Kind.HOURS, today):
        return f"{told} " + _("Les horaires ont pu changer\u00a0: appelez avant de venir.")
    return told


def verified(day: date, method: str) -> str:
    """Return "Vérifié par téléphone le 12 octobre 2026."."""
    date_told = {"date": words.long_date(day)}
    match VerificationMethod(method):
        case VerificationMethod.PHONE:
            return _("Vérifié par téléphone le %(date)s.") % date_told
        case VerificationMethod.VISIT:
            return _("Vérifié sur place le %(date)s.") % date_told
        case VerificationMethod.EMAIL:
            return _("Vérifié par courriel le %(date)s.") % date_told
        case VerificationMethod.SELF:
            return _("Vérifié par le lieu lui-même le %(date)s.") % date_told
    return _("Vérifié le %(date)s.") % date_told


def on_a_card(place: PlaceFacts, today: date) -> str:
    """Return the sentence of a lately verified place; "" for the others: a list stays light."""
    day = place.verified_on
    if day is None or freshness_rules.is_stale(day, Kind.RECORD, today):
        return ""
    return verified(day, place.verification_method)


def thanks(place: PlaceFacts) -> list[str]:
    """Return a sentence for each day when visitors' corrections were written, the last first."""
    by_day: dict[date, list[str]] = defaultdict(list)
    for field, day in place.credits:
        if field in CREDITED:
            by_day[day].append(CREDITED[field]())
    return [
        _("Corrigé le %(date)s grâce à un contributeur\u00a0: %(fields)s.")
        % {"date": words.long_date(day), "fields": words.listed(by_day[day])}
        for day in sorted(by_day, reverse=True)
    ]
