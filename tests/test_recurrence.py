"""Hours as a calendar repeats them: the dates of the rule are those of the hours, neither more nor
fewer."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.search.opening import open_intervals
from directory.views.recurrence import AHEAD, Series, series_of

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
"""A Sunday."""

PARIS = "Europe/Paris"
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def dates(series: Series) -> list[datetime]:
    """The first moments of a series, expanded by another library, in the place's own time."""
    start = series.start.replace(tzinfo=None)
    if not series.rule:
        return [start]
    rule = f"FREQ={series.rule['freq']};BYDAY={','.join(series.rule['byday'])}"
    last = datetime.combine(series.until, datetime.max.time())
    return [
        moment
        for moment in rrulestr(rule.upper(), dtstart=start).between(start, last, inc=True)
        if moment.date() not in series.exceptions
    ]


def told(hours: str, department: str = "75") -> list[datetime]:
    """All the first moments that the series of these hours tell."""
    return sorted(
        moment for series in series_of(hours, PARIS, NOW, department) for moment in dates(series)
    )


def true(hours: str, department: str = "75") -> list[datetime]:
    """The first moments of a year of openings."""
    midnight = NOW.replace(hour=0) - timedelta(hours=1)
    spans = open_intervals(hours, PARIS, (midnight, midnight + AHEAD), department)
    return sorted(start.replace(tzinfo=None) for start, _end in spans)


weekly = st.builds(
    "{} {:02d}:00-{:02d}:30{}".format,
    st.sets(st.sampled_from(DAYS), min_size=1).map(",".join),
    st.integers(8, 11),
    st.integers(12, 18),
    st.sampled_from(["", "; PH off"]),
)
monthly = st.builds(
    "{}[{}] 09:00-12:00".format,
    st.sampled_from(DAYS),
    st.sampled_from(["1", "2", "3", "4", "1,3", "2,4", "-1"]),
)


@settings(max_examples=60, deadline=None)
@given(st.one_of(weekly, monthly), st.sampled_from(["75", "67", "974"]))
def test_rule_gives_the_dates_of_the_hours(hours: str, department: str) -> None:
    assert told(hours, department) == true(hours, department)


@pytest.mark.parametrize(
    ("hours", "byday"),
    [
        ("Tu 09:00-12:00", ["TU"]),
        ("Mo-Fr 09:00-12:00; PH off", ["MO", "TU", "WE", "TH", "FR"]),
        ("Tu[2] 09:00-12:00", ["2TU"]),
        ("Th[1,3] 14:00-16:30", ["1TH", "3TH"]),
        ("Tu[-1] 09:00-12:00", ["-1TU"]),
    ],
)
def test_rule_is_the_simplest(hours: str, byday: list[str]) -> None:
    series = series_of(hours, PARIS, NOW)
    assert [one.rule["byday"] for one in series] == [byday]


def test_holidays_are_exceptions_to_the_rule() -> None:
    (series,) = series_of("Fr 09:00-12:00; PH off", PARIS, NOW, "67")
    # Christmas, New Year's Day, and Good Friday, a holiday of Alsace.
    assert series.exceptions == (date(2026, 12, 25), date(2027, 1, 1), date(2027, 3, 26))


def test_closure_is_an_exception_to_the_rule() -> None:
    (series,) = series_of(
        "Tu 09:00-12:00", PARIS, NOW, closures=[(date(2026, 12, 1), date(2026, 12, 9))]
    )
    assert series.exceptions == (date(2026, 12, 1), date(2026, 12, 8))


def test_morning_and_afternoon_are_two_series() -> None:
    series = series_of("Tu 09:00-12:00,14:00-17:00", PARIS, NOW)
    assert [(one.start.hour, one.end.hour) for one in series] == [(9, 12), (14, 17)]


def test_every_other_week_becomes_single_dates() -> None:
    series = series_of("week 1-53/2 Tu 09:00-12:00", PARIS, NOW)
    assert all(one.rule == {} for one in series)
    assert 10 < len(series) <= 26
    assert all(a.start < b.start for a, b in pairwise(series))


def test_dated_workshop_is_a_single_date() -> None:
    (series,) = series_of("2026 Dec 03 14:00-16:00", PARIS, NOW)
    assert (series.start.isoformat(), series.rule) == ("2026-12-03T14:00:00+01:00", {})


def test_hours_keep_their_time_on_the_wall_when_clocks_change() -> None:
    moments = told("Su 10:00-12:00")
    assert {moment.hour for moment in moments} == {10}


def test_night_is_not_cut_at_midnight() -> None:
    (series,) = series_of("Fr 22:00-02:00", PARIS, NOW)
    assert series.end - series.start == timedelta(hours=4)


@pytest.mark.parametrize("hours", ["", "24/7", "2020 Dec 03 14:00-16:00", "n’importe quoi"])
def test_hours_without_a_date_to_come_give_no_series(hours: str) -> None:
    assert series_of(hours, PARIS, NOW) == []
