"""What imports propose for corrected fields: in one list for all places, and beside each place."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from directory.admin.base import QuickAdmin
from directory.exchange import place_state, proposals
from directory.models import FieldProvenance, Place
from directory.moderation import policy
from directory.moderation.policy import Action

Chosen = Iterable[FieldProvenance]


def listed(place: Place) -> list[dict[str, Any]]:
    """Return the proposals made for a place, as its page shows them."""
    found = proposals.waiting(place).select_related("place__commune", "source").order_by("field")
    return [
        {
            "label": place_state.label(one.field),
            "values": proposals.shown(one),
            "source": one.source,
            "at_once": proposals.is_written_at_once(one.field),
            "urls": {
                answer: reverse(f"admin:directory_fieldprovenance_{answer}", args=[one.pk])
                for answer in ("accept", "keep")
            },
        }
        for one in found
    ]


class HasProposal(admin.SimpleListFilter):
    """Fields for which an import proposes something."""

    title = _("proposition")
    parameter_name = "proposition"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """One choice only."""
        return [("oui", _("À examiner"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep those that wait for somebody's word."""
        return queryset.proposed() if self.value() == "oui" else queryset


class ByPart(admin.SimpleListFilter):
    """Parts of places, by the names that people know."""

    title = _("champ")
    parameter_name = "field"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Those that have an origin of their own."""
        fields = FieldProvenance.objects.order_by().values_list("field", flat=True).distinct()
        return sorted(((name, place_state.label(name)) for name in fields), key=lambda it: it[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep one."""
        return queryset.filter(field=self.value()) if self.value() else queryset


class ProposalsAdmin(QuickAdmin):
    """Fields with an origin of their own; the proposals are answered in one click."""

    list_display = ("place", "part", "is_locked", "ours", "proposed", "source", "recorded_at")
    list_select_related = ("place__commune", "source")
    list_filter = (HasProposal, "is_locked", ByPart)
    actions = ("accept_chosen", "keep_chosen")
    # What is proposed comes from files alone: accepting it writes it on the place.
    readonly_fields = ("proposal", "declined", "recorded_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep what a row speaks of: another field is another row."""
        own = super().get_readonly_fields(request, obj)
        return (*own, "place", "field", "source") if obj else own

    def get_urls(self) -> list[Any]:
        """Add an address for each answer."""
        own = [
            path(
                f"<int:key>/{address}/",
                self._answered(answer),
                name=f"directory_fieldprovenance_{answer}",
            )
            for address, answer in (("accepter", "accept"), ("garder", "keep"))
        ]
        return own + list(super().get_urls())

    @admin.display(description=_("champ"), ordering="field")
    def part(self, obj: FieldProvenance) -> str:
        """Return the field's name as people know it."""
        return place_state.label(obj.field)

    @admin.display(description=_("notre valeur"))
    def ours(self, obj: FieldProvenance) -> str:
        """Return our value of a field for which something is proposed."""
        return proposals.shown(obj)[0][:200] if obj.proposal is not None else ""

    @admin.display(description=_("valeur proposée"))
    def proposed(self, obj: FieldProvenance) -> str:
        """Return what an import proposes."""
        return proposals.shown(obj)[1][:200]

    @admin.action(description=_("Accepter la valeur proposée"), permissions=["change"])
    def accept_chosen(self, request: HttpRequest, queryset: Chosen) -> None:
        """Put the proposed values in place of ours."""
        self._answer(request, "accept", queryset)

    @admin.action(description=_("Garder notre valeur"), permissions=["change"])
    def keep_chosen(self, request: HttpRequest, queryset: Chosen) -> None:
        """Keep ours, and propose these no more."""
        self._answer(request, "keep", queryset)

    def _answered(self, answer: str) -> Any:
        """Return the view of an answer given beside a place, to which it goes back."""

        def view(request: HttpRequest, key: int) -> HttpResponse:
            found = self.get_object(request, unquote(str(key)))
            if not self.has_change_permission(request, found):
                raise PermissionDenied
            rows = policy.scope(request.user, FieldProvenance, Action.CHANGE).filter(pk=key)
            self._answer(request, answer, rows)
            # Accepting may have given the field back to its source: no row is left to be found.
            place = found.place_id if found else 0
            if policy.scope(request.user, Place).filter(pk=place).exists():
                return HttpResponseRedirect(reverse("admin:directory_place_change", args=[place]))
            return HttpResponseRedirect(reverse("admin:directory_fieldprovenance_changelist"))

        return self.admin_site.admin_view(require_POST(view))

    def _answer(self, request: HttpRequest, answer: str, chosen: Chosen) -> None:
        chosen = list(chosen)
        with transaction.atomic():
            count = {"accept": proposals.accept, "keep": proposals.keep}[answer](chosen)
            places = {one.place_id for one in chosen}
            kept = policy.scope(request.user, Place, Action.CHANGE).filter(pk__in=places)
            if kept.count() < len(places):
                transaction.set_rollback(True)
                messages.error(
                    request,
                    _(
                        "Un de ces lieux sortirait de votre territoire\u00a0: rien n’a été écrit. "
                        "Écrivez à l’administration nationale."
                    ),
                )
                return
        told = {
            "accept": ngettext("%(count)s valeur acceptée.", "%(count)s valeurs acceptées.", count),
            "keep": ngettext("%(count)s valeur gardée.", "%(count)s valeurs gardées.", count),
        }
        messages.success(request, told[answer] % {"count": count})
