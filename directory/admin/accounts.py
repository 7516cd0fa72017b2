"""Accounts, roles, invitations and their log: for national administrators."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.admin.base import QuickAdmin
from directory.models import AuditEntry, AuditEvent, Invitation, Role
from directory.moderation import audit, invitations, second_step
from directory.moderation.sessions import end_sessions


@admin.register(User)
class UserAdmin(QuickAdmin):
    """Accounts: they come by invitation, and are closed rather than deleted."""

    list_display = ("username", "email", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "roles__kind", "roles__region")
    search_fields = ("username", "email")
    ordering = ("username",)
    fields = ("username", "email", "is_active", "is_superuser", "last_login", "date_joined")
    readonly_fields = ("is_superuser", "last_login", "date_joined")
    actions = ("reset_second_step",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: invitations do it."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Write down that an account was closed or opened again; end its sessions."""
        super().save_model(request, obj, form, change)
        if "is_active" in form.changed_data:
            event = AuditEvent.ACCOUNT_OPENED if obj.is_active else AuditEvent.ACCOUNT_CLOSED
            audit.record(event, request.user, audit.account(obj))
            end_sessions(obj.pk)

    @admin.action(
        description=gettext_lazy("Remettre à zéro la double vérification"), permissions=["change"]
    )
    def reset_second_step(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For who lost telephone and recovery codes: the next sign-in installs anew."""
        for user in queryset:
            with transaction.atomic():
                second_step.reset(user)
                audit.record(AuditEvent.SECOND_STEP_RESET, request.user, audit.account(user))
            end_sessions(user.pk)
        self.message_user(
            request, _("Chaque compte choisi installera une application à sa prochaine connexion.")
        )


@admin.register(Role)
class RoleAdmin(QuickAdmin):
    """Roles: who may do what, and where."""

    list_display = ("user", "kind", "region", "department", "actor", "granted_at", "ends_on")
    list_select_related = ("user", "region", "department", "actor")
    list_filter = ("kind", "region")
    search_fields = ("user__username", "user__email", "actor__name", "department__name")
    autocomplete_fields = ("user", "region", "department", "actor")
    readonly_fields = ("granted_by", "granted_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep whose role it is: another person's is another role."""
        own = super().get_readonly_fields(request, obj)
        return (*own, "user") if obj else own

    def save_model(self, request: HttpRequest, obj: Role, form: Any, change: bool) -> None:
        """Write down who gave or changed it."""
        if not change:
            obj.granted_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        event = AuditEvent.ROLE_CHANGED if change else AuditEvent.ROLE_GIVEN
        audit.record(event, request.user, audit.account(obj.user), str(obj))

    def delete_model(self, request: HttpRequest, obj: Role) -> None:
        """Write down who removed it."""
        audit.record(AuditEvent.ROLE_REMOVED, request.user, audit.account(obj.user), str(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Role]) -> None:
        """Write down who removed them."""
        for role in queryset.select_related("user"):
            audit.record(AuditEvent.ROLE_REMOVED, request.user, audit.account(role.user), str(role))
        super().delete_queryset(request, queryset)


class InvitationForm(forms.ModelForm):
    """An invitation to an address that has no account."""

    def clean_email(self) -> str:
        """Refuse an address that has one: it needs a role, not an invitation."""
        email: str = self.cleaned_data["email"].lower()
        if invitations.taken(email):
            raise forms.ValidationError(
                _("Cette adresse a déjà un compte\u00a0: ajoutez-lui un rôle.")
            )
        return email


@admin.register(Invitation)
class InvitationAdmin(QuickAdmin):
    """Invitations: sent as they are saved."""

    form = InvitationForm
    list_display = ("email", "kind", "region", "department", "actor", "sent_at", "accepted_at")
    list_select_related = ("region", "department", "actor")
    list_filter = ("kind", "region", "accepted_at")
    search_fields = ("email",)
    autocomplete_fields = ("region", "department", "actor")
    fields = ("email", "kind", "region", "department", "actor")
    actions = ("send_again",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never one: what was sent stays as it was."""
        return obj is None and super().has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        """Send it."""
        obj.invited_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        self._send(request, obj)

    @admin.action(description=gettext_lazy("Renvoyer l’invitation"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """Send again; the links sent before no longer open."""
        for invitation in queryset.filter(accepted_at=None):
            self._send(request, invitation)

    def _send(self, request: HttpRequest, invitation: Invitation) -> None:
        base = reverse("account_invitation", args=["x"]).removesuffix("x/")
        try:
            invitations.send(invitation, request.build_absolute_uri(base), request.user)
        except OSError:
            self.message_user(
                request,
                _("Le courriel n’est pas parti. Réessayez plus tard par «\u00a0Renvoyer\u00a0»."),
                messages.ERROR,
            )
        else:
            said = _("L’invitation est partie à %(email)s. Son lien sert une fois, sept jours.")
            self.message_user(request, said % {"email": invitation.email}, messages.SUCCESS)


@admin.register(AuditEntry)
class AuditEntryAdmin(QuickAdmin):
    """The log: read only."""

    list_display = ("at", "event", "user", "target", "detail")
    list_select_related = ("user",)
    list_filter = ("event", "at")
    search_fields = ("user__username", "target", "detail")
    date_hierarchy = "at"
