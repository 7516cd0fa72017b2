"""Addresses of the accounts, under /compte/: allauth's views, less those that open accounts."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from django.contrib.auth.decorators import login_required
from django.urls import path, re_path
from django.views.decorators.cache import never_cache

from directory.accounts import views
from directory.accounts.views import second_step_first


def _page(name: str) -> dict[str, str]:
    return {"template_name": name}


urlpatterns = [
    path(
        "",
        login_required(second_step_first(mfa.IndexView.as_view(**_page("account/home.html")))),
        name="mfa_index",
    ),
    path(
        "connexion/", account.LoginView.as_view(**_page("account/login.html")), name="account_login"
    ),
    path(
        "deconnexion/",
        account.LogoutView.as_view(**_page("account/logout.html")),
        name="account_logout",
    ),
    path(
        "ferme/",
        account.AccountInactiveView.as_view(**_page("account/inactive.html")),
        name="account_inactive",
    ),
    path("invitation/<str:token>/", views.invitation, name="account_invitation"),
    path(
        "confirmer/",
        second_step_first(account.ReauthenticateView.as_view(**_page("account/confirm.html"))),
        name="account_reauthenticate",
    ),
    path(
        "mot-de-passe/",
        second_step_first(account.PasswordChangeView.as_view(**_page("account/password.html"))),
        name="account_change_password",
    ),
    path(
        "mot-de-passe/oublie/",
        account.PasswordResetView.as_view(**_page("account/password_lost.html")),
        name="account_reset_password",
    ),
    path(
        "mot-de-passe/oublie/envoye/",
        account.PasswordResetDoneView.as_view(**_page("account/password_lost_sent.html")),
        name="account_reset_password_done",
    ),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.PasswordResetFromKeyView.as_view(**_page("account/password_new.html")),
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/nouveau/fait/",
        account.PasswordResetFromKeyDoneView.as_view(**_page("account/password_new_done.html")),
        name="account_reset_password_from_key_done",
    ),
    path(
        "code/",
        mfa.AuthenticateView.as_view(**_page("account/second_step.html")),
        name="mfa_authenticate",
    ),
    path(
        "code/confirmer/",
        second_step_first(
            mfa.ReauthenticateView.as_view(**_page("account/second_step_confirm.html"))
        ),
        name="mfa_reauthenticate",
    ),
    path(
        "code/installer/",
        login_required(views.Install.as_view()),
        name="mfa_activate_totp",
    ),
    path(
        "code/remplacer/",
        second_step_first(views.Replace.as_view()),
        name="mfa_deactivate_totp",
    ),
    path(
        "code/secours/",
        second_step_first(
            codes.ViewRecoveryCodesView.as_view(**_page("account/recovery_codes.html"))
        ),
        name="mfa_view_recovery_codes",
    ),
    path(
        "code/secours/nouveaux/",
        second_step_first(views.NewCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
]
for pattern in urlpatterns:
    pattern.callback = never_cache(pattern.callback)
