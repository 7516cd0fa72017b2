"""Forged, altered, stolen links and oversized answers: refused, clearly, and nothing written."""

import pytest
from django.core import signing
from django.test import Client

from directory.models import ConfirmationRequest, Contribution, Place
from directory.moderation.campaigns import links, sending, taking
from tests.campaigns.mailing import form_of, launched, place, sent_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def one() -> Place:
    return place(phone="+33199001234")


def opened(client: Client, one: Place) -> str:
    _row, token = sent_to(one)
    return str(client.post(f"/mon-lieu/{token}/", {"que": "corriger"})["Location"])


def forged(token: str) -> list[str]:
    """What an attacker would try from a link."""
    payload, at, signature = token.split(".")
    swapped = "A" if signature[0] != "A" else "B"
    return [
        token[:-1],
        token + "x",
        f"{payload}.{at}.{swapped}{signature[1:]}",
        f"{payload}x.{at}.{signature}",
        f"{payload}.{at}",
        payload,
        "x" * 5000,
        "%00",
        "é",
        signing.dumps([1, "x"]),
        signing.TimestampSigner(salt=links._SALT + "other", sep=".").sign_object([1, "x"]),
        signing.TimestampSigner(salt=links._SALT + "link", sep=".").sign_object({"a": 1}),
        signing.TimestampSigner(salt=links._SALT + "link", sep=".").sign_object([True, None]),
        signing.TimestampSigner(salt=links._SALT + "link", sep=".").sign_object(["1", "x"]),
        signing.TimestampSigner(salt=links._SALT + "link", sep=".").sign_object([10**30, "x"]),
    ]


@pytest.mark.parametrize("door", ["", "correction/", "ne-plus-ecrire/"])
@pytest.mark.parametrize("number", range(15))
def test_forged_link_opens_no_door(client: Client, one: Place, door: str, number: int) -> None:
    row, token = sent_to(one)
    before = ConfirmationRequest.objects.filter(pk=row.pk).values().get()
    tried = forged(token)[number]
    for answer in (
        client.get(f"/mon-lieu/{door}{tried}/"),
        client.post(f"/mon-lieu/{door}{tried}/", {"que": "confirmer"}),
    ):
        assert answer.status_code in {400, 404, 410}
        assert "Le relais" not in answer.content.decode() or answer.status_code == 410
    assert ConfirmationRequest.objects.filter(pk=row.pk).values().get() == before
    one.refresh_from_db()
    assert one.verified_on is None


def test_link_of_a_place_changes_no_other(client: Client, one: Place) -> None:
    other = place("Autre", emails=[], phone="+33199005678")
    session = opened(client, one)
    typed = form_of(client, session) | {
        "phone": "01 99 00 99 99",
        "place": str(other.pk),
        "id": str(other.pk),
        "slug": other.slug,
        "name": "Volé",
        "state": "archived",
        "emails": "voleur@ailleurs.example",
        "operator": "1",
    }
    client.post(session, typed)
    one.refresh_from_db()
    before = (other.phone, other.name, other.verified_on)
    other.refresh_from_db()
    assert (other.phone, other.name, other.verified_on) == before
    assert (one.name, one.state, one.emails) == (
        "Le relais", "published", ["accueil@relais.example"],
    )  # fmt: skip
    assert one.phone == "+33199009999"


def test_closure_of_another_place_is_not_taken_away(client: Client, one: Place) -> None:
    from tests import factories as make

    other = place("Autre", emails=[])
    closure = make.ClosureFactory.create(place=other, starts_on="2099-01-01", ends_on="2099-01-02")
    session = opened(client, one)
    answer = client.post(session, form_of(client, session) | {"drop": str(closure.pk)})
    assert answer.status_code == 400
    assert other.closures.count() == 1


def test_session_sent_twice_writes_once(client: Client, one: Place) -> None:
    session = opened(client, one)
    typed = form_of(client, session)
    client.post(session, typed | {"phone": "01 99 00 99 99"})
    answer = client.post(session, typed | {"phone": "01 99 00 88 88"})
    one.refresh_from_db()
    assert answer.status_code == 410
    assert "Ce lien a déjà servi" in answer.content.decode()
    assert one.phone == "+33199009999"


@pytest.mark.parametrize(
    "name",
    ["phone", "horaires_Mo", "hours_note", "websites", "address_complement", "closed_why",
     "message", "commune", "address", "closed_from", "appointment_note"],
)  # fmt: skip
def test_huge_field_is_refused_and_keeps_the_session(client: Client, one: Place, name: str) -> None:
    session = opened(client, one)
    typed = form_of(client, session) | {name: "é" * 20_000}
    answer = client.post(session, typed)
    assert answer.status_code == 400
    assert "Il y a un problème" in answer.content.decode()
    assert client.post(session, form_of(client, session)).status_code == 302


def test_form_of_ten_megabytes_is_refused(client: Client, one: Place) -> None:
    session = opened(client, one)
    answer = client.post(session, {"message": "a" * 10_000_000})
    assert answer.status_code in {400, 413}
    assert not Contribution.objects.exists()


def test_scripts_are_shown_as_text(client: Client, one: Place) -> None:
    session = opened(client, one)
    hostile = "<script>alert(1)</script>"
    typed = form_of(client, session) | {"hours_note": hostile, "phone": hostile}
    page = client.post(session, typed).content.decode()
    assert hostile not in page
    assert "&lt;script&gt;" in page


def test_record_changed_meanwhile_is_not_overwritten(client: Client, one: Place) -> None:
    session = opened(client, one)
    typed = form_of(client, session) | {"hours_note": "Sonnez"}
    Place.objects.update(phone="+33199007777")
    answer = client.post(session, typed)
    one.refresh_from_db()
    assert answer.status_code == 409
    assert "01\u00a099\u00a000\u00a077\u00a077" in answer.content.decode()
    assert (one.phone, one.hours_note) == ("+33199007777", "")


def test_link_replaced_by_a_second_try_says_so(client: Client, one: Place) -> None:
    launched()
    first = sending.take()
    assert isinstance(first, taking.Taken)
    ConfirmationRequest.objects.update(state="queued")
    second = sending.take()
    assert isinstance(second, taking.Taken)
    answer = client.get(f"/mon-lieu/{first.token}/")
    assert answer.status_code == 410
    assert "plus récent" in answer.content.decode()
    assert client.get(f"/mon-lieu/{second.token}/").status_code == 200
