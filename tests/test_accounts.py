"""Signing in: one door, a password then a code, for everyone."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from directory.models import AuditEntry, AuditEvent, Role, RoleKind
from directory.moderation import sessions
from tests.accounts import PASSWORD, code, install_codes, make_user, national, sign_in
from tests.factories import RegionFactory

pytestmark = pytest.mark.django_db

LOGIN, CODE, INSTALL = "/compte/connexion/", "/compte/code/", "/compte/code/installer/"
NEW = "une autre phrase longue"


def give_password(client: Client, name: str, password: str = PASSWORD) -> Any:
    """Send the first page of the sign-in."""
    return client.post(LOGIN, {"login": name, "password": password})


def key_shown(page: Any) -> str:
    """The application's key that a page shows, without its spaces."""
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', page.content.decode())
    assert found
    return found[1].replace(" ", "")


def codes_shown(page: Any) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r"<code>(\d{8})</code>", page.content.decode())


def events() -> list[str]:
    """What the log holds, oldest first."""
    return list(AuditEntry.objects.order_by("pk").values_list("event", flat=True))


# --- One door -------------------------------------------------------------------------------------


def test_stock_login_page_sends_to_the_only_one(client: Client) -> None:
    answer = client.get("/admin/login/?next=/admin/directory/place/")
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{LOGIN}?next=/admin/directory/place/",
    )


def test_stock_login_page_takes_no_password(client: Client) -> None:
    user = national()
    answer = client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    assert answer["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_password_alone_opens_nothing(client: Client) -> None:
    client.force_login(national())
    assert client.get("/admin/", follow=True).request["PATH_INFO"] == INSTALL


@pytest.mark.parametrize(
    "address",
    ["/compte/", "/compte/mot-de-passe/", "/compte/code/secours/", "/compte/code/remplacer/"],
)
def test_application_is_installed_before_anything_else(client: Client, address: str) -> None:
    client.force_login(national())
    assert client.get(address)["Location"] == INSTALL


def test_session_older_than_the_application_signs_in_again(client: Client) -> None:
    user = national()
    client.force_login(user)
    install_codes(user)
    assert client.get("/compte/")["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_first_sign_in_installs_the_application_then_opens(client: Client) -> None:
    user = User.objects.create_superuser("administration", password=PASSWORD)
    assert give_password(client, "administration")["Location"] == "/admin/"
    page = client.get("/admin/", follow=True)
    secret = key_shown(page)
    wrong = client.post(INSTALL, {"code": "000000"})
    assert "n’est pas le bon" in wrong.content.decode()
    assert client.get("/admin/").status_code == 302
    done = client.post(INSTALL, {"code": code(secret)})
    assert done["Location"] == "/compte/code/secours/"
    assert len(codes_shown(client.get("/compte/code/secours/"))) == 10
    assert client.get("/admin/").status_code == 200
    assert Authenticator.objects.filter(user=user).count() == 2


def test_recovery_codes_are_shown_once(client: Client) -> None:
    user = national()
    sign_in(client, user)
    install_codes(user)
    assert len(codes_shown(client.get("/compte/code/secours/"))) == 10
    assert codes_shown(client.get("/compte/code/secours/")) == []


@pytest.mark.parametrize("by", ["username", "email"])
def test_next_sign_ins_ask_for_a_code(client: Client, by: str) -> None:
    user = national()
    install_codes(user)
    assert give_password(client, getattr(user, by))["Location"] == CODE
    assert client.get("/admin/").status_code == 302
    assert client.post(CODE, {"code": code()})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert events() == [AuditEvent.LOGIN]


def test_code_serves_once(client: Client) -> None:
    user = national()
    install_codes(user)
    given = code()
    for expected in (302, 200):
        browser = Client()
        give_password(browser, user.username)
        assert browser.post(CODE, {"code": given}).status_code == expected


def test_recovery_code_serves_once(client: Client) -> None:
    user = national()
    install_codes(user)
    recovery = (
        Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]
    )
    for expected in (302, 200):
        browser = Client()
        give_password(browser, user.username)
        assert browser.post(CODE, {"code": recovery}).status_code == expected


def test_account_without_a_role_is_told_so(client: Client) -> None:
    sign_in(client, make_user("quelqu-un"))
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403


def test_nobody_signs_up(client: Client) -> None:
    for address in ("/compte/inscription/", "/compte/signup/", "/accounts/signup/"):
        assert client.get(address).status_code == 404


def test_sign_in_never_leads_to_another_site(client: Client) -> None:
    user = national()
    install_codes(user)
    client.post(
        f"{LOGIN}?next=https://ailleurs.example/", {"login": user.username, "password": PASSWORD}
    )
    assert client.post(CODE, {"code": code()})["Location"] == "/admin/"


# --- Sessions -------------------------------------------------------------------------------------


def test_losing_a_role_ends_the_sessions(client: Client) -> None:
    user = make_user("a", {"kind": RoleKind.REGION, "region": RegionFactory.create()})
    other = Client()
    sign_in(client, user)
    sign_in(other, national())
    Role.objects.filter(user=user).delete()
    assert "_auth_user_id" not in client.session
    assert other.get("/admin/").status_code == 200


def test_closing_an_account_ends_its_sessions_and_is_written(client: Client) -> None:
    user, chief = national("a"), national("b")
    sign_in(client, user)
    data = {"username": user.username, "email": user.email, "is_active": ""}
    sign_in(Client(), chief)
    browser = sign_in(Client(), chief)
    browser.post(reverse("admin:auth_user_change", args=[user.pk]), data)
    assert "_auth_user_id" not in client.session
    assert AuditEvent.ACCOUNT_CLOSED in events()


def test_changing_the_password_ends_the_other_sessions(client: Client) -> None:
    user, other = national(), Client()
    for browser in (client, other):
        sign_in(browser, user)
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/compte/mot-de-passe/", data).status_code == 302
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302
    assert AuditEvent.PASSWORD in events()


def test_lost_password_comes_by_mail_and_the_code_stays_asked(client: Client) -> None:
    user = national()
    install_codes(user)
    client.post("/compte/mot-de-passe/oublie/", {"email": user.email})
    link = mail.outbox[0].body.split("http://testserver")[1].split()[0]
    page = client.get(link, follow=True)
    answer = client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert answer["Location"] == "/compte/mot-de-passe/nouveau/fait/"
    assert "ne sert plus" in Client().get(link, follow=True).content.decode()
    assert give_password(client, user.username, NEW)["Location"] == CODE


def test_lost_password_tells_nobody_who_has_an_account(client: Client) -> None:
    national()
    known, unknown = (
        client.post("/compte/mot-de-passe/oublie/", {"email": email})
        for email in ("nationale@annuaire.example", "personne@annuaire.example")
    )
    assert known["Location"] == unknown["Location"]
    assert len(mail.outbox) == 1


def test_ended_sessions_are_counted(client: Client) -> None:
    user = national()
    for _ in range(2):
        Client().force_login(user)
    assert sessions.end_sessions(user.pk) == 2
    assert Session.objects.count() == 0


# --- The application ------------------------------------------------------------------------------


def test_application_is_replaced_and_never_removed(client: Client) -> None:
    user = national()
    sign_in(client, user)
    install_codes(user)
    assert client.post("/compte/code/remplacer/")["Location"] == INSTALL
    assert client.get("/admin/", follow=True).request["PATH_INFO"] == INSTALL


def test_old_session_says_who_it_is_before_touching_codes(client: Client) -> None:
    user = national()
    sign_in(client, user)
    install_codes(user)
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 3600
    session.save()
    assert "/compte/confirmer/" in client.get("/compte/code/remplacer/")["Location"]


def test_national_administrator_resets_a_lost_application(client: Client) -> None:
    user, chief = national("a"), national("b")
    install_codes(user)
    browser = sign_in(Client(), user)
    sign_in(client, chief)
    data = {"action": "reset_second_step", "_selected_action": [user.pk]}
    client.post(reverse("admin:auth_user_changelist"), data)
    assert not Authenticator.objects.filter(user=user).exists()
    assert browser.get("/admin/").status_code == 302
    line = AuditEntry.objects.get(event=AuditEvent.SECOND_STEP_RESET)
    assert (line.user, line.target) == (chief, f"compte {user.pk}")
