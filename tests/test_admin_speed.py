"""Pages of the moderators' side ask as often whatever hangs on a record, and never name thousands.

Times are measured by bench/admin.
"""

import re
from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.admin import deletion
from directory.admin.policy import chosen_action
from directory.models import (
    Campaign,
    CampaignState,
    Place,
    RoleKind,
    Service,
    ServiceArea,
    Source,
    Stop,
)
from directory.moderation.campaigns import selection
from tests import factories as make
from tests.accounts import make_user, national, sign_in

MOST = 20
"""Queries of a page."""
MOST_DELETING = 22
"""Those of the page that asks before deleting: one for each table that hangs on a place."""
PLACES = "admin:directory_place_changelist"


@pytest.fixture
def chief(client: Client, db: None) -> Client:
    return sign_in(client, national())


@pytest.fixture
def moderator(db: None) -> Client:
    region = make.RegionFactory.create()
    return sign_in(Client(), make_user("region", {"kind": RoleKind.REGION, "region": region}))


def queries(client: Client, address: str) -> int:
    # What a process reads once is no page's.
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def url(record: object, page: str = "change") -> str:
    meta, key = record._meta, record.pk  # type: ignore[attr-defined]
    return reverse(f"admin:directory_{meta.model_name}_{page}", args=[key])


def with_services(count: int) -> Place:
    place: Place = make.PlaceFactory.create()
    for service in make.ServiceFactory.create_batch(count, place=place):
        filled(service, count)
    for number in range(count):
        Stop.objects.create(place=place, commune=place.commune, opening_hours=f"Mo 0{number}:00+")
    return place


def filled(service: Service, count: int) -> Service:
    for number in range(count):
        make.ServiceNeedFactory.create(service=service)
        term = make.TermFactory.create(vocabulary="cost", code=f"c{number}")
        service.service_terms.create(term=term)
        ServiceArea.objects.create(service=service, department=make.DepartmentFactory.create())
    return service


@pytest.mark.parametrize("page", ["change", "delete", "history"])
@pytest.mark.parametrize(
    "made",
    [with_services, lambda count: filled(make.ServiceFactory.create(), count)],
    ids=["place", "service"],
)
def test_page_of_a_record_asks_as_often_whatever_hangs_on_it(
    chief: Client, moderator: Client, made: Callable[[int], object], page: str
) -> None:
    few, many = made(1), made(6)
    most = MOST_DELETING if page == "delete" else MOST
    for client in (chief, moderator):
        asked = [queries(client, url(one, page)) for one in (few, many)]
        assert asked[0] == asked[1] <= most


def test_list_of_places_asks_as_often_for_two_as_for_forty(
    chief: Client, moderator: Client
) -> None:
    make.PlaceFactory.create_batch(2)
    few = [queries(client, reverse(PLACES)) for client in (chief, moderator)]
    make.PlaceFactory.create_batch(38, operator=make.ActorFactory.create())
    assert [queries(client, reverse(PLACES)) for client in (chief, moderator)] == few


def test_source_of_many_places_names_the_first_ones(chief: Client) -> None:
    source: Source = make.SourceFactory.create(slug="longue")
    make.PlaceFactory.create_batch(5, source=source)
    with patch.object(deletion, "NAMED_MAX", 2):
        page = chief.get(url(source, "delete")).content.decode()
    assert len(re.findall(r"/admin/directory/place/\d+/change/", page)) == 2
    assert "… et d’autres" in page


def test_deletion_that_takes_many_along_says_more_than_it_names(chief: Client) -> None:
    service: Service = filled(make.ServiceFactory.create(), 5)
    with patch.object(deletion, "NAMED_MAX", 2):
        page = chief.get(url(service, "delete")).content.decode()
        chief.post(url(service, "delete"), {"post": "yes"})
    assert "plus de 2" in page
    assert not Service.objects.filter(pk=service.pk).exists()


def test_more_records_than_a_page_holds_are_not_deleted_at_once(chief: Client) -> None:
    make.PlaceFactory.create_batch(3)
    sent = {"action": "delete_selected", "_selected_action": "1", "select_across": "1"}
    with patch.object(deletion, "ROWS_MAX", 2):
        answer = chief.post(reverse(PLACES), {**sent, "post": "yes"}, follow=True)
    assert "2 fiches au plus" in answer.content.decode()
    assert Place.objects.count() == 3


@pytest.mark.parametrize(
    ("actions", "index", "run"),
    [
        (["haut", ""], None, "haut"),
        (["", "bas"], "1", "bas"),
        (["haut", "bas"], "9", "bas"),
        (["haut", "bas"], "-1", "bas"),
        (["haut", "bas"], "x", "haut"),
        ([], "0", ""),
    ],
)
def test_rows_are_limited_for_the_action_that_django_runs(
    actions: list[str], index: str | None, run: str
) -> None:
    sent = {"action": actions} | ({} if index is None else {"index": index})
    assert chosen_action(RequestFactory().post("/", sent)) == run


def test_no_two_lists_of_the_menu_have_one_name(chief: Client) -> None:
    apps = chief.get(reverse("admin:index")).context["available_apps"]
    names = [str(model["name"]) for app in apps for model in app["models"]]
    assert len(names) == len(set(names))


def test_preview_of_a_campaign_asks_as_often_for_one_place_as_for_twenty(chief: Client) -> None:
    campaign = Campaign.objects.create(name="Été", state=CampaignState.PREVIEWED, months=0)
    address = reverse("admin:directory_campaign_follow", args=[campaign.pk])
    make.PlaceFactory.create(emails=["accueil@un.example"])
    few = queries(chief, address)
    for number in range(19):
        make.PlaceFactory.create(emails=[f"accueil@bourg-{number}.example"])
    assert queries(chief, address) == few <= MOST
    assert selection.choose(campaign, national("autre")).letters == 20
