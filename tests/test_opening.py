"""When a place is open: in its own hour, on its own holidays, its closures told."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.opening import UNKNOWN, Opening, opening_at, week

PARIS = "Europe/Paris"
OFFICE = "Mo-Fr 09:00-12:00,13:30-17:00; PH off"
EVERY_DAY = "Mo-Su 09:00-12:00; PH off"


def at(day: str, hour: str, zone: str = PARIS) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZoneInfo(zone))


def asked(
    hours: str,
    now: datetime,
    zone: str = PARIS,
    department: str = "23",
    closures: tuple[tuple[str, str], ...] = (),
) -> Opening:
    days = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in closures]
    return opening_at(hours, zone, now, department, days)


def test_an_open_place_tells_when_it_closes() -> None:
    assert asked(OFFICE, at("2026-03-03", "10:00")) == Opening(True, at("2026-03-03", "12:00"))


def test_a_place_is_open_at_the_minute_it_opens_and_closed_at_the_minute_it_closes() -> None:
    assert asked(OFFICE, at("2026-03-03", "09:00")).is_open
    closed = asked(OFFICE, at("2026-03-03", "12:00"))
    assert closed == Opening(False, opens_at=at("2026-03-03", "13:30"))


@pytest.mark.parametrize(
    ("day", "hour", "opens"),
    [
        ("2026-03-03", "17:00", "2026-03-04"),
        ("2026-03-06", "18:00", "2026-03-09"),
        ("2026-03-08", "11:00", "2026-03-09"),
    ],
)
def test_a_closed_place_tells_when_it_opens_next_weekends_crossed(
    day: str, hour: str, opens: str
) -> None:
    assert asked(OFFICE, at(day, hour)) == Opening(False, opens_at=at(opens, "09:00"))


@pytest.mark.parametrize("day", ["2026-12-25", "2026-05-01", "2026-07-14", "2026-04-06"])
def test_a_place_closed_on_holidays_is_closed_on_the_national_ones(day: str) -> None:
    assert asked(EVERY_DAY, at(day, "10:00")).is_open is False


def test_a_place_that_says_nothing_of_holidays_keeps_its_hours() -> None:
    assert asked("Mo-Su 09:00-12:00", at("2026-12-25", "10:00")).is_open


@pytest.mark.parametrize("day", ["2026-12-26", "2026-04-03"])
@pytest.mark.parametrize(
    ("department", "is_open"), [("67", False), ("68", False), ("57", False), ("54", True)]
)
def test_alsace_and_moselle_have_two_holidays_more(
    day: str, department: str, is_open: bool
) -> None:
    assert asked(EVERY_DAY, at(day, "10:00"), department=department).is_open is is_open


@pytest.mark.parametrize(
    ("department", "zone", "day"),
    [
        ("971", "America/Guadeloupe", "2026-05-27"),
        ("972", "America/Martinique", "2026-05-22"),
        ("973", "America/Cayenne", "2026-06-10"),
        ("974", "Indian/Reunion", "2026-12-20"),
        ("976", "Indian/Mayotte", "2026-04-27"),
    ],
)
def test_the_end_of_slavery_is_a_holiday_on_each_territorys_own_day(
    department: str, zone: str, day: str
) -> None:
    assert asked(EVERY_DAY, at(day, "10:00", zone), zone, department).is_open is False
    assert asked(EVERY_DAY, at(day, "10:00"), department="23").is_open


@pytest.mark.parametrize(
    ("zone", "department", "is_open"),
    [
        ("America/Guadeloupe", "971", True),
        (PARIS, "75", True),
        ("Indian/Reunion", "974", False),
        ("Pacific/Tahiti", "987", False),
    ],
)
def test_hours_are_read_at_the_hour_of_the_place(zone: str, department: str, is_open: bool) -> None:
    now = datetime.fromisoformat("2026-03-03T13:45+00:00")
    assert asked(OFFICE, now, zone, department).is_open is is_open


def test_the_next_opening_is_told_in_the_zone_of_the_place() -> None:
    now = datetime.fromisoformat("2026-03-03T06:00+00:00")
    opening = asked(OFFICE, now, "Pacific/Tahiti", "987")
    assert opening.opens_at == at("2026-03-03", "09:00", "Pacific/Tahiti")


def test_a_place_closed_for_holidays_opens_after_the_last_day() -> None:
    opening = asked(OFFICE, at("2026-03-03", "10:00"), closures=(("2026-03-03", "2026-03-06"),))
    assert opening == Opening(False, opens_at=at("2026-03-09", "09:00"))


def test_a_closure_that_starts_tomorrow_leaves_today_as_it_is() -> None:
    closures = (("2026-03-04", "2026-03-06"),)
    assert asked(OFFICE, at("2026-03-03", "16:00"), closures=closures).is_open
    tonight = asked(OFFICE, at("2026-03-03", "18:00"), closures=closures)
    assert tonight.opens_at == at("2026-03-09", "09:00")


def test_a_night_opening_stops_at_midnight_when_the_next_day_is_closed() -> None:
    opening = asked(
        "Fr 22:00-02:00", at("2026-03-06", "23:00"), closures=(("2026-03-07", "2026-03-07"),)
    )
    assert opening == Opening(True, at("2026-03-07", "00:00"))


def test_closures_that_overlap_are_one() -> None:
    closures = (("2026-03-03", "2026-03-04"), ("2026-03-04", "2026-03-09"))
    opening = asked(OFFICE, at("2026-03-03", "08:00"), closures=closures)
    assert opening.opens_at == at("2026-03-10", "09:00")


def test_a_closure_of_more_than_a_month_tells_no_next_opening() -> None:
    opening = asked(OFFICE, at("2026-03-03", "08:00"), closures=(("2026-03-01", "2026-05-06"),))
    assert opening == Opening(False)


@pytest.mark.parametrize("hours", ["", "n’importe quoi", "Mo-Fr 9h-12h", "lundi matin"])
def test_missing_or_unreadable_hours_are_unknown_and_not_closed(hours: str) -> None:
    assert asked(hours, at("2026-03-03", "10:00")) == UNKNOWN
    assert week(hours, PARIS, date(2026, 3, 2)) is None


@pytest.mark.parametrize("hours", ["Mo-Fr 09:00-12:00 unknown", 'Mo-Fr 09:00-12:00 unknown "?"'])
def test_hours_published_as_uncertain_are_unknown_and_not_closed(hours: str) -> None:
    assert asked(hours, at("2026-03-03", "10:00")).is_open is None


@given(st.text(max_size=40))
def test_any_text_for_hours_is_read_without_failing(hours: str) -> None:
    assert asked(hours, at("2026-03-03", "10:00")).is_open in {True, False, None}


def test_a_place_never_closed_has_no_closing_time() -> None:
    assert asked("24/7", at("2026-03-03", "10:00")) == Opening(True)


def test_a_place_never_closed_tells_its_next_closure() -> None:
    opening = asked("24/7", at("2026-03-03", "06:00"), closures=(("2026-03-05", "2026-03-05"),))
    assert opening == Opening(True, at("2026-03-05", "00:00"))


def test_hours_past_midnight_belong_to_the_day_before() -> None:
    assert asked("Fr 22:00-02:00", at("2026-03-07", "01:00")) == Opening(
        True, at("2026-03-07", "02:00")
    )
    assert asked("Fr 22:00-02:00", at("2026-03-08", "01:00")).is_open is False


@pytest.mark.parametrize(
    ("day", "opens", "length"), [("2026-03-29", "01:30", 2.5), ("2026-10-25", "01:30", 4.5)]
)
def test_days_when_clocks_change_keep_the_hours_on_the_door(
    day: str, opens: str, length: float
) -> None:
    opening = asked("Su 01:00-05:00", at(day, opens))
    assert opening.until is not None
    assert opening.until.replace(tzinfo=None) == datetime.fromisoformat(f"{day}T05:00")
    elapsed = opening.until.timestamp() - at(day, opens).timestamp()
    assert elapsed / 3600 == length


def test_the_first_opening_after_clocks_change_is_at_the_hour_on_the_door() -> None:
    opening = asked("Mo 09:00-12:00", at("2026-03-28", "13:00"))
    assert opening.opens_at == at("2026-03-30", "09:00")


def test_a_week_lists_the_spans_of_seven_days() -> None:
    office = [(time(9), time(12)), (time(13, 30), time(17))]
    assert week(OFFICE, PARIS, date(2026, 3, 2)) == [office] * 5 + [[], []]


def test_a_week_leaves_holidays_aside() -> None:
    christmas = week("Mo-Fr 09:00-12:00; PH off", PARIS, date(2026, 12, 21))
    assert christmas == [[(time(9), time(12))]] * 5 + [[], []]


def test_weeks_in_turn_differ() -> None:
    hours = "week 01-53/2 Mo 09:00-12:00"
    ninth, tenth = date(2026, 2, 23), date(2026, 3, 2)
    assert week(hours, PARIS, ninth) == [[(time(9), time(12))]] + [[]] * 6
    assert week(hours, PARIS, tenth) == [[]] * 7


@pytest.mark.parametrize("monday", [date(2026, 3, 23), date(2026, 10, 19)])
def test_a_week_when_clocks_change_shows_the_hours_on_the_door(monday: date) -> None:
    assert week("Su 08:00-12:00", PARIS, monday) == [[]] * 6 + [[(time(8), time(12))]]


def test_a_whole_day_ends_at_midnight() -> None:
    assert week("Su 00:00-24:00", PARIS, date(2026, 3, 2)) == [[]] * 6 + [[(time(0), time(0))]]
