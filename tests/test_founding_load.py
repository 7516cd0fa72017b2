"""What the founding documents say, as declared needs; what moderators decide is kept."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from directory.exchange import founding, vocabulary_loader
from directory.exchange.geography_files import read_rows
from directory.exchange.report import Report
from directory.models import (
    Actor,
    Department,
    FieldProvenance,
    Place,
    Region,
    Service,
    ServiceArea,
    ServiceNeed,
    ServiceTerm,
    Source,
)
from directory.search import gazetteer
from directory.vocabularies.names import Basis, State
from tests.factories import CommuneFactory, ServiceFactory

SHIPPED = settings.FIXTURES_DIR / "founding" / "actors.json"
GEOGRAPHY = settings.FIXTURES_DIR / "geography"
TABLES = (Actor, Place, Service, ServiceArea, ServiceNeed, ServiceTerm, Source)
CITATION = {"document": "001", "lines": "10-12", "also": [{"document": "002", "lines": "7"}]}
TEXTS = dict.fromkeys(founding.ACTOR_TEXTS, "")
SERVICE: dict[str, Any] = {
    "name": "Atelier",
    "description": "",
    "place": "maison-de-pantin",
    "needs": ["ameli"],
    "equipment": ["scanner"],
    "area": None,
    "area_note": "",
    "how_to_book": "",
    "citation": CITATION,
    **{name: [] for name in founding.SERVICE_TERMS},
    "languages": ["ar", "ar"],
}
AT_HOME = {**SERVICE, "name": "À domicile", "place": None, "area": {"departments": ["93"]}}
PLACE: dict[str, Any] = {
    "slug": "maison-de-pantin",
    "name": "Maison de Pantin",
    "commune": "93055",
    "address": "1 rue Haute",
    "complement": "",
    "postcode": "93500",
    "phone": "+33199001234",
    "email": "",
    "website": "",
    "opening_hours": "Mo-Fr 09:00-12:00",
    "kinds": ["ASSO"],
    "citation": CITATION,
}
ACTOR: dict[str, Any] = {
    **TEXTS,
    "slug": "maison",
    "name": "La Maison",
    "category": "local_structure",
    "level": "local",
    "regions": ["11"],
    "departments": ["93"],
    "communes": ["93055"],
    "member_of": ["reseau"],
    "citation": CITATION,
    "places": [PLACE],
    "services": [SERVICE, AT_HOME],
}
NETWORK = {**ACTOR, "slug": "reseau", "name": "Le Réseau", "member_of": [], "places": []}
NETWORK["services"] = []

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vocabularies() -> Iterator[None]:
    gazetteer.clear()
    vocabulary_loader.load(settings.FIXTURES_DIR)
    CommuneFactory.create(code="93055", name="Pantin")
    yield
    gazetteer.clear()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "actors.json"


def load(path: Path, *actors: dict[str, Any]) -> Report:
    documents = [
        {"code": code, "title": f"Document {code}", "publisher": None} for code in ("001", "002")
    ]
    content = {"documents": documents, "actors": actors or (ACTOR, NETWORK)}
    path.write_text(json.dumps(content), encoding="utf-8")
    return founding.load(path)


def keys(model: Any) -> list[Any]:
    return sorted(model.objects.values_list("pk", flat=True))


def write_territories(rows: list[dict[str, Any]]) -> None:
    """Write every region and department, and the communes that the actors' rows name."""
    for row in read_rows(GEOGRAPHY / "regions.csv.gz"):
        Region.objects.get_or_create(pk=row["code"], defaults={"name": row["name"]})
    for row in read_rows(GEOGRAPHY / "departments.csv.gz"):
        defaults = {"name": row["name"], "region_id": row["region"]}
        Department.objects.get_or_create(pk=row["code"], defaults=defaults)
    named = {code for row in rows for code in row["communes"]}
    named |= {place["commune"] for row in rows for place in row["places"]}
    areas = [service["area"] or {} for row in rows for service in row["services"]]
    for code in named.union(*(area.get("communes", ()) for area in areas)):
        department = code[:3] if code.startswith("97") else code[:2]
        CommuneFactory.create(code=code, department=Department.objects.get(pk=department))


@pytest.fixture
def shipped() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(SHIPPED.read_text(encoding="utf-8"))["actors"]
    write_territories(rows)
    founding.load(SHIPPED)
    return rows


def test_the_shipped_file_is_wholly_loaded(shipped: list[dict[str, Any]]) -> None:
    assert Actor.objects.count() == len(shipped)
    assert Place.objects.count() == sum(len(row["places"]) for row in shipped)
    assert Service.objects.count() == sum(len(row["services"]) for row in shipped)


def test_loading_the_shipped_file_twice_gives_the_same_rows(shipped: list[Any]) -> None:
    before = {model: keys(model) for model in (Actor, Place, Service, Source)}
    counts = [model.objects.count() for model in TABLES]
    report = founding.load(SHIPPED)
    assert (report.added, report.unchanged) == (0, len(shipped))
    assert {model: keys(model) for model in before} == before
    assert [model.objects.count() for model in TABLES] == counts


def test_every_shipped_service_has_a_place_or_an_area(shipped: list[Any]) -> None:
    assert not Service.objects.filter(place=None, areas=None).exists()


def test_needs_are_declared_and_never_deduced(file: Path) -> None:
    load(file)
    assert set(ServiceNeed.objects.values_list("basis", "rule")) == {(Basis.DECLARED, "")}


def test_actors_join_their_networks_wherever_they_stand_in_the_file(file: Path) -> None:
    load(file, ACTOR, NETWORK)
    assert [a.slug for a in Actor.objects.get(slug="maison").member_of.all()] == ["reseau"]


def test_an_actor_covers_the_territories_that_the_file_names(file: Path) -> None:
    load(file)
    actor = Actor.objects.get(slug="maison")
    codes = [
        [one.pk for one in related.all()]
        for related in (actor.regions, actor.departments, actor.communes)
    ]
    assert codes == [["11"], ["93"], ["93055"]]


def test_each_service_cites_its_documents_and_lines(file: Path) -> None:
    load(file)
    said = "Document 001, lignes 10-12 ; Document 002, lignes 7"
    assert {service.citation for service in Service.objects.all()} == {said}


def test_a_service_holds_at_its_place_or_over_its_area(file: Path) -> None:
    load(file)
    workshop, at_home = Service.objects.order_by("position")
    assert (str(workshop.place), list(workshop.areas.all())) == ("Maison de Pantin", [])
    assert (at_home.place, at_home.areas.get().department_id) == (None, "93")


def test_a_place_has_its_kind_the_equipment_of_its_services_and_its_communes_centre(
    file: Path,
) -> None:
    load(file)
    place = Place.objects.get()
    assert {term.code for term in place.terms.all()} == {"ASSO", "scanner"}
    assert place.point == place.commune.point
    assert place.position_precision == "commune"


def test_a_service_no_longer_in_the_file_disappears(file: Path) -> None:
    load(file)
    load(file, {**ACTOR, "services": [SERVICE]}, NETWORK)
    assert [service.name for service in Service.objects.all()] == ["Atelier"]


def test_a_service_added_by_a_moderator_survives_a_reload(file: Path) -> None:
    load(file)
    added = ServiceFactory.create(actor=Actor.objects.get(slug="maison"), place=None)
    load(file)
    assert Service.objects.filter(pk=added.pk).exists()


@pytest.mark.parametrize("model", [Actor, Place, Service])
def test_the_state_that_a_moderator_chose_survives_a_reload(file: Path, model: Any) -> None:
    load(file)
    model.objects.update(state=State.ARCHIVED)
    load(file)
    assert set(model.objects.values_list("state", flat=True)) == {State.ARCHIVED}


def test_a_field_that_a_person_corrected_survives_a_reload(file: Path) -> None:
    load(file)
    Place.objects.update(phone="3646")
    FieldProvenance.objects.create(place=Place.objects.get(), field="phone", is_locked=True)
    load(file)
    assert Place.objects.get().phone == "3646"


def test_a_changed_text_is_updated(file: Path) -> None:
    load(file)
    load(file, {**ACTOR, "name": "La Grande Maison"}, NETWORK)
    assert Actor.objects.get(slug="maison").name == "La Grande Maison"


@pytest.mark.parametrize(
    "wrong", [{"needs": ["inconnu"]}, {"languages": ["xx"]}, {"equipment": ["xx"]}]
)
def test_a_code_of_no_vocabulary_is_refused_and_nothing_is_loaded(
    file: Path, wrong: dict[str, list[str]]
) -> None:
    with pytest.raises(KeyError, match=next(iter(wrong.values()))[0]):
        load(file, {**ACTOR, "services": [{**SERVICE, **wrong}]}, NETWORK)
    assert not Actor.objects.exists()
