"""Who is open, now and in an ordinary week, as the index keeps it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.search.criteria import Access, Criteria, Facet
from directory.search.index import build
from directory.search.index.clock import SLICE
from directory.search.index.hours import DAY, week_spans
from directory.search.opening import opening_at, week
from tests.factories import (
    ClosureFactory,
    PlaceFactory,
)
from tests.index.worlds import HOURS

pytestmark = pytest.mark.django_db

OFFICE = "Mo-Fr 09:00-12:00; PH off"


def paris(day: str, hour: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZoneInfo("Europe/Paris"))


def choose(**chosen: str) -> dict[Facet, frozenset[str]]:
    return {Facet[name.upper()]: frozenset({code}) for name, code in chosen.items()}


ODD_HOURS = (
    "Mo-Su 00:00-24:00",
    "Mo-Th 20:00-03:00",
    "Sa-Mo 09:00-12:00",
    "Mo-Fr 09:00-12:00; We off; PH off",
    "Mo-Fr 09:00-12:00,11:00-13:00",
    "Mo 14:00-12:00",
)
DAYS = st.sampled_from(["Mo", "We", "Mo-Fr", "Tu,Th-Sa", "Su"])
TIMES = st.sampled_from(["09:00-12:00", "08:30-12:05,13:00-18:15", "off", "18:00-24:00"])
RULES = st.tuples(DAYS, TIMES).map(" ".join) | st.just("PH off")
PLAIN = st.lists(RULES, min_size=1, max_size=4).map("; ".join)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([*HOURS, *ODD_HOURS]) | st.lists(RULES, min_size=1, max_size=4).map("; ".join)
)
def test_an_ordinary_week_is_the_one_that_the_place_page_shows(hours: str) -> None:
    monday = date(2026, 3, 2)
    shown = week(hours, "Europe/Paris", monday)
    spans = week_spans(hours, monday)
    assert (spans is None) == (shown is None)
    assert opened(spans or ()) == opened(
        (
            day * DAY + start.hour * 60 + start.minute,
            day * DAY + (end.hour * 60 + end.minute or DAY),
        )
        for day, own in enumerate(shown or ())
        for start, end in own
    )


def minute_of(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def opened(spans: Iterable[tuple[int, int]]) -> list[int]:
    """Return the open minutes of a week, each as often as it is told."""
    return [minute for start, end in spans for minute in range(start, end)]


def test_open_now_reached_slice_after_slice_is_what_the_hours_say() -> None:
    made = {PlaceFactory.create(opening_hours=hours).pk: hours for hours in HOURS}
    closed = PlaceFactory.create(opening_hours=OFFICE)
    ClosureFactory.create(place=closed, starts_on=date(2026, 3, 3), ends_on=date(2026, 3, 3))
    index = build()
    start = paris("2026-03-02", "06:00").astimezone(UTC)
    for step in range(0, 3 * 24 * 3600, 7 * SLICE):
        now = start + timedelta(seconds=step)
        index.advance(now)
        answer = index.answer(Criteria(now=now, facets=choose(access=Access.NOW)), 0, 50)
        states = {
            pk: opening_at(own, "Europe/Paris", now, "93").is_open for pk, own in made.items()
        }
        days = [(date(2026, 3, 3), date(2026, 3, 3))]
        states[closed.pk] = opening_at(OFFICE, "Europe/Paris", now, "93", days).is_open
        assert {h.id for h in answer.hits if not h.is_silent} == {k for k, v in states.items() if v}
        assert {h.id for h in answer.hits if h.is_silent} == {
            pk for pk, state in states.items() if state is None
        }


def test_a_slice_already_left_is_still_told_rightly() -> None:
    PlaceFactory.create(opening_hours=OFFICE)
    index = build()
    index.advance(paris("2026-03-03", "18:00"))
    asked = Criteria(now=paris("2026-03-03", "10:00"), facets=choose(access=Access.NOW))
    assert index.answer(asked).total == 1
