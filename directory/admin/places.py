"""Places, with their closures and stops."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from directory.admin.actions import AssignedFilter, BulkActions
from directory.admin.base import QuickAdmin
from directory.admin.history import HistoryPages
from directory.admin.home import EndingFilter
from directory.admin.locking import LocksPartOfAPlace
from directory.admin.place_form.corrected import corrected_parts
from directory.admin.place_form.editing import PlaceEditing
from directory.admin.proposals import ProposalsAdmin, listed
from directory.admin.trust_filters import CompletenessFilter, StaleFilter
from directory.admin.workflow import WorkflowAdmin
from directory.exchange import locks
from directory.models import Closure, FieldProvenance, Place, PlaceSource, Stop


@admin.register(Place)
class PlaceAdmin(BulkActions, HistoryPages, WorkflowAdmin, PlaceEditing):
    """Places: found by name, town, operator or postcode."""

    list_display = (
        "name", "commune", "operator", "state", "verified_on", "completeness", "source",
    )  # fmt: skip
    list_select_related = ("commune", "operator", "source")
    list_filter = (
        "state", AssignedFilter, StaleFilter, CompletenessFilter, "itinerancy", "source",
        "commune__department__region",
    )  # fmt: skip
    search_fields = ("search_text", "=postcode", "=slug")
    date_hierarchy = "source_updated_on"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Lock what a moderator corrected: the next import leaves it alone."""
        super().save_related(request, form, formsets, change)
        if change:
            locks.lock(form.instance, corrected_parts(form, formsets))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add what imports propose for this place."""
        place = context.get("original")
        more = {"proposals": listed(place)} if place else {}
        return super().render_change_form(request, context | more, *args, **kwargs)


@admin.register(Closure)
class ClosureAdmin(QuickAdmin):
    """Closures."""

    list_display = ("place", "starts_on", "ends_on", "reason")
    list_select_related = ("place",)
    list_filter = (EndingFilter, "starts_on")
    search_fields = ("place__search_text", "reason")
    autocomplete_fields = ("place",)


@admin.register(Stop)
class StopAdmin(LocksPartOfAPlace):
    """Stops."""

    locked_part = "stops"

    def places_of(self, obj: Stop) -> Iterable[Place | None]:
        """Return the place of a recurring stop: imports leave dated ones alone."""
        return [obj.place] if obj.on is None else []

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
class FieldProvenanceAdmin(ProposalsAdmin):
    """Fields that a person corrected, and what imports propose for them."""

    search_fields = ("place__search_text", "field")
    autocomplete_fields = ("place", "source")
