"""The moderators' side: one way in, by the site's own sign-in and its second step."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _

from directory.moderation import policy, second_step


class LimitedAutocomplete(AutocompleteJsonView):
    """Proposes only what a person may attach to the records they keep."""

    def get_queryset(self) -> QuerySet:
        """Return the rows found among those."""
        rows = super().get_queryset()
        if policy.is_national(self.request.user):
            return rows
        return rows.filter(pk__in=policy.choices(self.request.user, rows.model).values("pk"))


class StaffSite(admin.AdminSite):
    """Holds every class under the policy, and has no door of its own."""

    # Beside the lists, thirty names took a third of a tablet's width: the front page has them.
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register a class, put under the policy whoever wrote it."""
        # Its package registers classes here as it is read.
        from directory.admin.policy import PolicyAdmin, under_policy  # noqa: PLC0415

        held = under_policy(admin_class or admin.ModelAdmin, PolicyAdmin)
        super().register(model_or_iterable, held, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in who holds a role and has given a code in this session."""
        return policy.can_enter(request.user) and second_step.is_done(request)

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Send to the only sign-in, or to what is still missing."""
        user = request.user
        if self.has_permission(request):
            return redirect("admin:index")
        if not user.is_authenticated:
            answer = redirect("account_login")
            if request.META.get("QUERY_STRING"):
                answer["Location"] += f"?{request.META['QUERY_STRING']}"
            return answer
        if not second_step.is_done(request):
            return redirect("mfa_activate_totp")
        raise PermissionDenied(_("Votre compte n’a pas de rôle, ou n’en a plus."))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Leave by the site's own way out."""
        # Its models are read once the applications are.
        from allauth.account.views import logout  # noqa: PLC0415

        return logout(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Send to the site's own page."""
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Send to the site's own page."""
        return redirect("account_change_password")

    def autocomplete_view(self, request: HttpRequest) -> Any:
        """Propose what may be attached."""
        return LimitedAutocomplete.as_view(admin_site=self)(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the lists by kinds of task; those of one application when it is named."""
        # Its package registers classes here as it is read.
        from directory.admin import menu  # noqa: PLC0415

        return menu.grouped(super().get_app_list(request, app_label))

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Say first what waits in one's territory."""
        from directory.admin import home  # noqa: PLC0415

        return super().index(request, {**home.home_context(request), **(extra_context or {})})

    def get_urls(self) -> list[Any]:
        """Answer "view on site" only for records that may be seen: its address tells their name."""
        # Its package registers classes here as it is read.
        from directory.admin import home  # noqa: PLC0415

        own = (
            ("demarches-sans-lieu/", home.uncovered_page, "uncovered_needs"),
            ("recapitulatif/", home.digest_choice, "digest_choice"),
        )
        pages = [path(address, self.admin_view(view), name=name) for address, view, name in own]
        urls = [*pages, *super().get_urls()]
        for url in urls:
            if getattr(url, "name", None) == "view_on_site":
                url.callback = self.admin_view(self.view_on_site)
        return urls

    def view_on_site(
        self, request: HttpRequest, content_type_id: str, object_id: str
    ) -> HttpResponseBase:
        """Send to a record's public page; raise Http404 when it may not be seen."""
        try:
            model = ContentType.objects.get_for_id(int(content_type_id)).model_class()
            known = model and policy.scope(request.user, model).filter(pk=object_id).exists()
        except (ContentType.DoesNotExist, ValueError, OverflowError) as error:
            raise Http404 from error
        if not known:
            raise Http404
        return shortcut(request, content_type_id, object_id)
