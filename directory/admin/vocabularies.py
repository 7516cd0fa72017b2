"""Vocabularies, needs, helplines: the words of the directory."""

from django.contrib import admin

from directory.admin.base import QuickAdmin
from directory.models import (
    Change,
    Helpline,
    LoadedFixture,
    Need,
    NeedMapping,
    NeedTranslation,
    Synonym,
    Term,
)


@admin.register(Term)
class TermAdmin(QuickAdmin):
    """Values of the controlled vocabularies."""

    list_display = ("label", "vocabulary", "code", "published")
    list_filter = ("vocabulary",)
    search_fields = ("label", "code", "published")


class SynonymInline(admin.TabularInline):
    """Other ways to say a need."""

    model = Synonym
    extra = 1


class NeedMappingInline(admin.TabularInline):
    """What other vocabularies say of a need."""

    model = NeedMapping
    extra = 0


class NeedTranslationInline(admin.StackedInline):
    """What a need is called, and what to bring, in other languages."""

    model = NeedTranslation
    extra = 0


@admin.register(Need)
class NeedAdmin(QuickAdmin):
    """Health needs."""

    list_display = ("label", "code", "parent", "is_on_home", "position")
    list_select_related = ("parent",)
    list_filter = ("is_on_home",)
    search_fields = ("label", "code", "synonyms__normalized")
    autocomplete_fields = ("parent", "helplines")
    inlines = (NeedTranslationInline, SynonymInline, NeedMappingInline)


@admin.register(Synonym)
class SynonymAdmin(QuickAdmin):
    """Synonyms."""

    list_display = ("text", "language", "need")
    list_select_related = ("need",)
    list_filter = ("language", "need")
    search_fields = ("text", "normalized")
    autocomplete_fields = ("need",)


@admin.register(NeedTranslation)
class NeedTranslationAdmin(QuickAdmin):
    """Needs in other languages, and which of them a native speaker has read."""

    list_display = ("label", "language", "need", "is_reviewed")
    list_select_related = ("need",)
    list_filter = ("language", "is_reviewed")
    search_fields = ("label", "need__label")
    autocomplete_fields = ("need",)


@admin.register(NeedMapping)
class NeedMappingAdmin(QuickAdmin):
    """Mappings to published codes."""

    list_display = ("vocabulary", "code", "need")
    list_select_related = ("need",)
    list_filter = ("vocabulary",)
    search_fields = ("code", "need__label")
    autocomplete_fields = ("need",)


@admin.register(Helpline)
class HelplineAdmin(QuickAdmin):
    """Phone lines."""

    list_display = ("name", "display", "is_general", "verified_on")
    list_filter = ("is_general",)
    search_fields = ("name", "phone", "display")


@admin.register(LoadedFixture)
class LoadedFixtureAdmin(QuickAdmin):
    """Which shipped data were loaded, and when."""

    list_display = ("name", "digest", "loaded_at")
    search_fields = ("name",)
    list_filter = ("loaded_at",)
    readonly_fields = ("name", "digest")


@admin.register(Change)
class ChangeAdmin(QuickAdmin):
    """What the search index has to read again; written by the database itself."""

    list_display = ("id", "kind", "object_id", "changed_at")
    list_filter = ("kind",)
    search_fields = ("=object_id",)
    readonly_fields = ("kind", "object_id", "changed_at", "transaction_id")
