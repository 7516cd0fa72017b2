"""Short links: to a place whatever becomes of its slug, to a carnet, and mistyped codes."""

import pytest
from django.test import Client

from directory.views import short_codes
from directory.vocabularies.names import State
from tests import factories as make
from tests.browser.places import fill

pytestmark = pytest.mark.django_db


def test_short_link_leads_to_the_place_whatever_becomes_of_its_slug(client: Client) -> None:
    place = make.PlaceFactory.create(slug="ancien-nom")
    code = short_codes.encode_one(place.pk)
    fill(place, slug="nouveau-nom")
    assert client.get(f"/l/{code}")["Location"] == "/lieux/nouveau-nom/"


@pytest.mark.parametrize("path", ["/l/{}", "/L/{}", "/l/{}/", "/L/{}/"])
def test_short_link_is_read_in_capitals_and_with_a_slash(client: Client, path: str) -> None:
    place = make.PlaceFactory.create(slug="maison")
    for code in (short_codes.encode_one(place.pk), short_codes.encode_one(place.pk).lower()):
        assert client.get(path.format(code))["Location"] == "/lieux/maison/"


def test_need_goes_with_the_short_link(client: Client) -> None:
    place = make.PlaceFactory.create(slug="maison")
    answer = client.get(f"/l/{short_codes.encode_one(place.pk)}?besoin=ameli")
    assert answer["Location"] == "/lieux/maison/?besoin=ameli"


def test_short_link_of_a_carnet_keeps_its_order(client: Client) -> None:
    code = short_codes.encode_list([45, 12, 78])
    assert client.get(f"/c/{code}")["Location"] == "/carnet/?lieux=45,12,78"
    assert client.get(f"/C/{code.lower()}/?besoin=css")["Location"].endswith("&besoin=css")


def test_mistyped_code_is_said_and_can_be_corrected(client: Client) -> None:
    code = short_codes.encode_list([45, 12, 78])
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    for address in (f"/c/{wrong}", f"/l/{wrong}", f"/code/?code={wrong}"):
        answer = client.get(address)
        assert answer.status_code == 404
        html = answer.content.decode()
        assert "Ce code est mal recopié" in html
        assert f'value="{wrong}"' in html
        assert "<title>Erreur" in html


@pytest.mark.parametrize("state", [State.ARCHIVED, State.DRAFT, None])
def test_place_that_is_not_public_gets_the_answer_of_an_unknown_one(
    client: Client, state: State | None
) -> None:
    number = make.PlaceFactory.create(name="Lieu caché", state=state).pk if state else 987_654
    answer = client.get(f"/l/{short_codes.encode_one(number)}")
    assert answer.status_code == 404
    assert "Ce lieu n’est plus dans l’annuaire" in answer.content.decode()
    assert "Lieu caché" not in answer.content.decode()


def test_code_copied_from_paper_leads_to_its_place_or_carnet(client: Client) -> None:
    one, several = short_codes.encode_one(12), short_codes.encode_list([45, 12])
    assert client.get("/code/", {"code": f" {one.lower()} "})["Location"] == f"/l/{one}"
    spaced = f"{several[:3]}-{several[3:]}"
    assert client.get("/code/", {"code": spaced})["Location"] == f"/c/{several}"


def test_page_for_codes_asks_for_one(client: Client) -> None:
    html = client.get("/code/").content.decode()
    assert "Quel est ce code" in html
    assert "mal recopié" not in html
