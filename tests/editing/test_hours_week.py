"""A week in French and the OpenStreetMap string: what goes both ways, what stays a string."""

import pytest

from directory.exchange import hours_week
from directory.exchange.french_hours import DAYS

BOTH_WAYS = [
    "Mo-Fr 09:00-12:00,14:00-17:30",
    "Mo-We,Fr 09:00-12:00; Th 14:00-18:00; PH off",
    'Tu 09:30-12:00 "sur rendez-vous"',
    'Mo,We 09:00-12:00; Tu 09:00-12:00 "sur rendez-vous"; PH off',
    "Mo-Su 00:00-24:00",
]


@pytest.mark.parametrize("hours", BOTH_WAYS)
def test_ordinary_week_goes_both_ways(hours: str) -> None:
    week = hours_week.to_week(hours)
    assert week is not None
    result = hours_week.to_osm(week, hours_week.is_closed_on_holidays(hours))
    assert (result.opening_hours, result.problems) == (hours, ())


def test_later_rule_replaces_what_was_said_of_its_days() -> None:
    week = hours_week.to_week("Mo-Fr 09:00-12:00; We off")
    assert week
    assert (week["Tu"], week["We"], week["Su"]) == ("9h-12h", "fermé", "fermé")


@pytest.mark.parametrize(
    "hours",
    [
        "Jun-Sep Mo-Fr 09:00-12:00",
        "week 1-53/2 Mo 09:00-12:00",
        "Tu[1] 10:00-12:00",
        'Mo 09:00-12:00 "sonnez"',
        "Fr 20:00-02:00",
        'Mo 09:00-12:00,14:00-17:00 "sur rendez-vous"',
        "jamais",
    ],
)
def test_what_a_week_does_not_tell_whole_stays_a_string(hours: str) -> None:
    assert hours_week.to_week(hours) is None


def test_unknown_hours_are_an_empty_week_and_back() -> None:
    week = hours_week.to_week("")
    assert week == dict.fromkeys(DAYS, "")
    assert hours_week.to_osm(week, False).opening_hours == ""


def test_every_reason_of_the_reader_is_told() -> None:
    bad = ["lundi ?", "9h-12h 14h", "9-12/2", "9h-45h", "14h-12h", "2h-4h", "9h-12h 14h-17h rdv"]
    found = {one.reason for text in bad for one in hours_week.to_osm({"Mo": text}, False).problems}
    assert found <= set(hours_week.REASONS)
    assert len(found) >= 5
