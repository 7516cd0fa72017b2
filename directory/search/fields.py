"""The fields of the search form: they keep what was typed, and say what they cannot read."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from directory.models import Need

TOO_LONG = _("Ce texte est trop long. Écrivez quelques mots.")
NOT_OFFERED = _("Ce choix n’est pas dans notre liste. Nous n’en avons pas tenu compte.")

NO_SUCH_NEED = _("Cette démarche n’est pas dans notre liste. Choisissez-en une autre.")
NO_POSITION = dict.fromkeys(
    ("invalid", "min_value", "max_value"),
    _("Cette position n’est pas lisible. Écrivez plutôt le nom de votre commune."),
)


class SearchForm(forms.Form):
    """The search form: keeps what was typed, even when it cannot be read."""

    needs: Sequence[Need] = ()
    radius_options: Sequence[Any] = ()

    @property
    def selected_need(self) -> Need | None:
        """The first chosen need, None when none is."""
        codes = self.data.getlist("besoin") if hasattr(self.data, "getlist") else []
        return next((need for need in self.needs if need.code in codes), None)


class ReadableChoices(forms.MultipleChoiceField):
    """Keeps the values it knows and says which it does not: one bad value loses no other."""

    unknown: Sequence[str] = ()

    def validate(self, value: list[str]) -> None:
        """Accept every value; `clean` sorts them."""

    def clean(self, value: Any) -> list[str]:
        """Return the known values, each once, in the order of the vocabulary."""
        typed = set(self.to_python(value))
        known = [code for code, _label in self.widget.choices if code in typed]
        self.unknown = sorted(typed - set(known))
        return known


class FacetFilter(django_filters.MultipleChoiceFilter):
    """A facet: several values mean OR."""

    field_class = ReadableChoices
