"""Hostile contributions: refused or contained, said clearly, nothing lost."""

import base64
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from directory.models import Contribution, Place
from directory.moderation.contributions import quota
from tests import factories as make
from tests.accounts import national, sign_in
from tests.browser.places import text
from tests.contributions.sending import address, filled, last, opened, send, ticket

pytestmark = pytest.mark.django_db

TEN_MEGABYTES = 10 * 1024 * 1024
SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
ONE, OTHER = "9.9.9.9", "9.9.9.10"


@pytest.fixture
def place() -> Place:
    """A published place."""
    made: Place = make.PlaceFactory.create(name="Le relais")
    return made


# --- Too much -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["report", "propose"])
@pytest.mark.parametrize("multipart", [False, True])
def test_body_of_ten_megabytes_is_refused_with_a_page(
    client: Client, place: Place, path: str, multipart: bool
) -> None:
    url = address(place) if path == "report" else "/proposer-un-lieu/"
    content_type = "application/x-www-form-urlencoded"
    body = b"quoi=autre&message=" + b"a" * TEN_MEGABYTES
    if multipart:
        content_type = "multipart/form-data; boundary=limite"
        head = b'--limite\r\nContent-Disposition: form-data; name="message"\r\n\r\n'
        body = head + b"a" * TEN_MEGABYTES + b"\r\n--limite--\r\n"
    answer = client.post(url, body, content_type=content_type)
    assert answer.status_code in {400, 413}
    assert "<h1>" in answer.content.decode()
    assert not Contribution.objects.exists()


def test_hundreds_of_fields_are_refused(client: Client, place: Place) -> None:
    answer = client.post(address(place), {f"champ{n}": "x" for n in range(600)})
    assert answer.status_code == 413
    assert not Contribution.objects.exists()


def test_flood_of_one_address_is_contained(
    client: Client, place: Place, settings: Settings
) -> None:
    held = opened(client, place, "ferme")
    answers = [
        client.post(address(place), held | {"message": f"n° {n}"}, REMOTE_ADDR=ONE).status_code
        for n in range(100)
    ]
    limit = settings.CONTRIBUTIONS_PER_HOUR["address"]
    assert answers == [302] * limit + [429] * (100 - limit)
    assert Contribution.objects.count() == limit


def test_too_many_says_when_keeps_what_was_typed_and_gives_another_way(
    client: Client, place: Place, settings: Settings
) -> None:
    settings.CONTRIBUTIONS_PER_HOUR = {"address": 1, "everyone": 1}
    settings.CONTACT_EMAIL = "contact@annuaire.example"
    send(client, place, message="Un")
    answer = send(client, place, message="Deux")
    assert answer.status_code == 429
    assert 3500 < int(answer["Retry-After"]) <= 3600
    assert re.search(r"envoyez de nouveau dans (?:59|60) minutes, vers", text(answer)), text(answer)
    assert "contact@annuaire.example" in text(answer)
    assert filled(answer.content.decode())["message"] == "Deux"
    cache.clear()
    assert client.post(address(place), filled(answer.content.decode())).status_code == 302


def test_confirmations_are_limited_too(client: Client, settings: Settings) -> None:
    settings.CONTRIBUTIONS_PER_HOUR = {"address": 2, "everyone": 2}
    places = make.PlaceFactory.create_batch(3)
    answers = [client.post(address(one), {"quoi": "correct"}, REMOTE_ADDR=ONE) for one in places]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "Rien n’a été envoyé" in text(answers[2])


def test_one_address_does_not_silence_another(
    client: Client, place: Place, settings: Settings
) -> None:
    settings.CONTRIBUTIONS_PER_HOUR = {"address": 1, "everyone": 1}
    for sender in (ONE, OTHER):
        held = opened(client, place, "ferme")
        assert client.post(address(place), held, REMOTE_ADDR=sender).status_code == 302


def test_undeclared_proxy_has_the_larger_limit_of_everyone(
    client: Client, place: Place, settings: Settings
) -> None:
    settings.CONTRIBUTIONS_PER_HOUR = {"address": 1, "everyone": 3}
    answers = [
        client.post(address(place), opened(client, place, "ferme"), REMOTE_ADDR="10.0.0.1")
        for _number in range(4)
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]


def test_whole_network_of_a_household_counts_once(
    client: Client, place: Place, settings: Settings
) -> None:
    settings.CONTRIBUTIONS_PER_HOUR = {"address": 1, "everyone": 1}
    answers = [
        client.post(address(place), opened(client, place, "ferme"), REMOTE_ADDR=sender)
        for sender in ("2606:4700::1", "2606:4700::2", "2606:4700:0:1::1")
    ]
    assert [answer.status_code for answer in answers] == [302, 429, 302]


def test_counting_keeps_no_address(client: Client, place: Place) -> None:
    client.post(address(place), opened(client, place, "ferme"), REMOTE_ADDR=ONE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM shared_cache")
        rows = [f"{key} {base64.b64decode(value)!r}" for key, value in cursor.fetchall()]
    assert any("quota" in row for row in rows)
    assert not [row for row in rows if ONE in row]


def test_name_of_a_count_changes_every_day(monkeypatch: pytest.MonkeyPatch) -> None:
    today = quota._name("contribution", ONE)
    assert quota._name("contribution", ONE) == today
    later = timezone.now() + quota.DAY
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert quota._name("contribution", ONE) != today


# --- Scripts, forged and replayed -----------------------------------------------------------------


def test_scripts_in_every_field_are_shown_as_text(client: Client, place: Place) -> None:
    texts = ("name", "address", "hours_note", "appointment_note", "message", "horaires_Mo")
    answer = send(client, place, **dict.fromkeys(texts, SCRIPT))
    assert answer.status_code == 302, text(answer)
    admin = sign_in(Client(), national())
    pages = [
        client.get(answer["Location"]),
        admin.get(f"/admin/directory/contribution/{last().pk}/change/"),
        admin.get("/admin/directory/contribution/"),
    ]
    for page in pages:
        assert page.status_code == 200
        html = page.content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
    for page in pages[:2]:
        assert "&lt;script&gt;" in page.content.decode()


def test_scripts_in_a_refused_form_are_kept_as_text(client: Client, place: Place) -> None:
    html = send(client, place, phone=SCRIPT, commune=SCRIPT).content.decode()
    assert "<script>alert" not in html
    assert filled(html)["phone"] == SCRIPT


@pytest.mark.parametrize("slug", ["inconnu", "1", "..", "relais%00"])
def test_forged_place_is_not_found(client: Client, slug: str) -> None:
    assert client.post(f"/lieux/{slug}/signaler/", {"quoi": "ferme"}).status_code in {400, 404}


def test_place_that_is_not_published_takes_nothing(client: Client) -> None:
    hidden = make.PlaceFactory.create(state="draft")
    assert client.post(address(hidden), {"quoi": "ferme", "ticket": ticket()}).status_code == 404
    assert not Contribution.objects.exists()


def test_forged_values_beside_the_form_are_ignored(client: Client, place: Place) -> None:
    other = make.PlaceFactory.create()
    forged = {"place": other.pk, "status": "accepted", "name": "Autre", "kind": "proposal"}
    held = opened(client, place, "telephone") | {"phone": "01 99 00 56 78"}
    client.post(address(place), held | forged)
    assert (last().place, last().status, last().kind) == (place, "pending", "phone")
    assert list(last().changes) == ["phone"]


def test_form_sent_twice_is_stored_once_and_gives_the_same_receipt(
    client: Client, place: Place
) -> None:
    held = opened(client, place) | {"name": "Le grand relais"}
    first, second = (client.post(address(place), held) for _number in range(2))
    assert first["Location"] == second["Location"]
    assert Contribution.objects.count() == 1


def test_page_gone_back_to_and_changed_is_another_contribution(
    client: Client, place: Place
) -> None:
    held = opened(client, place)
    first = client.post(address(place), held | {"name": "Un nom"})
    second = client.post(address(place), held | {"name": "Un autre nom"})
    assert first["Location"] != second["Location"]
    assert Contribution.objects.count() == 2


def test_report_from_another_site_is_refused_with_a_readable_page(place: Place) -> None:
    answer = Client(enforce_csrf_checks=True).post(address(place), {"quoi": "ferme"})
    assert answer.status_code == 403
    assert "Coup de main santé" in text(answer)
    assert not Contribution.objects.exists()


def test_report_is_neither_replaced_nor_deleted(client: Client, place: Place) -> None:
    for url in (address(place), "/proposer-un-lieu/"):
        assert client.put(url).status_code == 405
        assert client.delete(url).status_code == 405
