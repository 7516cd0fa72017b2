"""Every e-mail is plain text: nothing is escaped as HTML is, its links lead to this site."""

import re
from typing import Any

import pytest
from django.core import mail
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from directory.moderation import digests
from directory.moderation.campaigns import letters
from directory.moderation.home import Queue
from tests import factories as make
from tests.accounts import national, sign_in
from tests.files import ROOT

pytestmark = pytest.mark.django_db

NAME = "L'Œuvre & l’atelier <d'ici>"
"""What HTML would write otherwise."""
OURS = "https://annuaire.example"
ENTITY = re.compile(r"&(?:#\d+|[a-z]+);")


@pytest.fixture
def online(settings: Settings) -> None:
    """A site that is online, and believes any host."""
    settings.LOCAL, settings.SITE_URL, settings.ALLOWED_HOSTS = False, OURS, ["*"]


def invite(client: Client, **headers: Any) -> str:
    """Invite an editor of an organisation; return the mail."""
    actor = make.ActorFactory.create(name=NAME)
    data = {"email": "accueil@annuaire.example", "kind": "actor", "actor": actor.pk}
    sign_in(client, national()).post(
        reverse("admin:directory_invitation_add"), data, headers=headers
    )
    return str(mail.outbox[0].body)


def test_invitation_is_written_as_it_is_read(client: Client) -> None:
    body = invite(client)
    assert NAME in body
    assert not ENTITY.search(body)


def test_digest_is_written_as_it_is_read() -> None:
    queue = Queue(code="x", label=NAME, count=1, url="/admin/?a=1&b=2", oldest=None)
    body = str(digests.message(national(), [queue], OURS, "2026-W47").body)
    assert NAME in body
    assert f"{OURS}/admin/?a=1&b=2" in body
    assert not ENTITY.search(body)


def test_letter_to_a_place_is_written_as_it_is_read() -> None:
    place = make.PlaceFactory.create(name=NAME, address="12 rue de l'Île & du Bac")
    body = letters.body(place, "Voici l'été.", f"{OURS}/x/", f"{OURS}/y/")
    for words in (NAME, "12 rue de l'Île & du Bac", "Voici l'été."):
        assert words in body


@pytest.mark.parametrize(
    "name", sorted(str(one.relative_to(ROOT / "templates")) for one in
                   (ROOT / "templates").rglob("*.txt"))
)  # fmt: skip
def test_no_template_of_mail_escapes_what_it_is_given(name: str) -> None:
    queue = Queue(code="x", label=NAME, count=1, url="/", oldest=None)
    given = dict.fromkeys(("site", "role", "where", "link", "password_reset_url"), NAME)
    given |= dict.fromkeys(("base_url", "home_url", "stop_url", "site_name"), NAME)
    text = render_to_string(name, given | {"waiting": [queue]})
    assert not ENTITY.search(text)


def test_pages_escape_after_a_mail_was_written() -> None:
    words = dict.fromkeys(("site", "role", "where", "link"), NAME)
    assert NAME in render_to_string("account/email/invitation.txt", words)
    page = engines["jinja2"].from_string('{{ _("%(name)s", name=name) }} {{ name }}')
    assert page.render({"name": "<d&"}) == "&lt;d&amp; &lt;d&amp;"


# --- Where links lead -----------------------------------------------------------------------------


@pytest.mark.usefixtures("online")
def test_invitation_leads_to_this_site_whatever_host_asks(client: Client) -> None:
    body = invite(client, host="attaque.example")
    assert f"{OURS}/compte/invitation/" in body
    assert "attaque" not in body


@pytest.mark.usefixtures("online")
def test_lost_password_leads_to_this_site_whatever_host_asks(client: Client) -> None:
    user = national()
    client.post(
        "/compte/mot-de-passe/oublie/", {"email": user.email}, headers={"host": "attaque.example"}
    )
    body = str(mail.outbox[0].body)
    found = re.search(rf"{OURS}(/compte/mot-de-passe/nouveau/\S+/)", body)
    assert found
    assert "attaque" not in body
    assert (
        client.get(found[1], follow=True, headers={"host": "annuaire.example"}).status_code == 200
    )
