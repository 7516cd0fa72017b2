"""The change page of places: nothing typed is lost, nothing is overwritten unseen."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import select_template
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from directory.admin.base import QuickAdmin
from directory.admin.known_rows import KnownAutocomplete, KnownAutocompleteMultiple
from directory.admin.place_form import pointing, week_answers
from directory.admin.place_form.conflicts import Sent
from directory.admin.place_form.form import ROWS, PlaceForm
from directory.admin.place_form.inlines import ClosureInline, ServiceInline, StopInline
from directory.admin.place_form.sections import sections
from directory.admin.place_form.version import MANY
from directory.models import Place
from directory.moderation import policy
from directory.moderation.place_warnings import warnings_of
from mediation import public_pages

PREVIEW = "_preview"
BASES = ["admin/directory/place/change_form.html", "admin/change_form.html"]
"""What the page extends: what others add to the form of a place, when there is some."""


class PlaceEditing(QuickAdmin):
    """Sections, lines, conflicts, preview, point and warnings."""

    form = PlaceForm
    inlines = (StopInline, ClosureInline, ServiceInline)
    change_form_template = "admin/directory/place/edit.html"
    autocomplete_fields = ("commune", "operator", "networks", "principal", "source")
    readonly_fields = ("completeness", "created_at", "updated_at")
    prepopulated_fields = {"slug": ("name",)}

    def get_urls(self) -> list[Any]:
        """Add what reads a week while it is typed."""
        read = self.admin_site.admin_view(require_POST(self.read_week))
        return [path("semaine/", read, name="directory_place_week"), *super().get_urls()]

    def read_week(self, request: HttpRequest) -> JsonResponse:
        """Answer the week of a text, or the text of a week."""
        return JsonResponse(week_answers.answer(request.POST))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Follow the task rather than the table."""
        return sections(obj is None or self.has_change_permission(request, obj))

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer no button to delete a commune or a structure beside the place that names it."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and hasattr(field.widget, "can_delete_related"):
            field.widget.can_delete_related = False
        return field

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Say to the form what others saved meanwhile, and whether it is only drawn again."""
        made: Any = super().get_form(request, obj, change=change, **kwargs)
        made.conflict = getattr(request, "place_conflict", None)
        made.is_halted = bool(made.conflict) or getattr(request, "place_is_drawn_again", False)
        return made

    def get_queryset(self, request: HttpRequest) -> QuerySet[Place]:
        """Read for its form the commune with the place: its point and its zone are told."""
        rows: QuerySet[Place] = super().get_queryset(request)
        return rows.select_related(*ROWS, "commune__department") if _is_form(request) else rows

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Place | None:
        """Read once the rows that the form, its choices and its version ask for."""
        place = super().get_object(request, object_id, from_field)
        is_form = request.resolver_match is None or str(request.resolver_match.url_name).endswith(
            "_change"
        )
        if place is not None and is_form:
            prefetch_related_objects([place], *MANY)
        return place

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Propose networks while typing, without a query for those held."""
        if db_field.name == "networks":
            kwargs["widget"] = KnownAutocompleteMultiple(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Propose while typing, without a query for what is held."""
        if db_field.name in ROWS:
            kwargs["widget"] = KnownAutocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Settle what others saved first; then save, or only show what would be."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            self._settle(request, object_id)
            answer = super().changeform_view(request, object_id, form_url, extra_context)
            if PREVIEW in request.POST:
                transaction.set_rollback(True)
        return answer

    def _settle(self, request: HttpRequest, object_id: str | None) -> None:
        # Two saves of one place wait for each other here.
        place = None
        if object_id and object_id.isdecimal():
            list(Place.objects.select_for_update().filter(pk=object_id).values_list("pk"))
            place = self.get_object(request, object_id)
        if place and self.has_change_permission(request, place):
            formsets = {
                formset.get_default_prefix(): formset
                for formset, _inline in self.get_formsets_with_inlines(request, place)
            }
            made = self.get_form(request, place, change=True)
            sent = Sent(request.POST, place, request.user, made, formsets)
            request.place_conflict = sent.conflict()  # type: ignore[attr-defined]
            request.POST = sent.data  # type: ignore[assignment]
        told = pointing.asked(request)
        if told:
            request.place_is_drawn_again = True  # type: ignore[attr-defined]
            messages.add_message(request, *told)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the conflict, the warnings and the map."""
        place = context.get("original")
        form = context["adminform"].form
        drawn = {
            "base_form": select_template(BASES).template,
            # The form takes the whole width of a tablet.
            "is_nav_sidebar_enabled": False,
            "conflict": form.conflict,
            "form_of_place": form,
            "warnings": warnings_of(place, policy.scope(request.user, Place)) if place else [],
            **pointing.context(request, form),
        }
        answer: HttpResponse = super().render_change_form(request, context | drawn, *args, **kwargs)
        public_pages.let_tiles_in(answer)
        return answer

    def response_change(self, request: HttpRequest, obj: Place) -> HttpResponse:
        """Show the public page of what is not saved; else warn of what was."""
        if PREVIEW in request.POST:
            return public_pages.place_preview(request, obj)
        self._warn(request, obj)
        return super().response_change(request, obj)

    def response_add(
        self, request: HttpRequest, obj: Place, post_url_continue: Any = None
    ) -> HttpResponse:
        """Likewise."""
        if PREVIEW in request.POST:
            return public_pages.place_preview(request, obj)
        self._warn(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def _warn(self, request: HttpRequest, place: Place) -> None:
        """Warn on the page that follows; the form itself shows them when it is that page."""
        if "_continue" in request.POST:
            return
        for one in warnings_of(place, policy.scope(request.user, Place)):
            text = _("%(place)s\u00a0: %(warning)s") % {"place": place, "warning": one.text}
            messages.warning(request, text)


def _is_form(request: HttpRequest) -> bool:
    """Tell whether the form is asked: lists sort, and histories read, less than it needs."""
    name = request.resolver_match.url_name if request.resolver_match else None
    return name is None or name.endswith("_change")
