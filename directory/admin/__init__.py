"""The admin site, a module for each family of models."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from directory.admin import (
    accounts,
    actors,
    campaigns,
    contributions,
    duplicates,
    home,
    import_runs,
    imports,
    places,
    revisions,
    territories,
    vocabularies,
)

__all__ = [
    "accounts",
    "actors",
    "campaigns",
    "contributions",
    "duplicates",
    "home",
    "import_runs",
    "imports",
    "places",
    "revisions",
    "territories",
    "vocabularies",
]

admin.site.site_header = _("Coup de main santé\u00a0: modération")
admin.site.site_title = _("Modération")
admin.site.index_title = _("L’annuaire")
