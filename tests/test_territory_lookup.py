"""The commune of a row is found, and its point believed only near it."""

from collections.abc import Iterator

import pytest

from directory.exchange.territory_lookup import TerritoryLookup
from directory.models import Commune
from directory.models.querysets import haversine_km
from directory.search import gazetteer
from directory.vocabularies.names import PositionPrecision
from tests.factories import SAINT_DENIS, CommuneFactory, CommuneNameFactory

ADDRESS, COMMUNE = PositionPrecision.ADDRESS, PositionPrecision.COMMUNE
KM_PER_DEGREE = 111.195

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_gazetteer() -> Iterator[None]:
    gazetteer.clear()
    yield
    gazetteer.clear()


@pytest.fixture
def pantin() -> Commune:
    commune: Commune = CommuneFactory.create(code="93055", name="Pantin", postcode="93500")
    return commune


def north(km: float) -> tuple[str, str]:
    """Return the texts of a point at `km` north of the communes' centre."""
    return str(SAINT_DENIS[0] + km / KM_PER_DEGREE), str(SAINT_DENIS[1])


def test_a_commune_is_found_by_its_code(pantin: Commune) -> None:
    assert TerritoryLookup().commune("93055") == pantin


def test_a_former_code_leads_to_the_commune_it_joined(pantin: Commune) -> None:
    CommuneNameFactory.create(commune=pantin, former_code="93059")
    assert TerritoryLookup().commune("93059") == pantin


def test_a_current_code_wins_over_a_former_one_of_another_commune(pantin: Commune) -> None:
    CommuneNameFactory.create(commune=CommuneFactory.create(), former_code="93055")
    assert TerritoryLookup().commune("93055") == pantin


@pytest.mark.parametrize("name", ["Pantin", "PANTIN", "Le Pré", "pre"])
def test_a_commune_without_a_known_code_is_found_by_name_and_postcode(
    pantin: Commune, name: str
) -> None:
    expected = pantin if name.lower() == "pantin" else CommuneFactory.create(name="Le Pré")
    CommuneFactory.create(
        name=expected.name, department__code="23", department__name="Creuse", postcode="23000"
    )
    assert TerritoryLookup().commune("99999", name, "93500") == expected


def test_a_name_that_two_communes_of_the_department_bear_names_none() -> None:
    for _ in range(2):
        CommuneFactory.create(name="Saint-Denis")
    assert TerritoryLookup().commune("", "Saint-Denis", "93200") is None


def test_an_overseas_postcode_tells_its_department_apart() -> None:
    in_guadeloupe = CommuneFactory.create(
        name="Sainte-Anne", department__code="971", department__name="Guadeloupe"
    )
    CommuneFactory.create(name="Sainte-Anne", department__code="972", department__name="Martinique")
    assert TerritoryLookup().commune("", "Sainte-Anne", "97180") == in_guadeloupe


def test_a_commune_of_corsica_is_found_by_name_and_postcode() -> None:
    ajaccio = CommuneFactory.create(
        code="2A004", name="Ajaccio", department__code="2A", department__name="Corse-du-Sud"
    )
    assert TerritoryLookup().commune("", "Ajaccio", "20000") == ajaccio


def test_a_row_that_names_no_commune_finds_none(pantin: Commune) -> None:
    assert TerritoryLookup().commune("", "", "") is None
    assert TerritoryLookup().commune("99999", "Nulle-Part", "93500") is None


@pytest.mark.parametrize("km", [0.0, 24.9])
def test_a_point_near_its_commune_is_believed(pantin: Commune, km: float) -> None:
    position = TerritoryLookup().position(*north(km), pantin)
    assert (position.precision, position.repair) == (ADDRESS, "")
    assert haversine_km((position.latitude or 0, position.longitude or 0), SAINT_DENIS) < 25


def test_a_decimal_comma_is_read_as_a_point(pantin: Commune) -> None:
    latitude, longitude = (text.replace(".", ",") for text in north(1))
    assert TerritoryLookup().position(latitude, longitude, pantin).precision == ADDRESS


def test_swapped_coordinates_are_put_back(pantin: Commune) -> None:
    latitude, longitude = north(1)
    position = TerritoryLookup().position(longitude, latitude, pantin)
    assert (position.latitude, position.longitude) == (float(latitude), float(longitude))
    assert (position.precision, position.repair) == (ADDRESS, "point-swapped")


@pytest.mark.parametrize(
    ("latitude", "longitude", "repair"),
    [
        (*north(26), "point-too-far"),
        ("0", "0", "point-too-far"),
        ("4836.2", "2357", "point-too-far"),
        ("", "", "point-missing"),
        ("ici", "là", "point-missing"),
    ],
)
def test_a_missing_or_far_point_gives_way_to_the_centre_and_says_so(
    pantin: Commune, latitude: str, longitude: str, repair: str
) -> None:
    position = TerritoryLookup().position(latitude, longitude, pantin)
    assert (position.latitude, position.longitude) == SAINT_DENIS
    assert (position.precision, position.repair) == (COMMUNE, repair)


@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_a_number_that_is_no_coordinate_gives_way_to_the_centre(
    pantin: Commune, number: str
) -> None:
    position = TerritoryLookup().position(number, number, pantin)
    assert (position.latitude, position.longitude) == SAINT_DENIS


@pytest.mark.parametrize(("km", "precision"), [(100, ADDRESS), (160, COMMUNE)])
def test_communes_of_guyane_are_as_large_as_departments(
    km: float, precision: PositionPrecision
) -> None:
    mana = CommuneFactory.create(department__code="973", department__name="Guyane")
    assert TerritoryLookup().position(*north(km), mana).precision == precision


def test_a_commune_without_a_centre_believes_the_point_of_a_row() -> None:
    faaa = CommuneFactory.create(latitude=None, longitude=None)
    position = TerritoryLookup().position("-17.55", "-149.6", faaa)
    assert (position.latitude, position.longitude) == (-17.55, -149.6)
    assert position.precision == ADDRESS


def test_a_commune_without_a_centre_leaves_a_row_without_a_point_nowhere() -> None:
    faaa = CommuneFactory.create(latitude=None, longitude=None)
    position = TerritoryLookup().position("", "", faaa)
    assert (position.latitude, position.longitude) == (None, None)
    assert position.precision == PositionPrecision.UNKNOWN
