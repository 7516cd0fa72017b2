"""The data·inclusion shape: valid against the published schemas, read back by our own importer."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from directory.exchange import importing
from directory.models import Need, Place, Service, Source
from directory.search import gazetteer
from directory.vocabularies.names import Licence, PositionPrecision, Vocabulary
from tests import factories as make
from tests.api import ask, walked

pytestmark = pytest.mark.django_db

SCHEMAS = Path(__file__).parent / "schemas"
STRUCTURES, SERVICES = "/data-inclusion/structures", "/data-inclusion/services"
OF_THIS_DATABASE = ("id", "structure_id", "source", "lien_source")


@pytest.fixture(autouse=True)
def creuse() -> Iterator[None]:
    """Guéret, where coordinates are of the town hall."""
    gazetteer.clear()
    department = make.DepartmentFactory.create(code="23", name="Creuse")
    make.CommuneFactory.create(
        code="23096", name="Guéret", department=department, postcode="23000",
        latitude=46.17, longitude=1.87,
    )  # fmt: skip
    yield
    gazetteer.clear()


def term(vocabulary: Vocabulary, code: str) -> Any:
    return make.TermFactory.create(vocabulary=vocabulary, code=code)


def full_place(**fields: Any) -> Place:
    """A place of which data·inclusion has room for all but the languages."""
    terms = [
        term(Vocabulary.KIND, "CCAS"),
        term(Vocabulary.PROGRAMME, "conseillers-numeriques"),
        term(Vocabulary.ACCESS, "telephoner"),
        term(Vocabulary.ACCESS, "se-presenter"),
    ]
    made: Place = make.PlaceFactory.create(
        **{
            "commune_id": "23096", "name": "Espace numérique", "pivot": "13003013300016",
            "address": "1 place de la Mairie", "postcode": "23000", "latitude": 46.1712,
            "longitude": 1.8733, "emails": ["accueil@structure.example"], "terms": terms,
            "websites": ["https://structure.example/"], "opening_hours": "Mo-Fr 09:00-12:00",
            "description": "Un lieu ouvert à tous.", "source": make.SourceFactory.create(),
            "source_updated_on": date(2026, 3, 4), "address_complement": "Rez-de-chaussée",
            **fields,
        }
    )  # fmt: skip
    service = make.ServiceFactory.create(
        place=made, name="Aide aux démarches", description="On vous aide en ligne.",
        how_to_book="Appelez avant de venir.", booking_url="https://structure.example/rdv",
    )  # fmt: skip
    for vocabulary, code in (
        (Vocabulary.COST, "gratuit"),
        (Vocabulary.PUBLIC, "seniors"),
        (Vocabulary.STANDARD_SERVICE, "outils-quotidien"),
        (Vocabulary.SUPPORT_MODE, "distance"),
        (Vocabulary.SUPPORT_MODE, "individuel"),
        (Vocabulary.LANGUAGE, "ar"),
    ):
        make.ServiceTermFactory.create(service=service, term=term(vocabulary, code))
    return made


def faults(name: str, records: list[dict[str, Any]]) -> list[str]:
    """What the published schema refuses in these records."""
    schema = json.loads((SCHEMAS / f"data_inclusion_v1_{name}.json").read_text(encoding="utf-8"))
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    assert {key for record in records for key in record} <= set(schema["properties"])
    return [error.message for record in records for error in validator.iter_errors(record)]


def published() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The structures and the services of the API, checked against its description and theirs."""
    structures, services = ask(STRUCTURES)["items"], ask(SERVICES)["items"]
    assert faults("structure", structures) == []
    assert faults("service", services) == []
    return structures, services


def compared(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records, less what names this very database."""
    return [
        {key: value for key, value in record.items() if key not in OF_THIS_DATABASE}
        for record in records
    ]


def test_place_is_a_valid_structure_with_its_services() -> None:
    made = full_place()
    (structure,), (service,) = published()
    assert structure["id"] == service["structure_id"] == f"liste--{made.pk}"
    assert structure["reseaux_porteurs"] == ["ccas-cias", "conseillers-numeriques"]
    assert (structure["date_maj"], structure["siret"]) == ("2026-03-04", "13003013300016")
    assert service["modes_mobilisation"] == ["se-presenter", "telephoner"]
    assert service["modes_accueil"] == ["a-distance", "en-presentiel"]
    assert service["thematiques"] == ["numerique--maitriser-les-fondamentaux-du-numerique"]
    assert (service["frais"], service["publics"]) == ("gratuit", ["seniors"])


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "É" * 200},
        {"name": "Un nom avec un point."},
        {"pivot": "W123456789", "postcode": "2300", "description": "Oui"},
        {"emails": [], "websites": [], "phone": "", "opening_hours": "", "source": None},
        {"position_precision": PositionPrecision.COMMUNE},
    ],
)
def test_what_the_shape_has_no_room_for_is_left_out(fields: dict[str, Any]) -> None:
    made = full_place(**fields)
    Service.objects.update(name="RV", description="")
    (structure,), (service,) = published()
    assert structure["nom"]
    assert not structure["nom"].endswith(".")
    assert len(service["description"]) >= 5
    if made.position_precision == PositionPrecision.COMMUNE:
        assert structure["latitude"] is None


def test_place_whose_name_is_too_short_is_no_structure() -> None:
    full_place(name="EP")
    assert published() == ([], [])


def test_declared_health_need_gives_its_theme_and_a_deduced_one_does_not() -> None:
    general = make.NeedFactory.create(code="demarche-sante")
    ameli: Need = make.NeedFactory.create(code="ameli", parent=general)
    full_place()
    service = Service.objects.get()
    link = make.ServiceNeedFactory.create(service=service, need=ameli)
    assert "sante--acces-aux-soins" in published()[1][0]["thematiques"]
    link.delete()
    make.ServiceNeedFactory.create(service=service, need=ameli, basis="deduced", rule="une-regle")
    assert "sante--acces-aux-soins" not in published()[1][0]["thematiques"]


def test_source_of_each_record_tells_its_licence() -> None:
    full_place(source=make.SourceFactory.create(attribution="La liste, 2026"))
    full_place(name="À nous", source=None)
    told = ask(STRUCTURES)
    assert {record["source"] for record in told["items"]} == set(told["sources"])
    assert told["sources"]["liste"]["attribution"] == "La liste, 2026"
    assert told["sources"]["coup-de-main-sante"]["licence"] == "own"


def test_place_of_a_licence_that_is_not_open_is_no_structure() -> None:
    full_place(source=make.SourceFactory.create(slug="fermee", licence=Licence.ODBL))
    assert ask(STRUCTURES)["items"] == ask(SERVICES)["items"] == []


def test_structures_and_services_go_page_by_page_together() -> None:
    for number in range(5):
        full_place(name=f"Espace {number}", slug=f"espace-{number}")
    structures, services = walked(STRUCTURES, "limit=2"), walked(SERVICES, "limit=2")
    assert [one["id"] for one in structures] == [one["structure_id"] for one in services]
    assert len({one["id"] for one in structures}) == 5


def test_what_we_publish_is_read_back_by_our_importer_and_published_the_same(
    tmp_path: Path,
) -> None:
    full_place()
    full_place(
        name="Maison des services", pivot="", opening_hours="", emails=[], websites=[],
        position_precision=PositionPrecision.COMMUNE, latitude=46.17, longitude=1.87,
    )  # fmt: skip
    structures, services = published()
    paths = (tmp_path / "structures.json", tmp_path / "services.json")
    paths[0].write_text(json.dumps(ask(STRUCTURES)), encoding="utf-8")
    paths[1].write_text(json.dumps(ask(SERVICES)), encoding="utf-8")
    # Else they would be taken for the same places, and merged.
    Place.objects.all().delete()
    Source.objects.create(slug="relue", name="Relue", licence=Licence.LO2)
    report = importing.run(importing.Request("relue", paths, importing.Mode.RUN))
    assert (report.added, report.rejected, dict(report.dropped)) == (2, 0, {})
    again = published()
    assert compared(again[0]) == compared(structures)
    assert compared(again[1]) == compared(services)
