"""Actors: the list by family and its filter, and the page of each."""

import re
from typing import Any

import pytest
from django.test import Client

from directory.models import Actor
from directory.search import gazetteer
from directory.vocabularies.names import ActorCategory, Level, State
from tests import factories as make
from tests.browser.places import text

pytestmark = pytest.mark.django_db

HIDDEN = [State.DRAFT, State.TO_REVIEW, State.ARCHIVED]


@pytest.fixture(autouse=True)
def _fresh_names() -> None:
    gazetteer.clear()


def listed(client: Client, **query: str) -> list[str]:
    """Names on the list, in order."""
    html = client.get("/acteurs/", query).content.decode()
    return re.findall(r'href="/acteurs/[^"]+"><span>([^<]+)</span>', html)


def page(client: Client, actor: Actor, **query: Any) -> str:
    """The HTML of the actor's page."""
    answer = client.get(actor.get_absolute_url(), query)
    assert answer.status_code == 200
    return answer.content.decode()


# --- The list -------------------------------------------------------------------------------------


def test_actors_are_listed_under_their_family(client: Client) -> None:
    make.ActorFactory.create(name="La mairie", category=ActorCategory.LOCAL_STRUCTURE)
    make.ActorFactory.create(name="Le programme", category=ActorCategory.STATE_PROGRAMME)
    said = text(client.get("/acteurs/"))
    assert (
        said.index("Programmes de l’État")
        < said.index("Le programme")
        < said.index("Structures locales")
        < said.index("La mairie")
    )


def test_family_without_actors_is_not_shown(client: Client) -> None:
    make.ActorFactory.create(category=ActorCategory.LOCAL_STRUCTURE)
    assert "Hubs" not in text(client.get("/acteurs/"))


def test_actors_of_a_family_are_in_alphabetical_order(client: Client) -> None:
    for name in ("Beta", "Alpha", "Gamma"):
        make.ActorFactory.create(name=name)
    assert listed(client) == ["Alpha", "Beta", "Gamma"]


@pytest.mark.parametrize("typed", ["caisse", "CAISSE", "assurée maladie", "maladie caisse", "CPAM"])
def test_filter_forgives_case_accents_and_order(client: Client, typed: str) -> None:
    make.ActorFactory.create(name="Caisse assuree maladie", short_name="CPAM")
    make.ActorFactory.create(name="Hub du Nord")
    assert [name.split(" (")[0] for name in listed(client, q=typed)] == ["Caisse assuree maladie"]


def test_filter_is_kept_in_the_form(client: Client) -> None:
    html = client.get("/acteurs/", {"q": "hub"}).content.decode()
    assert re.search(r'<input[^>]*name="q"[^>]*value="hub"', html)


def test_filter_that_keeps_nobody_says_what_to_do(client: Client) -> None:
    make.ActorFactory.create(name="Hub du Nord")
    assert "Aucun acteur ne porte ce nom" in text(client.get("/acteurs/", {"q": "zzz"}))


def test_list_counts_places_run_and_places_of_the_network(client: Client) -> None:
    runs = make.ActorFactory.create(name="Elle en tient deux")
    make.PlaceFactory.create_batch(2, operator=runs)
    network = make.ActorFactory.create(name="Réseau de trois")
    for _ in range(3):
        make.PlaceFactory.create().networks.add(network)
    make.PlaceFactory.create(operator=runs, state=State.DRAFT)
    said = text(client.get("/acteurs/"))
    assert re.search(r"Elle en tient deux 2 lieux", said)
    assert re.search(r"Réseau de trois 3 lieux", said)


def test_place_both_run_and_of_the_network_counts_once(client: Client) -> None:
    actor = make.ActorFactory.create(name="Les deux")
    make.PlaceFactory.create(operator=actor).networks.add(actor)
    assert "Les deux 1 lieu " in text(client.get("/acteurs/"))


@pytest.mark.parametrize("state", HIDDEN)
def test_unpublished_actor_is_neither_listed_nor_found(client: Client, state: State) -> None:
    actor = make.ActorFactory.create(name="Le caché", state=state)
    assert listed(client) == []
    expected = 410 if state == State.ARCHIVED else 404
    assert client.get(actor.get_absolute_url()).status_code == expected


# --- The page of an actor -------------------------------------------------------------------------


def test_page_says_what_the_actor_is(client: Client) -> None:
    actor = make.ActorFactory.create(
        name="Association du pays",
        description="Elle aide.",
        how_it_works="Quatre lieux.",
        mediation_actions="Des ateliers.",
        partnerships="La caisse.",
        legal_status="Association loi 1901",
        level=Level.DEPARTMENTAL,
        citation="Annuaire, ligne 12",
    )
    actor.departments.add(make.DepartmentFactory.create(code="23", name="Creuse"))
    said = text(client.get(actor.get_absolute_url()))
    expected = [
        "Association du pays", "Elle aide.", "Quatre lieux.", "Des ateliers.", "La caisse.",
        "Association loi 1901", "Départemental", "Creuse", "Annuaire, ligne 12",
        "Structure locale",
    ]  # fmt: skip
    assert [words for words in expected if words not in said] == []


def test_page_gives_the_published_contacts(client: Client) -> None:
    html = page(
        client,
        make.ActorFactory.create(
            phone="+33199001234",
            email="accueil@pays.example",
            website="https://pays.example/",
        ),
    )
    assert 'href="mailto:accueil@pays.example"' in html
    assert 'href="https://pays.example/"' in html
    assert 'href="tel:+33199001234"' in html


def test_actor_with_a_short_number_has_its_page(client: Client) -> None:
    assert 'href="tel:3646"' in page(client, make.ActorFactory.create(phone="3646"))


def test_page_leads_to_networks_and_members(client: Client) -> None:
    network, member = make.ActorFactory.create(), make.ActorFactory.create()
    member.member_of.add(network)
    assert f'href="{network.get_absolute_url()}"' in page(client, member)
    assert f'href="{member.get_absolute_url()}"' in page(client, network)


def test_page_shows_places_run_and_places_of_the_network_once_each(client: Client) -> None:
    actor = make.ActorFactory.create()
    make.PlaceFactory.create(name="Tenu", operator=actor)
    make.PlaceFactory.create(name="Du réseau").networks.add(actor)
    make.PlaceFactory.create(name="Les deux", operator=actor).networks.add(actor)
    make.PlaceFactory.create(name="D’un autre")
    found = re.findall(r'<h3><a href="/lieux/[^"]+">([^<]+)</a>', page(client, actor))
    assert sorted(found) == ["Du réseau", "Les deux", "Tenu"]


def test_page_shows_services_with_their_needs_and_area(client: Client) -> None:
    actor = make.ActorFactory.create()
    need = make.NeedFactory.create(short_label="Ouvrir mon compte")
    make.AreaServiceFactory.create(
        actor=actor, name="Visite à domicile", needs=[need], areas=[{"is_national": True}]
    )
    said = text(client.get(actor.get_absolute_url()))
    assert "Visite à domicile" in said
    assert "Ouvrir mon compte" in said
    assert "Partout en France" in said


def test_page_shows_nothing_unpublished(client: Client) -> None:
    actor = make.ActorFactory.create()
    hidden = make.ActorFactory.create(name="Acteur caché", state=State.DRAFT)
    actor.member_of.add(hidden)
    hidden.member_of.add(actor)
    make.PlaceFactory.create(name="Lieu caché", operator=actor, state=State.DRAFT)
    make.AreaServiceFactory.create(name="Service caché", actor=actor, state=State.DRAFT)
    assert "caché" not in page(client, actor)


# --- Its places, twenty a page --------------------------------------------------------------------


@pytest.fixture
def large() -> Actor:
    """An actor with two pages of places."""
    actor: Actor = make.ActorFactory.create()
    commune = make.CommuneFactory.create()
    for number in range(23):
        make.PlaceFactory.create(name=f"Lieu {number:02d}", operator=actor, commune=commune)
    return actor


def test_places_of_an_actor_come_twenty_a_page(client: Client, large: Actor) -> None:
    pages = [
        re.findall(r'<h3><a href="/lieux/[^"]+">(Lieu \d\d)</a>', page(client, large, page=number))
        for number in (1, 2)
    ]
    assert [len(found) for found in pages] == [20, 3]
    assert pages[0] + pages[1] == [f"Lieu {number:02d}" for number in range(23)]


def test_pages_of_an_actor_lead_to_each_other(client: Client, large: Actor) -> None:
    url = large.get_absolute_url()
    assert f'rel="next" href="{url}?page=2"' in page(client, large)
    assert f'rel="prev" href="{url}?page=1"' in page(client, large, page=2)


def test_page_says_how_many_places_the_actor_has(client: Client, large: Actor) -> None:
    assert "23 lieux" in text(client.get(large.get_absolute_url()))


def test_body_known_only_by_its_counter_is_found_by_name() -> None:
    make.ActorFactory.create(
        name="Commune de Bondy",
        category=ActorCategory.LOCAL_STRUCTURE,
        description="",
        source=make.SourceFactory.create(),
    )
    assert "Commune de Bondy" not in text(Client().get("/acteurs/"))
    assert "Commune de Bondy" in text(Client().get("/acteurs/?q=bondy"))
