"""The moderators' list and page of contributions."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import Contribution, Place
from directory.vocabularies.names import ContributionStatus
from tests import factories as make
from tests.accounts import make_user, national, sign_in
from tests.browser.places import text

pytestmark = pytest.mark.django_db

LIST = "/admin/directory/contribution/"
QUERIES = 20


@pytest.fixture
def admin() -> Client:
    """A national administrator's browser."""
    return sign_in(Client(), national())


def told(name: str = "Le grand relais", **values: object) -> Contribution:
    """A pending correction of a name."""
    place = make.PlaceFactory.create(name="Le relais")
    changes = {"name": {"before": "Le relais", "after": name}}
    fields = {"place": place, "kind": "correction", "changes": changes} | values
    made: Contribution = make.ContributionFactory.create(**fields)
    return made


def url(one: Contribution) -> str:
    """The page of a contribution."""
    return f"{LIST}{one.pk}/change/"


def shown(client: Client, one: Contribution) -> dict[str, object]:
    """What the page of a contribution would send."""
    html = client.get(url(one)).content.decode()
    ticked = re.findall(r'name="champ" value="(\w+)" checked', html)
    seen = re.search(r'name="seen" value="(\w+)"', html)
    assert seen
    return {"champ": ticked, "seen": seen[1], "decision": "accept"}


def test_list_shows_what_waits_oldest_first(admin: Client) -> None:
    first, second = told("Ancien"), told("Récent")
    done = told("Fini", status=ContributionStatus.ACCEPTED)
    Contribution.objects.filter(pk=second.pk).update(created_at=timezone.now() - timedelta(days=2))
    html = admin.get(LIST).content.decode()
    found = [int(key) for key in re.findall(rf'href="{LIST}(\d+)/change/', html)]
    assert found == [second.pk, first.pk]
    everything = admin.get(f"{LIST}?etat=toutes").content.decode()
    assert f"{LIST}{done.pk}/change/" in everything


def test_moderator_lists_and_opens_their_territory_alone() -> None:
    here, there = told(), told()
    away = make.DepartmentFactory.create(code="29", name="Finistère")
    Place.objects.filter(contributions=there).update(
        commune=make.CommuneFactory.create(department=away)
    )
    proposed = make.ContributionFactory.create(
        place=None,
        kind="proposal",
        commune=make.CommuneFactory.create(department=away, name="Brest"),
        changes={"name": {"before": "", "after": "Lieu de Brest"}},
    )
    breton = make_user("bretonne", {"kind": "department", "department": away})
    client = sign_in(Client(), breton)
    html = client.get(LIST).content.decode()
    found = {int(key) for key in re.findall(rf'href="{LIST}(\d+)/change/', html)}
    assert found == {there.pk, proposed.pk}
    assert client.get(url(there)).status_code == 200
    assert client.get(url(here)).status_code == 302
    sent = {"champ": ["name"], "decision": "accept", "seen": ""}
    assert client.post(url(here), sent).status_code == 302
    here.refresh_from_db()
    assert here.is_pending


def test_page_ticks_everything_and_accepts_in_one_click(admin: Client) -> None:
    one = told()
    answer = admin.post(url(one), shown(admin, one))
    assert answer["Location"] == LIST
    assert one.place
    one.place.refresh_from_db()
    assert one.place.name == "Le grand relais"


def test_differences_are_marked_for_eyes_and_ears(admin: Client) -> None:
    html = admin.get(url(told())).content.decode()
    assert "<ins>grand </ins>" in html


def test_stale_field_is_said_and_not_ticked(admin: Client) -> None:
    one = told()
    Place.objects.update(name="Le relais rénové")
    page = admin.get(url(one))
    assert "La fiche a changé depuis. Elle dit maintenant" in text(page)
    assert shown(admin, one)["champ"] == []


def test_refusal_without_a_reason_is_asked_again_with_what_was_typed(admin: Client) -> None:
    one = told()
    answer = admin.post(url(one), {"decision": "refuse", "note": "À rappeler", "answer": ""})
    assert answer.status_code == 200
    assert "Écrivez pourquoi" in text(answer)
    assert "À rappeler" in answer.content.decode()
    one.refresh_from_db()
    assert one.is_pending


def test_refusal_is_answered(admin: Client) -> None:
    one = told()
    admin.post(url(one), {"decision": "refuse", "answer": "Le nom est le bon."})
    one.refresh_from_db()
    assert (one.status, one.public_answer) == ("refused", "Le nom est le bon.")


def test_nothing_ticked_is_not_accepted(admin: Client) -> None:
    one = told()
    answer = admin.post(url(one), shown(admin, one) | {"champ": []})
    assert "Cochez ce que vous acceptez" in text(answer)
    one.refresh_from_db()
    assert one.is_pending


def test_second_answer_to_the_same_page_is_told(admin: Client) -> None:
    one = told()
    sent = shown(admin, one)
    admin.post(url(one), sent)
    answer = admin.post(url(one), sent | {"decision": "refuse", "answer": "Non"})
    assert "Quelqu’un d’autre a déjà répondu" in text(answer)
    one.refresh_from_db()
    assert one.status == ContributionStatus.ACCEPTED


def test_place_changed_while_reading_is_told(admin: Client) -> None:
    one = told()
    sent = shown(admin, one)
    Place.objects.update(name="Le relais rénové")
    answer = admin.post(url(one), sent)
    assert "La fiche a changé pendant que vous lisiez" in text(answer)
    assert Place.objects.get().name == "Le relais rénové"


def test_hours_that_nobody_read_are_asked_in_the_osm_format(admin: Client) -> None:
    change = {"opening_hours": {"before": "", "after": "", "words": "un lundi sur deux"}}
    one = told(changes=change, kind="hours")
    sent = shown(admin, one) | {"champ": ["opening_hours"]}
    assert "un lundi sur deux" in text(admin.get(url(one)))
    assert "format OSM" in text(admin.post(url(one), sent | {"hours": "lundi"}))
    admin.post(url(one), sent | {"hours": "Mo 09:00-12:00"})
    assert Place.objects.get().opening_hours == "Mo 09:00-12:00"


def test_confirmations_of_visitors_are_counted_for_moderators(admin: Client) -> None:
    one = told()
    for _number in range(3):
        make.ContributionFactory.create(
            place=one.place, kind="confirmation", status=ContributionStatus.NOTED
        )
    assert "3 visiteurs ont dit que tout était juste" in text(admin.get(url(one)))


def test_what_the_record_lacks_is_told(admin: Client) -> None:
    said = text(admin.get(url(told())))
    assert "Il manque à cette fiche\u00a0: des horaires" in said


def test_archived_place_is_said(admin: Client) -> None:
    one = told()
    Place.objects.update(state="archived")
    assert "Ce lieu est archivé" in text(admin.get(url(one)))


def test_observer_reads_and_decides_nothing() -> None:
    one = told()
    observer: User = make_user("observatrice", {"kind": "observer"})
    client = sign_in(Client(), observer)
    assert 'name="decision"' not in client.get(url(one)).content.decode()
    sent = {"champ": ["name"], "decision": "accept", "seen": ""}
    assert client.post(url(one), sent).status_code == 403


def test_list_and_page_cost_the_same_however_many_wait(admin: Client) -> None:
    one = told()
    for path in (LIST, url(one)):
        with CaptureQueriesContext(
            connection,
        ) as few:
            admin.get(path)
        for _number in range(10):
            told()
        with CaptureQueriesContext(connection) as many:
            admin.get(path)
        assert len(many) <= len(few)
        assert len(many) <= QUERIES
