"""The repairs of points, days and hours: each by a written rule, never a wrong guess."""

from datetime import date

import pytest
from opening_hours import validate

from directory.exchange import dates, hours_text, positions
from directory.models import Commune
from directory.vocabularies.names import PositionPrecision

# --- Points ---------------------------------------------------------------------------------------

PARIS = (48.8566, 2.3522)
BREST = (48.3904, -4.4861)
SAINT_DENIS_REUNION = (-20.8789, 55.4481)


def commune(point: tuple[float, float], department: str = "75") -> Commune:
    """A commune at a point, known of no database."""
    return Commune(
        code=f"{department}001", department_id=department, latitude=point[0], longitude=point[1]
    )


@pytest.mark.parametrize(
    ("latitude", "longitude", "rule"),
    [
        ("48.8566", "2.3522", ""),
        ("48,8566", "2,3522", ""),
        (" 48.8566° ", "2.3522° E", ""),
        ("48°51'23.8\"N", "2°21'07.9\"E", ""),
        ("2.3522", "48.8566", "point-swapped"),
        ("652469.02", "6862035.26", "point-projected"),
        ("6862035,26", "652 469,02", "point-projected"),
        ("6250565.9", "261845.7", "point-projected"),
        ("488566", "23522", "decimal-point-restored"),
    ],
)
def test_a_point_is_read_however_it_is_written(latitude: str, longitude: str, rule: str) -> None:
    found = positions.read(latitude, longitude, commune(PARIS))
    assert (found.repair, found.precision) == (rule, PositionPrecision.ADDRESS)
    assert found.latitude == pytest.approx(PARIS[0], abs=0.001)
    assert found.longitude == pytest.approx(PARIS[1], abs=0.001)


def test_the_sign_that_the_west_lost_is_put_back() -> None:
    found = positions.read("48.3904", "4.4861", commune(BREST, "29"))
    assert (found.longitude, found.repair) == (-4.4861, "longitude-sign")


def test_overseas_metres_are_read_in_their_own_system() -> None:
    found = positions.read("338493", "7690400", commune(SAINT_DENIS_REUNION, "974"))
    assert found.repair == "point-projected"
    assert found.latitude == pytest.approx(SAINT_DENIS_REUNION[0], abs=0.01)


@pytest.mark.parametrize(("latitude", "longitude"), [("40.7", "-74.0"), ("0", "0"), ("900", "900")])
def test_degrees_out_of_france_give_way_to_the_commune(latitude: str, longitude: str) -> None:
    found = positions.read(latitude, longitude, commune(PARIS))
    assert (found.latitude, found.longitude) == PARIS
    assert (found.precision, found.repair) == (PositionPrecision.COMMUNE, "point-too-far")


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e400"])
def test_a_number_that_is_none_gives_way_to_the_commune(text: str) -> None:
    assert positions.read(text, text, commune(PARIS)).precision == PositionPrecision.COMMUNE


# --- Days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2024-04-02", "2024-04-02T10:30:00Z", "2024/04/02", "20240402", "02/04/2024", "2/4/24",
        "02.04.2024", "02-04-2024 10:30", "2 avril 2024", "2 Avr. 2024", "mardi 2 avril 2024",
        "45384", "45384.5",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_style(text: str) -> None:
    assert dates.read(text) == date(2024, 4, 2)


def test_the_first_of_a_month_may_be_written_so() -> None:
    assert dates.read("1er août 2024") == date(2024, 8, 1)


def test_a_mapping_may_ask_for_the_american_order() -> None:
    assert dates.read("04/02/2024", "mm/jj/aaaa") == date(2024, 4, 2)


@pytest.mark.parametrize("text", ["", "hier", "31/02/2024", "avril 2024", "12", "2 jui 2024"])
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    assert dates.read(text) is None


# --- Hours ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("Du lundi au vendredi : 9h-12h et 14h-17h", "Mo-Fr 09:00-12:00,14:00-17:00"),
        (
            "Lundi au vendredi 10h/12h 14h/17h30 - sam 10h/12h",
            "Mo-Fr 10:00-12:00,14:00-17:30; Sa 10:00-12:00",
        ),
        (
            "Mar, jeu, ven : 16-18h. Mer : 14-18h. Sam : 10-13h",
            "Tu,Th-Fr 16:00-18:00; We 14:00-18:00; Sa 10:00-13:00",
        ),
        ("mar/mer/jeu/ven : 9h/12h", "Tu-Fr 09:00-12:00"),
        ("Mercredi de 14h30 à 16h30", "We 14:30-16:30"),
        ("tous les mardis de 9h à 12h et de 13h à 17h", "Tu 09:00-12:00,13:00-17:00"),
        ("Lundi : fermé ; mardi : 9h-12h", "Tu 09:00-12:00"),
    ],
)
def test_a_week_written_as_a_sentence_is_read(text: str, osm: str) -> None:
    assert hours_text.to_osm(text) == osm
    assert validate(osm)


@pytest.mark.parametrize(
    "text",
    [
        "Se rapprocher de l’organisme",
        "Du lundi au vendredi",
        "9h à 12h / 14h à 18h",
        "les lundis et mardis matins en période scolaire",
        "1er lundi du mois 9h-12h",
        "Vendredi 9h-12h sauf vacances",
        "Lundi 9h-12h, lundi 14h-17h",
        "Mardi 18h-9h",
    ],
)
def test_a_sentence_that_says_more_stays_a_text(text: str) -> None:
    assert hours_text.to_osm(text) == ""
