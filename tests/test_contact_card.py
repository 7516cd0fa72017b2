"""The contact card of a place, read back with another library than the one that writes it."""

import re

import pytest
import vobject
from django.test import Client

from directory.models import Place
from directory.views import short_codes
from directory.vocabularies.names import PositionPrecision, State
from tests import factories as make
from tests.browser.places import fill

pytestmark = pytest.mark.django_db


def odd_place() -> Place:
    """A place whose texts hold all that a vCard must escape, and lines too long for it."""
    place: Place = make.PlaceFactory.create(
        slug="maison",
        name="Maison « Été »; santé, droits\\vie",
        address="12, rue de l’Église; bâtiment B",
        address_complement="Entrée\npar la cour",
        postcode="93200",
        commune=make.CommuneFactory.create(name="Saint-Denis"),
        booking_phone="3646",
        emails=["accueil@maison.example"],
        opening_hours="Mo-Fr 09:00-12:00,13:30-17:00; Sa 10:00-12:00; PH off",
    )
    return place


def card(client: Client, slug: str = "maison") -> str:
    """What the site answers, decoded."""
    return client.get(f"/lieux/{slug}/contact.vcf").content.decode()


def test_card_is_a_file_of_the_vcard_type_named_after_the_place(client: Client) -> None:
    odd_place()
    answer = client.get("/lieux/maison/contact.vcf")
    assert answer["Content-Type"] == "text/vcard; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="maison.vcf"'


def test_another_reader_finds_each_text_as_it_was(client: Client) -> None:
    place = odd_place()
    read = vobject.readOne(card(client))
    assert read.version.value == "3.0"
    assert read.fn.value == place.name
    assert read.org.value == [place.name]
    assert [tel.value for tel in read.tel_list] == ["+33199001234", "3646"]
    assert read.email.value == "accueil@maison.example"
    address = read.adr.value
    assert (address.street, address.extended) == (place.address, place.address_complement)
    assert (address.city, address.code, address.country) == ("Saint-Denis", "93200", "France")
    assert read.url.value == f"http://testserver/l/{short_codes.encode_one(place.pk)}"
    assert "Du lundi au vendredi\u00a0: de 9\u00a0h à 12\u00a0h" in read.note.value
    assert read.note.value.endswith("\nAppelez avant de venir.")


def test_lines_end_with_crlf_and_hold_75_octets_at_most(client: Client) -> None:
    odd_place()
    content = client.get("/lieux/maison/contact.vcf").content
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75
    # No character is cut in two.
    assert all(line.decode() for line in lines[:-1])


def test_centre_of_a_commune_is_not_told_as_the_places_point(client: Client) -> None:
    place = odd_place()
    assert "GEO:48.9362;2.3574" in card(client)
    fill(place, position_precision=PositionPrecision.COMMUNE)
    assert "GEO" not in card(client)


def test_bus_that_moves_says_so_instead_of_hours(client: Client) -> None:
    make.PlaceFactory.create(slug="bus", itinerancy="itinerant", opening_hours="Mo-Fr 09:00-12:00")
    folded = re.sub(r"\r\n ", "", card(client, "bus"))
    assert "Ce lieu se déplace" in folded
    assert "lundi" not in folded


def test_place_that_is_not_public_has_no_card(client: Client) -> None:
    make.PlaceFactory.create(slug="cache", state=State.DRAFT)
    assert client.get("/lieux/cache/contact.vcf").status_code == 404
