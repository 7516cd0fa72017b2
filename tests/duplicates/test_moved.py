"""The addresses of a merged place, as they were printed and sent, lead to the kept one."""

import pytest
from django.test import Client
from django.urls import reverse

from directory.exchange.duplicates.merging import merge
from directory.models import Contribution, Place
from directory.views import selection, short_codes
from directory.vocabularies.names import ContributionKind, State
from tests.duplicates.twins import place_of
from tests.factories import PlaceFactory, StopFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept() -> Place:
    return place_of("une", name="Le lieu gardé", slug="garde")


@pytest.fixture
def absorbed(kept: Place) -> int:
    """The number of a place of slug "parti", merged into the kept one."""
    place = place_of("autre", name=kept.name, slug="parti")
    number = place.pk
    merge(kept.pk, number)
    return number


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("place-detail", "/lieux/garde/"),
        ("report", "/lieux/garde/signaler/"),
        ("report-done", "/lieux/garde/signaler/merci/"),
        ("contact-card", "/lieux/garde/contact.vcf"),
    ],
)
def test_every_page_of_a_merged_place_redirects_for_ever(
    client: Client, absorbed: int, name: str, address: str
) -> None:
    answer = client.get(reverse(f"directory:{name}", args=["parti"]))
    assert (answer.status_code, answer["Location"]) == (301, address)
    assert client.get(address).status_code == 200


def test_what_the_address_carried_is_carried_on(client: Client, absorbed: int) -> None:
    answer = client.get("/lieux/parti/?besoin=ameli&carnet=3")
    assert answer["Location"] == "/lieux/garde/?besoin=ameli&carnet=3"


def test_the_dates_of_a_stop_follow_it(client: Client, kept: Place) -> None:
    place = place_of("autre", slug="parti")
    stop = StopFactory.create(place=place)
    merge(kept.pk, place.pk)
    answer = client.get(f"/lieux/parti/passages/{stop.pk}.ics", follow=True)
    assert (answer.redirect_chain[0][1], answer.status_code) == (301, 200)


def test_what_is_sent_to_the_old_address_is_sent_again(client: Client, absorbed: int) -> None:
    address = reverse("directory:report", args=["parti"])
    answer = client.post(address, {"kind": ContributionKind.OTHER, "message": "Déménagé"})
    assert (answer.status_code, answer["Location"]) == (308, "/lieux/garde/signaler/")
    assert not Contribution.objects.exists()


def test_a_place_that_takes_the_slug_again_wins(client: Client, absorbed: int) -> None:
    PlaceFactory.create(slug="parti", name="Un nouveau lieu")
    assert "Un nouveau lieu" in client.get("/lieux/parti/").content.decode()


def test_nothing_leads_to_a_kept_place_that_is_not_public(
    client: Client, kept: Place, absorbed: int
) -> None:
    Place.objects.filter(pk=kept.pk).update(state=State.ARCHIVED)
    code = short_codes.encode_one(absorbed)
    for address in ("/lieux/parti/", f"/l/{code}"):
        assert client.get(address).status_code == 404
    assert "n’est plus dans l’annuaire" in client.get(f"/carnet/?lieux={absorbed}").content.decode()


def test_an_unknown_slug_is_still_not_found(client: Client, absorbed: int) -> None:
    assert client.get("/lieux/inconnu/").status_code == 404


def test_the_short_link_of_a_merged_place_leads_to_the_kept_one(
    client: Client, absorbed: int
) -> None:
    answer = client.get(f"/l/{short_codes.encode_one(absorbed)}")
    assert answer["Location"] == "/lieux/garde/"


@pytest.mark.parametrize("name", ["carnet", "sheet", "share"])
def test_a_list_that_names_a_merged_place_shows_the_kept_one(
    client: Client, absorbed: int, name: str
) -> None:
    shown = client.get(reverse(f"directory:{name}"), {"lieux": absorbed}).content.decode()
    assert "Le lieu gardé" in shown
    assert "n’est plus dans l’annuaire" not in shown


def test_the_short_link_of_a_list_leads_to_the_kept_place(
    client: Client, kept: Place, absorbed: int
) -> None:
    shown = client.get(f"/c/{short_codes.encode_list([absorbed])}", follow=True)
    assert "Le lieu gardé" in shown.content.decode()


def test_a_list_that_names_both_shows_the_kept_place_once(
    client: Client, kept: Place, absorbed: int
) -> None:
    other = PlaceFactory.create()
    numbers = selection.read_kept([f"{other.pk},{absorbed},{kept.pk}"]).numbers
    assert numbers == [other.pk, kept.pk]


def test_a_carnet_carried_while_searching_follows(
    client: Client, kept: Place, absorbed: int
) -> None:
    shown = client.get("/recherche/", {"carnet": absorbed}).content.decode()
    assert f"lieux={kept.pk}" in shown


def test_a_slug_that_two_merged_places_had_leads_to_the_last_ones(
    client: Client, kept: Place, absorbed: int
) -> None:
    other, again = place_of("tierce", slug="tierce"), place_of("quatre", slug="parti")
    merge(other.pk, again.pk)
    assert client.get("/lieux/parti/")["Location"] == "/lieux/tierce/"
    assert client.get(f"/l/{short_codes.encode_one(absorbed)}")["Location"] == "/lieux/garde/"
