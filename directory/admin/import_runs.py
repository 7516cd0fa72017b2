"""Imports in the admin: send a list, look at what it would change, have it written, read on.

They are those of national administrators (`directory/moderation/policy/rules.py`); the memory of
what was imported stays, its files go by themselves.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from directory.admin.base import QuickAdmin
from directory.admin.import_forms import ImportForm
from directory.admin.import_pages import CSV_NAME, csv_answer, page
from directory.exchange import import_files, import_runs
from directory.models import AuditEvent
from directory.models.import_runs import BUSY, ImportRun, RunMode
from directory.moderation import audit
from directory.tasks import enqueue_import

Action = Callable[[HttpRequest, ImportRun], None]


@admin.register(ImportRun)
class ImportRunAdmin(QuickAdmin):
    """Lists sent here, newest first."""

    list_display = ("source", "file_name", "state", "created_at", "created_by", "ended_at")
    list_select_related = ("created_by",)
    list_filter = ("state", "source")
    search_fields = ("source", "file_name")
    date_hierarchy = "created_at"
    actions = None

    def get_urls(self) -> list[Any]:
        """Add the addresses of what is done to an import."""
        name = "directory_importrun"
        own = [
            path(f"<int:key>/{address}/", self._posted(action), name=f"{name}_{suffix}")
            for address, suffix, action in (
                ("ecrire", "apply", self._apply),
                ("annuler", "cancel", self._cancel),
                ("reprendre", "resume", self._resume),
            )
        ]
        report = self.admin_site.admin_view(require_safe(self.report_view))
        own.append(path(f"<int:key>/{CSV_NAME}", report, name=f"{name}_report"))
        return own + list(super().get_urls())

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the form; keep a list that is right, and have it read."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        form = ImportForm(request.POST or None, request.FILES or None, content_length=length)
        if request.method == "POST" and form.is_valid():
            # A site without worker has nobody else to do it.
            import_files.prune()
            with transaction.atomic():
                run = form.save(request.user)
                self.log_addition(request, run, _("Envoyé"))
                enqueue_import(run)
            return HttpResponseRedirect(_address(run))
        context = self._context(request, title=_("Importer une liste de lieux"), form=form)
        return TemplateResponse(request, "admin/directory/importrun/send.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show an import: how far it is, then its report and what may be done with it."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        run = self._found(request, object_id)
        context = self._context(
            request,
            title=str(run),
            may_change=self.has_change_permission(request, run),
            modes=[(mode, label) for mode, label in RunMode.choices if mode != RunMode.DRY],
            **page(run, request.GET),
        )
        return TemplateResponse(request, "admin/directory/importrun/run.html", context)

    def report_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Return the whole report for a spreadsheet."""
        return csv_answer(self._found(request, str(key)))

    def _posted(self, action: Action) -> Any:
        """Return the view of an action: a POST by who may change imports, then back to the page."""

        def view(request: HttpRequest, key: int) -> HttpResponse:
            run = self._found(request, str(key))
            if not self.has_change_permission(request, run):
                raise PermissionDenied
            action(request, run)
            return HttpResponseRedirect(_address(run))

        return self.admin_site.admin_view(require_POST(view))

    def _apply(self, request: HttpRequest, run: ImportRun) -> None:
        mode = request.POST.get("mode", "")
        if mode not in {RunMode.RUN, RunMode.ROW} or request.POST.get("sure") != "1":
            messages.error(request, _("Cochez la case et choisissez comment écrire."))
            return
        with transaction.atomic():
            asked = import_runs.ask(run, RunMode(mode))
            if asked:
                self.log_change(request, run, _("Écriture demandée"))
                audit.record(AuditEvent.IMPORT, request.user, run.source, run.file_name)
                enqueue_import(run)
        if not asked:
            messages.error(request, _("Cet import n’est plus à écrire\u00a0: voici où il en est."))

    def _cancel(self, request: HttpRequest, run: ImportRun) -> None:
        if import_runs.cancel(run):
            self.log_change(request, run, _("Annulé"))
        else:
            messages.error(request, _("Trop tard pour annuler\u00a0: voici où en est l’import."))

    @staticmethod
    def _resume(request: HttpRequest, run: ImportRun) -> None:
        # What is done twice is done once: see directory/exchange/import_runs.py.
        if ImportRun.objects.filter(pk=run.pk, state__in=BUSY).exists():
            enqueue_import(run)

    def _found(self, request: HttpRequest, key: str) -> ImportRun:
        run: ImportRun | None = self.get_object(request, key)
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        if run is None:
            raise Http404
        return run

    def _context(self, request: HttpRequest, **more: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, **more}


def _address(run: ImportRun) -> str:
    return reverse("admin:directory_importrun_change", args=[run.pk])
