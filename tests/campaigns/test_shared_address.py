"""Places that share an address: one e-mail tells of all, each has its own link and answer."""

import re
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from directory.models import ConfirmationRequest, MailRefusal, Place
from directory.moderation.campaigns import selection, sending
from directory.moderation.campaigns.taking import Taken
from tests.campaigns.mailing import (
    FAST,
    Server,
    launched,
    mail_server,
    place,
    states,
    stop_address,
)
from tests.campaigns.test_bounces import report

pytestmark = pytest.mark.django_db
NAMES = ("un", "deux", "trois")
LINK = re.compile(r"/mon-lieu/([^/\s]+)/\s")


@pytest.fixture
def server() -> Iterator[Server]:
    with mail_server() as running:
        yield running


def send() -> sending.Tally:
    with override_settings(CAMPAIGN_RATE=FAST):
        return sending.run(30.0, sleep=lambda _delay: None)


def three() -> list[Place]:
    return [place(name, emails=["accueil@commun.example"]) for name in NAMES]


def test_one_e_mail_names_every_place_with_its_own_link(server: Server) -> None:
    three()
    place("zone", emails=["accueil@zone.example"])
    launched(text="Bonne rentrée.")
    assert send().sent == 2
    by_address = {one["To"]: one for one in server.taken}
    assert set(by_address) == {"accueil@commun.example", "accueil@zone.example"}
    message = by_address["accueil@commun.example"]
    body = message.get_content()
    assert message["Subject"].strip().startswith("3 lieux")
    assert all(f"«\u00a0{name}\u00a0», à" in body for name in NAMES)
    assert len(set(LINK.findall(body))) == 3
    assert body.count("Bonne rentrée.") == 1
    assert set(states().values()) == {"sent"}


def test_link_of_one_confirms_no_other(server: Server, client: Client) -> None:
    three()
    launched()
    send()
    token = LINK.findall(server.taken[0].get_content())[1]
    client.post(f"/mon-lieu/{token}/", {"que": "confirmer"})
    answered = [state for state in states().values() if state == "confirmed"]
    assert len(answered) == 1
    assert Place.objects.exclude(verified_on=None).count() == 1


def test_one_click_refuses_for_every_place_named(server: Server, client: Client) -> None:
    three()
    launched()
    send()
    address = stop_address(server.taken[0].get_content())
    page = client.get(address).content.decode()
    assert all(name in page for name in NAMES)
    client.post(address, {"List-Unsubscribe": "One-Click"})
    assert set(states().values()) == {"refused"}
    assert MailRefusal.objects.count() == 3


def test_report_marks_every_place_named(server: Server, tmp_path: Path) -> None:
    three()
    launched()
    send()
    (tmp_path / "retour").write_bytes(report(str(server.taken[0]["Message-ID"])))
    call_command("read_bounces", str(tmp_path / "retour"))
    assert set(states().values()) == {"bounced"}


def test_refused_e_mail_is_marked_for_every_place_named(server: Server) -> None:
    three()
    server.answers["accueil@commun.example"] = "450 4.7.1 later"
    launched()
    assert send().later == 1
    assert set(states().values()) == {"queued"}
    assert ConfirmationRequest.objects.exclude(not_before=None).count() == 3


def test_place_that_changed_its_address_leaves_by_itself(server: Server) -> None:
    three()
    launched()
    Place.objects.filter(name="deux").update(emails=["accueil@deux.example"])
    send()
    named = {one["To"]: one.get_content() for one in server.taken}
    assert "deux" not in named["accueil@commun.example"]
    assert "deux" in named["accueil@deux.example"]


def test_place_retired_since_the_preview_is_set_aside_alone(server: Server) -> None:
    three()
    launched()
    Place.objects.filter(name="deux").update(state="archived")
    send()
    assert states() == {"un": "sent", "deux": "skipped", "trois": "sent"}


def test_e_mail_of_several_places_counts_once_in_the_pace() -> None:
    three()
    place("zone", emails=["accueil@zone.example"])
    launched()
    with override_settings(CAMPAIGN_RATE={"minute": 2, "domain": 1}):
        first, second = sending.take(), sending.take()
    assert isinstance(first, Taken)
    assert isinstance(second, Taken)
    assert sorted([len(first.all), len(second.all)]) == [1, 3]


def test_too_many_places_for_one_e_mail_make_two(server: Server) -> None:
    three()
    with patch.object(selection, "TOGETHER_MAX", 2):
        assert launched().requests.count() == 3
        assert send().sent == 2
    assert sorted(len(LINK.findall(one.get_content())) for one in server.taken) == [1, 2]


def test_preview_counts_e_mails_and_shows_the_one_of_several() -> None:
    found = selection.Selection(
        [selection.Chosen(key, "Relais", "Caen", "Accueil@commun.example") for key in range(21)]
        + [selection.Chosen(99, "Seul", "Caen", "accueil@seul.example")]
    )
    assert found.letters == 3
    assert found.shared == 21
    assert [one.key for one in found.first] == list(range(20))
