"""The form of a place: its week beside the OSM string, contacts as people write them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.admin.known_rows import let_know
from directory.admin.place_form import version
from directory.admin.place_form.fields import (
    EmailsField,
    PhoneField,
    SitesField,
    TermChoices,
    read_hours,
)
from directory.exchange import hours_week
from directory.exchange.french_hours import DAYS
from directory.models import Place, Term
from directory.search.opening import parse
from directory.vocabularies.names import PLACE_VOCABULARIES, PositionPrecision, Vocabulary

WEEK = {day: f"week_{day.lower()}" for day in DAYS}
"""The field of each day."""
HOURS = frozenset({*WEEK.values(), "week_holidays", "hours_from"})
"""Other ways to write `opening_hours`."""
ROWS = ("commune", "operator", "principal", "source")
"""Related rows that are read with the place."""
EXTRA = HOURS | {"version"}
"""Fields that are no column."""
SLUG_MAX = 110
"""Characters of an identifier made from a name, which a number may follow."""


def _day(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=80)


class PlaceForm(forms.ModelForm):
    """A place, as a moderator thinks of it."""

    conflict: Any = None
    """What others saved since the page was opened (directory/admin/place_form/conflicts.py)."""
    is_halted = False
    """Whether the form is only drawn again: nothing is saved."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    week_mo = _day(gettext_lazy("Lundi"))
    week_tu = _day(gettext_lazy("Mardi"))
    week_we = _day(gettext_lazy("Mercredi"))
    week_th = _day(gettext_lazy("Jeudi"))
    week_fr = _day(gettext_lazy("Vendredi"))
    week_sa = _day(gettext_lazy("Samedi"))
    week_su = _day(gettext_lazy("Dimanche"))
    week_holidays = forms.BooleanField(label=gettext_lazy("Fermé les jours fériés"), required=False)
    hours_from = forms.ChoiceField(
        label=gettext_lazy("Si les deux ont changé, garder"),
        required=False,
        choices=(
            ("", gettext_lazy("ce que j’ai changé")),
            ("week", gettext_lazy("la semaine")),
            ("text", gettext_lazy("le texte OSM")),
        ),
    )

    class Meta:
        model = Place
        fields = ()  # the admin's sections choose
        field_classes = {
            "phone": PhoneField,
            "booking_phone": PhoneField,
            "emails": EmailsField,
            "websites": SitesField,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saved = self.instance if self.instance.pk else None
        if saved and not self.is_bound and "version" not in self.initial:
            self.initial["version"] = version.signed(version.taken(saved, self.initial))
        self._show_week(self.initial.get("opening_hours") or "")
        for name in ("phone", "booking_phone"):
            if name in self.fields and saved:
                self.fields[name].department = saved.commune.department_id  # type: ignore[attr-defined]
        for name in (*ROWS, "networks"):
            let_know(self, name)
        if "slug" in self.fields:
            self.fields["slug"].required = False
        if "terms" in self.fields:
            self._show_terms()

    def _show_week(self, opening_hours: str) -> None:
        week = hours_week.to_week(opening_hours)
        self.week_shows_all = week is not None
        self.initial.update({WEEK[day]: text for day, text in (week or {}).items()})
        self.initial["week_holidays"] = hours_week.is_closed_on_holidays(opening_hours)
        self.are_hours_readable = not opening_hours or parse(opening_hours, "UTC") is not None

    def _show_terms(self) -> None:
        held = {getattr(term, "pk", term) for term in self.initial.get("terms") or ()}
        groups: dict[str, list[tuple[Any, str]]] = {}
        for term in Term.objects.order_by("vocabulary", "position", "pk"):
            if term.vocabulary in PLACE_VOCABULARIES or term.pk in held:
                label = str(Vocabulary(term.vocabulary).label)
                groups.setdefault(label, []).append((term.pk, term.label))
        field: Any = self.fields["terms"]
        field.help_text = ""
        field.widget = TermChoices()
        field.choices = list(groups.items())

    def is_valid(self) -> bool:
        """Refuse to save a form that is only drawn again."""
        return super().is_valid() and not self.is_halted

    @property
    def changed_data(self) -> list[str]:
        """Name the columns that were changed: the week changes the hours."""
        changed = [name for name, bound in self._bound_items() if bound._has_changed()]  # type: ignore[attr-defined]
        columns = [name for name in changed if name not in EXTRA]
        hours = self.__dict__.get("cleaned_data", {}).get("opening_hours")
        if hours is None or "opening_hours" not in self.fields:
            return columns
        if hours != (self.initial.get("opening_hours") or ""):
            return list(dict.fromkeys([*columns, "opening_hours"]))
        return [name for name in columns if name != "opening_hours"]

    def clean_slug(self) -> str:
        """Make an identifier from the name when none is given."""
        slug: str = self.cleaned_data["slug"]
        if slug:
            return slug
        wanted = slugify(self.cleaned_data.get("name", ""))[:SLUG_MAX] or "lieu"
        taken = set(
            Place.objects.filter(slug__startswith=wanted)
            .exclude(pk=self.instance.pk)
            .values_list("slug", flat=True)
        )
        numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
        return next(one for one in (wanted, *numbered) if one not in taken)

    def clean(self) -> dict[str, Any]:
        """Read the hours from what was changed; tell how a hand-placed point is known."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "opening_hours" in self.fields:
            self._clean_hours(data)
        moved = {"latitude", "longitude"} & set(super().changed_data)
        if moved and "position_precision" in data and "position_precision" not in self.changed_data:
            data["position_precision"] = PositionPrecision.ADDRESS
        return data

    def _clean_hours(self, data: dict[str, Any]) -> None:
        before = self.initial.get("opening_hours") or ""
        names = {*WEEK.values(), "week_holidays"}
        # A form sent without a week says nothing of it.
        is_sent = any(self.add_prefix(name) in self.data for name in WEEK.values())
        by_week = is_sent and any(self[name]._has_changed() for name in names)  # type: ignore[attr-defined]
        by_text = self["opening_hours"]._has_changed()  # type: ignore[attr-defined]
        kept = data.get("hours_from") or ""
        text = data.get("opening_hours") or ""
        if by_text:
            try:
                text = read_hours(text)
            except ValidationError as error:
                if kept != "week":
                    self.add_error("opening_hours", error)
                    return
        if not by_week or kept == "text":
            data["opening_hours"] = text if by_text else before
            return
        composed = self._composed(data)
        if composed is None:
            return
        if by_text and kept != "week" and text != composed:
            self.add_error(
                "hours_from",
                _("La semaine et le texte disent deux choses\u00a0: choisissez laquelle garder."),
            )
            return
        data["opening_hours"] = composed

    def _composed(self, data: dict[str, Any]) -> str | None:
        result = hours_week.to_osm(
            {day: data.get(name) or "" for day, name in WEEK.items()}, bool(data["week_holidays"])
        )
        for problem in result.problems:
            self.add_error(WEEK[problem.day], hours_week.REASONS[problem.reason])
        limit = Place._meta.get_field("opening_hours").max_length
        if len(result.opening_hours) > (limit or 0):
            self.add_error("opening_hours", _("Ces horaires sont trop longs."))
            return None
        return None if result.problems else result.opening_hours
