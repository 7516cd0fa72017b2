"""After how long what a record says is to be checked again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from directory.exchange import locks
from directory.models import FieldProvenance, Place
from directory.moderation import freshness_rules
from directory.moderation.freshness_rules import Kind
from tests import factories as make
from tests.accounts import national, sign_in
from tests.browser.places import text

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


def test_every_kind_has_its_months_in_the_settings() -> None:
    assert site.FRESHNESS_MONTHS.keys() == set(Kind)


@pytest.mark.parametrize(
    ("kind", "last_fresh"),
    [
        (Kind.HOURS, date(2026, 5, 22)),
        (Kind.PHONE, date(2025, 11, 22)),
        (Kind.RECORD, date(2025, 11, 22)),
        (Kind.ADDRESS, date(2023, 11, 22)),
    ],
)
def test_kind_is_stale_the_day_after_its_months(kind: Kind, last_fresh: date) -> None:
    assert not freshness_rules.is_stale(last_fresh, kind, TODAY)
    assert freshness_rules.is_stale(last_fresh - timedelta(days=1), kind, TODAY)
    assert freshness_rules.is_stale(None, kind, TODAY)


def test_months_are_a_setting(settings: Settings) -> None:
    settings.FRESHNESS_MONTHS = {**settings.FRESHNESS_MONTHS, "hours": 1}
    assert freshness_rules.is_stale(date(2026, 10, 21), Kind.HOURS, TODAY)


@pytest.mark.parametrize(
    ("today", "limit"),
    [
        (date(2026, 8, 31), date(2026, 2, 28)),
        (date(2024, 8, 31), date(2024, 2, 29)),
        (date(2026, 3, 1), date(2025, 9, 1)),
    ],
)
def test_limit_is_a_day_that_exists(today: date, limit: date) -> None:
    assert freshness_rules.limit(Kind.HOURS, today) == limit


@pytest.mark.parametrize(
    ("then", "months"),
    [
        (date(2026, 11, 22), 0),
        (date(2026, 10, 23), 0),
        (date(2026, 10, 22), 1),
        (date(2025, 9, 22), 14),
        (date(2027, 1, 1), 0),
    ],
)
def test_months_are_whole(then: date, months: int) -> None:
    assert freshness_rules.months_between(then, TODAY) == months


def test_stale_places_are_those_nobody_checked_lately() -> None:
    never = make.PlaceFactory.create()
    old = make.PlaceFactory.create(verified_on=date(2026, 5, 1))
    make.PlaceFactory.create(verified_on=date(2026, 11, 1))
    found = freshness_rules.stale(Place.objects.all(), Kind.HOURS, TODAY)
    assert set(found) == {never, old}
    assert set(freshness_rules.stale(Place.objects.all(), Kind.PHONE, TODAY)) == {never}


def test_field_that_a_person_corrected_lately_is_not_stale() -> None:
    place = make.PlaceFactory.create()
    locks.lock(place, ["opening_hours"])
    FieldProvenance.objects.update(recorded_at=datetime(2026, 11, 1, tzinfo=UTC))
    places = Place.objects.all()
    assert not freshness_rules.stale(places, Kind.HOURS, TODAY).exists()
    assert freshness_rules.stale(places, Kind.PHONE, TODAY).exists()


def test_confirmations_of_visitors_are_counted_and_verify_nothing() -> None:
    place = make.PlaceFactory.create()
    for _number in range(2):
        make.ContributionFactory.create(place=place, kind="confirmation", status="noted")
    make.ContributionFactory.create(place=place, kind="hours")
    today = timezone.localdate()
    found = freshness_rules.with_confirmations(Place.objects.all(), today).get()
    assert found.confirmations == 2
    assert freshness_rules.stale(Place.objects.all(), Kind.RECORD, today).exists()


def test_moderators_list_what_is_stale() -> None:
    make.PlaceFactory.create(name="Zzvieux")
    make.PlaceFactory.create(name="Zzneuf", verified_on=timezone.localdate())
    said = text(sign_in(Client(), national()).get("/admin/directory/place/?perime=hours"))
    assert "Zzvieux" in said
    assert "Zzneuf" not in said
