"""Pairs of records that may be one place: the list to examine, and the merge page."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.admin import merge_page
from directory.admin.base import QuickAdmin
from directory.admin.merge_page import MergePage, UnreadableChoiceError
from directory.exchange.duplicates import merging, pairs
from directory.exchange.duplicates.merging import MergeRefusedError
from directory.models import DuplicateCandidate, PlaceRedirect
from directory.vocabularies.duplicates import DuplicateStatus

TEMPLATE = "admin/directory/duplicatecandidate/merge.html"


class PairForm(forms.ModelForm):
    """Two places that a moderator takes for one."""

    class Meta:
        model = DuplicateCandidate
        fields = ("first", "second")

    def clean(self) -> dict[str, Any]:
        """Put the smaller number first; refuse a pair of one place, or known already."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, second = given.get("first"), given.get("second")
        if not first or not second:
            raise forms.ValidationError(_("Choisissez deux lieux."))
        if first == second:
            raise forms.ValidationError(_("C’est deux fois le même lieu\u00a0: changez-en un."))
        if first.pk > second.pk:
            given["first"], given["second"] = second, first
        if DuplicateCandidate.objects.filter(first=given["first"], second=given["second"]).exists():
            raise forms.ValidationError(_("Cette paire est déjà dans la liste\u00a0: ouvrez-la."))
        self.instance.score = 0
        return given


@admin.register(DuplicateCandidate)
class DuplicateCandidateAdmin(QuickAdmin):
    """The most alike first; each pair opens its merge page."""

    form = PairForm
    list_display = ("pair", "towns", "score", "why", "status", "decided_by")
    list_select_related = ("first__commune", "second__commune", "decided_by")
    list_filter = ("status", "first__commune__department__region", "found_at")
    search_fields = ("first__search_text", "second__search_text")
    autocomplete_fields = ("first", "second")

    @admin.display(description=gettext_lazy("lieux"))
    def pair(self, row: DuplicateCandidate) -> str:
        """Name both places."""
        other = row.second.name if row.second else row.absorbed.get("name", "")
        return f"{row.first.name} / {other}"

    @admin.display(description=gettext_lazy("communes"))
    def towns(self, row: DuplicateCandidate) -> str:
        """Name their communes, once when it is the same."""
        places = [row.first, row.second] if row.second else [row.first]
        return " / ".join(dict.fromkeys(place.commune.name for place in places))

    @admin.display(description=gettext_lazy("raisons"))
    def why(self, row: DuplicateCandidate) -> str:
        """Say what they have in common."""
        return ", ".join(row.reason_labels)

    def response_add(
        self, request: HttpRequest, obj: DuplicateCandidate, post_url_continue: Any = None
    ) -> HttpResponse:
        """Go on with the merge page of the pair just made."""
        return HttpResponseRedirect(_url(obj))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Show the merge page of a pair, and do what is asked of it."""
        pair = self.get_object(request, object_id)
        if pair is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_view_or_change_permission(request, pair):
            raise PermissionDenied
        if pair.second_id is None:
            return self._show(request, pair, None)
        page = MergePage(pair, request.POST if request.method == "POST" else None)
        if request.method != "POST":
            return self._show(request, pair, page)
        if not (self.has_change_permission(request, pair) and merge_page.may_merge(request, page)):
            raise PermissionDenied
        if "different" in request.POST:
            pairs.tell_apart(pair, request.user)  # type: ignore[arg-type]
            self.log_change(request, pair, _("Deux lieux différents"))
            return self._done(request, _("C’est noté\u00a0: ce sont deux lieux différents."))
        return self._merge(request, pair, page)

    def _merge(
        self, request: HttpRequest, pair: DuplicateCandidate, page: MergePage
    ) -> HttpResponse:
        if request.POST.get(merge_page.SEEN) != page.seen:
            told = _(
                "Une des deux fiches a changé pendant que vous la lisiez. Rien n’est fusionné."
                " Relisez, puis recommencez."
            )
            return self._show(request, pair, page, told, status=409)
        try:
            kept, absorbed, choices = merge_page.read(request.POST, page)
            place = merging.merge(kept, absorbed, choices, by=request.user)  # type: ignore[arg-type]
        except UnreadableChoiceError:
            told = _("Un choix est illisible. Rien n’est fusionné. Choisissez de nouveau.")
            return self._show(request, pair, page, told, status=400)
        except MergeRefusedError as error:
            return self._show(request, pair, page, str(error), status=409)
        self.log_change(request, pair, _("Fusion de deux fiches"))
        said = _("Les deux fiches n’en font plus qu’une\u00a0: «\u00a0%(name)s\u00a0».")
        return self._done(request, said % {"name": place.name})

    def _done(self, request: HttpRequest, said: str) -> HttpResponse:
        messages.success(request, said)
        address = reverse("admin:directory_duplicatecandidate_changelist")
        return HttpResponseRedirect(f"{address}?status__exact={DuplicateStatus.WAITING}")

    def _show(
        self,
        request: HttpRequest,
        pair: DuplicateCandidate,
        page: MergePage | None,
        problem: str = "",
        *,
        status: int = 200,
    ) -> HttpResponse:
        may_decide = page and self.has_change_permission(request, pair)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Un lieu, ou deux\u00a0?") if page else _("Deux fiches fusionnées"),
            "pair": pair,
            "page": page,
            "problem": problem,
            "may_decide": bool(may_decide and page and merge_page.may_merge(request, page)),
            "is_different": pair.status == DuplicateStatus.DIFFERENT,
        }
        return TemplateResponse(request, TEMPLATE, context, status=status)


def _url(pair: DuplicateCandidate) -> str:
    return reverse("admin:directory_duplicatecandidate_change", args=[pair.pk])


@admin.register(PlaceRedirect)
class PlaceRedirectAdmin(QuickAdmin):
    """Addresses of places that were merged."""

    list_display = ("slug", "number", "place", "created_at")
    list_select_related = ("place",)
    list_filter = ("created_at",)
    search_fields = ("=slug", "=number", "place__search_text")
    autocomplete_fields = ("place",)
