"""Hours of a counter, day by day: one test per rule."""

import pytest
from opening_hours import validate

from directory.exchange.french_hours import closed_on_public_holidays, to_osm


def hours(monday: str) -> str:
    return to_osm({"Mo": monday}).opening_hours


def reasons(monday: str) -> list[str]:
    return [problem.reason for problem in to_osm({"Mo": monday}).problems]


def test_days_with_the_same_hours_are_grouped() -> None:
    same = "09:00 - 12:00 / 14:00 - 17:00"
    result = to_osm({"Mo": same, "Tu": same, "We": "", "Th": same, "Fr": "09:00 - 12:00"})
    assert result.opening_hours == "Mo-Tu,Th 09:00-12:00,14:00-17:00; Fr 09:00-12:00"
    assert result.repairs == ()


@pytest.mark.parametrize("text", ["", " ", "-", "fermé", "Fermée", "FERMÉ"])
def test_a_closed_day_has_no_hours_and_no_problem(text: str) -> None:
    result = to_osm({"Mo": text, "Tu": "09:00 - 12:00"})
    assert (result.opening_hours, result.problems) == ("Tu 09:00-12:00", ())


@pytest.mark.parametrize(
    "text", ["9-12", "9h-12h", "9h à 12h", "de 9h à 12h", "de 9 heures à 12 heures", "9h00-12"]
)
def test_missing_minutes_are_full_hours(text: str) -> None:
    result = to_osm({"Mo": text})
    assert result.opening_hours == "Mo 09:00-12:00"
    assert "missing-minutes" in result.repairs


@pytest.mark.parametrize(
    "text",
    [
        "09h00/12h00 - 14h00/17h00",
        "09:00-12:00,14:00-17:00",
        "09:00-12:00 14:00-17:00",
        "09:00-12:00-14:00-17:00",
        "09:00 – 12:00 / \n 14 :00-17:00",
        "09:00 à 12:00 et 14:00 à 17:00",
    ],
)
def test_other_written_forms_are_repaired_and_named(text: str) -> None:
    result = to_osm({"Mo": text})
    assert result.opening_hours == "Mo 09:00-12:00,14:00-17:00"
    assert result.repairs == ("written-form",)


def test_midnight_to_midnight_is_an_empty_range() -> None:
    result = to_osm({"Mo": "00:00 - 00:00 / 09:00 - 12:00", "Tu": "00:00 - 00:00"})
    assert (result.opening_hours, result.repairs) == ("Mo 09:00-12:00", ("empty-range-dropped",))


def test_overlapping_ranges_are_merged() -> None:
    result = to_osm({"Mo": "09:00 - 12:00 / 09:00 - 16:30 / 14:00 - 16:30"})
    assert (result.opening_hours, result.repairs) == ("Mo 09:00-16:30", ("overlap-merged",))


def test_touching_ranges_are_merged() -> None:
    result = to_osm({"Mo": "09:00 - 11:00 / 11:00 - 12:00"})
    assert (result.opening_hours, result.repairs) == ("Mo 09:00-12:00", ("touching-merged",))


def test_duplicate_ranges_are_merged() -> None:
    result = to_osm({"Mo": "13:30 - 16:00 / 13:30 - 16:00"})
    assert (result.opening_hours, result.repairs) == ("Mo 13:30-16:00", ("duplicate-merged",))


def test_ranges_are_sorted() -> None:
    result = to_osm({"Mo": "14:00 - 17:00 / 09:00 - 12:00"})
    assert result.opening_hours == "Mo 09:00-12:00,14:00-17:00"
    assert result.repairs == ("ranges-sorted",)


def test_a_day_may_end_at_midnight() -> None:
    assert hours("14:00 - 24:00") == "Mo 14:00-24:00"


@pytest.mark.parametrize("text", ["sur rdv", "Uniquement sur rendez-vous", "SUR RENDEZ VOUS"])
def test_on_appointment_is_a_remark_not_hours(text: str) -> None:
    result = to_osm({"Mo": text, "Tu": "09:00 - 12:00"})
    assert (result.opening_hours, result.appointment_days) == ("Tu 09:00-12:00", ("Mo",))


def test_hours_on_appointment_keep_the_remark() -> None:
    assert hours("09:00 - 12:00 sur rdv") == 'Mo 09:00-12:00 "sur rendez-vous"'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("09:00 - 12:00 / 14:00 - 17:00 sur rdv", "appointment-part-unclear"),
        ("17:00 - 09:00", "reversed-range"),
        ("09:00 - 25:00", "impossible-time"),
        ("09:60 - 12:00", "impossible-time"),
        ("09:00 - 12:00 / 14:00", "odd-number-of-times"),
        ("01:00 - 17:00", "opens-at-night"),
        ("1/2", "bare-numbers"),
        ("9h - 12h (fermé le 1er mardi)", "words-not-understood"),
    ],
)
def test_doubtful_hours_are_left_out_with_a_reason(text: str, reason: str) -> None:
    assert (hours(text), reasons(text)) == ("", [reason])


def test_a_problem_keeps_the_day_and_the_published_value() -> None:
    (problem,) = to_osm({"Mo": "09:00 - 12:00", "Sa": "variable"}).problems
    assert (problem.day, problem.value) == ("Sa", "variable")


def test_an_unknown_day_is_refused() -> None:
    with pytest.raises(KeyError, match="lundi"):
        to_osm({"lundi": "09:00 - 12:00"})


def test_public_holidays_are_closed_once() -> None:
    assert closed_on_public_holidays("Mo 09:00-12:00") == "Mo 09:00-12:00; PH off"
    assert closed_on_public_holidays("Mo 09:00-12:00; PH off") == "Mo 09:00-12:00; PH off"
    assert closed_on_public_holidays("") == ""


@pytest.mark.parametrize("text", ["09:00 - 12:00 / 14:00 - 17:00", "14h-24h", "9h-12h sur rdv"])
def test_every_output_is_valid_for_the_opening_hours_package(text: str) -> None:
    assert validate(hours(text))
    assert validate(closed_on_public_holidays(hours(text)))
