"""The link of an e-mail: one use, one place, no account, nothing written by looking."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from directory.models import ConfirmationRequest, Contribution, FieldProvenance, Place
from directory.moderation.campaigns import answers, links, sending
from directory.vocabularies.names import Credit, VerificationMethod
from tests.campaigns.mailing import form_of, later, place, sent_to, stop_address, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def one() -> Place:
    return place(phone="+33199001234", opening_hours="Mo-Fr 09:00-12:00")


def url(token: str) -> str:
    return f"/mon-lieu/{token}/"


def confirm(client: Client, token: str) -> Any:
    return client.post(url(token), {"que": "confirmer"})


def test_looking_at_a_link_writes_nothing(client: Client, one: Place) -> None:
    row, token = sent_to(one)
    before = ConfirmationRequest.objects.filter(pk=row.pk).values().get()
    for _again in range(3):
        assert client.get(url(token)).status_code == 200
        assert client.head(url(token)).status_code == 200
    assert ConfirmationRequest.objects.filter(pk=row.pk).values().get() == before
    one.refresh_from_db()
    assert one.verified_on is None


def test_one_click_confirms_today_by_the_place_itself(client: Client, one: Place) -> None:
    row, token = sent_to(one)
    answer = confirm(client, token)
    one.refresh_from_db()
    row.refresh_from_db()
    assert answer.status_code == 302
    assert one.verified_on == timezone.localdate()
    assert one.verification_method == VerificationMethod.SELF
    assert row.state == "confirmed"
    page = client.get(one.get_absolute_url()).content.decode()
    assert "Vérifié par le lieu lui-même le" in page


def test_link_serves_once(client: Client, one: Place) -> None:
    _row, token = sent_to(one)
    confirm(client, token)
    Place.objects.update(verified_on=None)
    answer = confirm(client, token)
    assert answer.status_code == 410
    assert "Ce lien a déjà servi" in answer.content.decode()
    assert "Envoyer un nouveau lien" in answer.content.decode()
    one.refresh_from_db()
    assert one.verified_on is None


def test_link_ends_after_fourteen_days_and_says_how_to_get_another(
    client: Client, one: Place
) -> None:
    _row, token = sent_to(one)
    with later(days=13, hours=23):
        assert client.get(url(token)).status_code == 200
    with later(days=14, minutes=1):
        answer = confirm(client, token)
        assert answer.status_code == 410
        assert "trop ancien" in answer.content.decode()
        assert "Envoyer un nouveau lien" in answer.content.decode()


def test_only_the_digest_of_a_link_is_stored(one: Place) -> None:
    row, token = sent_to(one)
    stored = " ".join(
        map(str, ConfirmationRequest.objects.filter(pk=row.pk).values().get().values())
    )
    assert token not in stored
    assert row.token_hash == links.hashed(token)
    assert "relais.example" not in stored.replace(row.domain, "")


def test_another_link_goes_to_the_address_on_record_only(client: Client, one: Place) -> None:
    _row, token = sent_to(one)
    confirm(client, token)
    Place.objects.filter(pk=one.pk).update(emails=["contact@relais.example"])
    answer = client.post(url(token), {"que": "renvoyer", "email": "voleur@ailleurs.example"})
    assert answer["Location"] == "/mon-lieu/merci/lien/"
    sending.run(0.0)
    assert len(mail.outbox) == 2
    assert mail.outbox[-1].to == ["contact@relais.example"]
    assert client.get(url(token_of(str(mail.outbox[-1].body)))).status_code == 200


def test_another_link_is_asked_once_an_hour_and_three_times_at_most(
    client: Client, one: Place
) -> None:
    _row, token = sent_to(one)
    confirm(client, token)
    for hours in (0, 0, 2, 4, 6, 8):
        with later(hours=hours):
            client.post(url(token), {"que": "renvoyer"})
            sending.run(0.0)
    assert len(mail.outbox) == 1 + answers.AGAIN_MOST


def test_edit_session_lasts_an_hour(client: Client, one: Place) -> None:
    _row, token = sent_to(one)
    session = client.post(url(token), {"que": "corriger"})["Location"]
    with later(minutes=59):
        assert client.get(session).status_code == 200
    with later(minutes=61):
        answer = client.post(session, {"phone": "01 99 00 99 99"})
        assert answer.status_code == 410
        assert "Votre heure est passée" in answer.content.decode()
    one.refresh_from_db()
    assert one.phone == "+33199001234"


def test_link_used_to_correct_opens_no_second_session(client: Client, one: Place) -> None:
    _row, token = sent_to(one)
    client.post(url(token), {"que": "corriger"})
    assert client.post(url(token), {"que": "corriger"}).status_code == 410
    assert confirm(client, token).status_code == 410


def test_no_page_of_a_link_sets_a_cookie_or_tells_its_address(client: Client, one: Place) -> None:
    _row, token = sent_to(one)
    stop = stop_address(str(mail.outbox[-1].body))
    pages = [client.get(url(token)), client.get(stop), client.get(url("faux"))]
    edit = client.post(url(token), {"que": "corriger"})["Location"]
    pages += [client.get(edit), client.post(edit, {"phone": "abc"}), client.get("/")]
    for page in pages[:-1]:
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["X-Robots-Tag"] == "noindex"
        assert "no-store" in page["Cache-Control"]
    for page in pages:
        assert not page.cookies


def test_one_post_refuses_e_mails_for_good(client: Client, one: Place) -> None:
    row, token = sent_to(one)
    stop = stop_address(str(mail.outbox[-1].body))
    assert client.get(stop).status_code == 200
    row.refresh_from_db()
    assert row.state == "sent"
    answer = client.post(stop, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "Nous ne vous écrirons plus" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "refused"
    assert confirm(client, token).status_code == 410


def test_place_that_left_the_directory_is_not_confirmed(client: Client, one: Place) -> None:
    _row, token = sent_to(one)
    Place.objects.update(state="archived")
    answer = confirm(client, token)
    assert answer.status_code == 410
    assert "plus dans l’annuaire" in answer.content.decode()
    one.refresh_from_db()
    assert one.verified_on is None


def test_what_is_corrected_is_written_locked_and_said_to_be_the_place_s(
    client: Client, one: Place
) -> None:
    _row, token = sent_to(one)
    session = client.post(url(token), {"que": "corriger"})["Location"]
    typed = form_of(client, session) | {"phone": "01 99 00 99 99", "horaires_Sa": "9h-12h"}
    answer = client.post(session, typed)
    one.refresh_from_db()
    assert answer["Location"] == "/mon-lieu/merci/corrige/"
    assert one.phone == "+33199009999"
    assert "Sa 09:00-12:00" in one.opening_hours
    assert one.verification_method == VerificationMethod.SELF
    locked = FieldProvenance.objects.filter(place=one, is_locked=True, credit=Credit.PLACE)
    assert set(locked.values_list("field", flat=True)) == {"phone", "opening_hours"}


def test_form_sent_as_it_was_confirms(client: Client, one: Place) -> None:
    row, token = sent_to(one)
    session = client.post(url(token), {"que": "corriger"})["Location"]
    answer = client.post(session, form_of(client, session))
    row.refresh_from_db()
    assert answer["Location"] == "/mon-lieu/merci/confirme/"
    assert row.state == "confirmed"
    assert not FieldProvenance.objects.exists()


def test_move_waits_for_a_moderator(client: Client, one: Place) -> None:
    _row, token = sent_to(one)
    session = client.post(url(token), {"que": "corriger"})["Location"]
    typed = form_of(client, session) | {"address": "3 rue Neuve", "phone": "01 99 00 99 99"}
    client.post(session, typed)
    one.refresh_from_db()
    contribution = Contribution.objects.get()
    assert one.address == ""
    assert one.phone == "+33199009999"
    assert one.verified_on is None
    assert contribution.changes == {"address": {"before": "", "after": "3 rue Neuve"}}
    assert contribution.is_pending


def test_we_closed_waits_for_a_moderator(client: Client, one: Place) -> None:
    _row, token = sent_to(one)
    session = client.post(url(token), {"que": "corriger"})["Location"]
    answer = client.post(session, form_of(client, session) | {"is_gone": "oui"})
    one.refresh_from_db()
    assert answer["Location"] == "/mon-lieu/merci/relu/"
    assert one.state == "published"
    assert one.verified_on is None
    assert Contribution.objects.get().kind == "closed"


def test_hours_that_nobody_can_read_wait_for_a_moderator(client: Client, one: Place) -> None:
    _row, token = sent_to(one)
    session = client.post(url(token), {"que": "corriger"})["Location"]
    client.post(session, form_of(client, session) | {"horaires_Tu": "selon la lune"})
    one.refresh_from_db()
    assert one.opening_hours == "Mo-Fr 09:00-12:00"
    assert "selon la lune" in Contribution.objects.get().changes["opening_hours"]["words"]
