"""The history page of places and actors, and the way back from each change."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from directory.moderation import reverting, timeline
from directory.moderation.workflow import RefusedError

PAGE_MAX = 1_000


class HistoryPages(admin.ModelAdmin):
    """One timeline in place of Django's list of who saved what."""

    def get_urls(self) -> list[Any]:
        """Add the way back from a change."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_revert"
        revert = self.admin_site.admin_view(require_POST(self.revert_view))
        return [
            path("<int:key>/history/<slug:kind>/<int:row>/annuler/", revert, name=name),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show who changed what, when, from what; newest first."""
        owner = self.get_object(request, object_id)
        if owner is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_view_permission(request, owner):
            raise PermissionDenied
        number = request.GET.get("p", "1")
        if not number.isdigit() or not 1 <= int(number) <= PAGE_MAX:
            raise Http404
        page = timeline.read(request.user, owner, int(number))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Historique de %(name)s") % {"name": owner},
            "opts": self.opts,
            "object": owner,
            "page": page,
            "revert_url": f"admin:{self.opts.app_label}_{self.opts.model_name}_revert",
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/directory/timeline.html", context)

    def revert_view(self, request: HttpRequest, key: int, kind: str, row: int) -> HttpResponse:
        """Take back one change, and say so; the new change may be taken back in its turn."""
        owner = self.get_object(request, str(key))
        if owner is None or not timeline.shows(owner, kind, row):
            raise Http404
        try:
            reverting.revert(request.user, kind, row)
        except RefusedError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(
                request,
                _(
                    "C’est annulé. Ce retour est en haut de l’historique\u00a0: il s’annule aussi. "
                    "Aucun import n’y touchera."
                ),
                messages.SUCCESS,
            )
        return redirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", args=[owner.pk])
        )
