"""Pages of allauth that the site completes, and the invitation's."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from directory.accounts.forms import PasswordForm
from directory.models import AuditEvent
from directory.moderation import audit, invitations, second_step

View = Callable[..., HttpResponseBase]


def second_step_first(view: View) -> View:
    """Let in only who went past the second step: nothing else opens before it is installed."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not second_step.is_done(request):
            return missing_step(request)
        return view(request, *args, **kwargs)

    return checked


def missing_step(request: HttpRequest) -> HttpResponse:
    """Send to the application's installation, or to sign in again when another session did it."""
    if second_step.is_installed(request.user):  # type: ignore[arg-type]
        logout(request)
        return redirect("account_login")
    return redirect("mfa_activate_totp")


class Install(ActivateTOTPView):
    """Installs an application of codes; the first time it opens the moderators' side."""

    template_name = "account/second_step_install.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the key in groups of four letters, which are easier to copy."""
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return {**context, "secret": " ".join(groups)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Write in the session that the second step is done."""
        with transaction.atomic():
            answer = super().form_valid(form)
            second_step.record(self.request)
            audit.record(AuditEvent.SECOND_STEP_SET, self.request.user)
        return answer


class Replace(DeactivateTOTPView):
    """Forgets the application, to install another at once: it cannot be done without."""

    template_name = "account/second_step_replace.html"
    success_url = reverse_lazy("mfa_activate_totp")

    def form_valid(self, form: Any) -> HttpResponse:
        """Close the moderators' side until the new application is installed."""
        answer = super().form_valid(form)
        second_step.undo(self.request)
        audit.record(AuditEvent.SECOND_STEP_RESET, self.request.user, detail="par la personne")
        return answer


class NewCodes(GenerateRecoveryCodesView):
    """Draws new recovery codes."""

    template_name = "account/recovery_codes_new.html"


def too_many(request: HttpRequest) -> HttpResponse:
    """Say that attempts were too many."""
    return render(request, "account/too_many.html", status=429)


@never_cache
@sensitive_post_parameters()
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Let an invited person choose a password, then install the second step."""
    found = invitations.find(token)
    if found is None or request.user.is_authenticated:
        reason = "signed_in" if found else "dead"
        return render(request, "account/invitation_dead.html", {"reason": reason}, status=410)
    form = PasswordForm(found.email, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = invitations.accept(found, form.cleaned_data["password1"])
        if user is None:
            return render(request, "account/invitation_dead.html", {"reason": "dead"}, status=410)
        login = Login(user=user, redirect_url=reverse("mfa_activate_totp"))
        return perform_password_login(request, {"username": user.username}, login)
    return render(request, "account/invitation.html", {"form": form, "invitation": found})
