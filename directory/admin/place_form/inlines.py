"""Lines under a place: closures, stops, services with the needs that they cover."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from directory.admin.base import QuickAdmin
from directory.admin.known_rows import KnownAutocomplete, let_know
from directory.admin.place_form.fields import Drawn, read_hours
from directory.admin.place_form.sections import DOES, HOURS, WHERE
from directory.models import Closure, Need, Service, ServiceNeed, Stop
from directory.moderation import policy
from directory.vocabularies.names import Basis, State


class NeedStates(Drawn):
    """Needs declared, deduced, or neither. A deduction is ours: it is only left or lost."""

    page = "admin/directory/place/_needs.html"
    rows: tuple[dict[str, Any], ...] = ()

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> list[Any]:
        """Return nothing: rows are drawn instead, and thirty services would make 1,200 options."""
        return []


class ReadsHours(forms.ModelForm):
    """A line with hours of its own, typed in French or as an OSM string."""

    def clean_opening_hours(self) -> str:
        """Read them."""
        before = self.initial.get("opening_hours") or ""
        typed: str = self.cleaned_data["opening_hours"]
        return before if typed == before else read_hours(typed)


class StopForm(ReadsHours):
    """A stop."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        let_know(self, "commune")


class ServiceForm(ReadsHours):
    """A service and its needs."""

    all_needs: Any = ()
    covered = forms.MultipleChoiceField(
        label=_("démarches couvertes"), required=False, widget=NeedStates
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = {}
        if self.instance.pk:
            held = {one.need_id: one for one in self.instance.service_needs.all()}
        elif "state" in self.fields:
            self.initial.setdefault("state", State.PUBLISHED)
        self.held = held
        told = [f"{one.basis}:{one.need_id}" for one in held.values()]
        self.initial.setdefault("covered", told)
        field: Any = self.fields["covered"]
        field.choices = [
            (f"{basis}:{need.pk}", need.label) for need in self.all_needs for basis in Basis.values
        ]
        field.widget.rows = tuple(
            {
                "label": need.label,
                "declared": f"{Basis.DECLARED}:{need.pk}",
                "deduced": f"{Basis.DEDUCED}:{need.pk}",
                "rule": held[need.pk].rule if need.pk in held else "",
            }
            for need in self.all_needs
        )

    def clean_covered(self) -> dict[int, str]:
        """Return the basis of each need covered: what is declared is no longer deduced."""
        sent = dict.fromkeys(self.cleaned_data["covered"])
        told: dict[int, str] = {}
        for basis in (Basis.DEDUCED, Basis.DECLARED):
            for one in sent:
                name, _colon, key = one.partition(":")
                may = basis == Basis.DECLARED or self._is_deduced(int(key))
                if name == basis and may:
                    told[int(key)] = basis
        return told

    def _is_deduced(self, need: int) -> bool:
        return need in self.held and self.held[need].basis == Basis.DEDUCED

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        if "covered" in self.changed_data or not self.held:
            write_needs(self.instance, self.held, self.cleaned_data["covered"])


def write_needs(service: Service, held: dict[int, ServiceNeed], wanted: dict[int, str]) -> None:
    """Make a service cover these needs, by key, each on its basis."""
    for need, row in held.items():
        if need not in wanted:
            row.delete()
        elif wanted[need] == Basis.DECLARED and row.basis != Basis.DECLARED:
            row.basis, row.rule = Basis.DECLARED, ""
            row.save()
    for need in wanted.keys() - held.keys():
        ServiceNeed.objects.create(service=service, need_id=need, basis=Basis.DECLARED)


class ClosureInline(admin.StackedInline):
    """Dated closures of a place."""

    model = Closure
    extra = 1
    fields = (("starts_on", "ends_on", "reason"),)
    section = HOURS


class StopInline(admin.StackedInline):
    """Stops of an itinerant place."""

    model = Stop
    form = StopForm
    fields = (("commune", "label"), ("on", "opening_hours"))
    show_change_link = True
    section = WHERE

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stop]:
        """Read communes with the stops."""
        rows: QuerySet[Stop] = super().get_queryset(request).select_related("commune")
        return rows

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Offer an empty line where a place moves; elsewhere it is asked for."""
        return int(bool(obj and obj.is_itinerant))

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Propose communes while typing, without a query for each stop."""
        if db_field.name == "commune":
            kwargs["widget"] = KnownAutocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ServiceInline(admin.StackedInline):
    """Services given at a place."""

    model = Service
    form = ServiceForm
    formfield_overrides = QuickAdmin.formfield_overrides
    fields = (
        "name", "description", "covered", ("how_to_book", "booking_url"), "opening_hours", "state",
    )  # fmt: skip
    show_change_link = True
    section = DOES

    def get_queryset(self, request: HttpRequest) -> QuerySet[Service]:
        """Read needs with the services."""
        rows: QuerySet[Service] = super().get_queryset(request)
        return rows.prefetch_related("service_needs")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Offer an empty service where there is none."""
        return int(obj is None)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Add what an organisation reads and does not change."""
        reserved = policy.reserved_fields(request.user, Service) & {"state"}
        return (*super().get_readonly_fields(request, obj), *sorted(reserved))

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Give every service the same list of needs."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.all_needs = SimpleLazyObject(lambda: list(Need.objects.all()))  # type: ignore[attr-defined]
        return formset

    @admin.display(description=_("démarches couvertes"))
    def covered(self, obj: Service) -> str:
        """Tell the needs to who only reads."""
        return ", ".join(
            f"{one.need.short_label} ({one.get_basis_display()})"
            for one in obj.service_needs.select_related("need")
        )
