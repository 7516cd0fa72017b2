"""Actors, their services, the sources, and what visitors tell us."""

from django.contrib import admin

from directory.admin.actions import AssignedFilter, BulkActions
from directory.admin.base import QuickAdmin
from directory.admin.history import HistoryPages
from directory.admin.known_rows import KnownInline
from directory.admin.locking import LocksPartOfAPlace
from directory.admin.workflow import WorkflowAdmin
from directory.models import (
    Actor,
    Place,
    Service,
    ServiceArea,
    ServiceNeed,
    ServiceTerm,
    Source,
)


@admin.register(Source)
class SourceAdmin(QuickAdmin):
    """Producers' lists."""

    list_display = ("name", "publisher", "licence", "vintage_on", "priority")
    list_filter = ("licence",)
    search_fields = ("name", "slug", "publisher")


@admin.register(Actor)
class ActorAdmin(BulkActions, HistoryPages, WorkflowAdmin, QuickAdmin):
    """Organisations and networks."""

    list_display = ("name", "category", "level", "state")
    list_filter = ("state", AssignedFilter, "category", "level")
    search_fields = ("name", "short_name", "=slug")
    autocomplete_fields = ("regions", "departments", "communes", "member_of", "source")
    readonly_fields = ("created_at", "updated_at")
    prepopulated_fields = {"slug": ("name",)}


class ServiceNeedInline(KnownInline):
    """Needs that a service covers."""

    model = ServiceNeed
    extra = 0
    autocomplete_fields = ("need",)


class ServiceTermInline(KnownInline):
    """Properties of a service."""

    model = ServiceTerm
    extra = 0
    autocomplete_fields = ("term",)


class ServiceAreaInline(KnownInline):
    """Territories that a service covers."""

    model = ServiceArea
    extra = 0
    autocomplete_fields = ("region", "department", "commune")


class LocksServices(LocksPartOfAPlace):
    """What corrects an imported service locks those of its place."""

    locked_part = "services"

    def places_of(self, obj: Service | ServiceNeed | ServiceTerm | ServiceArea) -> list[Place]:
        """Return the place of an imported service: imports leave a person's own alone."""
        service = obj if isinstance(obj, Service) else obj.service
        return [service.place] if service.source_id and service.place else []


@admin.register(Service)
class ServiceAdmin(LocksServices):
    """Services."""

    list_display = ("name", "place", "actor", "state")
    list_select_related = ("place", "actor")
    list_filter = ("state", "source")
    search_fields = ("name", "place__search_text", "actor__name")
    autocomplete_fields = ("place", "actor", "source")
    readonly_fields = ("created_at", "updated_at")
    inlines = (ServiceNeedInline, ServiceTermInline, ServiceAreaInline)


@admin.register(ServiceNeed)
class ServiceNeedAdmin(LocksServices):
    """Needs covered, declared or deduced."""

    list_display = ("service", "need", "basis", "rule")
    list_select_related = ("service", "need")
    list_filter = ("basis", "rule", "need")
    search_fields = ("service__name", "need__label")
    autocomplete_fields = ("service", "need")


@admin.register(ServiceTerm)
class ServiceTermAdmin(LocksServices):
    """Properties of services."""

    list_display = ("service", "term", "days")
    list_select_related = ("service", "term")
    list_filter = ("term__vocabulary",)
    search_fields = ("service__name", "term__label")
    autocomplete_fields = ("service", "term")


@admin.register(ServiceArea)
class ServiceAreaAdmin(LocksServices):
    """Territories served."""

    list_display = ("service", "is_national", "region", "department", "commune")
    list_select_related = ("service", "region", "department", "commune")
    list_filter = ("is_national", "region")
    search_fields = ("service__name", "commune__name", "department__name")
    autocomplete_fields = ("service", "region", "department", "commune")
