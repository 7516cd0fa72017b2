"""How complete a record is: one recipe, in Python as in SQL, kept by every way to write."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.exchange.drafts import PlaceDraft
from directory.exchange.place_writer import PlaceWriter
from directory.exchange.report import Report
from directory.models import Place, ServiceNeed
from directory.moderation import completeness
from directory.vocabularies.names import Basis, State
from tests import factories as make
from tests.accounts import national, sign_in
from tests.browser.places import text

pytestmark = pytest.mark.django_db

BARE = {"phone": "", "position_precision": "commune"}


def kept(place: Place) -> int | None:
    """The score that the database holds."""
    return Place.objects.values_list("completeness", flat=True).get(pk=place.pk)


def test_points_of_the_recipe_add_up_to_a_hundred() -> None:
    assert sum(part.points for part in completeness.PARTS) == completeness.FULL


@pytest.mark.parametrize(
    ("values", "points"),
    [
        ({}, 0),
        ({"phone": make.FICTION_PHONE}, 25),
        ({"booking_phone": "3646"}, 25),
        ({"opening_hours": "Mo 09:00-12:00"}, 25),
        ({"address": "1 rue Neuve"}, 0),
        ({"address": "1 rue Neuve", "position_precision": "address"}, 10),
        ({"emails": ["accueil@mairie.example"]}, 10),
        ({"websites": ["https://mairie.example"]}, 10),
        ({"emails": ["a@mairie.example"], "websites": ["https://mairie.example"]}, 10),
        ({"appointment": "required"}, 10),
        ({"booking_url": "https://rdv.example"}, 10),
    ],
)
def test_each_part_counts_once_in_python_as_in_sql(values: dict[str, Any], points: int) -> None:
    place = make.PlaceFactory.create(**BARE | values)
    assert kept(place) == points
    assert completeness.score(completeness.told(place, has_declared_need=False)) == points


def test_need_counts_when_the_place_declares_it_in_a_published_service() -> None:
    place = make.PlaceFactory.create(**BARE)
    draft = make.ServiceFactory.create(place=place, needs=["ameli"], state=State.DRAFT)
    deduced = make.ServiceFactory.create(place=place)
    make.ServiceNeedFactory.create(service=deduced, basis=Basis.DEDUCED, rule="x")
    assert kept(place) == 0
    draft.state = State.PUBLISHED
    draft.save()
    assert kept(place) == 20
    ServiceNeed.objects.get(service=draft).delete()
    assert kept(place) == 0


def test_score_follows_a_place_that_is_saved() -> None:
    place = make.PlaceFactory.create(**BARE)
    place.phone = make.FICTION_PHONE
    place.save(update_fields=["phone"])
    assert kept(place) == 25


def test_score_follows_an_import() -> None:
    commune = make.CommuneFactory.create()
    source = make.SourceFactory.create()
    values = {"name": "Le relais", "commune": commune, "phone": make.FICTION_PHONE}
    for hours, points in (("", 25), ("Mo 09:00-12:00", 50)):
        draft = PlaceDraft(
            external_id="1", slug="le-relais", fields=values | {"opening_hours": hours}
        )
        PlaceWriter(source, Report()).write([draft])
        assert kept(Place.objects.get()) == points


def test_command_counts_what_was_written_round_the_code() -> None:
    place = make.PlaceFactory.create(**BARE)
    Place.objects.update(phone=make.FICTION_PHONE)
    assert kept(place) == 0
    call_command("count_completeness", verbosity=0)
    assert kept(place) == 25


def test_score_that_stays_is_not_written() -> None:
    make.PlaceFactory.create_batch(3)
    assert completeness.refresh(None) == 0


def test_missing_parts_are_named_the_heaviest_first() -> None:
    place = make.PlaceFactory.create(phone="")
    assert [part.code for part in completeness.missing(place)][:2] == ["phone", "hours"]


def test_recipe_is_public() -> None:
    said = text(Client().get("/recherche/classement/"))
    for part in completeness.PARTS:
        assert f"{part.points} points {part.label}" in said


def test_list_of_places_is_filtered_and_sorted_by_the_score() -> None:
    client = sign_in(Client(), national())
    full = make.PlaceFactory.create(
        name="Zzcomplet", opening_hours="Mo 09:00-12:00", emails=["a@b.example"]
    )
    bare = make.PlaceFactory.create(name="Zzvide", **BARE)
    url = "/admin/directory/place/"
    said = text(client.get(f"{url}?complete=peu"))
    assert bare.name in said
    assert full.name not in said
    column = 6
    with CaptureQueriesContext(connection) as asked:
        said = text(client.get(f"{url}?o=-{column}"))
    assert said.index(full.name) < said.index(bare.name)
    assert any(
        "completeness" in query["sql"].split("ORDER BY")[-1]
        for query in asked
        if "ORDER BY" in query["sql"]
    )
