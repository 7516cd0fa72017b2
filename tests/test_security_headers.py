"""What a browser is told to refuse, and what no page may let through."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from directory.models import Actor, Need, Place, Service, Source, Term
from tests import factories as make
from tests.browser import places
from tests.browser.places import PAGES

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>'\"&"
# How a handler, a script or a style that a browser would run is written.
# Blocks of data are not run.
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=| type=\"application/ld\+json\">)|<style\b|<[^>]+\s(?:style|on[a-z]+)=",
    re.IGNORECASE,
)
ASK_OVER_HTTPS = """
import django, json
django.setup()
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker
client = Client(raise_request_exception=False)
secure = client.get("/mentions-legales/", secure=True)
proxied = client.get("/mentions-legales/", headers={"x-forwarded-proto": "https"})
plain = client.get("/mentions-legales/")
from django.conf import settings
print(json.dumps({
    "hsts": secure.get("Strict-Transport-Security", ""),
    "proxied": proxied.status_code,
    "plain": [plain.status_code, plain.get("Location", "")],
    "cookies": [settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_SECURE],
}))
"""


@pytest.fixture(scope="module")
def answers(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> dict[str, Any]:
    """The answer of every public page."""
    with django_db_blocker.unblock(), transaction.atomic():
        places.build()
        found = {name: Client().get(url) for name, url in PAGES.items()}
        transaction.set_rollback(True)
    return found


def policy(answer: Any) -> dict[str, list[str]]:
    """The content security policy, by directive."""
    directives = [part.split() for part in answer["Content-Security-Policy"].split(";")]
    return {words[0]: words[1:] for words in directives if words}


# --- Headers --------------------------------------------------------------------------------------


def test_every_page_allows_only_its_own_site(answers: dict[str, Any]) -> None:
    allowed = {"'self'", "'none'", "data:"}
    lax = {
        name: directives
        for name, answer in answers.items()
        if (directives := {d: v for d, v in policy(answer).items() if set(v) - allowed})
    }
    assert lax == {}
    assert "data:" not in policy(answers["home"])["script-src"]


def test_every_page_refuses_what_it_does_not_allow(answers: dict[str, Any]) -> None:
    for directive in ("default-src", "frame-ancestors", "base-uri"):
        lax = [n for n, answer in answers.items() if policy(answer).get(directive) != ["'none'"]]
        assert lax == [], directive
    assert [n for n, a in answers.items() if policy(a).get("form-action") != ["'self'"]] == []


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_every_page_bears_the_header(answers: dict[str, Any], header: str, value: str) -> None:
    assert {n: a.get(header) for n, a in answers.items() if a.get(header) != value} == {}


@pytest.mark.parametrize("query", ["?ou=%00", f"?ou={'a' * 70_000}"], ids=["400", "414"])
def test_refused_request_bears_the_headers_too(query: str) -> None:
    answer = Client().get(f"/recherche/{query}")
    assert policy(answer)["default-src"] == ["'none'"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def over_https(**environment: str) -> dict[str, Any]:
    """What a site started with this environment answers."""
    ran = subprocess.run(
        [sys.executable, "-c", ASK_OVER_HTTPS],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    answered: dict[str, Any] = json.loads(ran.stdout)
    return answered


def test_site_behind_tls_asks_browsers_never_to_come_back_without() -> None:
    answered = over_https(DJANGO_HTTPS="1")
    assert answered["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert answered["plain"] == [301, "https://testserver/mentions-legales/"]
    assert answered["proxied"] == 200
    assert answered["cookies"] == [True, True]


def test_site_without_tls_does_not_lock_browsers_out() -> None:
    answered = over_https(DJANGO_HTTPS="0")
    assert answered["hsts"] == ""
    assert answered["plain"] == [200, ""]


# --- Texts are texts ------------------------------------------------------------------------------


def test_no_page_holds_an_inline_script_style_or_handler(answers: dict[str, Any]) -> None:
    found = {name: INLINE.findall(answer.content.decode()) for name, answer in answers.items()}
    assert {name: inline for name, inline in found.items() if inline} == {}


@pytest.fixture
def hostile() -> places.World:
    """A directory all of whose texts try to run a script."""
    world = places.build(2)
    for model in (Place, Actor, Service, Need, Term):
        for record in model.objects.all():
            for field in record._meta.fields:
                if field.get_internal_type() == "TextField" or _is_free_text(field):
                    length = getattr(field, "max_length", None) or 200
                    setattr(record, field.name, HOSTILE[:length])
            record.save()
    place = world.centre
    place.refresh_from_db()
    make.StopFactory.create(place=place, label=HOSTILE)
    place.closures.update(reason=HOSTILE)
    Source.objects.update(name=HOSTILE, publisher=HOSTILE, attribution=HOSTILE)
    return world


def _is_free_text(field: Any) -> bool:
    """Whether anything may be written in a field, as in a name."""
    return (
        field.get_internal_type() == "CharField"
        and not field.choices
        and field.name not in {"phone", "booking_phone", "vocabulary", "code", "opening_hours"}
        and not field.validators[:-1]
    )


@pytest.mark.usefixtures("hostile")
def test_no_text_of_the_directory_becomes_markup() -> None:
    shown = {name: Client().get(url).content.decode() for name, url in PAGES.items()}
    assert [name for name, html in shown.items() if "<script>" in html] == []
    assert [name for name, html in shown.items() if "'\"&<" in html] == []
    telling = {"results", "place", "report", "report-done", "actors", "actor", "sources", "home"}
    assert [name for name in telling if "&lt;script&gt;" not in shown[name]] == []


def test_website_that_runs_a_script_is_no_link() -> None:
    place = make.PlaceFactory.create(websites=["javascript:alert(1)"])
    html = Client().get(place.get_absolute_url()).content.decode()
    assert 'href="javascript:' not in html
