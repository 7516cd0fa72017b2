"""Mappings of producers' columns."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from directory.admin.base import QuickAdmin
from directory.exchange import mapping_loader
from directory.exchange.mapping_text import MappingError
from directory.models import ImportMapping


class ImportMappingForm(forms.ModelForm):
    """A mapping, refused with words that say what to write."""

    class Meta:
        model = ImportMapping
        fields = ("slug", "text", "is_active")

    def clean_text(self) -> str:
        """Check the whole mapping against the vocabularies."""
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        try:
            self.instance.title = mapping_loader.check(text).title[:160]
        except MappingError as error:
            raise forms.ValidationError(str(error)) from error
        return text


@admin.register(ImportMapping)
class ImportMappingAdmin(QuickAdmin):
    """Mappings, shipped or written here."""

    form = ImportMappingForm
    list_display = ("title", "slug", "is_active", "updated_at")
    list_filter = ("is_active",)
    search_fields = ("title", "slug", "text")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the identifier that commands use."""
        return ("slug",) if obj else ()
