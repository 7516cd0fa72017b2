"""The list of pairs and the merge page: what they show, what they do, to whom."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.exchange import locks
from directory.models import (
    DuplicateCandidate,
    FieldProvenance,
    Place,
    PlaceRedirect,
    RoleKind,
)
from directory.vocabularies.duplicates import DuplicateReason, DuplicateStatus
from tests.accounts import make_user, sign_in
from tests.duplicates.twins import OTHER_PHONE, PHONE, moderator, pair_of, place_of
from tests.factories import PlaceFactory, RegionFactory

pytestmark = pytest.mark.django_db

LIST = "admin:directory_duplicatecandidate_changelist"


@pytest.fixture
def browser(client: Client) -> Client:
    return moderator(client)


@pytest.fixture
def pair() -> DuplicateCandidate:
    first = place_of("une", name="France services", slug="premier")
    second = place_of("autre", name="Mairie annexe", slug="second", phone=OTHER_PHONE)
    return pair_of(first, second, reasons=[DuplicateReason.SAME_ADDRESS])


def url_of(pair: DuplicateCandidate) -> str:
    return reverse("admin:directory_duplicatecandidate_change", args=[pair.pk])


def answers(browser: Client, pair: DuplicateCandidate, **changes: str) -> dict[str, str]:
    """What the page sends as it is shown, but for what is told."""
    page = browser.get(url_of(pair)).content.decode()
    sent = dict(re.findall(r'type="radio" name="(\w+)" value="(\w+)" id="[\w-]+" checked', page))
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    return sent | {"seen": seen[1]} | changes


def test_the_list_shows_both_names_and_why(browser: Client, pair: DuplicateCandidate) -> None:
    page = browser.get(reverse(LIST)).content.decode()
    assert "France services / Mairie annexe" in page
    assert "même adresse" in page


def test_the_list_costs_the_same_queries_for_2_and_40_pairs(browser: Client) -> None:
    counts = []
    for missing in (2, 38):
        for _number in range(missing):
            pair_of(PlaceFactory.create(), PlaceFactory.create())
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(reverse(LIST)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_merge_page_costs_the_same_queries_whatever_differs(
    browser: Client, pair: DuplicateCandidate
) -> None:
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as asked:
            browser.get(url_of(pair))
        counts.append(len(asked))
        Place.objects.filter(pk=pair.second_id or 0).update(
            address="9 place du Marché", summary="Autre", opening_hours="Mo 09:00-12:00"
        )
    assert counts[0] == counts[1]


def test_what_differs_is_marked_and_what_is_alike_is_apart(
    browser: Client, pair: DuplicateCandidate
) -> None:
    page = browser.get(url_of(pair)).content.decode()
    differing, common = page.split("merge-common", 1)
    assert "Mairie annexe" in differing
    assert "1 rue du Canal" not in differing
    assert "1 rue du Canal" in common


def test_the_corrected_value_is_chosen_beforehand_and_said(
    browser: Client, pair: DuplicateCandidate
) -> None:
    assert pair.second
    locks.lock(pair.second, ["phone"])
    assert answers(browser, pair)["phone"] == "second"
    assert "corrigé par une personne" in browser.get(url_of(pair)).content.decode()


def test_merging_takes_each_field_from_the_side_chosen(
    browser: Client, pair: DuplicateCandidate
) -> None:
    sent = answers(browser, pair, kept="first", name="second", phone="first", merge="1")
    answer = browser.post(url_of(pair), sent)
    assert (answer.status_code, answer["Location"]) == (
        302, f"{reverse(LIST)}?status__exact=waiting",
    )  # fmt: skip
    place = Place.objects.get()
    assert (place.slug, place.name, place.phone) == ("premier", "Mairie annexe", PHONE)
    locked = FieldProvenance.objects.filter(is_locked=True).values_list("field", flat=True)
    assert {"name", "phone"} <= set(locked)


def test_the_other_address_may_be_kept(browser: Client, pair: DuplicateCandidate) -> None:
    sent = answers(browser, pair, kept="second", name="first", phone="second", merge="1")
    browser.post(url_of(pair), sent)
    place = Place.objects.get()
    assert (place.slug, place.name, place.phone) == ("second", "France services", OTHER_PHONE)
    assert PlaceRedirect.objects.get().slug == "premier"


def test_two_different_places_are_remembered_with_who_and_when(
    browser: Client, pair: DuplicateCandidate
) -> None:
    browser.post(url_of(pair), answers(browser, pair, different="1"))
    pair.refresh_from_db()
    assert pair.status == DuplicateStatus.DIFFERENT
    assert pair.decided_by == get_user_model().objects.get()
    assert pair.decided_at
    assert Place.objects.count() == 2
    assert "Dits différents" in browser.get(url_of(pair)).content.decode()


def test_a_record_changed_meanwhile_is_shown_again(
    browser: Client, pair: DuplicateCandidate
) -> None:
    sent = answers(browser, pair, name="second", merge="1")
    pair.first.save()
    answer = browser.post(url_of(pair), sent)
    assert answer.status_code == 409
    assert "a changé pendant que vous la lisiez" in answer.content.decode()
    assert 'id="name-second" checked' in answer.content.decode()
    assert Place.objects.count() == 2


@pytest.mark.parametrize("change", [{"kept": "both"}, {"phone": "both"}, {"name": "third"}])
def test_an_unreadable_choice_merges_nothing(
    browser: Client, pair: DuplicateCandidate, change: dict[str, str]
) -> None:
    answer = browser.post(url_of(pair), answers(browser, pair, merge="1", **change))
    assert answer.status_code == 400
    assert Place.objects.count() == 2


def test_a_merged_pair_tells_what_was_absorbed(browser: Client, pair: DuplicateCandidate) -> None:
    browser.post(url_of(pair), answers(browser, pair, kept="first", merge="1"))
    page = browser.get(url_of(pair)).content.decode()
    assert "Ce que disait la fiche absorbée" in page
    assert OTHER_PHONE in page
    assert "moderation" in page


@pytest.mark.parametrize("action", ["merge", "different"])
def test_who_may_only_look_decides_nothing(
    client: Client, pair: DuplicateCandidate, action: str
) -> None:
    sign_in(client, make_user("lecture", {"kind": RoleKind.OBSERVER}))
    shown = client.get(url_of(pair))
    assert shown.status_code == 200
    assert "Fusionner les deux fiches" not in shown.content.decode()
    assert client.post(url_of(pair), {action: "1"}).status_code == 403
    assert Place.objects.count() == 2


def test_who_may_not_change_places_merges_none(client: Client, pair: DuplicateCandidate) -> None:
    region = RegionFactory.create(code="53", name="Bretagne")
    sign_in(client, make_user("ailleurs", {"kind": RoleKind.REGION, "region": region}))
    assert client.post(url_of(pair), {"merge": "1"})["Location"] == "/admin/"
    assert Place.objects.count() == 2


def test_a_visitor_is_sent_to_the_login_page(client: Client, pair: DuplicateCandidate) -> None:
    for asked in (client.get, client.post):
        answer = asked(url_of(pair))
        assert answer.status_code == 302
        assert "login" in answer["Location"]


def test_a_moderator_may_make_a_pair(browser: Client) -> None:
    first, second = place_of("une"), place_of("autre")
    url = reverse("admin:directory_duplicatecandidate_add")
    same = browser.post(url, {"first": first.pk, "second": first.pk})
    assert "deux fois le même lieu" in same.content.decode()
    answer = browser.post(url, {"first": second.pk, "second": first.pk})
    pair = DuplicateCandidate.objects.get()
    assert answer["Location"] == url_of(pair)
    assert (pair.first, pair.second) == (first, second)


def test_the_merge_page_breaks_no_content_security_policy(
    browser: Client, pair: DuplicateCandidate
) -> None:
    answer = browser.get(url_of(pair))
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    own = answer.content.decode().split('id="content-main"')[1]
    assert not re.search(r"<script|\sstyle=|\son\w+=", own)
