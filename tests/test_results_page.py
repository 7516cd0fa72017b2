"""The results page: what was understood, who helps, how far, and a way on when nobody does."""

import re
from typing import Any

import pytest
from django.test import Client

from directory.models import Commune, Place
from directory.search import gazetteer
from directory.vocabularies.names import Basis, State
from tests import factories as make
from tests.browser.places import text

pytestmark = pytest.mark.django_db

CENTRE = (46.17, 1.87)
KM = 1 / 111.19
"""Degrees of latitude in one kilometre."""


@pytest.fixture(autouse=True)
def _fresh_names() -> None:
    gazetteer.clear()


@pytest.fixture
def gueret() -> Commune:
    """A commune with a centre, alone to bear its name."""
    commune: Commune = make.CommuneFactory.create(
        code="23096",
        name="Guéret",
        department=make.DepartmentFactory.create(code="23", name="Creuse"),
        latitude=CENTRE[0],
        longitude=CENTRE[1],
        postcode="23000",
    )
    return commune


def at(commune: Commune, km: float, **values: Any) -> Place:
    """A place at this distance, north of the commune's centre."""
    place: Place = make.PlaceFactory.create(
        commune=commune, latitude=CENTRE[0] + km * KM, longitude=CENTRE[1], **values
    )
    return place


def search(client: Client, **values: Any) -> Any:
    """Ask the results page."""
    return client.get("/recherche/", values)


def homonyms() -> None:
    """Two large communes of the same name, the larger overseas."""
    reunion = make.DepartmentFactory.create(code="974", name="La Réunion")
    communes = (("93066", 113_000, make.DepartmentFactory.create()), ("97411", 155_000, reunion))
    for code, population, department in communes:
        make.CommuneFactory.create(
            code=code, name="Saint-Denis", population=population, department=department
        )


def names(answer: Any) -> list[str]:
    """Names of the places listed, in order."""
    return re.findall(r'<h3><a href="/lieux/[^"]+">([^<]+)</a></h3>', answer.content.decode())


def distances(answer: Any) -> list[str]:
    """Distances of the places listed, in order."""
    return re.findall(r"<strong>à\u00a0([^<]+)</strong>", answer.content.decode())


def heading(answer: Any) -> str:
    """The main heading of the page."""
    found = re.search(r"<h1>(.*?)</h1>", answer.content.decode())
    assert found
    return found[1]


def links(answer: Any, label: str) -> list[str]:
    """Addresses of the links that say `label`."""
    html = answer.content.decode()
    found = re.findall(r'<a\b[^>]*href="([^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL)
    return [href.replace("&amp;", "&") for href, inside in found if label in inside]


# --- The form keeps what was typed ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "rayon"),
    [("Guéret", "50"), ("Saint-Denis", "50"), ("Qwxzqwxz", "50"), ("Guéret", "7"), ("", "50")],
    ids=["found", "choices", "unknown", "error", "nowhere"],
)
def test_typed_values_stay_in_the_form(
    client: Client, gueret: Commune, where: str, rayon: str
) -> None:
    homonyms()
    make.NeedFactory.create(code="ameli")
    html = search(client, ou=where, besoin="ameli", q="atelier", rayon=rayon).content.decode()
    assert re.search(rf'<input[^>]*name="ou"[^>]*value="{where}"', html)
    assert re.search(r'<input[^>]*name="q"[^>]*value="atelier"', html)
    assert re.search(r'<[^>]*value="ameli"[^>]*\s(?:selected|checked)', html)
    assert re.search(r'<[^>]*value="50"[^>]*\s(?:selected|checked)', html) or rayon != "50"


@pytest.mark.parametrize("where", ["Guéret", "Saint-Denis", "Qwxzqwxz", "Creuse", ""])
def test_every_field_belongs_to_a_form_of_the_page(
    client: Client, gueret: Commune, where: str
) -> None:
    at(gueret, 1)
    homonyms()
    html = search(client, ou=where).content.decode()
    forms = set(re.findall(r'<form\b[^>]*\bid="([^"]+)"', html))
    assert set(re.findall(r'\bform="([^"]+)"', html)) <= forms


def test_unreadable_field_says_so_and_the_others_are_applied(
    client: Client, gueret: Commune
) -> None:
    at(gueret, 1, name="Le relais")
    answer = search(client, ou="Guéret", rayon="7")
    assert "Cette distance n’existe pas" in text(answer)
    assert names(answer) == ["Le relais"]


# --- Where ----------------------------------------------------------------------------------------


def test_ambiguous_name_proposes_communes_the_most_populated_first(client: Client) -> None:
    homonyms()
    said = text(search(client, ou="saint denis"))
    assert "Plusieurs communes portent ce nom" in said
    assert 0 < said.index("Saint-Denis (La Réunion)") < said.index("Saint-Denis (Seine-Saint-Denis")


def test_each_proposed_commune_leads_to_itself_and_keeps_the_need(client: Client) -> None:
    homonyms()
    make.NeedFactory.create(code="ameli", short_label="Ameli")
    answer = search(client, ou="Saint-Denis", besoin="ameli")
    for label in ("Saint-Denis (La Réunion)", "Saint-Denis (Seine-Saint-Denis)"):
        (address,) = links(answer, label)
        chosen = client.get(address)
        assert "Plusieurs communes" not in text(chosen)
        assert label in heading(chosen)
        assert "«\u00a0Ameli\u00a0»" in heading(chosen)


def test_misspelt_name_is_corrected_and_says_so(client: Client, gueret: Commune) -> None:
    at(gueret, 1, name="Le relais")
    answer = search(client, ou="Gerret")
    assert re.search(
        "Résultats pour Guéret \\(Creuse\\), au lieu de «\u00a0Gerret\u00a0»", text(answer)
    )
    assert names(answer) == ["Le relais"]


def test_right_name_is_not_said_to_be_corrected(client: Client, gueret: Commune) -> None:
    at(gueret, 1)
    assert "au lieu de" not in text(search(client, ou="guéret"))


def test_department_is_listed_by_commune_without_distances(client: Client, gueret: Commune) -> None:
    aubusson = make.CommuneFactory.create(
        code="23008", name="Aubusson", department=gueret.department
    )
    at(gueret, 1, name="Au chef-lieu")
    at(aubusson, 30, name="À la tapisserie")
    answer = search(client, ou="Creuse")
    assert names(answer) == ["À la tapisserie", "Au chef-lieu"]
    assert distances(answer) == []


def test_commune_without_a_known_centre_says_so_and_lists_its_territory(client: Client) -> None:
    commune = make.CommuneFactory.create(name="Miquelon", latitude=None, longitude=None)
    make.PlaceFactory.create(commune=commune, name="La maison")
    answer = search(client, ou="Miquelon")
    assert "Nous ne savons pas où se trouve exactement cette commune" in text(answer)
    assert names(answer) == ["La maison"]


# --- The list -------------------------------------------------------------------------------------


def test_nearest_places_come_first_with_their_distance(client: Client, gueret: Commune) -> None:
    at(gueret, 12, name="Le troisième")
    at(gueret, 0.85, name="Le premier")
    at(gueret, 3.2, name="Le deuxième")
    answer = search(client, ou="Guéret")
    assert names(answer) == ["Le premier", "Le deuxième", "Le troisième"]
    assert distances(answer) == ["850\u00a0m", "3,2\u00a0km", "12\u00a0km"]


def test_second_page_goes_on_where_the_first_ends(client: Client, gueret: Commune) -> None:
    for number in range(23):
        at(gueret, 1 + number / 10, name=f"Lieu {number:02d}")
    first = search(client, ou="Guéret", besoin="")
    second = client.get(links(first, "Page suivante")[0])
    assert names(first) + names(second) == [f"Lieu {number:02d}" for number in range(23)]
    assert len(names(first)) == 20


def test_page_beyond_the_last_is_not_found_and_keeps_the_form(
    client: Client, gueret: Commune
) -> None:
    at(gueret, 1)
    answer = search(client, ou="Guéret", page="9999")
    assert answer.status_code == 404
    assert re.search(r'<input[^>]*name="ou"[^>]*value="Guéret"', answer.content.decode())
    assert client.get(links(answer, "Revenir à la première page")[0]).status_code == 200


def test_empty_radius_is_widened_and_says_so(client: Client, gueret: Commune) -> None:
    at(gueret, 34, name="Au loin")
    answer = search(client, ou="Guéret", rayon="10")
    assert names(answer) == ["Au loin"]
    said = text(answer)
    assert re.search("rien à moins de 10[\u00a0 ]km", said)
    assert re.search("jusqu’à 50[\u00a0 ]km", said)


def test_radius_counts_its_places(client: Client, gueret: Commune) -> None:
    for km in (1, 8, 40):
        at(gueret, km)
    answer = search(client, ou="Guéret")
    counts = re.findall(r'<a class="pill"[^>]*>\d+\u00a0km \((\d+)<', answer.content.decode())
    assert counts == ["1", "2", "2", "3", "3"]


def test_place_that_only_deduces_a_need_asks_to_confirm(client: Client, gueret: Commune) -> None:
    need = make.NeedFactory.create(code="ameli", label="Mon compte Ameli")
    declaring = make.ServiceFactory.create(place=at(gueret, 1, name="Le sûr"))
    make.ServiceNeedFactory.create(service=declaring, need=need)
    deduced = make.ServiceFactory.create(place=at(gueret, 2, name="Le probable"))
    make.ServiceNeedFactory.create(service=deduced, need=need, basis=Basis.DEDUCED, rule="un-label")
    said = text(search(client, ou="Guéret", besoin="ameli"))
    sure, likely = said[said.index("Le sûr") :].split("Le probable", 1)
    assert "à confirmer" not in sure.lower()
    assert "à confirmer" in likely.lower()


@pytest.mark.parametrize("state", [State.DRAFT, State.TO_REVIEW, State.ARCHIVED])
def test_unpublished_place_is_never_listed(client: Client, gueret: Commune, state: State) -> None:
    at(gueret, 1, name="Le montré")
    at(gueret, 0.5, name="Le caché", state=state)
    answer = search(client, ou="Guéret")
    assert names(answer) == ["Le montré"]
    assert heading(answer).startswith("1 lieu ")


# --- Beside the places, and when there is none ----------------------------------------------------


def test_offer_that_covers_the_territory_is_proposed(client: Client, gueret: Commune) -> None:
    at(gueret, 1)
    make.AreaServiceFactory.create(name="À la maison", areas=[{"department": gueret.department}])
    elsewhere = make.DepartmentFactory.create(code="29", name="Finistère")
    make.AreaServiceFactory.create(name="En Bretagne", areas=[{"department": elsewhere}])
    said = text(search(client, ou="Guéret"))
    assert "À la maison" in said
    assert re.search("Département[\u00a0 ]: Creuse", said)
    assert "En Bretagne" not in said


def test_unpublished_offer_is_never_proposed(client: Client, gueret: Commune) -> None:
    at(gueret, 1)
    make.AreaServiceFactory.create(
        name="Le brouillon", state=State.DRAFT, areas=[{"is_national": True}]
    )
    hidden = make.ActorFactory.create(state=State.DRAFT)
    make.AreaServiceFactory.create(name="Le caché", actor=hidden, areas=[{"is_national": True}])
    said = text(search(client, ou="Guéret"))
    assert "Le brouillon" not in said
    assert "Le caché" not in said


def test_search_that_finds_nothing_gives_phone_lines(client: Client, gueret: Commune) -> None:
    need = make.NeedFactory.create(code="ameli")
    need.helplines.add(
        make.HelplineFactory.create(name="La ligne Ameli", phone="3646", display="36 46")
    )
    make.HelplineFactory.create(name="La ligne de tous", is_general=True)
    make.HelplineFactory.create(name="La ligne d’un autre besoin")
    answer = search(client, ou="Guéret", besoin="ameli")
    said = text(answer)
    assert "Aucun lieu trouvé" in said
    assert "La ligne Ameli" in said
    assert "La ligne de tous" in said
    assert "La ligne d’un autre besoin" not in said
    assert 'href="tel:3646"' in answer.content.decode()


def test_unknown_name_gives_phone_lines_and_the_form(client: Client, gueret: Commune) -> None:
    make.HelplineFactory.create(name="La ligne de tous", is_general=True)
    said = text(search(client, ou="Qwxzqwxz"))
    assert "Nous ne trouvons pas «\u00a0Qwxzqwxz\u00a0»" in said
    assert "La ligne de tous" in said
