"""Bulk actions of lists: a page asks first, then a page says what was done and takes it back."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import Term
from directory.models.revisions import REASON_MAX
from directory.moderation import assignees, bulk, policy
from directory.moderation.workflow import RefusedError
from directory.vocabularies.names import PLACE_VOCABULARIES, BulkAction, VerificationMethod

NAMED_MAX = 20
"""Records that the page names; the others are counted."""
METHODS = [
    (one.value, one.label)
    for one in (VerificationMethod.PHONE, VerificationMethod.VISIT, VerificationMethod.EMAIL)
]


class ReasonForm(forms.Form):
    """Why, for the history."""

    reason = forms.CharField(
        label=gettext_lazy("Raison"),
        max_length=REASON_MAX,
        required=False,
        help_text=gettext_lazy("Elle reste dans l’historique de chaque fiche."),
    )

    def __init__(self, user: Any, data: Any = None) -> None:
        super().__init__(data, label_suffix="")


class GivenReasonForm(ReasonForm):
    """Why, to be said."""

    def __init__(self, user: Any, data: Any = None) -> None:
        super().__init__(user, data)
        self.fields["reason"].required = True
        self.fields["reason"].error_messages["required"] = _("Dites pourquoi.")


class VerifyForm(ReasonForm):
    """How the records were verified, today."""

    method = forms.ChoiceField(
        label=gettext_lazy("Comment avez-vous vérifié, aujourd’hui\u00a0?"), choices=METHODS
    )
    field_order = ("method", "reason")


class TermForm(ReasonForm):
    """Which term."""

    term = forms.ModelChoiceField(
        Term.objects.filter(vocabulary__in=PLACE_VOCABULARIES),
        label=gettext_lazy("Caractéristique"),
    )
    field_order = ("term", "reason")

    def __init__(self, user: Any, data: Any = None) -> None:
        super().__init__(user, data)
        field: Any = self.fields["term"]
        field.label_from_instance = lambda term: f"{term.get_vocabulary_display()}\u00a0: {term}"


class AssignForm(ReasonForm):
    """To whom."""

    assignee = forms.ChoiceField(label=gettext_lazy("À qui\u00a0?"), required=False)
    field_order = ("assignee", "reason")

    def __init__(self, user: Any, data: Any = None) -> None:
        super().__init__(user, data)
        self.fields["assignee"].choices = assignees.choices(user)  # type: ignore[attr-defined]


FORMS: dict[BulkAction, type[ReasonForm]] = {
    BulkAction.VERIFY: VerifyForm,
    BulkAction.PUBLISH: ReasonForm,
    BulkAction.REVIEW: ReasonForm,
    BulkAction.ARCHIVE: GivenReasonForm,
    BulkAction.TAG: TermForm,
    BulkAction.UNTAG: TermForm,
    BulkAction.ASSIGN: AssignForm,
}


class AssignedFilter(admin.SimpleListFilter):
    """Records confided to me, to somebody, to nobody."""

    title = gettext_lazy("confiée à")
    parameter_name = "confiee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [
            ("moi", _("Moi ou mon équipe")),
            ("oui", _("Quelqu’un")),
            ("non", _("Personne")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the rows of the choice."""
        nobody = {"assigned_to": None, "assigned_region": None, "assigned_department": None}
        if self.value() == "moi":
            return queryset.filter(assignees.waiting_for(request.user))
        if self.value() == "oui":
            return queryset.exclude(**nobody)
        return queryset.filter(**nobody) if self.value() == "non" else queryset


def _runner(action: BulkAction) -> Callable[..., Any]:
    @admin.action(description=action.label, permissions=["change"])
    def run(own: Any, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return ask(own, request, queryset, action)

    run.__name__ = _name(action)
    return run


def _name(action: BulkAction) -> str:
    return f"bulk_{action.value}"


class BulkActions(admin.ModelAdmin):
    """Offers the bulk actions of moderators in a list."""

    change_list_template = "admin/directory/workflow_list.html"
    actions = tuple(_runner(one) for one in BulkAction)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Leave out the actions that this person may not do."""
        out = {_name(one) for one in BulkAction if not bulk.offered(request.user, self.model, one)}
        actions: dict[str, Any] = super().get_actions(request)
        return {name: action for name, action in actions.items() if name not in out}


def ask(
    own: Any, request: HttpRequest, queryset: QuerySet, action: BulkAction
) -> HttpResponse | None:
    """Say how many records and which, ask what is needed, then do it and show what was done."""
    if not own.has_change_permission(request):
        raise PermissionDenied
    confirmed = "confirm" in request.POST
    form = FORMS[action](request.user, request.POST if confirmed else None)
    given = form.cleaned_data if confirmed and form.is_valid() else {}
    try:
        made = bulk.plan(request.user, own.model, action, queryset, given)
        if confirmed and form.is_valid():
            if request.POST.get("count") == str(len(made.keys) + made.refused_count):
                revision = bulk.apply(made)
                return redirect("admin:directory_bulk_done", revision.pk)
            own.message_user(
                request,
                _("La liste a changé entre-temps\u00a0: vérifiez avant de confirmer."),
                messages.WARNING,
            )
    except RefusedError as error:
        own.message_user(request, str(error), messages.ERROR)
        return None
    made.outside += _unseen(own, request, len(made.keys) + made.refused_count)
    across = request.POST.get("select_across") == "1"
    selected = request.POST.getlist(ACTION_CHECKBOX_NAME)
    context = {
        **own.admin_site.each_context(request),
        "title": action.label,
        "opts": own.opts,
        "plan": made,
        "count": len(made.keys) + made.refused_count,
        "named": own.model.objects.filter(pk__in=made.keys[:NAMED_MAX]).order_by("name", "pk"),
        "more": max(0, len(made.keys) - NAMED_MAX),
        "refused": made.refused[:NAMED_MAX],
        "refused_more": max(0, made.refused_count - NAMED_MAX),
        "form": form,
        "action": _name(action),
        # The whole list is asked again by its address: thousands of keys make no form.
        "selected": selected[:1] if across else selected,
        "across": across,
        "checkbox": ACTION_CHECKBOX_NAME,
        "back": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/directory/bulk_confirm.html", context)


def _unseen(own: Any, request: HttpRequest, counted: int) -> int:
    """Return how many rows were chosen that this person reads and does not keep."""
    if policy.is_national(request.user):
        return 0
    if request.POST.get("select_across") == "1":
        chosen = own.get_changelist_instance(request).get_queryset(request).count()
    else:
        chosen = len(set(request.POST.getlist(ACTION_CHECKBOX_NAME)))
    return max(0, int(chosen) - counted)
