"""Saying that something is wrong on a page: easy for people, useless to robots, nameless."""

import re

import pytest
from django.test import Client

from directory.models import Contribution, Place
from directory.models.contributions import MESSAGE_MAX
from directory.search import gazetteer
from directory.vocabularies.names import ContributionKind, ContributionStatus
from tests import factories as make
from tests.browser.places import text

pytestmark = pytest.mark.django_db

TEN_MEGABYTES = 10 * 1024 * 1024
# What a contribution is made of; nothing else may be added without thinking of privacy.
KNOWN_FIELDS = {
    "id", "place", "kind", "message", "changes", "status", "created_at", "moderated_at",
    "moderated_by", "moderation_note",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_names() -> None:
    gazetteer.clear()


@pytest.fixture
def place() -> Place:
    """A published place."""
    made: Place = make.PlaceFactory.create(name="Le relais")
    return made


@pytest.fixture
def url(place: Place) -> str:
    """The address of its report form."""
    return f"{place.get_absolute_url()}signaler/"


# --- What is kept ---------------------------------------------------------------------------------


def test_report_is_stored_for_moderators(client: Client, place: Place, url: str) -> None:
    answer = client.post(url, {"kind": "hours", "message": "Fermé le mardi."})
    assert answer.status_code == 302
    assert answer["Location"] == f"{url}merci/"
    stored = Contribution.objects.get()
    assert (stored.place, stored.kind, stored.message) == (place, "hours", "Fermé le mardi.")
    assert stored.status == ContributionStatus.PENDING


def test_place_itself_does_not_change_before_moderation(
    client: Client, place: Place, url: str
) -> None:
    before = Place.objects.filter(pk=place.pk).values().get()
    client.post(url, {"kind": "closed", "message": ""})
    assert Place.objects.filter(pk=place.pk).values().get() == before


def test_visitor_is_thanked(client: Client, url: str) -> None:
    said = text(client.post(url, {"kind": "closed"}, follow=True))
    assert "Merci" in said
    assert "Le relais" in said


@pytest.mark.parametrize("kind", ["hours", "phone", "closed"])
def test_precise_report_needs_no_message(client: Client, url: str, kind: str) -> None:
    assert client.post(url, {"kind": kind}).status_code == 302
    assert Contribution.objects.get().kind == kind


def test_nothing_that_identifies_the_writer_is_stored(client: Client, url: str) -> None:
    client.post(
        url,
        {"kind": "hours", "name": "Quelqu’un", "email": "quelquun@exemple.example"},
        REMOTE_ADDR="192.0.2.7",
        headers={"user-agent": "Navigateur reconnaissable", "x-forwarded-for": "192.0.2.8"},
    )
    stored = str(Contribution.objects.values().get())
    trace = ("192.0.2", "reconnaissable", "Quelqu", "exemple.example")
    assert [told for told in trace if told in stored] == []
    assert {field.name for field in Contribution._meta.get_fields()} == KNOWN_FIELDS


def test_robot_that_fills_the_trap_stores_nothing_yet_is_thanked(client: Client, url: str) -> None:
    answer = client.post(url, {"kind": "hours", "website": "https://spam.example/"}, follow=True)
    assert answer.redirect_chain == [(f"{url}merci/", 302)]
    assert "Merci" in text(answer)
    assert not Contribution.objects.exists()


def test_trap_is_reached_neither_by_keyboard_nor_by_a_screen_reader(
    client: Client, url: str
) -> None:
    html = client.get(url).content.decode()
    assert re.search(r'aria-hidden="true">(?:(?!</div>).)*name="website"', html, re.DOTALL)
    assert re.search(r'<input[^>]*name="website"[^>]*tabindex="-1"', html)


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["correction", "other"])
def test_vague_report_without_a_message_is_refused(client: Client, url: str, kind: str) -> None:
    answer = client.post(url, {"kind": kind, "message": "  "})
    assert answer.status_code == 400
    assert "Écrivez ce qu’il faut changer" in text(answer)
    assert not Contribution.objects.exists()


def test_report_without_a_kind_is_refused_and_keeps_the_message(client: Client, url: str) -> None:
    answer = client.post(url, {"message": "Le lieu a déménagé."})
    assert answer.status_code == 400
    assert "Choisissez ce qui ne va pas" in text(answer)
    assert re.search(r"<textarea[^>]*>Le lieu a déménagé.</textarea>", answer.content.decode())
    assert not Contribution.objects.exists()


def test_empty_report_is_refused(client: Client, url: str) -> None:
    answer = client.post(url, {"message": "", "website": ""})
    assert answer.status_code == 400
    assert "Choisissez ce qui ne va pas" in text(answer)


def test_unknown_kind_is_refused(client: Client, url: str) -> None:
    answer = client.post(url, {"kind": "autre-chose", "message": "Bonjour"})
    assert answer.status_code == 400
    assert "Choisissez une réponse dans la liste" in text(answer)


def test_refused_report_keeps_the_chosen_kind(client: Client, url: str) -> None:
    html = client.post(url, {"kind": "correction"}).content.decode()
    (chosen,) = [tag for tag in re.findall(r"<input[^>]*radio[^>]*>", html) if " checked" in tag]
    assert 'value="correction"' in chosen


def test_longest_message_is_accepted(client: Client, url: str) -> None:
    assert client.post(url, {"kind": "other", "message": "é" * MESSAGE_MAX}).status_code == 302
    assert Contribution.objects.get().message == "é" * MESSAGE_MAX


def test_message_too_long_says_by_how_much_and_is_kept(client: Client, url: str) -> None:
    message = "é" * (MESSAGE_MAX + 1)
    answer = client.post(url, {"kind": "other", "message": message})
    assert answer.status_code == 400
    assert re.search("trop long.*2\\s?001.*2\\s?000", text(answer))
    assert message in answer.content.decode()


def test_null_character_in_a_message_is_refused(client: Client, url: str) -> None:
    assert client.post(url, {"kind": "other", "message": "a\x00b"}).status_code == 400
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=limite"],
)
def test_body_of_ten_megabytes_is_refused_with_a_page(
    client: Client, url: str, content_type: str
) -> None:
    body = b"kind=other&message=" + b"a" * TEN_MEGABYTES
    if "boundary" in content_type:
        head = b'--limite\r\nContent-Disposition: form-data; name="message"\r\n\r\n'
        body = head + b"a" * TEN_MEGABYTES + b"\r\n--limite--\r\n"
    answer = client.post(url, body, content_type=content_type)
    assert answer.status_code in {400, 413}
    assert "<h1>" in answer.content.decode()
    assert not Contribution.objects.exists()


def test_hundreds_of_fields_are_refused(client: Client, url: str) -> None:
    answer = client.post(url, {f"champ{n}": "x" for n in range(600)} | {"kind": "hours"})
    assert answer.status_code == 400
    assert not Contribution.objects.exists()


def test_report_from_another_site_is_refused_with_a_readable_page(url: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(url, {"kind": "hours"})
    assert answer.status_code == 403
    assert "Coup de main santé" in text(answer)
    assert 'href="#contenu"' in answer.content.decode()
    assert not Contribution.objects.exists()


def test_report_is_neither_replaced_nor_deleted(client: Client, url: str) -> None:
    assert client.put(url).status_code == 405
    assert client.delete(url).status_code == 405


# --- The form's own page --------------------------------------------------------------------------


def test_form_offers_every_kind_of_report(client: Client, url: str) -> None:
    html = client.get(url).content.decode()
    assert re.findall(r'name="kind" value="(\w+)"', html) == ContributionKind.values


def test_only_the_form_poses_a_cookie_and_only_the_forgery_one(client: Client, url: str) -> None:
    assert set(client.get(url).cookies) == {"csrftoken"}
    cookie = client.get(url).cookies["csrftoken"]
    assert cookie["httponly"]
    assert cookie["samesite"] in {"Lax", "Strict"}
    assert not Client().get(f"{url}merci/").cookies


def test_form_is_never_kept_by_a_shared_cache(client: Client, url: str) -> None:
    assert "no-store" in client.get(url)["Cache-Control"]
