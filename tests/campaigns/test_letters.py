"""The e-mail: who it goes to, what its headers say, and what none can make them say."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from directory.models import Place
from directory.moderation.campaigns import addresses, sending
from tests.campaigns.mailing import Server, launched, mail_server, place, stop_address, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[Server]:
    with mail_server() as running:
        yield running


@pytest.mark.parametrize(
    ("emails", "kept"),
    [
        (["jeanne.martin@relais.example", "accueil@relais.example"], "accueil@relais.example"),
        (["jeanne.martin@relais.example"], ""),
        (["noreply@relais.example"], ""),
        (["pas une adresse"], ""),
        ([], ""),
        (["accueil@relais.example\nBcc: tous@relais.example"], ""),
        (["accueil@relais.example\n"], "accueil@relais.example"),
        ([None, {"a": 1}], ""),
    ],
)
def test_only_a_generic_address_is_written_to(emails: list[str], kept: str) -> None:
    assert addresses.of_place(place(emails=emails)) == kept


@override_settings(CONTACT_EMAIL="contact@annuaire.example")
def test_headers_let_people_out_and_machines_know(server: Server) -> None:
    place()
    launched()
    sending.run(0.0)
    message = server.taken[0]
    body = message.get_content()
    assert message["List-Unsubscribe"].strip() == f"<http://testserver{stop_address(body)}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Reply-To"] == "contact@annuaire.example"
    assert message["Message-ID"].endswith("@testserver>")
    assert message.get_content_type() == "text/plain"


def test_letter_tells_what_the_page_says_and_gives_both_links(server: Server) -> None:
    place(phone="+33199001234", opening_hours="Mo 09:00-12:00")
    launched(text="Nous préparons le guide de l’été.")
    sending.run(0.0)
    body = server.taken[0].get_content()
    assert "01\u00a099\u00a000\u00a012\u00a034" in body
    assert "lundi\u00a0: 9h-12h" in body
    assert "Nous préparons le guide de l’été." in body
    assert "&#" not in body
    assert token_of(body)
    assert stop_address(body)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85", "\x00"])
def test_no_name_can_write_a_header(server: Server, end: str) -> None:
    if end == "\x00":
        end = "\x01"  # PostgreSQL has no NUL
    name = f"Relais{end}Bcc: tous@ailleurs.example{end}{end}Cliquez"
    made = place("Relais")
    Place.objects.filter(pk=made.pk).update(name=name)
    launched()
    sending.run(0.0)
    message = server.taken[0]
    assert message["Bcc"] is None
    assert message["To"] == "accueil@relais.example"
    assert len(server.taken) == 1
    assert "Bcc: tous@ailleurs.example" in message["Subject"]
