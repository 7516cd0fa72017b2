"""Actors, services, needs, vocabularies, territories: shapes, filters, pages, open data alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.models import Actor, Department, Service
from directory.search import gazetteer
from directory.vocabularies.names import ActorCategory, Licence
from tests import factories as make
from tests.api import ask, refused, walked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def creuse() -> Iterator[None]:
    """Creuse and two of its communes."""
    gazetteer.clear()
    region = make.RegionFactory.create(code="75", name="Nouvelle-Aquitaine")
    department = make.DepartmentFactory.create(code="23", name="Creuse", region=region)
    for code, name, postcode in (("23096", "Guéret", "23000"), ("23008", "Aubusson", "23200")):
        make.CommuneFactory.create(code=code, name=name, department=department, postcode=postcode)
    yield
    gazetteer.clear()


def closed() -> Any:
    return make.SourceFactory.create(slug="fermee", licence=Licence.ODBL)


def codes(told: dict[str, Any]) -> list[str]:
    return [record["code"] for record in told["items"]]


# --- Actors ---------------------------------------------------------------------------------------


def test_actor_is_as_described() -> None:
    network = make.ActorFactory.create(name="Le réseau")
    actor: Actor = make.ActorFactory.create(slug="hub", description="Un hub.")
    actor.member_of.add(network)
    actor.departments.set(Department.objects.all())
    told = ask("/actors/{slug}", slug="hub")
    assert (told["description"], told["departments"], told["website"]) == ("Un hub.", ["23"], None)
    assert [one["name"] for one in told["networks"]] == ["Le réseau"]
    assert told["source"]["licence"] == "own"


def test_actors_are_listed_by_name_each_once_while_one_comes_and_one_goes() -> None:
    for name in ("Zèbre", "Abeille", "Élan", "Chat", "Daim"):
        make.ActorFactory.create(name=name)
    whole = [one["name"] for one in ask("/actors")["items"]]
    assert whole == list(Actor.objects.order_by("name", "pk").values_list("name", flat=True))
    first = ask("/actors", "limit=2")
    assert [one["name"] for one in first["items"]] == whole[:2] == ["Abeille", "Chat"]
    Actor.objects.filter(name__in=whole[:2]).delete()
    make.ActorFactory.create(name="Aigle")
    rest = Client().get(first["next"]).json()
    last = Client().get(rest["next"]).json()
    assert [one["name"] for one in (*rest["items"], *last["items"])] == whole[2:]
    assert last["next"] is None


def test_actors_are_picked_by_word_family_and_territory() -> None:
    hub = make.ActorFactory.create(name="Hub de la Creuse", category=ActorCategory.HUB)
    hub.regions.add("75")
    hub.departments.add("23")
    make.ActorFactory.create(name="Une mairie")
    for query in ("q=creuse", "famille=hub", "departement=23", "region=75"):
        assert [one["id"] for one in ask("/actors", query)["items"]] == [hub.pk]
    assert ask("/actors", "q=absente")["items"] == []
    assert "famille" in refused("/actors", "famille=rien")


@pytest.mark.parametrize("fields", [{"state": "draft"}, {"source": True}])
def test_actor_that_is_not_published_openly_is_not_told(fields: dict[str, Any]) -> None:
    fields = {"source": closed()} if "source" in fields else fields
    make.ActorFactory.create(slug="cache", **fields)
    ask("/actors/{slug}", status=404, slug="cache")
    assert ask("/actors")["items"] == []


# --- Services -------------------------------------------------------------------------------------


def test_service_is_as_described_with_its_place_or_its_areas() -> None:
    at_place: Service = make.ServiceFactory.create(needs=["ameli"])
    over: Service = make.AreaServiceFactory.create(
        areas=[{"is_national": True}, {"department_id": "23"}]
    )
    told = ask("/services/{number}", number=at_place.pk)
    assert told["place"]["id"] == at_place.place_id
    assert (told["actor"], told["areas"]) == (None, [])
    told = ask("/services/{number}", number=over.pk)
    assert told["place"] is None
    assert [area["kind"] for area in told["areas"]] == ["country", "department"]


def test_services_are_walked_once_each_and_picked_by_need_place_or_actor() -> None:
    made = [make.ServiceFactory.create() for _ in range(5)]
    ameli = make.ServiceFactory.create(needs=["ameli"])
    over = make.AreaServiceFactory.create(areas=[{"is_national": True}])
    keys = [one.pk for one in (*made, ameli, over)]
    assert [one["id"] for one in walked("/services", "limit=2")] == keys
    assert [one["id"] for one in ask("/services", "besoin=ameli")["items"]] == [ameli.pk]
    assert [one["id"] for one in ask("/services", f"lieu={ameli.place_id}")["items"]] == [ameli.pk]
    found = ask("/services", f"acteur={over.actor.slug}")["items"]
    assert [one["id"] for one in found] == [over.pk]
    assert "besoin" in refused("/services", "besoin=rien")
    assert refused("/services", "lieu=x&acteur=a&acteur=b").keys() == {"lieu", "acteur"}


def test_service_that_is_not_published_openly_is_not_told() -> None:
    source = closed()
    make.ServiceFactory.create(source=source)
    make.ServiceFactory.create(place=make.PlaceFactory.create(source=source))
    make.AreaServiceFactory.create(actor=make.ActorFactory.create(source=source))
    make.ServiceFactory.create(state="draft")
    make.ServiceFactory.create(place=make.PlaceFactory.create(state="archived"))
    assert ask("/services")["items"] == []


def test_lists_ask_as_many_queries_for_many_as_for_one() -> None:
    counts: dict[str, set[int]] = {"/services": set(), "/actors": set()}
    for _ in range(2):
        for _number in range(4):
            make.ServiceFactory.create(needs=["ameli"])
            make.AreaServiceFactory.create(areas=[{"is_national": True}])
        for path, found in counts.items():
            with CaptureQueriesContext(connection) as captured:
                ask(path)
            found.add(len(captured))
    assert {path: len(found) for path, found in counts.items()} == dict.fromkeys(counts, 1)


# --- Needs and codes ------------------------------------------------------------------------------


def test_needs_tell_their_general_need() -> None:
    general = make.NeedFactory.create(code="demarche-sante", position=1)
    make.NeedFactory.create(code="ameli", parent=general, bring=["Carte Vitale"], position=2)
    first, second = ask("/needs")["items"]
    assert (first["code"], first["parent"]) == ("demarche-sante", None)
    assert (second["parent"], second["bring"]) == ("demarche-sante", ["Carte Vitale"])


def test_vocabularies_tell_the_codes_of_parameters_and_of_records() -> None:
    make.TermFactory.create(code="CCAS", label="CCAS")
    told = ask("/vocabularies")
    assert told["parameters"]["type"] == [{"code": "CCAS", "label": "CCAS"}]
    assert told["terms"]["kind"] == [{"code": "CCAS", "label": "CCAS"}]
    assert {"code": "23", "label": "Creuse"} in told["parameters"]["departement"]


# --- Territories ----------------------------------------------------------------------------------


def test_territories_are_found_by_code_and_by_the_beginning_of_their_name() -> None:
    assert ask("/territories/regions/{code}", code="75")["name"] == "Nouvelle-Aquitaine"
    assert ask("/territories/departments/{code}", code="23")["region"] == "75"
    assert ask("/territories/communes/{code}", code="23096")["department"] == "23"
    assert codes(ask("/territories/regions", "q=nouv")) == ["75"]
    assert codes(ask("/territories/departments", "q=creu")) == ["23"]
    assert codes(ask("/territories/communes", "q=guer")) == ["23096"]


def test_communes_are_found_by_postcode_and_by_department() -> None:
    make.CommuneFactory.create(department=make.DepartmentFactory.create(code="2A", name="Corse"))
    assert codes(ask("/territories/communes", "code_postal=23200")) == ["23008"]
    assert codes(ask("/territories/communes", "departement=23")) == ["23008", "23096"]
    assert codes(ask("/territories/communes", "departement=23&q=aub")) == ["23008"]
    assert codes(ask("/territories/communes", "code_postal=23000&q=aub")) == []
    assert len(ask("/territories/communes", "departement=2a")["items"]) == 1
    assert codes(ask("/territories/departments", "region=75")) == ["23"]


def test_communes_are_walked_once_each() -> None:
    found = walked("/territories/communes", "limit=1")
    assert [one["code"] for one in found] == ["23008", "23096"]


def test_unknown_territory_that_limits_a_list_is_refused() -> None:
    assert "departement" in refused("/territories/communes", "departement=zz")
    assert "region" in refused("/territories/departments", "region=zz")
