"""The shipped geography: complete, and the same rows however often it is loaded."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import models
from pytest_django import DjangoDbBlocker

from directory.exchange import geography_loader
from directory.exchange.geography_files import COMMUNE_COLUMNS, build, read_rows, write_rows
from directory.models import Commune, CommuneName, Department, Postcode, Region
from directory.search import gazetteer
from tests.real_geography import real_geography

OVERSEAS_WITHOUT_CENTROIDS = {"977", "978", "984", "986", "987", "988", "989"}
BIHOREL = "76095"
"""Reborn in 2024, alone on its postcode: no file gives its centre."""

SMALL: dict[str, list[dict[str, str]]] = {
    "regions": [{"code": "11", "name": "Île-de-France", "population": "12"}],
    "departments": [
        {"code": "93", "name": "Seine-Saint-Denis", "region": "11", "time_zone": "Europe/Paris"}
    ],
    "epci": [{"code": "200054781", "name": "Métropole du Grand Paris"}],
    "communes": [
        {"code": "93066", "name": "Saint-Denis", "department": "93", "postcodes": "93200|93210"},
        {"code": "93055", "name": "Le Pantin", "department": "93", "postcodes": "93500"},
    ],
    "aliases": [{"name": "Pierrefitte", "commune": "93066", "code": "93059"}],
}


@pytest.fixture(scope="module")
def geography(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with real_geography(django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def fresh_gazetteer() -> Iterator[None]:
    gazetteer.clear()
    yield
    gazetteer.clear()


def write_small(folder: Path, **changed: list[dict[str, str]]) -> Path:
    """Write a geography of two communes, with some tables replaced."""
    for table, rows in {**SMALL, **changed}.items():
        columns = COMMUNE_COLUMNS if table == "communes" else tuple(rows[0])
        if table == "departments":
            columns = (*columns, "population", "latitude", "longitude")
        write_rows(folder / f"{table}.csv.gz", columns, rows)
    return folder


def primary_keys(model: Any) -> list[Any]:
    return sorted(model.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(("model", "count"), [(Region, 26), (Department, 109)])
def test_every_region_and_department_is_loaded(geography: None, model: Any, count: int) -> None:
    assert model.objects.count() == count


def test_every_commune_and_arrondissement_is_loaded(geography: None) -> None:
    assert Commune.objects.filter(parent=None).count() == 34_969
    assert Commune.objects.exclude(parent=None).count() == 45


def test_arrondissements_belong_to_paris_lyon_and_marseille(geography: None) -> None:
    counted = (
        Commune.objects.exclude(parent=None)
        .values_list("parent__name")
        .annotate(count=models.Count("pk"))
    )
    assert dict(counted) == {"Paris": 20, "Lyon": 9, "Marseille": 16}


def test_every_commune_has_a_position_or_is_known_to_have_none(geography: None) -> None:
    without = Commune.objects.filter(latitude=None).exclude(
        department__in=OVERSEAS_WITHOUT_CENTROIDS
    )
    assert list(without.values_list("pk", flat=True)) == [BIHOREL]


def test_every_commune_lies_inside_the_french_territories(geography: None) -> None:
    placed = Commune.objects.exclude(latitude=None)
    outside = placed.exclude(latitude__range=(-67, 51.2)).values_list("pk", flat=True)
    assert not list(outside)
    metropolitan = placed.exclude(department__code__startswith="9", department__code__gte="970")
    assert not metropolitan.exclude(
        latitude__range=(41.3, 51.2), longitude__range=(-5.2, 9.6)
    ).exists()


def test_every_department_has_a_time_zone_that_exists(geography: None) -> None:
    zones = set(Department.objects.values_list("time_zone", flat=True))
    assert {ZoneInfo(zone).key for zone in zones} == zones


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("23", "Europe/Paris"),
        ("2A", "Europe/Paris"),
        ("971", "America/Guadeloupe"),
        ("974", "Indian/Reunion"),
        ("987", "Pacific/Tahiti"),
    ],
)
def test_a_department_lives_at_its_own_hour(geography: None, code: str, zone: str) -> None:
    assert Department.objects.get(pk=code).time_zone == zone


def test_every_commune_has_its_official_name_and_the_department_its_region(
    geography: None,
) -> None:
    official = CommuneName.objects.filter(kind=CommuneName.Kind.OFFICIAL)
    assert official.count() == Commune.objects.count()
    assert not Department.objects.filter(region=None).exists()


def test_loading_twice_gives_the_same_rows_as_once(geography: None) -> None:
    tables = (Region, Department, Commune, CommuneName, Postcode)
    before = {table: primary_keys(table) for table in tables}
    geography_loader.load(settings.FIXTURES_DIR / "geography")
    assert {table: primary_keys(table) for table in tables} == before


@pytest.mark.django_db
def test_a_changed_name_is_updated_by_the_next_load(tmp_path: Path) -> None:
    geography_loader.load(write_small(tmp_path))
    renamed = [{**SMALL["communes"][0], "name": "Saint-Denis-en-France"}, SMALL["communes"][1]]
    geography_loader.load(write_small(tmp_path, communes=renamed))
    commune = Commune.objects.get(pk="93066")
    assert commune.name == "Saint-Denis-en-France"
    assert commune.names.get(kind="official").normalized == "saint denis en france"


@pytest.mark.django_db
def test_a_name_no_longer_published_is_removed(tmp_path: Path) -> None:
    geography_loader.load(write_small(tmp_path))
    other = [{"name": "Villetaneuse", "commune": "93066", "code": "93079"}]
    geography_loader.load(write_small(tmp_path, aliases=other))
    former = CommuneName.objects.filter(kind=CommuneName.Kind.DELEGATED)
    assert list(former.values_list("normalized", "former_code")) == [("villetaneuse", "93079")]


@pytest.mark.django_db
def test_a_former_code_corrected_by_the_file_is_updated(tmp_path: Path) -> None:
    geography_loader.load(write_small(tmp_path))
    corrected = [{**SMALL["aliases"][0], "code": "93999"}]
    geography_loader.load(write_small(tmp_path, aliases=corrected))
    assert CommuneName.objects.get(normalized="pierrefitte").former_code == "93999"


@pytest.mark.django_db
def test_a_postcode_no_longer_published_is_removed(tmp_path: Path) -> None:
    geography_loader.load(write_small(tmp_path))
    fewer = [{**SMALL["communes"][0], "postcodes": "93200"}, SMALL["communes"][1]]
    geography_loader.load(write_small(tmp_path, communes=fewer))
    assert set(Postcode.objects.values_list("code", flat=True)) == {"93200", "93500"}


@pytest.mark.django_db
def test_a_commune_missing_from_the_file_is_kept(tmp_path: Path) -> None:
    geography_loader.load(write_small(tmp_path))
    geography_loader.load(write_small(tmp_path, communes=SMALL["communes"][:1]))
    assert Commune.objects.filter(pk="93055").exists()


@pytest.mark.django_db
def test_a_name_with_an_article_is_known_without_it(tmp_path: Path) -> None:
    geography_loader.load(write_small(tmp_path))
    assert [c.pk for c in Commune.objects.known_as("pantin")] == ["93055"]
    assert [c.pk for c in Commune.objects.known_as("le pantin")] == ["93055"]


@pytest.mark.django_db
def test_a_failing_load_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    unknown = [{**SMALL["communes"][0], "population": "beaucoup"}]
    with pytest.raises(ValueError, match="beaucoup"):
        geography_loader.load(write_small(tmp_path, communes=unknown))
    assert not Region.objects.exists()


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv.gz", tmp_path / "b.csv.gz"
    for path in (first, second):
        write_rows(path, ("code", "name"), [{"code": "2A004", "name": "L’Île"}])
    assert first.read_bytes() == second.read_bytes()
    assert list(read_rows(first)) == [{"code": "2A004", "name": "L’Île"}]


def test_a_missing_reference_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"regions_2026\.csv"):
        build(tmp_path, tmp_path / "made")
