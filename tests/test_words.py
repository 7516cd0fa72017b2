"""Times, distances and opening hours, said in plain French."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from directory.search.opening import UNKNOWN, Opening
from directory.views import words

PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")
SUNDAY_NOON = datetime(2026, 11, 22, 12, 0, tzinfo=PARIS)


# --- Hours ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (time(9), "9 h"),
        (time(13, 30), "13 h 30"),
        (time(8, 5), "8 h 05"),
        (time(0, 15), "0 h 15"),
        (time(23, 59), "23 h 59"),
        (SUNDAY_NOON, "12 h"),
    ],
)
def test_hour_is_said_with_non_breaking_spaces(moment: time | datetime, said: str) -> None:
    assert words.hour(moment) == said.replace(" ", "\u00a0")


def test_midnight_has_its_word() -> None:
    assert words.hour(time()) == "minuit"


# --- Days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (date(2026, 11, 22), "aujourd’hui"),
        (date(2026, 11, 23), "demain, lundi 23 novembre,"),
        (date(2026, 11, 24), "mardi 24 novembre"),
        (date(2027, 1, 4), "lundi 4 janvier"),
    ],
)
def test_day_is_named_and_the_near_ones_have_their_word(value: date, said: str) -> None:
    assert words.day(value, SUNDAY_NOON.date()) == said


# --- Distances ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("km", "said"),
    [
        (0.0, "0 m"),
        (0.004, "0 m"),
        (0.849, "850 m"),
        (0.994, "990 m"),
        (0.996, "1 km"),
        (1.0, "1 km"),
        (3.24, "3,2 km"),
        (9.0, "9 km"),
        (9.949, "9,9 km"),
        (9.95, "10 km"),
        (12.4, "12 km"),
        (99.6, "100 km"),
    ],
)
def test_distance_is_rounded_to_what_a_walker_needs(km: float, said: str) -> None:
    assert words.distance(km) == said.replace(" ", "\u00a0")


def test_unknown_distance_is_said_by_nothing() -> None:
    assert words.distance(None) == ""


# --- Spans of a day -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([], "fermé"),
        ([(time(9), time(12))], "de 9_h à 12_h"),
        ([(time(9), time(12)), (time(14), time(17, 30))], "de 9_h à 12_h et de 14_h à 17_h_30"),
        (
            [(time(8), time(10)), (time(11), time(12)), (time(14), time(16))],
            "de 8_h à 10_h, de 11_h à 12_h et de 14_h à 16_h",
        ),
        ([(time(18), time())], "de 18_h à minuit"),
        ([(time(), time())], "jour et nuit"),
    ],
)
def test_spans_of_a_day_are_said_in_words(spans: list[tuple[time, time]], said: str) -> None:
    assert words.spans(spans) == said.replace("_", "\u00a0")


# --- Open or closed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opening", "said"),
    [
        (UNKNOWN, "Horaires non renseignés"),
        (
            Opening(True, until=datetime(2026, 11, 22, 17, tzinfo=PARIS)),
            "Ouvert maintenant, ferme à 17_h",
        ),
        (
            Opening(True, until=datetime(2026, 11, 23, 0, tzinfo=PARIS)),
            "Ouvert maintenant, ferme à minuit",
        ),
        (Opening(True, until=datetime(2026, 11, 23, 2, tzinfo=PARIS)), "Ouvert maintenant"),
        (Opening(True, until=datetime(2026, 12, 24, 0, tzinfo=PARIS)), "Ouvert maintenant"),
        (Opening(True), "Ouvert maintenant"),
        (
            Opening(False, opens_at=datetime(2026, 11, 22, 14, tzinfo=PARIS)),
            "Fermé, ouvre aujourd’hui à 14_h",
        ),
        (
            Opening(False, opens_at=datetime(2026, 11, 23, 9, tzinfo=PARIS)),
            "Fermé, ouvre demain, lundi 23 novembre, à 9_h",
        ),
        (
            Opening(False, opens_at=datetime(2026, 11, 25, 9, 30, tzinfo=PARIS)),
            "Fermé, ouvre mercredi 25 novembre à 9_h_30",
        ),
        (Opening(False), "Fermé en ce moment"),
    ],
)
def test_opening_is_said_in_words(opening: Opening, said: str) -> None:
    assert words.opening_text(opening, SUNDAY_NOON) == said.replace("_", "\u00a0")


def test_opening_is_said_in_the_place_s_own_day() -> None:
    # 22 November, 23:00 in Paris, is already the 23rd in La Réunion.
    late = datetime(2026, 11, 22, 23, 0, tzinfo=PARIS)
    opening = Opening(False, opens_at=datetime(2026, 11, 23, 8, 0, tzinfo=REUNION))
    assert words.opening_text(opening, late) == "Fermé, ouvre aujourd’hui à 8\u00a0h"
