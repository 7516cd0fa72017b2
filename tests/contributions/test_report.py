"""Correcting a page: easy for people, useless to robots, nameless."""

import re
from typing import Any

import pytest
from django.test import Client

from directory.models import Contribution, Place
from directory.vocabularies.names import Appointment, ContributionStatus
from tests import factories as make
from tests.browser.places import text
from tests.contributions.sending import address, filled, last, opened, send

pytestmark = pytest.mark.django_db

# What a contribution is made of; nothing else may be added without thinking of privacy.
KNOWN_FIELDS = {
    "id", "place", "commune", "kind", "message", "changes", "status", "token_hash", "created_at",
    "moderated_at", "moderated_by", "accepted", "public_answer", "moderation_note",
}  # fmt: skip
HOURS = "Mo-Fr 09:00-12:00,14:00-17:00; PH off"


@pytest.fixture
def place() -> Place:
    """A published place that says everything."""
    made: Place = make.PlaceFactory.create(
        name="Le relais",
        commune=make.CommuneFactory.create(name="Guéret"),
        address="1 rue de la Mairie",
        postcode="23000",
        opening_hours=HOURS,
        emails=["accueil@relais.example"],
        websites=["https://relais.example"],
        appointment=Appointment.POSSIBLE,
    )
    make.ServiceFactory.create(place=made, needs=["ameli"])
    return made


# --- What to say ----------------------------------------------------------------------------------


def test_first_page_offers_what_to_say(client: Client, place: Place) -> None:
    html = client.get(address(place)).content.decode()
    assert re.findall(r"\?quoi=(\w+)", html) == ["horaires", "telephone", "autre", "ferme"]
    assert 'name="quoi" value="correct"' in html


def test_unknown_answer_is_said(client: Client, place: Place) -> None:
    answer = client.post(address(place), {"quoi": "zzz"})
    assert answer.status_code == 400
    assert "Choisissez une réponse dans la liste" in text(answer)


def test_everything_right_is_one_click_and_only_counted(client: Client, place: Place) -> None:
    before = Place.objects.filter(pk=place.pk).values().get()
    answer = client.post(address(place), {"quoi": "correct"})
    assert answer["Location"] == f"{address(place)}merci/"
    assert (last().kind, last().status) == ("confirmation", ContributionStatus.NOTED)
    assert Place.objects.filter(pk=place.pk).values().get() == before


def test_confirmation_by_link_alone_counts_nothing(client: Client, place: Place) -> None:
    assert client.get(f"{address(place)}?quoi=correct").status_code == 200
    assert not Contribution.objects.exists()


def test_same_visitor_confirms_a_place_once_a_day(client: Client, place: Place) -> None:
    for _number in range(3):
        client.post(address(place), {"quoi": "correct"}, REMOTE_ADDR="9.9.9.9")
    client.post(address(place), {"quoi": "correct"}, REMOTE_ADDR="9.9.9.10")
    assert Contribution.objects.count() == 2


# --- Prefilled, and only what changes is sent -----------------------------------------------------


def test_form_holds_the_present_values(client: Client, place: Place) -> None:
    held = opened(client, place)
    assert held["name"] == "Le relais"
    assert held["phone"] == "01\u00a099\u00a000\u00a012\u00a034"
    assert held["commune"] == "Guéret (93)"
    assert held["emails"] == "accueil@relais.example"
    assert held["horaires_Mo"] == "9h-12h, 14h-17h"
    assert held["horaires_Sa"] == "fermé"
    assert held["needs"] == ["ameli"]
    assert held["appointment"] == "possible"


def test_form_sent_as_it_is_asks_for_a_change(client: Client, place: Place) -> None:
    answer = send(client, place)
    assert answer.status_code == 400
    assert "Changez au moins une information" in text(answer)
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field", "after"),
    [
        ({"name": "Le grand relais"}, "name", "Le grand relais"),
        ({"address": "2 rue de la Mairie"}, "address", "2 rue de la Mairie"),
        ({"phone": "01 99 00 56 78"}, "phone", "+33199005678"),
        ({"phone": "3646"}, "phone", "3646"),
        ({"phone": ""}, "phone", ""),
        ({"emails": "Contact@relais.example"}, "emails", ["contact@relais.example"]),
        ({"websites": "relais2.example"}, "websites", ["https://relais2.example"]),
        ({"appointment": "required"}, "appointment", "required"),
        ({"needs": []}, "needs", []),
        ({"hours_note": "Fermé en août"}, "hours_note", "Fermé en août"),
        (
            {"horaires_Sa": "9h à 12h"},
            "opening_hours",
            "Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00; PH off",
        ),
    ],
)
def test_only_what_was_changed_is_proposed(
    client: Client, place: Place, typed: dict[str, Any], field: str, after: object
) -> None:
    answer = send(client, place, **typed)
    assert answer.status_code == 302, text(answer)
    assert list(last().changes) == [field]
    assert last().changes[field]["after"] == after


def test_value_seen_by_the_visitor_is_kept_beside(client: Client, place: Place) -> None:
    send(client, place, phone="01 99 00 56 78")
    assert last().changes["phone"]["before"] == make.FICTION_PHONE


def test_hours_that_nobody_can_read_are_kept_as_words(client: Client, place: Place) -> None:
    send(client, place, "horaires", horaires_Mo="un lundi sur deux, après la messe")
    change = last().changes["opening_hours"]
    assert change["after"] == ""
    assert "lundi\u00a0: un lundi sur deux, après la messe" in change["words"]
    assert "mardi\u00a0: 9h-12h, 14h-17h" in change["words"]


def test_hours_that_no_week_tells_are_asked_as_a_text(client: Client, place: Place) -> None:
    Place.objects.update(opening_hours="Mo[1] 09:00-12:00")
    held = opened(client, place, "horaires")
    assert "horaires_Mo" not in held
    send(client, place, "horaires", horaires="du lundi au vendredi 9h-12h")
    assert last().changes["opening_hours"]["after"] == "Mo-Fr 09:00-12:00"


def test_form_of_hours_asks_only_hours(client: Client, place: Place) -> None:
    held = opened(client, place, "horaires")
    assert {name for name in held if not name.startswith("horaires_")} == {
        "quoi", "ticket", "website", "hours_note", "message",
    }  # fmt: skip


@pytest.mark.parametrize("says", ["horaires", "telephone", "ferme"])
def test_precise_report_needs_neither_value_nor_message(
    client: Client, place: Place, says: str
) -> None:
    assert send(client, place, says).status_code == 302
    assert last().changes == {}


def test_place_itself_does_not_change_before_moderation(client: Client, place: Place) -> None:
    before = Place.objects.filter(pk=place.pk).values().get()
    send(client, place, name="Autre nom", phone="")
    assert Place.objects.filter(pk=place.pk).values().get() == before


def test_homonymous_commune_is_asked_then_taken(client: Client, place: Place) -> None:
    south = make.DepartmentFactory.create(code="87", name="Haute-Vienne")
    make.CommuneFactory.create(name="Saint-Denis")
    wanted = make.CommuneFactory.create(name="Saint-Denis", department=south)
    answer = send(client, place, commune="Saint-Denis")
    assert answer.status_code == 400
    assert "Choisissez la commune dans la liste" in text(answer)
    again = filled(answer.content.decode()) | {"commune_choice": "Saint-Denis (87)"}
    assert client.post(address(place), again).status_code == 302
    assert last().changes["commune"]["after"] == wanted.pk


# --- Privacy --------------------------------------------------------------------------------------


def test_nothing_that_identifies_the_writer_is_stored(client: Client, place: Place) -> None:
    client.post(
        address(place),
        opened(client, place)
        | {"message": "Bonjour", "nom": "Quelqu’un", "courriel": "q@x.example"},
        REMOTE_ADDR="192.0.2.7",
        headers={"user-agent": "Navigateur reconnaissable", "x-forwarded-for": "192.0.2.8"},
    )
    stored = str(Contribution.objects.values().get())
    trace = ("192.0.2", "reconnaissable", "Quelqu", "q@x.example")
    assert [told for told in trace if told in stored] == []
    assert {field.name for field in Contribution._meta.get_fields()} == KNOWN_FIELDS


def test_only_the_form_poses_a_cookie_and_only_the_forgery_one(
    client: Client, place: Place
) -> None:
    assert set(client.get(address(place)).cookies) == {"csrftoken"}
    cookie = client.get(f"{address(place)}?quoi=autre").cookies["csrftoken"]
    assert cookie["httponly"]
    assert cookie["samesite"] in {"Lax", "Strict"}
    assert not Client().get(f"{address(place)}merci/").cookies


def test_form_is_never_kept_by_a_shared_cache(client: Client, place: Place) -> None:
    assert "no-store" in client.get(address(place))["Cache-Control"]
