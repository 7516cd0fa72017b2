"""The parameters of a search's address, of docs/url-contract.md: their names, what they accept."""

from functools import cache
from typing import Any, cast

import django_filters
from django.utils.translation import gettext_lazy as _

from directory.models import Place
from directory.search.boxes import BoxFilter
from directory.search.criteria import Sort
from directory.search.fields import (
    NO_POSITION,
    TOO_LONG,
    FacetFilter,
    SearchForm,
    Shared,
)

RADII = (5, 10, 20, 50, 100)
"""Radii offered, in km."""

TEXT_MAX = 200
"""Characters read in a free text field."""

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
"""Codes of the days in addresses; Monday first."""


def _facet(label: Any) -> FacetFilter:
    return FacetFilter(label=label, method="keep")


class Parameters(django_filters.FilterSet):
    """Reads the parameters; what they mean together is told by `SearchFilter`."""

    ou = django_filters.CharFilter(
        label=_("Où\u00a0?"),
        method="keep",
        max_length=TEXT_MAX,
        error_messages={
            "max_length": _("Ce texte est trop long. Écrivez juste le nom d’une commune.")
        },
    )
    lat = django_filters.NumberFilter(
        method="keep", min_value=-90, max_value=90, error_messages=NO_POSITION
    )
    lon = django_filters.NumberFilter(
        method="keep", min_value=-180, max_value=180, error_messages=NO_POSITION
    )
    bbox = BoxFilter(label=_("Zone de la carte"), method="keep")
    q = django_filters.CharFilter(
        label=_("Mots à chercher"),
        method="keep",
        max_length=TEXT_MAX,
        error_messages={"max_length": TOO_LONG},
    )
    rayon = django_filters.TypedChoiceFilter(
        label=_("Distance"),
        method="keep",
        choices=[(str(km), f"{km} km") for km in RADII],
        coerce=int,
        empty_value=None,
        error_messages={
            "invalid_choice": _("Cette distance n’existe pas. Choisissez-en une dans la liste.")
        },
    )
    besoin = _facet(_("De quoi avez-vous besoin\u00a0?"))
    mode = _facet(_("Comment on vous aide"))
    acces = _facet(_("Quand et comment venir"))
    public = _facet(_("Pour qui"))
    accueil = _facet(_("Accueil adapté"))
    langue = _facet(_("Langues parlées"))
    prix = _facet(_("Prix"))
    materiel = _facet(_("Matériel sur place"))
    activite = _facet(_("Activités"))
    reseau = _facet(_("Réseaux et labels"))
    type = _facet(_("Type de lieu"))
    itinerant = _facet(_("Lieux qui se déplacent"))
    verifie = _facet(_("Fiches vérifiées depuis moins d’un an"))
    departement = _facet(_("Département"))
    region = _facet(_("Région"))
    declare = _facet(_("Seulement ce que le lieu a déclaré"))
    jour = django_filters.ChoiceFilter(
        label=_("Jour"),
        method="keep",
        choices=[(day, day) for day in DAYS],
        error_messages={"invalid_choice": _("Ce jour n’existe pas. Par exemple\u00a0: lundi.")},
    )
    heure = django_filters.TimeFilter(
        label=_("Heure"),
        method="keep",
        input_formats=["%H:%M", "%Hh%M", "%Hh", "%H", "%H h %M", "%H h"],
        error_messages={"invalid": _("Écrivez une heure. Par exemple\u00a0: 14\u00a0h\u00a030.")},
    )
    tri = django_filters.ChoiceFilter(
        label=_("Ordre"),
        method="keep",
        choices=[(sort.value, sort.value) for sort in Sort],
        error_messages={"invalid_choice": _("Cet ordre n’existe pas.")},
    )

    class Meta:
        model = Place
        form = SearchForm
        fields: list[str] = []

    def get_form_class(self) -> "FormClass":
        """Return the form's class, made once: its fields depend on nothing but the declarations."""
        return _form_class()


FormClass = type[SearchForm]

Parameters.base_filters = Shared(Parameters.base_filters)


@cache
def _form_class() -> FormClass:
    fields = {name: declared.field for name, declared in Parameters.base_filters.items()}
    made: Any = type("SearchFilterForm", (SearchForm,), fields)
    made.base_fields = Shared(made.base_fields)
    return cast("FormClass", made)
