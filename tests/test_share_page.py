"""Sending places: a text that can be changed, plain links, and nothing kept."""

import re
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.test import Client

from directory.views import short_codes, sms
from tests import factories as make
from tests.browser import places as world

pytestmark = pytest.mark.django_db

FROM_HERE = {"sec-fetch-site": "same-origin", "origin": "http://testserver"}


@pytest.fixture
def number() -> int:
    """A place near Guéret, with everything known of it."""
    return world.build(2).centre.pk


def field(html: str, name: str) -> str:
    """What a text field holds."""
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    assert found
    return unescape(found[1])


def sent(html: str, scheme: str) -> str:
    """The address that opens a program of the person's."""
    found = re.search(rf'href="({re.escape(scheme)}[^"]*)"', html)
    assert found
    return unescape(found[1])


def test_letter_tells_name_telephone_address_hours_and_short_link(
    client: Client, number: int
) -> None:
    text = field(client.get(f"/partager/?lieux={number}").content.decode(), "texte")
    assert "France services de Guéret, rue de la Mairie (0)" in text
    assert "Téléphone\u00a0: 01\u00a099\u00a000\u00a012\u00a034" in text
    assert "Adresse\u00a0: 1 rue de la Mairie, 23000 Guéret" in text
    assert "Horaires\u00a0: Du lundi au vendredi\u00a0: de 9\u00a0h à 12\u00a0h" in text
    assert f"http://testserver/l/{short_codes.encode_one(number)}" in text


def test_short_text_is_written_with_the_alphabet_of_sms_and_takes_two_messages(
    client: Client, number: int
) -> None:
    html = client.get(f"/partager/?lieux={number}").content.decode()
    text = field(html, "sms")
    assert sms.is_default_alphabet(text)
    assert sms.segments(text) == 2
    assert text.startswith("France services de Guéret, rue de la Mairie (0)\n01 99 00 12 34\nhttp")
    assert "Il partira en 2 SMS." in html


def test_links_open_sms_whatsapp_and_mail_with_the_text(client: Client, number: int) -> None:
    html = client.get(f"/partager/?lieux={number}").content.decode()
    letter, short = field(html, "texte"), field(html, "sms")
    text_message = sent(html, "sms:")
    assert text_message.startswith("sms:?&body=")
    assert unquote(text_message.partition("body=")[2]) == short
    whatsapp = urlsplit(sent(html, "https://wa.me/"))
    assert parse_qs(whatsapp.query) == {"text": [letter]}
    mail = urlsplit(sent(html, "mailto:"))
    assert parse_qs(mail.query)["body"] == [letter.replace("\n", "\r\n")]
    assert parse_qs(mail.query)["subject"] == ["France services de Guéret, rue de la Mairie (0)"]
    # A plus sign would be shown as such by mail programs.
    assert "+" not in mail.query


def test_several_places_have_one_link_and_what_to_bring(client: Client, number: int) -> None:
    other = make.PlaceFactory.create(name="Maison d’à côté").pk
    html = client.get(f"/partager/?lieux={number},{other}&besoin=ameli").content.decode()
    letter = field(html, "texte")
    link = f"http://testserver/c/{short_codes.encode_list([number, other])}"
    assert "2. Maison d’à côté" in letter
    assert letter.endswith(f"Toute la liste\u00a0: {link}")
    assert "À apporter\u00a0: " in letter
    assert link in field(html, "sms").split("\n")


def test_many_places_take_a_line_each(client: Client) -> None:
    world.build(22)
    numbers = [place.pk for place in make.PlaceFactory.create_batch(20)]
    html = client.get(f"/partager/?lieux={','.join(map(str, numbers))}").content.decode()
    letter = field(html, "texte")
    assert re.search(r"^20\. Lieu \d+, ", letter, re.MULTILINE)
    assert "Adresse" not in letter
    assert len(sent(html, "mailto:")) < 4_000


def test_changed_text_goes_in_the_links_and_is_nowhere_else(client: Client, number: int) -> None:
    answer = client.post(
        f"/partager/?lieux={number}",
        {"texte": "Bonjour,\r\nà mardi\u00a0!", "sms": "À mardi, l’été"},
        headers=FROM_HERE,
    )
    html = answer.content.decode()
    assert field(html, "texte") == "Bonjour,\nà mardi\u00a0!"
    assert parse_qs(urlsplit(sent(html, "https://wa.me/")).query) == {
        "text": ["Bonjour,\nà mardi\u00a0!"]
    }
    assert unquote(sent(html, "sms:").partition("body=")[2]) == "A mardi, l'été"
    assert "no-store" in answer["Cache-Control"]


def test_sharing_sets_no_cookie(client: Client, number: int) -> None:
    client.get(f"/partager/?lieux={number}")
    client.post(f"/partager/?lieux={number}", {"texte": "x"}, headers=FROM_HERE)
    assert not client.cookies


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"origin": "https://ailleurs.example"}, {"origin": "null"}],
)
def test_text_that_another_site_sends_is_not_shown(
    client: Client, number: int, headers: dict[str, str]
) -> None:
    answer = client.post(f"/partager/?lieux={number}", {"texte": "Payez ici"}, headers=headers)
    assert "Payez ici" not in answer.content.decode()


def test_text_too_long_is_said_and_kept(client: Client, number: int) -> None:
    answer = client.post(f"/partager/?lieux={number}", {"texte": "a" * 6000}, headers=FROM_HERE)
    assert answer.status_code == 400
    html = answer.content.decode()
    assert "Le texte est trop long\u00a0: 5\u00a0000 caractères au plus" in html
    assert field(html, "texte") == "a" * 6000


def test_markup_in_a_changed_text_is_text(client: Client, number: int) -> None:
    answer = client.post(
        f"/partager/?lieux={number}",
        {"texte": "</textarea><script>alert(1)</script>"},
        headers=FROM_HERE,
    )
    assert "<script>alert" not in answer.content.decode()


def test_nothing_chosen_says_what_to_do(client: Client) -> None:
    html = client.get("/partager/").content.decode()
    assert "Rien à envoyer" in html
    assert "sms:" not in html


def test_unknown_language_is_said_and_french_given(client: Client, number: int) -> None:
    html = client.get(f"/partager/?lieux={number}&langue=xx").content.decode()
    assert "Nous n’avons pas encore cette langue" in html
    assert "Appelez avant de venir." in field(html, "texte")


def test_text_is_written_in_the_chosen_language(client: Client, number: int) -> None:
    html = client.get(f"/partager/?lieux={number}&langue=ar").content.decode()
    assert 'lang="ar" dir="auto"' in html
    letter, short = field(html, "texte"), field(html, "sms")
    assert "اتصل" in letter
    # Groups of digits would change places among letters written from right to left.
    assert "0199001234" in letter
    # So would the number of the house and its street.
    assert "\u200e1 rue de la Mairie, 23000 Guéret" in letter
    assert sms.segments(short) <= 2
    english = client.get(f"/partager/?lieux={number}&langue=en").content.decode()
    assert "Call before you come." in field(english, "texte")
