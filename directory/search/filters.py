"""The only reader of a search's query string, and what it means in SQL.

Every surface goes through `SearchFilter`: the HTML pages, later the map, the API and exports. A
value it cannot read is a form error beside its field; the other values are kept and applied.
"""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import BooleanField, Exists, OuterRef, Value
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from directory.models import Need, Place, ServiceNeed
from directory.models.querysets import PlaceQuerySet
from directory.search.where import Where, understand
from directory.vocabularies.names import State

RADII = (5, 10, 20, 50, 100)
"""Radii offered, in km."""

DEFAULT_RADIUS = 20
"""km: what half an hour by car or bus covers; France Services aims at 30 minutes from everyone."""

TEXT_MAX = 200
"""Characters read in a free text field."""


class SearchForm(forms.Form):
    """The search form: keeps what was typed, even when it cannot be read."""

    needs: Sequence[Need] = ()
    radius_options: Sequence[Any] = ()

    @property
    def selected_need(self) -> Need | None:
        """The first chosen need, None when none is."""
        codes = self.data.getlist("besoin") if hasattr(self.data, "getlist") else []
        return next((need for need in self.needs if need.code in codes), None)


class SearchFilter(django_filters.FilterSet):
    """Reads `ou`, `besoin`, `q` and `rayon` (docs/url-contract.md)."""

    ou = django_filters.CharFilter(
        label=_("Où ?"),
        method="keep",
        max_length=TEXT_MAX,
        error_messages={
            "max_length": _("Ce texte est trop long. Écrivez juste le nom d’une commune.")
        },
    )
    besoin = django_filters.MultipleChoiceFilter(
        label=_("De quoi avez-vous besoin ?"),
        method="keep",
        error_messages={
            "invalid_choice": _(
                "Cette démarche n’est pas dans notre liste. Choisissez-en une autre."
            )
        },
    )
    q = django_filters.CharFilter(
        label=_("Mots à chercher"),
        method="keep",
        max_length=TEXT_MAX,
        error_messages={"max_length": _("Ce texte est trop long. Écrivez quelques mots.")},
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

    class Meta:
        model = Place
        form = SearchForm
        fields: list[str] = []

    def __init__(
        self, data: QueryDict | None = None, queryset: PlaceQuerySet | None = None, **kwargs: Any
    ) -> None:
        if data is not None:
            data = data.copy()
            # "besoin=" is what a form sends for "anything": absent, not unreadable.
            data.setlist("besoin", [code for code in data.getlist("besoin") if code])
        super().__init__(data, queryset if queryset is not None else Place.objects.all(), **kwargs)
        self.needs = list(Need.objects.select_related("parent"))
        self.form.needs = self.needs
        self.form.fields["besoin"].choices = [(n.code, n.label) for n in self.needs]
        self.form.is_valid()
        self.where: Where = understand(self.value("ou") or "")

    def keep(self, queryset: PlaceQuerySet, name: str, value: Any) -> PlaceQuerySet:
        """Leave the queryset as it is: the fields mean something together, see `located`."""
        return queryset

    def value(self, name: str) -> Any:
        """Return a field's readable value, None when absent or unreadable."""
        return self.form.cleaned_data.get(name) or None

    @property
    def chosen_needs(self) -> list[Need]:
        """The needs asked for."""
        codes = set(self.value("besoin") or ())
        return [need for need in self.needs if need.code in codes]

    @property
    def need_codes(self) -> list[str]:
        """Codes of services that answer: the needs, their children, and their parent.

        A producer often declares only "une démarche de santé en ligne", the parent: it answers too,
        after the exact ones (`exact_first`).
        """
        chosen = self.chosen_needs
        wanted = {need.code for need in chosen}
        children = {n.code for n in self.needs if n.parent and n.parent.code in wanted}
        parents = {need.parent.code for need in chosen if need.parent}
        return sorted(wanted | children | parents)

    @property
    def radius(self) -> int:
        """The radius asked for, in km."""
        return self.value("rayon") or DEFAULT_RADIUS

    def matching(self) -> PlaceQuerySet:
        """Published places that match needs and text, wherever they are."""
        places = self.queryset.published().covering(self.need_codes)
        return places.matching(self.value("q")) if self.value("q") else places

    def located(self, radius: int | None = None) -> PlaceQuerySet:
        """Return `matching` places inside the searched territory, with distances if it is a point.

        `radius` is in km, by default the one asked for.
        """
        places = self.matching()
        if self.where.point:
            return places.near(self.where.point, radius or self.radius)
        if self.where.commune:
            # A commune without a known centre: its whole territory is listed.
            return places.filter(commune__department=self.where.commune.department_id)
        if self.where.department:
            return places.filter(commune__department=self.where.department.pk)
        if self.where.region:
            return places.filter(commune__department__region=self.where.region.pk)
        return places

    def ordered(self, radius: int | None = None) -> PlaceQuerySet:
        """Return `located` places: exact needs first, then by distance, or by commune and name."""
        places = self.located(radius).annotate(is_exact=self._exact())
        nearness = ["distance"] if self.where.point else ["commune__name", "name"]
        return places.order_by("-is_exact", *nearness, "pk")

    def filter_queryset(self, queryset: PlaceQuerySet) -> PlaceQuerySet:
        """Give `.qs` the whole meaning of the query string."""
        return self.ordered()

    def _exact(self) -> Exists | Value:
        """Whether a place covers more than the general need that its producer declared."""
        parents = {need.parent.code for need in self.chosen_needs if need.parent}
        exact = sorted(set(self.need_codes) - parents)
        if not parents or not exact:
            return Value(True, output_field=BooleanField())
        return Exists(
            ServiceNeed.objects.filter(
                service__place=OuterRef("pk"),
                service__state=State.PUBLISHED,
                need__code__in=exact,
            )
        )
