"""What was done to many records at once: recent actions, and taking one back."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from directory.admin.base import QuickAdmin
from directory.models import Revision
from directory.moderation import policy, undoing
from directory.moderation.workflow import RefusedError

PAGE_SIZE = 25


@admin.register(Revision)
class RevisionAdmin(QuickAdmin):
    """Every revision for national administrators; for each moderator, their own actions."""

    list_display = ("at", "user", "origin", "source", "action", "count", "reason")
    list_select_related = ("user", "source")
    list_filter = ("origin", "action", "at")
    search_fields = ("user__username", "reason")

    def get_urls(self) -> list[Any]:
        """Add the pages of bulk actions."""
        view = self.admin_site.admin_view
        return [
            path("recentes/", view(self.recent), name="directory_recent_actions"),
            path("<int:key>/fait/", view(self.done), name="directory_bulk_done"),
            path("<int:key>/annuler/", view(require_POST(self.undo)), name="directory_bulk_undo"),
            *super().get_urls(),
        ]

    def recent(self, request: HttpRequest) -> HttpResponse:
        """List the bulk actions of this person, or everybody's for a national administrator."""
        if not policy.grants_of(request.user).moderates:
            raise PermissionDenied
        rows = Revision.objects.exclude(action="").select_related("user", "undone_by__user")
        if not policy.is_national(request.user):
            rows = rows.filter(user=request.user.pk)
        page = Paginator(rows.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("p"))
        context = {
            "title": _("Actions récentes"),
            "page": page,
            "rows": [(row, undoing.refusal(row)) for row in page],
        }
        return self._page(request, "recent_actions", context)

    def done(self, request: HttpRequest, key: int) -> HttpResponse:
        """Say what an action did, and offer to undo it."""
        revision = self._own(request, key)
        context = {
            "title": revision.get_action_display(),
            "revision": revision,
            "refusal": undoing.refusal(revision),
            "list_url": f"admin:directory_{revision.target}_changelist",
        }
        return self._page(request, "bulk_done", context)

    def undo(self, request: HttpRequest, key: int) -> HttpResponse:
        """Take an action back, and say what stayed."""
        self._own(request, key)
        try:
            undone = undoing.undo(request.user, key)
        except RefusedError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            told = ngettext(
                "Action annulée\u00a0: %(count)s fiche est revenue en arrière.",
                "Action annulée\u00a0: %(count)s fiches sont revenues en arrière.",
                undone.count,
            ) % {"count": undone.count}
            if undone.kept:
                told += " " + ngettext(
                    "%(kept)s a gardé un changement plus récent ou a quitté votre ressort.",
                    "%(kept)s ont gardé un changement plus récent ou ont quitté votre ressort.",
                    undone.kept,
                ) % {"kept": undone.kept}
            self.message_user(request, told, messages.SUCCESS)
        return redirect("admin:directory_recent_actions")

    def _own(self, request: HttpRequest, key: int) -> Revision:
        revision = get_object_or_404(Revision.objects.select_related("undone_by"), pk=key)
        if not undoing.may_see(request.user, revision):
            raise Http404
        return revision

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        own = {**self.admin_site.each_context(request), "opts": self.opts}
        own["days"] = settings.UNDO_DAYS
        return TemplateResponse(request, f"admin/directory/{name}.html", own | context)
