"""The form by which a place corrects its own record: the contributors' form, and a little more."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Need, Place
from directory.moderation.contributions.form_fields import Text, of_place
from directory.moderation.contributions.forms import ContributionForm
from directory.vocabularies.names import ContributionKind

PLAIN = frozenset(
    {"phone", "websites", "opening_hours", "hours_note", "appointment", "appointment_note", "needs"}
)
"""Written at once: the place knows best."""
WEIGHTY = frozenset({"address", "postcode", "commune"})
"""Read by a moderator first: whoever reads the place's e-mail could move it elsewhere."""
COMPLEMENT = "address_complement"
REASON_MAX = 160


def upcoming(place: Place) -> list[tuple[str, str]]:
    """Return the closures of a place that are not over: key, and words."""
    rows = place.closures.filter(ends_on__gte=timezone.localdate())
    return [
        (
            str(one.pk),
            _("Du %(start)s au %(end)s") % {
                "start": f"{one.starts_on:%d/%m/%Y}", "end": f"{one.ends_on:%d/%m/%Y}"
            } + (f" ({one.reason})" if one.reason else ""),
        )
        for one in rows
    ]  # fmt: skip


def extras(place: Place) -> dict[str, Any]:
    """Return what this form asks beside the contributors'."""
    return {COMPLEMENT: place.address_complement, "closures": [key for key, _w in upcoming(place)]}


class PlaceForm(ContributionForm):
    """What a place says of itself. Valid, it also gives `new_closures` and `dropped_closures`."""

    def __init__(
        self, place: Place, needs: Sequence[Need], data: Any = None, said: str = ""
    ) -> None:
        super().__init__(ContributionKind.CORRECTION, place, needs, data, said)
        self.new_closures: list[tuple[date, date, str]] = []
        day: dict[str, Any] = {
            "required": False,
            "error_messages": {"invalid": _("Écrivez une date, par exemple 14/07/2027.")},
            "input_formats": ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"],
        }
        self.fields[COMPLEMENT] = of_place(COMPLEMENT)
        self.initial[COMPLEMENT] = place.address_complement
        self.fields["closed_from"] = forms.DateField(**day)
        self.fields["closed_to"] = forms.DateField(**day)
        self.fields["closed_why"] = Text(REASON_MAX)
        self.fields["drop"] = forms.MultipleChoiceField(
            choices=upcoming(place), required=False, error_messages={
                "invalid_choice": _("Cette fermeture n’est plus dans la fiche.")
            },
        )  # fmt: skip
        self.fields["is_gone"] = forms.BooleanField(required=False)

    def fields_asked(self) -> frozenset[str]:
        """Return the fields of the contributors' form that a place is asked."""
        return PLAIN | WEIGHTY

    @property
    def seen(self) -> str:
        """Return the digest of the record that was shown."""
        return str(self.data.get("seen", ""))

    @property
    def is_closed(self) -> bool:
        """Whether the place says that it exists no more."""
        return bool(self.cleaned_data["is_gone"])

    @property
    def dropped_closures(self) -> list[int]:
        """Return the keys of the closures to take away."""
        return [int(key) for key in self.cleaned_data["drop"]]

    @property
    def has_extras(self) -> bool:
        """Whether something else than a contributor's field changes."""
        complement = COMPLEMENT in self.plain_values()
        return bool(self.new_closures or self.cleaned_data["drop"] or complement)

    def plain_values(self) -> dict[str, Any]:
        """Return what is written at once, by field."""
        found = {
            name: told["after"]
            for name, told in self.changes.items()
            if name in PLAIN and not told.get("words")
        }
        assert self.place is not None  # noqa: S101 (this form is always a place's)
        if self.cleaned_data[COMPLEMENT] != self.place.address_complement:
            found[COMPLEMENT] = self.cleaned_data[COMPLEMENT]
        return found

    def weighty_changes(self) -> dict[str, Any]:
        """Return what a moderator reads first: a move, hours that nobody could read."""
        return {
            name: told
            for name, told in self.changes.items()
            if name in WEIGHTY or told.get("words")
        }

    def clean(self) -> dict[str, Any]:
        """Read the closure beside the rest."""
        data = super().clean()
        first, last = data.get("closed_from"), data.get("closed_to")
        start, end = first or last, last or first
        unread = {"closed_from", "closed_to"} & set(self.errors)
        if unread or start is None or end is None:
            if data.get("closed_why") and not unread:
                self.add_error("closed_from", _("Écrivez le premier jour de la fermeture."))
            return data
        if end < start:
            self.add_error("closed_to", _("La fin est avant le début."))
        elif end < timezone.localdate():
            self.add_error("closed_to", _("Cette fermeture est passée."))
        elif (end - start).days > 366:
            self.add_error("closed_to", _("Un an au plus. Au-delà, dites que le lieu a fermé."))
        else:
            self.new_closures = [(start, end, data.get("closed_why", ""))]
        return data

    def _require(self, data: dict[str, Any]) -> None:
        """Ask nothing: a form sent as it was says that all is right."""

    def _check_pace(self, data: dict[str, Any]) -> None:
        """Ask nothing: the session is signed, and an hour long."""
