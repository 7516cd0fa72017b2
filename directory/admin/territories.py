"""Territories: read from INSEE's code, looked at rather than edited."""

from django.contrib import admin

from directory.admin.base import QuickAdmin
from directory.models import Commune, CommuneName, Department, Postcode, Region


@admin.register(Region)
class RegionAdmin(QuickAdmin):
    """Regions."""

    list_display = ("code", "name", "population")
    search_fields = ("name", "=code")


@admin.register(Department)
class DepartmentAdmin(QuickAdmin):
    """Departments."""

    list_display = ("code", "name", "region", "time_zone")
    list_select_related = ("region",)
    list_filter = ("region",)
    search_fields = ("name", "normalized_name", "=code")
    readonly_fields = ("normalized_name",)


class PostcodeInline(admin.TabularInline):
    """Postcodes of a commune."""

    model = Postcode
    extra = 0


class CommuneNameInline(admin.TabularInline):
    """Names of a commune."""

    model = CommuneName
    extra = 0


@admin.register(Commune)
class CommuneAdmin(QuickAdmin):
    """Communes: found by name, old name, code or postcode."""

    list_display = ("code", "name", "department", "population", "position_source")
    list_select_related = ("department",)
    list_filter = ("department__region", "position_source")
    search_fields = ("name", "=code", "names__normalized", "=postcodes__code")
    autocomplete_fields = ("department", "parent")
    inlines = (CommuneNameInline, PostcodeInline)


@admin.register(CommuneName)
class CommuneNameAdmin(QuickAdmin):
    """Names by which communes are found."""

    list_display = ("name", "normalized", "kind", "commune")
    list_select_related = ("commune",)
    list_filter = ("kind",)
    search_fields = ("normalized", "=commune__code", "=former_code")
    autocomplete_fields = ("commune",)


@admin.register(Postcode)
class PostcodeAdmin(QuickAdmin):
    """Postcodes."""

    list_display = ("code", "commune")
    list_select_related = ("commune",)
    search_fields = ("=code", "commune__name")
    autocomplete_fields = ("commune",)
