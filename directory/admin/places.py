"""Places, with their closures and stops."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from directory.admin.base import QuickAdmin
from directory.admin.home import EndingFilter, FreshnessFilter
from directory.admin.place_form.corrected import corrected_parts
from directory.admin.place_form.editing import PlaceEditing
from directory.exchange import locks
from directory.models import Closure, FieldProvenance, Place, PlaceSource, Stop


@admin.register(Place)
class PlaceAdmin(PlaceEditing):
    """Places: found by name, town, operator or postcode."""

    list_display = ("name", "commune", "operator", "state", "verified_on", "source")
    list_select_related = ("commune", "operator", "source")
    list_filter = ("state", FreshnessFilter, "itinerancy", "source", "commune__department__region")
    search_fields = ("search_text", "=postcode", "=slug")
    date_hierarchy = "source_updated_on"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Lock what a moderator corrected: the next import leaves it alone."""
        super().save_related(request, form, formsets, change)
        if change:
            locks.lock(form.instance, corrected_parts(form, formsets))


@admin.register(Closure)
class ClosureAdmin(QuickAdmin):
    """Closures."""

    list_display = ("place", "starts_on", "ends_on", "reason")
    list_select_related = ("place",)
    list_filter = (EndingFilter, "starts_on")
    search_fields = ("place__search_text", "reason")
    autocomplete_fields = ("place",)


@admin.register(Stop)
class StopAdmin(QuickAdmin):
    """Stops."""

    list_display = ("place", "commune", "label", "on", "opening_hours")
    list_select_related = ("place", "commune")
    list_filter = ("commune__department__region",)
    search_fields = ("place__search_text", "commune__name", "label")
    autocomplete_fields = ("place", "commune")


@admin.register(PlaceSource)
class PlaceSourceAdmin(QuickAdmin):
    """Producers' identifiers."""

    list_display = ("source", "external_id", "place", "last_seen_on", "missing_since")
    list_select_related = ("source", "place")
    list_filter = ("source", "missed_files")
    search_fields = ("=external_id", "place__search_text")
    autocomplete_fields = ("source", "place")


@admin.register(FieldProvenance)
class FieldProvenanceAdmin(QuickAdmin):
    """Fields that a person corrected, and what imports propose for them."""

    list_display = ("place", "field", "is_locked", "proposal", "recorded_at")
    list_select_related = ("place",)
    list_filter = ("is_locked", "field")
    search_fields = ("place__search_text", "field")
    autocomplete_fields = ("place", "source")
