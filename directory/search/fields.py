"""The fields of the search form: they keep what was typed, and say what they cannot read."""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from copy import copy
from typing import Any, TypeVar

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


class ReadableChoices(forms.Field):
    """Keeps the values it knows and says which it does not: one bad value loses no other.

    `offered` are the codes it knows, in their order. No Django field of choices: it would copy and
    check the three hundred of them at each search, a third of the time of reading an address.
    """

    widget = forms.SelectMultiple
    offered: Collection[str] = ()
    unknown: Sequence[str] = ()

    def clean(self, value: Any) -> list[str]:
        """Return the known values, each once, in the order of the vocabulary."""
        if not value:
            return []
        typed = set(value)
        self.unknown = sorted(code for code in typed if code not in self.offered)
        return [code for code in self.offered if code in typed]


class FacetFilter(django_filters.Filter):
    """A facet: several values mean OR."""

    field_class = ReadableChoices


Declared = TypeVar("Declared", django_filters.Filter, forms.Field)


class Shared(OrderedDict[str, Declared]):
    """Declarations of which each search takes plain copies: it alters none deeply.

    Django's own deep copies took a third of the time of reading an address.
    """

    def __deepcopy__(self, memo: object) -> "Shared[Declared]":
        return Shared((name, copy(own)) for name, own in self.items())
