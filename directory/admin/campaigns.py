"""Campaigns of e-mails to places: written, previewed, launched, followed."""

import math
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from directory.admin.base import QuickAdmin
from directory.models import (
    Campaign,
    CampaignState,
    ConfirmationRequest,
    MailRefusal,
    Place,
    RequestState,
)
from directory.moderation.campaigns import control, letters, selection
from directory.moderation.policy import Action

SHOWN = 100
"""Places that a preview names."""
ANSWERED = (RequestState.CONFIRMED, RequestState.CORRECTED)
WRITTEN = ("name", "region", "department", "months", "gap", "text")


@admin.register(Campaign)
class CampaignAdmin(QuickAdmin):
    """Campaigns: a form, then one page to read what will leave and to follow what left."""

    list_display = ("name", "territory", "state", "launched_at", "asked", "answered")
    list_select_related = ("region", "department")
    list_filter = ("state", "gap")
    search_fields = ("name",)
    # Counting drops the model's own order.
    ordering = ("-pk",)
    fields = WRITTEN

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Count what was asked and answered."""
        rows = super().get_queryset(request)
        own = Q(requests__is_renewal=False)
        return rows.annotate(
            asked=Count("requests", filter=own),
            answered=Count("requests", filter=Q(requests__state__in=ANSWERED)),
        )

    @admin.display(description=gettext_lazy("territoire"))
    def territory(self, one: Campaign) -> str:
        """Name it."""
        return one.where

    @admin.display(description=gettext_lazy("lieux"))
    def asked(self, one: Any) -> int:
        """Tell how many places are written to."""
        return int(one.asked)

    @admin.display(description=gettext_lazy("réponses"))
    def answered(self, one: Any) -> int:
        """Tell how many answered."""
        return int(one.answered)

    def get_urls(self) -> list[Any]:
        """Add the page that previews and follows."""
        page = self.admin_site.admin_view(self.follow_view)
        own = path("<path:object_id>/suivi/", page, name="directory_campaign_follow")
        return [own, *super().get_urls()]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep what left: it says whom not to ask again."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_prepared)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep what left as it was written."""
        own = super().get_readonly_fields(request, obj)
        return own if obj is None or obj.is_prepared else (*own, *WRITTEN)

    def save_model(self, request: HttpRequest, obj: Campaign, form: Any, change: bool) -> None:
        """Write it, unless it left meanwhile; it is ready once its preview is about to be read."""
        if change:
            # The form's transaction holds the row: nobody launches it while it is written.
            held = Campaign.objects.select_for_update().get(pk=obj.pk)
            if not held.is_prepared:
                raise PermissionDenied
        else:
            obj.created_by = request.user  # type: ignore[assignment]
        is_read = "_continue" not in request.POST and "_addanother" not in request.POST
        obj.state = CampaignState.PREVIEWED if is_read else CampaignState.DRAFT
        super().save_model(request, obj, form, change)

    def response_post_save_add(self, request: HttpRequest, obj: Campaign) -> HttpResponseRedirect:
        """Go on to the preview."""
        return _to(obj)

    def response_post_save_change(
        self, request: HttpRequest, obj: Campaign
    ) -> HttpResponseRedirect:
        """Go on to the preview."""
        return _to(obj)

    def follow_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Preview a campaign, or follow it; do what its buttons say."""
        one: Any = self.get_object(request, unquote(object_id))
        if one is None:
            messages.warning(
                request, _("Cette campagne n’existe pas, ou n’est pas de votre ressort.")
            )
            return HttpResponseRedirect(reverse("admin:index"))
        if not self.has_view_permission(request, one):
            raise PermissionDenied
        may_act = self.has_change_permission(request, one)
        if request.method == "POST":
            if not may_act:
                raise PermissionDenied
            self._act(request, one)
            return _to(one)
        context = {
            **self.admin_site.each_context(request),
            "title": one.name,
            "opts": self.opts,
            "one": one,
            "may_act": may_act,
            "is_for_show": "smtp" not in settings.EMAIL_BACKEND,
            "rate": settings.CAMPAIGN_RATE,
            "rest": selection.REST_MONTHS,
        }
        context |= _preview(one, request.user, may_act) if one.is_prepared else _progress(one)
        return TemplateResponse(request, "admin/directory/campaign/follow.html", context)

    def _act(self, request: HttpRequest, one: Campaign) -> None:
        does = request.POST.get("que", "")
        try:
            match does:
                case "lancer":
                    count = control.launch(one, request.user, request.POST.get("seen", ""))
                    said = ngettext(
                        "%(num)s message va partir.", "%(num)s messages vont partir.", count
                    ) % {"num": count}
                case "pause":
                    control.pause(one)
                    said = _("En pause\u00a0: plus rien ne part.")
                case "reprendre":
                    control.resume(one)
                    said = _("L’envoi reprend.")
                case "renvoyer":
                    count = control.send_unsure_again(one)
                    said = _("Remis en attente\u00a0: %(num)s.") % {"num": count}
                case _:
                    messages.error(request, _("Choisissez un des boutons."))
                    return
        except control.ChangedMeanwhileError:
            messages.error(
                request,
                _("Les lieux ou le message ont changé depuis votre lecture. Relisez, puis lancez."),
            )
        except control.NotDoneError:
            messages.error(request, _("Quelqu’un d’autre l’a déjà fait. Rien n’a changé."))
        else:
            messages.success(request, said)
            self.log_change(request, one, said)


class ReadOnlyAdmin(QuickAdmin):
    """Rows that the site writes alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(ConfirmationRequest)
class ConfirmationRequestAdmin(ReadOnlyAdmin):
    """What became of each e-mail."""

    list_display = ("place", "campaign", "state", "reason", "sent_at", "answered_at", "is_renewal")
    list_select_related = ("place", "campaign")
    list_filter = ("state", "is_renewal")
    search_fields = ("place__search_text",)


@admin.register(MailRefusal)
class MailRefusalAdmin(ReadOnlyAdmin):
    """Addresses that are left alone; a national administrator may forget one."""

    list_display = ("place", "reason", "at")
    list_select_related = ("place",)
    list_filter = ("reason",)
    search_fields = ("place__search_text",)


def _to(one: Campaign) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:directory_campaign_follow", args=[one.pk]))


def _preview(one: Campaign, user: Any, may_act: bool) -> dict[str, Any]:
    found = selection.choose(one, user, Action.CHANGE if may_act else Action.VIEW)
    sample = None
    if found.chosen:
        named = [place.key for place in found.first]
        places = Place.objects.select_related("commune").in_bulk(named)
        asked = [(places[key], _("lien-du-lieu")) for key in named if key in places]
        sample = letters.build(asked, one, found.first[0].address, _("lien-du-lieu"))
    return {
        "selection": found,
        "shown": found.chosen[:SHOWN],
        "more": max(0, len(found.chosen) - SHOWN),
        "sample": sample,
        "seen": selection.digest(one, found),
        "minutes": math.ceil(found.letters / settings.CAMPAIGN_RATE["minute"]),
        "is_ready": one.state == CampaignState.PREVIEWED and bool(found.chosen),
    }


def _progress(one: Campaign) -> dict[str, Any]:
    counts = control.counts(one)
    total = sum(counts.values())
    results = reverse("admin:directory_confirmationrequest_changelist")
    return {
        "counts": [
            (state.label, count, f"{results}?campaign__id__exact={one.pk}&state__exact={state}")
            for state, count in counts.items()
            if count
        ],
        "total": total,
        "gone": total - counts[RequestState.QUEUED],
        "unsure": counts[RequestState.UNSURE],
        "renewals": one.requests.filter(is_renewal=True).count(),
        "results": f"{results}?campaign__id__exact={one.pk}",
    }
