"""A week of opening hours, in a few words, in each language of the sheet."""

from datetime import date

import pytest
from django.utils import translation

from directory.views import hours_words

SUNDAY = date(2026, 11, 22)


def said(opening_hours: str, language: str = "fr", today: date = SUNDAY) -> list[str]:
    week = hours_words.ordinary_week(opening_hours, "Europe/Paris", today)
    with translation.override(language):
        lines = hours_words.in_words(week) if week else []
    return [line.replace("\u00a0", " ") for line in lines]


@pytest.mark.parametrize(
    ("hours", "lines"),
    [
        (
            "Mo-Fr 09:00-12:00,13:30-17:00; PH off",
            ["Du lundi au vendredi : de 9 h à 12 h et de 13 h 30 à 17 h."],
        ),
        ("Mo,Tu 09:00-12:00", ["Lundi et mardi : de 9 h à 12 h."]),
        (
            "Mo-We,Fr 09:00-12:00; Th 14:00-17:00",
            ["Du lundi au mercredi et vendredi : de 9 h à 12 h.", "Jeudi : de 14 h à 17 h."],
        ),
        ("Mo,We,Fr 09:00-12:00", ["Lundi, mercredi et vendredi : de 9 h à 12 h."]),
        ("Mo-Su 08:00-20:00", ["Tous les jours : de 8 h à 20 h."]),
        ("24/7", ["Tous les jours : jour et nuit."]),
        ("Fr 18:00-26:00", ["Vendredi : de 18 h à minuit.", "Samedi : de minuit à 2 h."]),
    ],
)
def test_days_with_the_same_hours_are_told_together(hours: str, lines: list[str]) -> None:
    assert said(hours) == lines


@pytest.mark.parametrize("hours", ["", "not hours at all", "Mo-Fr 09:00-12:00 unknown"])
def test_unknown_hours_are_not_told_as_closed(hours: str) -> None:
    assert said(hours) == []


@pytest.mark.parametrize(
    "hours",
    [
        "Mo[1] 09:00-12:00; We 14:00-16:00",
        "Jan-Jun Mo 09:00-12:00; We 14:00-16:00",
        "week 2-53/2 We",
    ],
)
def test_week_unlike_the_others_is_dated_and_says_so(hours: str) -> None:
    lines = said(hours)
    assert lines[0] == "Semaine du 16 novembre :"
    assert lines[-1].startswith("Les horaires changent selon les semaines")


def test_hours_that_a_place_doubts_are_to_be_confirmed() -> None:
    lines = said("Mo 09:00-12:00; Tu 09:00-12:00 unknown")
    assert lines == [
        "Lundi : de 9 h à 12 h.",
        "Certains horaires ne sont pas sûrs : appelez avant de venir.",
    ]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Monday to Friday: 9:00 to 12:00 and 13:30 to 17:00."),
        ("ar", "من الاثنين إلى الجمعة: من 9:00 إلى 12:00 ومن 13:30 إلى 17:00."),
    ],
)
def test_week_is_said_in_the_language_now_active(language: str, line: str) -> None:
    assert said("Mo-Fr 09:00-12:00,13:30-17:00", language) == [line]


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_every_language_has_as_many_lines(language: str) -> None:
    for hours in ("Mo[1] 09:00-12:00", "Mo 09:00-12:00; Tu 09:00-12:00 unknown", "Sa 10:00-12:00"):
        assert len(said(hours, language)) == len(said(hours))


def test_days_open_are_told_without_what_else_must_be_known() -> None:
    week = hours_words.ordinary_week("Mo[1] 09:00-12:00; Tu 14:00-17:00", "Europe/Paris", SUNDAY)
    assert week
    assert hours_words.open_days(week) == ["Mardi\u00a0: de 14\u00a0h à 17\u00a0h."]
