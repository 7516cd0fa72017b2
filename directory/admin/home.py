"""The front page of the moderators' side: what waits today in one's territory."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from directory.admin.base import QuickAdmin
from directory.models import Department, Digest, Region
from directory.moderation import digests, policy
from directory.moderation.home import queues_of
from directory.moderation.home.ending import ENDS, SOON, ending_soon
from directory.moderation.home.uncovered import uncovered


def home_context(request: HttpRequest) -> dict[str, Any]:
    """Return what the front page adds for a moderator; nothing for others."""
    if not policy.grants_of(request.user).moderates:
        return {}
    return {
        "queues": queues_of(request.user),
        "territory": territory(request.user),
        "wants_digest": digests.is_wanted(request.user),
        "today": timezone.localdate(),
    }


def territory(user: Any) -> str:
    """Name what a person moderates."""
    grants = policy.grants_of(user)
    if grants.national:
        return _("toute la France")
    regions = Region.objects.filter(pk__in=grants.regions)
    departments = Department.objects.filter(pk__in=grants.departments)
    return ", ".join([*map(str, regions), *map(str, departments)])


def uncovered_page(request: HttpRequest) -> HttpResponse:
    """List the needs without a place, department by department."""
    rows = list(uncovered(request.user))
    context = {
        **admin.site.each_context(request),
        "title": _("Démarches sans lieu"),
        "rows": rows,
        "total": sum(len(needs) for _department, needs in rows),
    }
    return TemplateResponse(request, "admin/uncovered_needs.html", context)


@require_POST
def digest_choice(request: HttpRequest) -> HttpResponse:
    """Write whether this person receives the weekly e-mail."""
    is_wanted = request.POST.get("recevoir") == "oui"
    digests.choose(request.user, is_wanted)
    messages.success(
        request,
        _("Vous recevrez le courriel de la semaine.")
        if is_wanted
        else _("Vous ne recevrez plus le courriel de la semaine."),
    )
    return redirect("admin:index")


class EndingFilter(admin.SimpleListFilter):
    """Closures about to end."""

    title = gettext_lazy("fin")
    parameter_name = ENDS

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        """Offer those of the week."""
        return [(SOON, _("Dans les sept jours"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Keep them."""
        return ending_soon(queryset, timezone.localdate()) if self.value() == SOON else queryset


@admin.register(Digest)
class DigestAdmin(QuickAdmin):
    """Who receives the weekly e-mail."""

    list_display = ("user", "is_wanted", "week")
    list_select_related = ("user",)
    list_filter = ("is_wanted",)
    search_fields = ("user__username",)
    autocomplete_fields = ("user",)
    readonly_fields = ("week",)
