"""Proposing a place that the directory does not have."""

from typing import Any

import pytest
from django.test import Client

from directory.models import Contribution, Place
from tests import factories as make
from tests.browser.places import text
from tests.contributions.sending import filled, last, ticket

pytestmark = pytest.mark.django_db

URL = "/proposer-un-lieu/"


def proposed(client: Client, **typed: Any) -> Any:
    """Open the form, type, send."""
    held = filled(client.get(URL).content.decode())
    told = {"name": "Le point d’appui", "commune": "Guéret", "ticket": ticket()}
    return client.post(URL, held | told | typed)


def test_proposal_waits_for_a_moderator_and_makes_no_place(client: Client) -> None:
    gueret = make.CommuneFactory.create(name="Guéret")
    make.NeedFactory.create(code="ameli")
    answer = proposed(
        client,
        phone="01 99 00 12 34",
        horaires_Mo="9h-12h",
        needs=["ameli"],
        operator_name="La mairie",
        summary="On aide le lundi.",
    )
    assert answer.status_code == 302, text(answer)
    assert (last().kind, last().place, last().commune) == ("proposal", None, gueret)
    assert {name: told["after"] for name, told in last().changes.items()} == {
        "name": "Le point d’appui",
        "commune": gueret.pk,
        "phone": "+33199001234",
        "opening_hours": "Mo 09:00-12:00",
        "needs": ["ameli"],
        "operator_name": "La mairie",
        "summary": "On aide le lundi.",
    }
    assert not Place.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Écrivez le nom du lieu"),
        ({"commune": ""}, "Écrivez le nom de la commune"),
        ({"commune": "zzzzz"}, "Nous ne trouvons pas cette commune"),
    ],
)
def test_place_has_a_name_and_a_commune(client: Client, typed: dict[str, str], said: str) -> None:
    make.CommuneFactory.create(name="Guéret")
    answer = proposed(client, **typed)
    assert answer.status_code == 400
    assert said in text(answer)
    assert not Contribution.objects.exists()


def test_postcode_of_several_communes_asks_which(client: Client) -> None:
    for name in ("Ajain", "Guéret"):
        make.CommuneFactory.create(name=name, postcode="93999")
    answer = proposed(client, commune="93999")
    assert answer.status_code == 400
    held = filled(answer.content.decode()) | {"commune_choice": "Ajain (93)"}
    assert client.post(URL, held).status_code == 302
    assert str(last().commune) == "Ajain (93)"


def test_search_without_a_place_leads_to_the_form(client: Client) -> None:
    make.CommuneFactory.create(name="Guéret")
    html = client.get("/recherche/?ou=Gu%C3%A9ret").content.decode()
    assert f'href="{URL}"' in html.split("<main", 1)[1].split("</main>", 1)[0]
