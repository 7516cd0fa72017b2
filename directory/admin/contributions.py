"""What visitors tell us: oldest first, each answered on one page."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from directory.admin.base import QuickAdmin
from directory.models import Contribution, Place
from directory.models.contributions import MESSAGE_MAX
from directory.moderation import completeness, freshness_rules
from directory.moderation.contributions import decisions, fields, reading
from directory.vocabularies.names import ContributionKind, ContributionStatus, State

WHY_NOT = {
    decisions.AlreadyDecidedError: _(
        "Quelqu’un d’autre a déjà répondu. Voici sa réponse\u00a0: rien n’a été écrit deux fois."
    ),
    decisions.ChangedMeanwhileError: _(
        "La fiche a changé pendant que vous lisiez. Rien n’a été écrit\u00a0: relisez, "
        "puis recommencez."
    ),
    decisions.UnreadableHoursError: _(
        "Ces horaires ne sont pas au format OSM. Par exemple\u00a0: Mo-Fr 09:00-12:00."
    ),
    decisions.OutOfReachError: _("Ce lieu n’est pas, ou ne serait plus, de votre ressort."),
}


class WaitingFilter(admin.SimpleListFilter):
    """By state; those that wait unless told otherwise."""

    title = _("état")
    parameter_name = "etat"
    ALL = "toutes"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the states but the first, which is the usual one."""
        return [*ContributionStatus.choices[1:], (self.ALL, _("Toutes"))]

    def choices(self, changelist: Any) -> Any:
        """Name what is shown when nothing is chosen."""
        for number, choice in enumerate(super().choices(changelist)):
            yield choice if number else {**choice, "display": ContributionStatus.PENDING.label}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep those of the state."""
        if self.value() == self.ALL:
            return queryset
        return queryset.filter(status=self.value() or ContributionStatus.PENDING)


class DecisionForm(forms.Form):
    """A moderator's answer."""

    decision = forms.ChoiceField(choices=(("accept", ""), ("refuse", "")))
    answer = forms.CharField(required=False, max_length=MESSAGE_MAX)
    note = forms.CharField(required=False, max_length=MESSAGE_MAX)
    hours = forms.CharField(required=False, max_length=400)
    seen = forms.CharField(required=False)

    def __init__(self, contribution: Contribution, data: Any) -> None:
        super().__init__(data)
        self.contribution = contribution
        self.chosen = [name for name in data.getlist("champ") if name in contribution.changes]

    def clean(self) -> dict[str, Any]:
        """Ask a reason for a refusal, and a choice among what is proposed."""
        data = super().clean() or {}
        if data.get("decision") == "refuse" and not data.get("answer"):
            self.add_error("answer", _("Écrivez pourquoi\u00a0: le visiteur lira votre réponse."))
        if data.get("decision") == "accept" and self.contribution.changes and not self.chosen:
            self.add_error(None, _("Cochez ce que vous acceptez, ou refusez."))
        return data


@admin.register(Contribution)
class ContributionAdmin(QuickAdmin):
    """Contributions: read, compared, accepted in whole or in part, refused."""

    list_display = ("created_at", "kind", "where", "proposes", "status")
    list_select_related = ("place__commune", "commune")
    list_filter = (WaitingFilter, "kind", "created_at")
    search_fields = ("message", "place__search_text")
    autocomplete_fields = ("place", "commune")
    readonly_fields = ("created_at", "moderated_at", "moderated_by", "accepted")

    @admin.display(description=_("lieu"))
    def where(self, one: Contribution) -> str:
        """Name the place and its commune."""
        if one.place:
            return f"{one.place.name}, {one.place.commune.name}"
        name = one.changes.get("name", {}).get("after", "")
        return f"{name}, {one.commune.name if one.commune else ''}"

    @admin.display(description=_("propose"))
    def proposes(self, one: Contribution) -> str:
        """Name the fields, or begin the message."""
        named = [str(fields.LABELS[name]) for name in fields.LABELS if name in one.changes]
        return ", ".join(named) or one.message[:80]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Title the list."""
        title = {"title": _("Ce que disent les visiteurs")}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show what is proposed beside what is known; write what is decided."""
        one: Any = self.get_object(request, unquote(object_id))
        if one is None:
            messages.warning(
                request, _("Cette contribution n’existe pas, ou n’est pas de votre ressort.")
            )
            return HttpResponseRedirect(reverse("admin:index"))
        if not self.has_view_permission(request, one):
            raise PermissionDenied
        form = None
        if request.method == "POST":
            if not self.has_change_permission(request, one):
                raise PermissionDenied
            form = DecisionForm(one, request.POST)
            if form.is_valid() and self._decide(request, one, form):
                return HttpResponseRedirect(reverse("admin:directory_contribution_changelist"))
            one = self.get_object(request, unquote(object_id))
        return self._page(request, one, form)

    def _decide(self, request: HttpRequest, one: Contribution, form: DecisionForm) -> bool:
        """Write the decision; False when it could not be, which is said."""
        data = form.cleaned_data
        answer = decisions.Answer(data["answer"], data["note"], data["hours"])
        try:
            if data["decision"] == "refuse":
                done = decisions.refuse(one.pk, request.user, answer)
            else:
                done = decisions.accept(one.pk, form.chosen, request.user, data["seen"], answer)
        except decisions.NotDecidedError as error:
            messages.error(request, WHY_NOT[type(error)])
            return False
        said = done.get_status_display()
        messages.success(request, self._told(done))
        self.log_change(request, done, said)
        return True

    def _told(self, done: Contribution) -> str:
        """Return what the decision did, and where to go on."""
        told = f"{self.where(done)}\u00a0: {done.get_status_display().lower()}."
        if done.status != ContributionStatus.ACCEPTED or done.place is None:
            return told
        if done.kind == ContributionKind.CLOSED:
            return f"{told} {_('Le lieu est archivé.')}"
        if done.kind == ContributionKind.PROPOSAL:
            address = reverse("admin:directory_place_change", args=[done.place_id])
            link = format_html('<a href="{}">{}</a>', address, _("Compléter son brouillon"))
            return format_html("{} {}", told, link)
        return told

    def _page(
        self, request: HttpRequest, one: Contribution, form: DecisionForm | None
    ) -> TemplateResponse:
        place = one.place
        rows = Place.objects.filter(pk=place.pk) if place else Place.objects.none()
        counted = freshness_rules.with_confirmations(rows, timezone.localdate()).first()
        context = {
            **self.admin_site.each_context(request),
            "title": one.get_kind_display(),
            "subtitle": self.where(one),
            "opts": self.opts,
            "one": one,
            "place": place,
            "phone": " ".join(fields.shown("phone", place.phone)) if place else "",
            "is_archived": bool(place and place.state == State.ARCHIVED),
            "lines": reading.lines(one),
            "seen": reading.seen(one),
            "form": form,
            "chosen": form.chosen if form else None,
            "confirmations": counted.confirmations if counted else 0,
            "missing": completeness.missing(place) if place else [],
            "may_decide": one.is_pending and self.has_change_permission(request, one),
        }
        return TemplateResponse(request, "admin/directory/contribution/decide.html", context)
