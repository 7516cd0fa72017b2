"""A shared computer: what the site left in the browser is erased when the person says so."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.accounts import sign_in

pytestmark = pytest.mark.django_db

FROM_HERE = {"sec-fetch-site": "same-origin", "origin": "http://testserver"}


def test_opening_the_page_erases_nothing_and_asks(client: Client) -> None:
    answer = client.get("/effacer/")
    assert "Clear-Site-Data" not in answer
    assert '<form method="post" action="/effacer/"' in answer.content.decode()
    assert not answer.cookies


def test_saying_yes_empties_cache_and_storage(client: Client) -> None:
    answer = client.post("/effacer/", headers=FROM_HERE)
    assert (answer.status_code, answer["Location"]) == (302, "/effacer/fait/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert "no-store" in answer["Cache-Control"]


def test_saying_yes_forgets_the_cookie_of_forms(client: Client) -> None:
    client.cookies["csrftoken"] = "a" * 32
    answer = client.post("/effacer/", headers=FROM_HERE)
    assert answer.cookies["csrftoken"]["max-age"] == 0


def test_saying_yes_logs_a_moderator_out(client: Client) -> None:
    sign_in(client, User.objects.create_superuser("moderatrice"))
    assert client.get("/admin/").status_code == 200
    client.post("/effacer/", headers=FROM_HERE)
    assert client.get("/admin/").status_code == 302


def test_another_site_cannot_erase(client: Client) -> None:
    sign_in(client, User.objects.create_superuser("moderatrice"))
    answer = client.post("/effacer/", headers={"sec-fetch-site": "cross-site"})
    assert "Clear-Site-Data" not in answer
    assert client.get("/admin/").status_code == 200


def test_page_after_says_what_only_the_person_can_erase(client: Client) -> None:
    html = client.get("/effacer/fait/").content.decode()
    for word in ("historique", "téléchargés", "messages", "imprimées"):
        assert word in html.lower()


def test_every_page_offers_to_erase_by_a_plain_link(client: Client) -> None:
    for address in ("/", "/carnet/", "/confidentialite/", "/page-absente/"):
        assert 'href="/effacer/"' in client.get(address).content.decode()
