"""The history page: one timeline, in plain French."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from directory.models.revisions import recording
from directory.moderation import timeline
from directory.vocabularies.names import Appointment, Origin, State
from tests import factories
from tests.editing.pages import opened, save
from tests.workflow.people import World, change, page, world

pytestmark = pytest.mark.django_db
make: Any = factories


@pytest.fixture
def here(client: Client) -> World:
    """A moderator of Normandy."""
    return world(client)


# --- Reading --------------------------------------------------------------------------------------


def test_values_are_said_as_on_screen(here: World) -> None:
    place = here.places(1, phone="", verified_on=None)[0]
    term, actor = make.TermFactory(label="Bibliothèque"), make.ActorFactory(name="Le hub")
    with recording():
        change(
            place, phone="+33199001234", verified_on=date(2026, 10, 12), operator=actor,
            appointment=Appointment.REQUIRED,
        )  # fmt: skip
    place.terms.add(term)
    text = page(here, place)
    for words in (
        "01 99 00 12 34", "12 octobre 2026", "Le hub", "Seulement sur rendez-vous", "Bibliothèque",
        "Téléphone", "Vérifié le", "rien",
    ):  # fmt: skip
        assert words in text, words


def test_one_timeline_holds_what_hangs_on_the_place(here: World) -> None:
    place = here.places(1)[0]
    service = make.ServiceFactory(place=place, name="Atelier tablette")
    make.ServiceNeedFactory(service=service, need=make.NeedFactory(label="Ouvrir un compte"))
    make.ClosureFactory(place=place)
    make.StopFactory(place=place, label="Marché")
    text = page(here, place)
    for words in ("Atelier tablette", "Ouvrir un compte", "1 août 2026", "Marché"):
        assert words in text, words


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (Origin.CONTRIBUTION, "un contributeur, accepté par normande"),
        (Origin.CAMPAIGN, "le lieu lui-même, accepté par normande"),
        (Origin.MERGE, "fusion de doublons, accepté par normande"),
        (Origin.PERSON, "normande"),
    ],
)
def test_author_is_told_by_origin(here: World, origin: str, expected: str) -> None:
    place = here.places(1)[0]
    with recording(origin, user=here.user):
        place.name = "Autre"
        place.save()
    assert f", {expected}</h2>" in page(here, place)


def test_import_is_told_with_its_source(here: World) -> None:
    place, source = here.places(1)[0], make.SourceFactory(name="Carto 14")
    with recording(Origin.IMPORT, source=source):
        place.name = "Autre"
        place.save()
    assert "import : Carto 14" in page(here, place)


def test_deleted_author_leaves_the_history(here: World) -> None:
    place, gone = here.places(1)[0], User.objects.create_user("partie")
    with recording(Origin.PERSON, user=gone):
        place.name = "Autre"
        place.save()
    gone.delete()
    assert "un compte fermé" in page(here, place)


def test_pages_hold_twenty_revisions_each(here: World) -> None:
    place = here.places(1)[0]
    for number in range(25):
        change(place, hours_note=f"note {number:02d}.")
    assert "note 24." in page(here, place)
    assert "note 01." not in page(here, place)
    assert "note 01." in page(here, place, 2)


@pytest.mark.parametrize("number", ["0", "x", "1001", "-1"])
def test_wrong_page_is_not_found(here: World, number: str) -> None:
    url = reverse("admin:directory_place_history", args=[here.places(1)[0].pk])
    assert here.client.get(url, {"p": number}).status_code == 404


def test_history_costs_the_same_queries_for_2_and_20_changes(
    here: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    place, counts = here.places(1)[0], []
    for number in (2, 18):
        for rank in range(number):
            change(place, hours_note=f"{number} {rank}", operator=make.ActorFactory())
        with django_assert_max_num_queries(20) as done:
            page(here, place)
        counts.append(len(done))
    assert counts[0] == counts[1]


def test_history_of_an_actor_tells_nothing_of_places_of_elsewhere(here: World) -> None:
    actor = make.ActorFactory(name="Hub", level="national")
    other = make.PlaceFactory(commune=here.abroad, operator=actor)
    make.ServiceFactory(place=other, actor=actor, name="Secret")
    make.AreaServiceFactory(actor=actor, name="Par téléphone")
    text = page(here, actor)
    assert ("Par téléphone" in text, "Secret" in text) == (True, False)


def test_history_of_elsewhere_is_not_shown(here: World) -> None:
    place = make.PlaceFactory(commune=here.abroad, name="Secret")
    assert "Secret" not in page(here, place)


# --- The form -------------------------------------------------------------------------------------


def test_saved_form_is_one_revision_of_its_author(here: World) -> None:
    place = here.places(1, name="Avant")[0]
    closure = {"closures-0-starts_on": "2026-08-01", "closures-0-ends_on": "2026-08-02"}
    sent = opened(here.client, place) | closure | {"closures-TOTAL_FORMS": 1}
    answer = save(here.client, place, sent, name="Après")
    assert answer.status_code == 302, answer.context["errors"]
    entry = timeline.read(here.user, place).entries[0]
    assert (entry.who, len(entry.events)) == ("normande", 2)


def test_form_refuses_a_publication_without_what_a_visitor_needs(here: World) -> None:
    place = here.places(1, phone="")[0]
    sent = opened(here.client, place)
    told = str(save(here.client, place, sent, state=State.PUBLISHED).context["errors"])
    assert "Il manque un moyen de joindre le lieu" in told
    told = str(save(here.client, place, sent, state=State.ARCHIVED).context["errors"])
    assert "Archivez-la depuis la liste" in told
