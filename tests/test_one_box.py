"""The one box: what is said becomes a plain search, each part of which can be taken off."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.factories import CommuneFactory, NeedFactory, PlaceFactory, SynonymFactory

PART = re.compile(
    r'<a class="pill chip" href="([^"]+)">.*?<span class="kind">(\w+)\u00a0: ?</span>'
)
SAID = "mot de passe ameli perdu près de Guéret"


@pytest.fixture(autouse=True)
def known(db: None) -> None:
    """A commune, a need and its synonym."""
    gueret = CommuneFactory.create(code="23096", name="Guéret")
    need = NeedFactory.create(code="ameli", label="Créer mon compte Ameli", short_label="Ameli")
    SynonymFactory.create(need=need, text="mot de passe ameli")
    PlaceFactory.create(commune=gueret)


def understood(client: Client, **query: str) -> dict[str, list[str]]:
    """The parameters of the search that a phrase leads to."""
    answer = client.get("/recherche/", query)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer["Location"]).query)


def test_phrase_becomes_a_search_by_place_and_need(client: Client) -> None:
    query = understood(client, dit=SAID)
    assert query["besoin"] == ["ameli"]
    assert query["ou"][0].startswith("Guéret")
    assert "dit" not in query


def test_place_typed_beside_the_phrase_is_kept(client: Client) -> None:
    assert understood(client, dit=SAID, ou="Limoges")["ou"] == ["Limoges"]


def test_what_is_not_understood_is_searched_as_text(client: Client) -> None:
    assert "mirliton" in understood(client, dit="mirliton Guéret")["q"][0]


def test_page_shows_what_was_understood_and_how_to_undo_it(client: Client) -> None:
    answer = client.get("/recherche/", {"dit": SAID}, follow=True)
    parts = {kind: unescape(address) for address, kind in PART.findall(answer.content.decode())}
    assert set(parts) == {"Besoin", "Lieu"}
    assert "besoin" not in parse_qs(urlsplit(parts["Besoin"]).query)
    assert "ou" not in parse_qs(urlsplit(parts["Lieu"]).query)


@pytest.mark.parametrize("said", ["?", "\ufffd" * 50, "a" * 10_000, "<script>", "ا" * 300, " "])
def test_any_phrase_leads_to_a_page(client: Client, said: str) -> None:
    assert client.get("/recherche/", {"dit": said}, follow=True).status_code == 200


def test_phrase_typed_as_a_place_is_understood(client: Client) -> None:
    query = understood(client, ou="Guéret mot de passe ameli")
    assert query["besoin"] == ["ameli"]
    assert query["ou"][0].startswith("Guéret")
