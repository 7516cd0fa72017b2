"""Related rows that a form has already read: they are told to what proposes them while typing.

Django asks the database again for each of these fields, on each line of a form.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import QuerySet
from django.http import HttpRequest

from directory.admin.autocomplete import ReadableKeys


class _Known(ReadableKeys):
    """Already knows what its record holds: no query a field, nor a row."""

    known: Mapping[str, str] | None = None

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """Return the chosen rows alone, as the one this builds upon does with a query."""
        chosen = [str(one) for one in value if one not in (None, "")]
        if chosen and (self.known is None or not self.known.keys() >= set(chosen)):
            return super().optgroups(name, value, attr)
        widget: Any = self
        known = self.known or {}
        options = [
            widget.create_option(name, key, known[key], True, rank)
            for rank, key in enumerate(chosen)
        ]
        if not widget.is_required and not widget.allow_multiple_selected:
            options.insert(0, widget.create_option(name, "", "", False, 0))
        return [(None, options, 0)]


class KnownAutocomplete(_Known, AutocompleteSelect):
    """A related row, proposed while typing."""


class KnownAutocompleteMultiple(_Known, AutocompleteSelectMultiple):
    """Related rows, proposed while typing."""


def let_know(form: forms.ModelForm, name: str) -> None:
    """Tell the widget of a relation what the record, already read, holds there."""
    field = form.fields.get(name)
    widget: Any = getattr(field, "widget", None)
    known = getattr(widget, "widget", widget)
    if not form.instance.pk or not isinstance(known, _Known):
        return
    held: Any = getattr(form.instance, name)
    rows = held.all() if hasattr(held, "all") else [held] if held else []
    known.known = {str(row.pk): str(row) for row in rows}


class KnowingForm(forms.ModelForm):
    """A line that tells its fields what it holds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:
            let_know(self, name)


class KnownInline(admin.TabularInline):
    """Lines read with the rows that they name, however many lines there are."""

    form = KnowingForm

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Read the rows that lines name together with the lines."""
        return super().get_queryset(request).select_related(*self.autocomplete_fields)
