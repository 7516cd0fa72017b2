"""Picks places by how complete they are, and by what nobody checked lately."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.moderation import freshness_rules
from directory.moderation.freshness_rules import Kind


class CompletenessFilter(admin.SimpleListFilter):
    """By score, in three parts."""

    title = _("fiche complète")
    parameter_name = "complete"
    BOUNDS = {"peu": (0, 39), "moitie": (40, 79), "bien": (80, 100)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the parts."""
        return [
            ("peu", _("À moins de 40 %")),
            ("moitie", _("De 40 à 79 %")),
            ("bien", _("À 80 % ou plus")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep the places of the part."""
        bounds = self.BOUNDS.get(self.value() or "")
        return queryset.filter(completeness__range=bounds) if bounds else queryset


class StaleFilter(admin.SimpleListFilter):
    """By what is to be checked again, after the months of freshness_rules."""

    title = _("à vérifier de nouveau")
    parameter_name = "perime"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the kinds of fields."""
        return [
            (Kind.HOURS, _("Les horaires")),
            (Kind.PHONE, _("Le téléphone")),
            (Kind.RECORD, _("La fiche")),
            (Kind.ADDRESS, _("L’adresse")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep the places whose fields of this kind are stale."""
        asked = self.value() or ""
        if asked not in set(Kind):
            return queryset
        return freshness_rules.stale(queryset, Kind(asked), timezone.localdate())
