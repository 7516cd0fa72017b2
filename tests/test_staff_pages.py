"""The moderators' pages: sessions live there alone, and they speak French as public pages do."""

import re
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from directory.accounts import views
from directory.models import Invitation, RoleKind
from tests import test_french as french
from tests.accounts import install_codes, national, sign_in

pytestmark = pytest.mark.django_db

INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|<[^>]+\s(?:style|on[a-z]+)=", re.IGNORECASE)


@pytest.fixture
def pages() -> dict[str, str]:
    """The HTML of every page of the accounts, of forms sent back too."""
    user, fresh = national(), national("nouvelle")
    invitation = Invitation.objects.create(
        email="a@annuaire.example", kind=RoleKind.NATIONAL, nonce="x"
    )
    token = signing.dumps([invitation.pk, "x"], salt="directory.invitation")
    out, newcomer, signed = Client(), Client(), sign_in(Client(), user)
    newcomer.force_login(fresh)
    install_codes(user)
    old = sign_in(Client(), user)
    session = old.session
    session["account_authentication_methods"][0]["at"] = 0
    session.save()
    half = Client()
    half.post("/compte/connexion/", {"login": user.username, "password": "une phrase assez longue"})
    asked: dict[str, Any] = {
        "login": out.get("/compte/connexion/"),
        "login-wrong": out.post("/compte/connexion/", {"login": "a", "password": "b"}),
        "login-empty": out.post("/compte/connexion/", {}),
        "lost": out.get("/compte/mot-de-passe/oublie/"),
        "lost-wrong": out.post("/compte/mot-de-passe/oublie/", {"email": "a"}),
        "lost-sent": out.get("/compte/mot-de-passe/oublie/envoye/"),
        "new-dead": out.get("/compte/mot-de-passe/nouveau/1-x/"),
        "new-done": out.get("/compte/mot-de-passe/nouveau/fait/"),
        "closed": out.get("/compte/ferme/"),
        "code": half.get("/compte/code/"),
        "code-wrong": half.post("/compte/code/", {"code": "1"}),
        "invitation": out.get(f"/compte/invitation/{token}/"),
        "invitation-wrong": out.post(f"/compte/invitation/{token}/", {"password1": "a"}),
        "invitation-dead": out.get("/compte/invitation/x/"),
        "install": newcomer.get("/compte/code/installer/"),
        "install-wrong": newcomer.post("/compte/code/installer/", {"code": "1"}),
        "home": signed.get("/compte/"),
        "password": signed.get("/compte/mot-de-passe/"),
        "password-wrong": signed.post("/compte/mot-de-passe/", {"oldpassword": "a"}),
        "codes": signed.get("/compte/code/secours/"),
        "codes-again": signed.get("/compte/code/secours/"),
        "codes-new": signed.get("/compte/code/secours/nouveaux/"),
        "replace": signed.get("/compte/code/remplacer/"),
        "logout": signed.get("/compte/deconnexion/"),
        "confirm": old.get("/compte/confirmer/"),
        "confirm-code": old.get("/compte/code/confirmer/"),
        "too-many": views.too_many(RequestFactory().get("/")),
    }
    assert {name: one.status_code for name, one in asked.items() if one.status_code == 302} == {}
    return {name: answer.content.decode() for name, answer in asked.items()}


def test_every_page_of_accounts_is_written_as_french_is_printed(pages: dict[str, str]) -> None:
    patterns = (
        french.BREAKABLE_BEFORE,
        french.BREAKABLE_AFTER,
        french.TYPEWRITTEN,
        french.ENGLISH,
    )
    assert [found for one in patterns if (found := french.faults(pages, one))] == []


def test_every_page_of_accounts_has_one_heading_and_its_title(pages: dict[str, str]) -> None:
    assert {n: c for n, html in pages.items() if (c := len(re.findall(r"<h1\b", html))) != 1} == {}
    wrong = [name for name in pages if name.endswith(("wrong", "empty"))]
    assert [name for name in wrong if not french.title(pages[name]).startswith("Erreur")] == []


def test_no_page_of_accounts_holds_inline_code(pages: dict[str, str]) -> None:
    assert {n: f for n, html in pages.items() if (f := INLINE.findall(html))} == {}


def test_no_page_of_accounts_writes_a_password_back(pages: dict[str, str]) -> None:
    fields = [
        f for html in pages.values() for f in re.findall(r'<input[^>]*"password"[^>]*>', html)
    ]
    assert fields
    assert [field for field in fields if 'value=""' not in field] == []


@pytest.mark.parametrize("address", ["/", "/recherche/", "/mentions-legales/", "/rien/"])
def test_public_pages_know_nobody(address: str) -> None:
    client = sign_in(Client(), national())
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    tables = ("django_session", "auth_user", "directory_role", "shared_cache")
    assert [q["sql"] for q in queries if any(table in q["sql"] for table in tables)] == []


@pytest.mark.parametrize("address", ["/compte/connexion/", "/compte/", "/admin/"])
def test_pages_of_accounts_are_kept_by_nobody(address: str) -> None:
    answer = sign_in(Client(), national()).get(address)
    assert "no-store" in answer.get("Cache-Control", "")
