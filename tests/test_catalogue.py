"""The description of the open data, as harvesters read it: DCAT-AP in JSON-LD."""

from datetime import date
from typing import Any

import pytest
from django.test import Client, override_settings

from tests import factories as make
from tests.serving import as_served

pytestmark = pytest.mark.django_db

URL = "/donnees/catalogue.jsonld"
SITE = "http://testserver"
# Mandatory and recommended properties of DCAT-AP 2.1 that this catalogue can tell.
REQUIRED = {
    "dcat:Catalog": {"dct:title", "dct:description", "dct:publisher", "dcat:dataset",
                     "dcat:service", "dct:language", "foaf:homepage", "dct:modified"},
    "dcat:Dataset": {"dct:title", "dct:description", "dct:identifier", "dct:publisher",
                     "dcat:contactPoint", "dcat:keyword", "dcat:theme", "dct:spatial",
                     "dct:modified", "dct:license", "dct:conformsTo", "dct:accrualPeriodicity",
                     "dcat:distribution", "dcat:landingPage"},
    "dcat:Distribution": {"dcat:accessURL", "dcat:downloadURL", "dct:format", "dcat:mediaType",
                          "dct:license", "dct:title", "dct:modified"},
    "dcat:DataService": {"dct:title", "dcat:endpointURL", "dcat:servesDataset", "dct:license"},
    "foaf:Agent": {"foaf:name"},
}  # fmt: skip


@pytest.fixture
def told() -> dict[str, Any]:
    """The document, of a directory whose newest data are of September 2026."""
    make.PlaceFactory.create(source_updated_on=date(2026, 9, 15))
    answer = Client().get(URL)
    assert answer["Content-Type"] == "application/ld+json; charset=utf-8"
    read: dict[str, Any] = answer.json()
    return read


def of_type(told: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The nodes of a type."""
    return [node for node in told["@graph"] if node["@type"] == kind]


def test_every_node_has_the_properties_of_dcat_ap(told: dict[str, Any]) -> None:
    for kind, names in REQUIRED.items():
        nodes = of_type(told, kind)
        assert nodes, kind
        assert [names - set(node) for node in nodes if names - set(node)] == [], kind


def test_every_prefix_is_declared_in_the_document(told: dict[str, Any]) -> None:
    used: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            used.update(name.partition(":")[0] for name in value if not name.startswith("@"))
            list(map(walk, value.values()))
        elif isinstance(value, list):
            list(map(walk, value))

    walk(told["@graph"])
    assert used == set(told["@context"]) - {"xsd"}
    assert all(address.startswith("http") for address in told["@context"].values())


def test_every_reference_inside_the_catalogue_is_a_node_of_it(told: dict[str, Any]) -> None:
    nodes = {node["@id"] for node in told["@graph"]}
    (catalogue,), (dataset,) = of_type(told, "dcat:Catalog"), of_type(told, "dcat:Dataset")
    named = [*catalogue["dcat:dataset"], *catalogue["dcat:service"], catalogue["dct:publisher"]]
    named += [*dataset["dcat:distribution"], dataset["dct:publisher"]]
    assert {one["@id"] for one in named} <= nodes
    assert len(nodes) == len(told["@graph"])


def test_files_are_those_of_the_exports(told: dict[str, Any]) -> None:
    files = {
        node["dcat:downloadURL"]["@id"]: "dct:conformsTo" in node
        for node in of_type(told, "dcat:Distribution")
    }
    assert files == {
        f"{SITE}/donnees/lieux.csv": True,
        f"{SITE}/donnees/lieux.json": True,
        f"{SITE}/donnees/lieux.geojson": False,
        f"{SITE}/donnees/lieux.xlsx": True,
        f"{SITE}/donnees/lieux-hors-standard.csv": False,
        f"{SITE}/donnees/lieux-complements.csv": False,
    }


def test_date_is_the_producers_newest(told: dict[str, Any]) -> None:
    (dataset,) = of_type(told, "dcat:Dataset")
    assert dataset["dct:modified"] == {"@value": "2026-09-15", "@type": "xsd:date"}


def test_directory_without_dates_says_none() -> None:
    (dataset,) = of_type(Client().get(URL).json(), "dcat:Dataset")
    assert "dct:modified" not in dataset


def test_contact_is_the_one_of_the_site() -> None:
    with override_settings(CONTACT_EMAIL="contact@annuaire.example"):
        (dataset,) = of_type(Client().get(URL).json(), "dcat:Dataset")
    assert dataset["dcat:contactPoint"]["vcard:hasEmail"] == {
        "@id": "mailto:contact@annuaire.example"
    }


def test_unchanged_catalogue_is_not_sent_again() -> None:
    with as_served():
        etag = Client().get(URL)["ETag"]
        assert Client().get(URL, headers={"if-none-match": etag}).status_code == 304
