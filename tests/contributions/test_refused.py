"""Corrections that are asked again: what cannot be read, what a robot would send."""

import re
from typing import Any

import pytest
from django.test import Client

from directory.models import Contribution, Place
from directory.models.contributions import MESSAGE_MAX
from tests import factories as make
from tests.browser.places import text
from tests.contributions.sending import address, filled, send, ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    """A published place."""
    made: Place = make.PlaceFactory.create(
        name="Le relais",
        commune=make.CommuneFactory.create(name="Guéret"),
        emails=["accueil@relais.example"],
    )
    return made


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"phone": "12"}, "Ce numéro n’est pas lisible"),
        ({"emails": "accueil"}, "Ce courriel n’est pas lisible"),
        ({"emails": "jeanne.martin@mairie.example"}, "semble être celui d’une personne"),
        ({"websites": "javascript://x%0aalert(1)"}, "Cette adresse de site n’est pas lisible"),
        ({"commune": "zzzzzzz"}, "Nous ne trouvons pas cette commune"),
        ({"commune": ""}, "Écrivez le nom de la commune"),
        ({"name": ""}, "Écrivez le nom du lieu"),
        ({"name": "é" * 201}, "trop long"),
        ({"appointment": "zzz"}, "Choisissez une réponse dans la liste"),
        ({"needs": ["zzz"]}, "Choisissez une réponse dans la liste"),
        ({"message": "é" * (MESSAGE_MAX + 1)}, "trop long"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(
    client: Client, place: Place, typed: dict[str, Any], said: str
) -> None:
    answer = send(client, place, **typed, address="3 rue Neuve")
    assert answer.status_code == 400
    assert said in text(answer)
    held = filled(answer.content.decode())
    assert held["address"] == "3 rue Neuve"
    ((name, value),) = typed.items()
    if name not in {"needs", "appointment"}:
        assert held[name] == value
    assert not Contribution.objects.exists()


def test_characters_that_nobody_sees_are_left_out(client: Client, place: Place) -> None:
    send(client, place, message="a\x00b\u202ec", address="3 rue Neuve")
    assert Contribution.objects.get().message == "abc"


def test_error_stands_beside_its_field(client: Client, place: Place) -> None:
    html = send(client, place, phone="12").content.decode()
    assert re.search(r'id="erreur-phone"><span class="field-error">Ce numéro', html)
    assert re.search(r'<input[^>]*name="phone"[^>]*erreur-phone"[^>]*aria-invalid="true"', html)
    assert 'href="#id_phone"' in html


def test_longest_message_is_accepted(client: Client, place: Place) -> None:
    assert send(client, place, message="é" * MESSAGE_MAX).status_code == 302


@pytest.mark.parametrize(
    "message",
    ["Appelez s.exemple@mairie-bourgville.fr", "Son portable\u00a0: 06 39 98 00 01"],
)
def test_personal_data_is_warned_of_once_then_sent(
    client: Client, place: Place, message: str
) -> None:
    answer = send(client, place, message=message)
    assert answer.status_code == 400
    assert "semble contenir le courriel ou le portable d’une personne" in text(answer)
    held = filled(answer.content.decode())
    assert held["message"] == message
    assert client.post(address(place), held | {"reread": "oui"}).status_code == 302


def test_generic_email_in_a_message_is_not_warned_of(client: Client, place: Place) -> None:
    assert send(client, place, message="Écrire à accueil@relais.example").status_code == 302


# --- Robots ---------------------------------------------------------------------------------------


def test_robot_that_fills_the_trap_stores_nothing_yet_is_thanked(
    client: Client, place: Place
) -> None:
    answer = send(client, place, name="Casino", website="https://spam.example/")
    assert answer["Location"] == f"{address(place)}merci/"
    assert not Contribution.objects.exists()


def test_trap_is_reached_neither_by_keyboard_nor_by_a_screen_reader(
    client: Client, place: Place
) -> None:
    html = client.get(f"{address(place)}?quoi=autre").content.decode()
    assert re.search(r'aria-hidden="true">(?:(?!</div>).)*name="website"', html, re.DOTALL)
    assert re.search(r'<input[^>]*name="website"[^>]*tabindex="-1"', html)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (lambda: ticket(0.5), "C’est allé très vite"),
        (lambda: ticket(13 * 3600), "ouverte depuis longtemps"),
        (lambda: "faux", "ouverte depuis longtemps"),
        (lambda: "", "ouverte depuis longtemps"),
    ],
)
def test_form_too_quick_or_too_old_is_shown_again_with_what_was_typed(
    client: Client, place: Place, given: object, said: str
) -> None:
    answer = send(client, place, name="Autre nom", ticket=given())  # type: ignore[operator]
    assert answer.status_code == 400
    assert said in text(answer)
    assert filled(answer.content.decode())["name"] == "Autre nom"
    assert not Contribution.objects.exists()


def test_form_too_quick_passes_when_sent_again(client: Client, place: Place) -> None:
    early = ticket(2.5)
    answer = send(client, place, name="Autre nom", ticket=early)
    held = filled(answer.content.decode())
    assert held["ticket"] == early
    assert client.post(address(place), held | {"ticket": ticket()}).status_code == 302
