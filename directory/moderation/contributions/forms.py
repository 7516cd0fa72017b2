"""The contributors' form: a place's present values, to be corrected one by one; nobody's name."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from directory.models import Commune, Need, Place
from directory.models.contributions import MESSAGE_MAX
from directory.moderation.contributions import fields, guard, hours, privacy
from directory.moderation.contributions.form_fields import (
    Choice,
    Choices,
    Emails,
    Phone,
    Sites,
    Text,
    of_place,
)
from directory.moderation.contributions.keeping import Sent
from directory.search import where
from directory.search.where import text_for
from directory.vocabularies.names import Appointment, ContributionKind

DAY_MAX, HOURS_MAX = 120, 800
DAY = "horaires_"
BY_TEXT = "horaires"
NEEDS_WORDS = frozenset({ContributionKind.CORRECTION})
"""Kinds that say nothing without a change or a message."""


class ContributionForm(forms.Form):
    """What is wrong on a place's page, or a place to add (`place` is None).

    Valid, it gives `changes`, `commune` and `message`. `is_trapped` tells a robot's.
    """

    website = forms.CharField(required=False)
    """A trap: people do not see this field, robots fill it."""
    ticket = forms.CharField(required=False)
    commune_asked = forms.CharField(required=False)
    commune_choice = forms.CharField(required=False)

    def __init__(
        self,
        kind: str,
        place: Place | None,
        needs: Sequence[Need],
        data: Any = None,
        said: str = "",
    ) -> None:
        """`said` is the place's hours in words, for those that no ordinary week tells."""
        super().__init__(data)
        self.kind, self.place, self.said = kind, place, said
        self.present = fields.current(place)
        self.days = hours.typed(self.present["opening_hours"])
        self.asked = self.fields_asked()
        self.changes: dict[str, dict[str, Any]] = {}
        self.commune: Commune | None = place.commune if place else None
        self.commune_choices: list[tuple[str, str]] = []
        self.is_warned = False
        self._add_fields(needs)

    def fields_asked(self) -> frozenset[str]:
        """Return the fields that this form asks."""
        return frozenset(fields.OF_KIND[ContributionKind(self.kind)])

    def _add_fields(self, needs: Sequence[Need]) -> None:
        own: dict[str, forms.Field] = {"phone": Phone(), "emails": Emails(), "websites": Sites()}
        own["needs"] = Choices([(need.code, need.label) for need in needs])
        own["appointment"] = Choice(Appointment.choices)
        own["commune"], own["operator_name"] = Text(120), Text(200)
        own["summary"] = Text(600)
        texts = {"name", "address", "postcode", "hours_note", "appointment_note"}
        own |= {name: of_place(name) for name in texts}
        for name in fields.LABELS:
            if name == "opening_hours" and name in self.asked:
                self._add_hours()
            elif name in self.asked:
                self.fields[name] = own[name]
                self.initial[name] = self._written(name)
        self.fields["message"] = Text(MESSAGE_MAX)
        self.fields["reread"] = forms.BooleanField(required=False)
        if self.place:
            town = f"{self.place.name} {self.place.commune.name}"
            for name in ("emails", "websites"):
                if field := self.fields.get(name):
                    field.known = tuple(self.present[name])  # type: ignore[attr-defined]
                    field.place_text = town  # type: ignore[attr-defined]
            if "phone" in self.fields:
                department = self.place.commune.department_id
                self.fields["phone"].department = department  # type: ignore[attr-defined]

    def _add_hours(self) -> None:
        if self.days is None:
            self.fields[BY_TEXT] = Text(HOURS_MAX)
            self.initial[BY_TEXT] = self.said
            return
        for day, typed in self.days.items():
            self.fields[f"{DAY}{day}"] = Text(DAY_MAX)
            self.initial[f"{DAY}{day}"] = typed

    def _written(self, name: str) -> Any:
        """Return a present value as a person would type it."""
        value = self.present[name]
        if name == "commune":
            return text_for(self.place.commune) if self.place else ""
        if name in {"emails", "websites"}:
            return ", ".join(value)
        return " ".join(fields.shown(name, value)) if name == "phone" else value

    @property
    def is_trapped(self) -> bool:
        """Whether a robot filled the trap."""
        return bool(self.data.get("website"))

    def sent(self) -> Sent:
        """Return what a valid form says."""
        commune = None if self.place else self.commune
        message = self.cleaned_data["message"]
        return Sent(self.kind, self.place, commune, self.changes, message)

    @property
    def next_ticket(self) -> str:
        """What the form carries when it is shown."""
        sent = self.data.get("ticket")
        return guard.renewed(str(sent)) if sent else guard.ticket()

    def clean(self) -> dict[str, Any]:
        """Gather what was changed; ask again what is doubtful."""
        data = super().clean() or {}
        self._read_commune(data)
        for name in self.asked - {"opening_hours", "commune"}:
            if name in data:
                self._note(name, data[name])
        if "opening_hours" in self.asked:
            self._read_hours(data)
        if self.commune and "commune" in self.asked and not self.errors.get("commune"):
            self._note("commune", self.commune.pk)
        self._require(data)
        self._warn(data)
        if not self.errors:
            self._check_pace(data)
        return data

    def _note(self, name: str, value: Any) -> None:
        before = self.present[name]
        same = set(value) == set(before) if isinstance(value, list) else value == before
        if not same:
            after = sorted(value) if name == fields.NEEDS else value
            self.changes[name] = {"before": before, "after": after}

    def _read_hours(self, data: dict[str, Any]) -> None:
        before = self.present["opening_hours"]
        if self.days is None:
            typed = data.get(BY_TEXT, "")
            unchanged = typed.split() == self.said.split()
            read = hours.read_text(typed, before)
        else:
            week = {day: data.get(f"{DAY}{day}", "") for day in self.days}
            unchanged = all(text.split() == self.days[day].split() for day, text in week.items())
            read = hours.read_days(week, before)
        if unchanged:
            return
        self._note("opening_hours", read.opening_hours)
        if read.words:
            told = {"before": before, "after": "", "words": read.words}
            self.changes["opening_hours"] = told

    def _read_commune(self, data: dict[str, Any]) -> None:
        """Read the commune as the search does; propose those that it may be."""
        if "commune" not in self.asked or "commune" in self.errors:
            return
        typed = data.get("commune", "")
        if self.place and typed == self.initial["commune"]:
            return
        if not typed:
            self.add_error("commune", _("Écrivez le nom de la commune, ou son code postal."))
            return
        picked = data.get("commune_choice") if data.get("commune_asked") == typed else ""
        found = where.understand(picked or typed)
        certain = found.commune is not None and not found.corrected
        self.commune = found.commune if certain else None
        others = [one for one in (found.commune, *found.choices) if isinstance(one, Commune)]
        if picked or (certain and not _doubtful(typed, others)):
            return
        self.commune_choices = [
            (text_for(one), f"{one.name} ({one.department.name})") for one in others
        ]
        if self.commune_choices:
            said = _("Choisissez la commune dans la liste.")
        else:
            said = _("Nous ne trouvons pas cette commune. Essayez avec le code postal.")
        self.commune = None
        self.add_error("commune", said)

    def _require(self, data: dict[str, Any]) -> None:
        if "name" in self.asked and "name" not in self.errors and not data.get("name"):
            self.add_error("name", _("Écrivez le nom du lieu."))
        is_empty = not self.changes and not data.get("message")
        if self.kind in NEEDS_WORDS and is_empty and not self.errors:
            said = _("Changez au moins une information, ou écrivez-nous un mot.")
            self.add_error("message", said)

    def _warn(self, data: dict[str, Any]) -> None:
        """Ask once to read again what seems to hold a person's e-mail or mobile."""
        town = f"{data.get('name') or (self.place and self.place.name) or ''} {self.commune or ''}"
        texts = ("message", "summary", "hours_note", "appointment_note", "operator_name", BY_TEXT)
        present = {str(value) for value in self.present.values()}
        for name in texts:
            text = data.get(name, "")
            if text and text not in present and privacy.personal(text, town):
                self.is_warned = True
                if not data.get("reread"):
                    said = _(
                        "Ce texte semble contenir le courriel ou le portable d’une personne. "
                        "Enlevez-le, ou cochez la case «\u00a0J’ai relu\u00a0» en bas de la page."
                    )
                    self.add_error(name, said)

    def _check_pace(self, data: dict[str, Any]) -> None:
        pace = guard.pace(str(data.get("ticket") or ""))
        if pace is guard.Pace.TOO_FAST:
            self.add_error(
                None, _("C’est allé très vite. Relisez, puis envoyez une nouvelle fois.")
            )
        elif pace is guard.Pace.TOO_OLD:
            self.add_error(
                None,
                _(
                    "Cette page était ouverte depuis longtemps. Rien n’est perdu\u00a0: relisez, "
                    "puis envoyez une nouvelle fois."
                ),
            )


def _doubtful(typed: str, communes: Sequence[Commune]) -> bool:
    """Tell whether what was typed means several communes: their postcode, or a name they share."""
    first, others = communes[0], communes[1:]
    return bool(others) and (typed.strip().isdigit() or any(o.name == first.name for o in others))
