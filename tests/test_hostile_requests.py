"""Requests that no browser of ours makes: contained, said, never the page of a breakdown."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import Place
from tests import factories as make
from tests.accounts import install_codes, national, sign_in
from tests.contributions.sending import address, filled, ticket
from tests.roles.two_regions import World, build

pytestmark = pytest.mark.django_db

MANY = "&".join(f"a{number}=1" for number in range(600))
ODD = ("a\x00b", "9" * 400, "\u202eéa\nBcc: x@y.example")
"""NUL, a number longer than any column, what turns letters round then begins a header."""
ELSEWHERE = ("//attaque.example/", "https://attaque.example/", "/\\x.example")


@pytest.fixture
def world() -> World:
    """Two regions, with a record of every model."""
    return build()


# --- Addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/", "/recherche/", "/carnet/", "/fiche.pdf", "/compte/connexion/", "/widget/", "/acteurs/",
     "/proposer-un-lieu/", "/suggestions/", "/carte.geojson", "/api/v1/lieux/"],
)  # fmt: skip
def test_hundreds_of_parameters_are_refused_with_a_page(client: Client, path: str) -> None:
    answer = client.get(f"{path}?{MANY}")
    assert answer.status_code == 414
    assert "trop long" in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/admin/", "/compte/mot-de-passe/oublie/", "/healthz", "/x"])
def test_host_that_is_not_ours_is_refused_with_a_page(client: Client, path: str) -> None:
    client.raise_request_exception = False
    answer = client.get(path, headers={"host": "attaque.example"})
    assert answer.status_code == 400
    assert "Ce site n’a pas cette adresse" in answer.content.decode()
    assert "attaque" not in answer.content.decode()


def test_too_much_says_what_to_do(client: Client) -> None:
    place = make.PlaceFactory.create()
    answer = client.post(address(place), {"quoi": "autre", "message": "a" * 2_000_000})
    assert answer.status_code == 413
    assert "raccourcissez ce que vous avez écrit" in answer.content.decode()


@pytest.mark.parametrize("next_url", ELSEWHERE)
def test_sign_in_goes_on_to_no_other_site(client: Client, next_url: str) -> None:
    install_codes(user := national())
    data = {"login": user.username, "password": "une phrase assez longue", "next": next_url}
    assert client.post("/compte/connexion/", data)["Location"] == "/compte/code/"
    sign_in(client, user)
    for path in ("/compte/connexion/", "/admin/login/"):
        assert "example" not in client.get(path, {"next": next_url}).headers.get("Location", "")
    left = client.post("/compte/deconnexion/", {"next": next_url})
    assert left["Location"] == "/compte/connexion/"


# --- What is typed --------------------------------------------------------------------------------


def test_what_turns_letters_round_is_left_out_of_contributions(client: Client) -> None:
    place = make.PlaceFactory.create(name="Mairie")
    data = filled(client.get(address(place), {"quoi": "autre"}).content.decode())
    data |= {"message": "Relais \u202eevil\u202c\u2066x\u200f", "ticket": ticket()}
    assert client.post(address(place), data).status_code == 302
    assert place.contributions.get().message == "Relais evilx"


@pytest.mark.parametrize("odd", ODD)
def test_odd_text_in_any_field_of_the_accounts_gets_a_page(client: Client, odd: str) -> None:
    for path, names in (
        ("/compte/connexion/", ("login", "password")),
        ("/compte/mot-de-passe/oublie/", ("email",)),
        ("/compte/code/", ("code",)),
    ):
        answer = client.post(path, dict.fromkeys(names, odd))
        assert answer.status_code in {200, 302, 400, 429}, path


@pytest.mark.parametrize("odd", ODD)
def test_odd_text_in_any_field_of_the_moderators_side_gets_a_page(
    client: Client, world: World, odd: str
) -> None:
    sign_in(client, national())
    broken = []
    for url, data in asked(world, odd):
        answer = client.post(url, data)
        if answer.status_code >= 500:
            broken.append(url)
        if "?" not in url:
            assert client.get(url, {"q": odd, "p": odd, "quoi": odd, "page": odd}).status_code < 500
    assert broken == []
    assert Place.objects.filter(pk=world.home.place.pk).exists()


def asked(world: World, odd: str) -> Any:
    """Every form of the moderators' side that is read by our own code."""
    place, records = world.home.place, world.records
    names = (
        "name slug phone emails websites opening_hours week_mo latitude commune operator networks "
        "terms version _preview services-TOTAL_FORMS services-0-id stops-0-commune garder-phone"
    ).split()
    yield reverse("admin:directory_place_change", args=[place.pk]), dict.fromkeys(names, odd)
    yield reverse("admin:directory_place_add"), dict.fromkeys(names, odd)
    yield reverse("admin:directory_place_week"), {"text": odd, "opening_hours": odd, "mo": odd}
    listed = reverse("admin:directory_place_changelist")
    for action in ("bulk_verify", "bulk_archive", "bulk_tag", "bulk_assign", odd):
        fields = dict.fromkeys(("reason", "method", "term", "assignee", "count", "confirm"), odd)
        yield listed, fields | {"action": action, "_selected_action": [odd, place.pk]}
        yield listed, {"action": action, "_selected_action": odd, "index": odd, "action_index": odd}
    own = {(model._meta.model_name, mark): one for (model, mark), one in records.items()}
    decide = dict.fromkeys(("decision", "champ", "answer", "note", "hours", "seen"), odd)
    for mark in ("zzdedans",):
        one = own["contribution", mark]
        yield reverse("admin:directory_contribution_change", args=[one.pk]), decide
        yield (
            reverse("admin:directory_contribution_change", args=[one.pk]),
            decide | {"decision": "refuse"},
        )
        pair = own["duplicatecandidate", mark]
        parts = dict.fromkeys(("kept", "seen", "name", "phone", "terms"), odd)
        yield reverse("admin:directory_duplicatecandidate_change", args=[pair.pk]), parts
        campaign = own["campaign", mark]
        yield (
            reverse("admin:directory_campaign_follow", args=[campaign.pk]),
            {"que": odd, "seen": odd},
        )
        run = own["importrun", mark]
        yield reverse("admin:directory_importrun_apply", args=[run.pk]), {"mode": odd, "sure": odd}
    yield reverse("admin:directory_importrun_add"), {"source": odd, "new_source": odd}
    yield reverse("admin:directory_invitation_add"), {"email": odd, "kind": odd}
    yield reverse("admin:digest_choice"), {"recevoir": odd}
