"""Stops of a round read from French text: one test per rule."""

import pytest
from opening_hours import validate

from directory.exchange.itinerancy import read_stops


def found(text: str) -> list[tuple[str, str, str]]:
    return [(stop.commune, stop.place, stop.opening_hours) for stop in read_stops(text)]


def test_day_hours_and_place_after_a_slash() -> None:
    text = "Mercredi - 9h-12h - Montbourg/Marché République ; Jeudi - 14h-17h - Valbourg/Mairie"
    assert found(text) == [
        ("Montbourg", "Marché République", "We 09:00-12:00"),
        ("Valbourg", "Mairie", "Th 14:00-17:00"),
    ]


def test_commune_with_the_site_in_brackets() -> None:
    assert found("le mardi à Montbourg (Mairie) de 9h à 12h") == [
        ("Montbourg", "Mairie", "Tu 09:00-12:00")
    ]


def test_town_hall_of_a_commune() -> None:
    assert found("Permanence à la mairie de Montbourg le jeudi de 13h30 à 16h") == [
        ("Montbourg", "mairie", "Th 13:30-16:00")
    ]


def test_day_of_the_month() -> None:
    assert found("Permanence à Montbourg le 1er lundi de chaque mois de 14h00 à 17h00") == [
        ("Montbourg", "", "Mo[1] 14:00-17:00")
    ]
    assert found("Le 2ème et 4ème jeudi du mois à la mairie de Valbourg de 14h à 16h30") == [
        ("Valbourg", "mairie", "Th[2,4] 14:00-16:30")
    ]


def test_morning_and_afternoon_of_one_day() -> None:
    assert found("Mairie de Montbourg le lundi de 9h à 12h et de 14h à 17h") == [
        ("Montbourg", "Mairie", "Mo 09:00-12:00,14:00-17:00")
    ]


def test_several_stops_in_one_sentence() -> None:
    text = "à Montbourg le lundi de 9h à 12h, à Valbourg (bibliothèque) le mardi de 14h à 17h"
    assert found(text) == [
        ("Montbourg", "", "Mo 09:00-12:00"),
        ("Valbourg", "bibliothèque", "Tu 14:00-17:00"),
    ]


def test_a_list_of_days_is_one_stop() -> None:
    assert found("Permanence à Montbourg les mardi, jeudi et vendredi de 9h à 12h") == [
        ("Montbourg", "", "Tu,Th,Fr 09:00-12:00")
    ]


def test_without_hours_the_confidence_is_lower() -> None:
    (stop,) = read_stops("Lundi matin : La Ferté-Montbourg")
    assert (stop.commune, stop.days, stop.opening_hours) == ("La Ferté-Montbourg", "Mo", "")
    assert stop.confidence == "medium"


def test_a_hyphenated_name_keeps_its_articles() -> None:
    assert (
        found("à la Mairie de Salins-les-Bourgs le lundi de 9h à 12h")[0][0] == "Salins-les-Bourgs"
    )
    assert found("à Sauvigny -les -Bourgs le lundi de 9h à 12h")[0][0] == "Sauvigny-les-Bourgs"


@pytest.mark.parametrize(
    "text",
    [
        "semaine paire mercredi Montbourg (Mairie) de 9:00 à 11h45",
        "Un lundi sur deux : Mairie de Montbourg 9h-12h",
        "Permanences à Montbourg, 1 fois par mois, le lundi de 9h à 12h",
        "Mercredi - 9h-12h - Montbourg ou Valbourg",
    ],
)
def test_alternate_rounds_stay_text(text: str) -> None:
    assert read_stops(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Itinérance sur les communes de Montbourg et Valbourg",
        "Lundi centre social",
        "Ouvert le lundi de 14h à 18h",
        "Permanence à Montbourg de 9h à 12h",
        "le lundi à Montbourg de 17h à 9h",
    ],
)
def test_a_doubtful_stop_is_not_kept(text: str) -> None:
    assert read_stops(text) == []


def test_a_part_not_understood_discards_its_sentence() -> None:
    text = "Le lundi de 9h à 12h à Montbourg, le mardi de 9h à 12h au bureau"
    assert read_stops(text) == []


def test_a_booking_note_is_not_a_place() -> None:
    assert found("à Montbourg (sur rendez-vous) le lundi de 9h à 12h")[0][1] == ""


def test_every_opening_hours_is_valid() -> None:
    text = "Lundi 9h-12h Montbourg. Le 1er mardi du mois à la mairie de Valbourg de 14h à 16h"
    stops = read_stops(text)
    assert len(stops) == 2
    assert all(validate(stop.opening_hours) for stop in stops)
