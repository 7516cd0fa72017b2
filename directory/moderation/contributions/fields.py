"""What of a place a visitor may correct, as plain values that JSON holds, and as people read it."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.exchange import phones
from directory.models import Commune, Need, Place, ServiceNeed
from directory.moderation.contributions import hours
from directory.vocabularies.names import Appointment, ContributionKind, State

Values = dict[str, Any]

LABELS: dict[str, str | Promise] = {
    "name": _("Nom du lieu"),
    "phone": _("Téléphone"),
    "address": _("Adresse"),
    "postcode": _("Code postal"),
    "commune": _("Commune"),
    "opening_hours": _("Horaires"),
    "hours_note": _("À savoir sur les horaires"),
    "appointment": _("Rendez-vous"),
    "appointment_note": _("Comment prendre rendez-vous"),
    "emails": _("Courriel du lieu"),
    "websites": _("Site internet"),
    "operator_name": _("Qui tient ce lieu"),
    "needs": _("Démarches de santé"),
    "summary": _("Ce que le lieu propose"),
}
NEEDS = "needs"
ONLY_NEW = frozenset({"summary", "operator_name"})
"""Asked of a place that we do not know yet."""

OF_KIND = {
    ContributionKind.HOURS: frozenset({"opening_hours", "hours_note"}),
    ContributionKind.PHONE: frozenset({"phone"}),
    ContributionKind.CORRECTION: LABELS.keys() - ONLY_NEW,
    ContributionKind.CLOSED: frozenset(),
    ContributionKind.PROPOSAL: LABELS.keys() - {"postcode", "hours_note", "appointment_note"},
}
"""The fields that each form asks."""


def needs_of(place: Place) -> list[str]:
    """Return the codes of the needs that a place's published services cover, sorted. One query."""
    found = ServiceNeed.objects.order_by().filter(
        service__place=place.pk, service__state=State.PUBLISHED
    )
    return sorted(set(found.values_list("need__code", flat=True)))


def current(place: Place | None) -> Values:
    """Return the present value of every field; empty ones for a place that we do not have."""
    if place is None:
        return {name: [] if name in {"emails", "websites", NEEDS} else "" for name in LABELS}
    told = {name: getattr(place, name) for name in LABELS.keys() - ONLY_NEW - {"commune", NEEDS}}
    return {**told, "commune": place.commune_id, NEEDS: needs_of(place)}


def shown(name: str, value: Any) -> list[str]:
    """Return a value as people read it, a line each; nothing when it is empty."""
    if not value:
        return []
    if name in READERS:
        return READERS[name](value)
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _commune(code: Any) -> list[str]:
    commune = Commune.objects.select_related("department").filter(pk=code).first()
    return [f"{commune.name} ({commune.department.name})" if commune else str(code)]


def _needs(codes: Any) -> list[str]:
    labels = dict(Need.objects.filter(code__in=codes).values_list("code", "label"))
    return [labels.get(code, str(code)) for code in codes]


def _display(phone: str) -> str:
    try:
        return phones.display(phone)
    except ValueError:
        return phone


READERS: dict[str, Callable[[Any], list[str]]] = {
    "opening_hours": hours.lines,
    "phone": lambda value: [_display(value)],
    "appointment": lambda value: [str(dict(Appointment.choices).get(value, value))],
    "commune": _commune,
    NEEDS: _needs,
}
