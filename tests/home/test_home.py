"""The front page of a moderator: what waits in the territory, counted as the lists count."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from directory.models import Closure, ImportRun, Place
from directory.models.import_runs import RunState
from directory.moderation.home import queues_of
from directory.vocabularies.names import Basis, ContributionStatus, State
from tests import factories as make
from tests.accounts import make_user, national, sign_in
from tests.roles.two_regions import OUTSIDE, Side, World, build

pytestmark = pytest.mark.django_db
MAX_QUERIES = 20
TODAY = timezone.localdate()


@pytest.fixture
def world() -> World:
    """Normandy and Brittany, each with one of everything that waits, Brittany with more."""
    world = build()
    Place.objects.update(verified_on=TODAY)
    for side in (world.home, world.abroad, world.abroad):
        fill(side)
    return world


def fill(side: Side) -> None:
    """Let one more of everything wait on a side."""
    commune = side.commune
    make.PlaceFactory.create(commune=commune, state=State.DRAFT)
    make.PlaceFactory.create(commune=commune, state=State.TO_REVIEW)
    old = make.PlaceFactory.create(commune=commune, verified_on=TODAY - timedelta(days=500))
    make.PlaceFactory.create(commune=commune, verified_on=TODAY)
    make.ClosureFactory.create(place=old, starts_on=TODAY, ends_on=TODAY + timedelta(days=3))
    make.ContributionFactory.create(place=old)
    make.ContributionFactory.create(place=old, status=ContributionStatus.REFUSED)
    service = make.ServiceFactory.create(place=old, needs=["ameli"])
    make.ServiceNeedFactory.create(
        service=service, need=make.NeedFactory.create(code="deduite"), basis=Basis.DEDUCED, rule="r"
    )


def enter(world: World, role: str) -> tuple[Client, Any]:
    """A browser in the hands of a person of the matrix, and this person."""
    user = make_user("personne", *world.roles()[role])
    return sign_in(Client(), user), user


def listed(client: Client, url: str) -> int:
    """How many rows a list shows, on all its pages; or the pairs of the page of needs."""
    context = client.get(url).context
    return int(context["cl"].result_count if "cl" in context else context["total"])


@pytest.mark.parametrize("role", ["national", "region", "departments"])
def test_counts_are_those_of_the_lists(world: World, role: str) -> None:
    client, _user = enter(world, role)
    ImportRun.objects.create(source="liste", file_name="liste.csv", state=RunState.READY)
    queues = client.get(reverse("admin:index")).context["queues"]
    assert len(queues) >= 6
    assert {one.code: one.count for one in queues} == {
        one.code: listed(client, one.url) for one in queues
    }
    assert all(one.count for one in queues)


def test_queues_stop_at_the_territory(world: World) -> None:
    _client, user = enter(world, "region")
    told = {one.code: one.count for one in queues_of(user)}
    assert (told["to_review"], told["closures"], told["stale"]) == (1, 1, 1)
    everywhere = {one.code: one.count for one in queues_of(national())}
    assert (everywhere["to_review"], everywhere["closures"], everywhere["stale"]) == (3, 3, 3)


def test_front_page_names_nothing_of_elsewhere(world: World) -> None:
    client, _user = enter(world, "region")
    for url in (reverse("admin:index"), reverse("admin:uncovered_needs")):
        page = client.get(url).content.decode()
        assert OUTSIDE not in page
        assert world.abroad.department.name not in page
    assert f"Région {world.home.region.pk}" in client.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("role", ["editor", "observer"])
def test_who_moderates_nothing_has_no_queues(world: World, role: str) -> None:
    client, user = enter(world, role)
    assert queues_of(user) == []
    answer = client.get(reverse("admin:index"))
    assert "Mon territoire" not in answer.content.decode()
    assert client.get(reverse("admin:uncovered_needs")).context["total"] == 0


def test_front_page_costs_the_same_queries_whatever_waits(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, _user = enter(world, "region")
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(MAX_QUERIES) as queries:
            client.get(reverse("admin:index"))
        counts.append(len(queries))
        for _ in range(8):
            fill(world.home)
    assert counts[0] == counts[1]


def test_oldest_is_told(world: World) -> None:
    _client, user = enter(world, "region")
    told = {one.code: one.oldest for one in queues_of(user)}
    assert told["stale"] == TODAY - timedelta(days=500)
    assert told["contributions"] == TODAY


@pytest.mark.parametrize(("days", "ends"), [(-1, False), (0, True), (7, True), (8, False)])
def test_closure_ends_soon_within_a_week(world: World, days: int, ends: bool) -> None:
    Closure.objects.update(starts_on=TODAY - timedelta(9), ends_on=TODAY + timedelta(days))
    told = {one.code: one.count for one in queues_of(enter(world, "national")[1])}
    assert bool(told["closures"]) == ends


def test_need_only_deduced_or_unpublished_is_not_covered(world: World) -> None:
    client, _user = enter(world, "departments")
    rows = client.get(reverse("admin:uncovered_needs")).context["rows"]
    missing = {department.pk: {need.code for need in needs} for department, needs in rows}
    home = world.home.department.pk
    assert "deduite" in missing[home]
    assert "ameli" not in missing[home]
    Place.objects.update(state=State.DRAFT)
    rows = client.get(reverse("admin:uncovered_needs")).context["rows"]
    assert "ameli" in {need.code for department, needs in rows for need in needs}
