"""The sections of the form of a place, in the order in which one asks about it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from directory.admin.place_form.form import EXTRA, WEEK

WHO = _("Identité")
WHERE = _("Où")
CONTACTS = _("Contacts")
HOURS = _("Horaires")
DOES = _("Ce qu’on y fait")
ACCESS = _("Accès")
FOLLOWED = _("Suivi")
HOURS_HELP = _(
    "Un jour s’écrit 9h-12h et 14h-17h30, «\u00a0fermé\u00a0», ou 9h-12h sur rendez-vous. Une "
    "semaine vide\u00a0: horaires non connus. Le texte OSM et la semaine disent la même "
    "chose\u00a0: changez l’un ou l’autre."
)

SECTIONS: tuple[tuple[Any, tuple[Any, ...]], ...] = (
    (
        WHO,
        (
            "name", "operator", "networks", "summary", "description", ("group_name", "principal"),
            ("pivot", "other_labels"),
        ),
    ),
    (
        WHERE,
        (
            "commune", "address", ("address_complement", "postcode"), ("latitude", "longitude"),
            "position_precision", "itinerancy", "rounds",
        ),
    ),
    (CONTACTS, (("phone", "booking_phone"), ("emails", "websites"), "booking_url")),
    (
        HOURS,
        (tuple(WEEK.values()), "week_holidays", "opening_hours", "hours_from", "hours_note"),
    ),
    (DOES, ("terms",)),
    (ACCESS, (("appointment", "appointment_note"), "acceslibre_url", "notes")),
    (
        FOLLOWED,
        (
            "state", ("verified_on", "verification_method"), ("source", "source_updated_on"),
            "slug", ("created_at", "updated_at", "completeness"),
        ),
    ),
)  # fmt: skip


def sections(is_written: bool) -> list[tuple[Any, dict[str, Any]]]:
    """Return the sections; who only reads has no week to fill in."""
    found = []
    for name, lines in SECTIONS:
        kept = [line for line in lines if is_written or not _is_extra(line)]
        told: dict[str, Any] = {"fields": kept}
        if name is HOURS and is_written:
            told["description"] = HOURS_HELP
        found.append((name, told))
    return found


def _is_extra(line: Any) -> bool:
    return bool(EXTRA & ({line} if isinstance(line, str) else set(line)))
