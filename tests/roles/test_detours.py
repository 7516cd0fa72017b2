"""Detours by which a moderator of Normandy reached Brittany: each found by hand, each closed."""

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from directory.models import Actor, Closure, Contribution, FieldProvenance, Place, Service
from directory.models.history_rows import history_of
from directory.models.revisions import recording
from directory.moderation.contributions import decisions, reading
from directory.vocabularies.names import ContributionStatus, Level
from tests import factories as make
from tests.accounts import make_user, sign_in
from tests.roles.two_regions import OUTSIDE, World, build
from tests.workflow.people import change

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """Normandy and Brittany."""
    return build()


@pytest.fixture
def normandy(world: World, client: Client) -> Client:
    """A browser in the hands of a moderator of Normandy."""
    return sign_in(client, make_user("normandie", *world.roles()["region"]))


def again(record: Any) -> Any:
    """The record as it is kept now."""
    return type(record)._default_manager.get(pk=record.pk)


def take_back(client: Client, owner: Any, row: Any) -> str:
    """Press the button of a change on a place's history."""
    kind = row.instance_type._meta.model_name
    url = reverse("admin:directory_place_revert", args=[owner.pk, kind, row.history_id])
    return client.post(url, follow=True).content.decode()


def proposal(place: Place, field: str, value: str) -> FieldProvenance:
    """What an import proposes for a corrected field."""
    return FieldProvenance.objects.create(place=place, field=field, proposal=value, is_locked=True)


# --- What imports propose ---------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["accept", "keep"])
def test_proposal_of_elsewhere_is_not_answered(normandy: Client, world: World, answer: str) -> None:
    there = proposal(world.abroad.place, "address", "12 rue volée")
    normandy.post(reverse(f"admin:directory_fieldprovenance_{answer}", args=[there.pk]))
    assert again(there).proposal == "12 rue volée"
    assert again(world.abroad.place).address == world.abroad.place.address


def test_proposal_that_moves_a_place_away_is_refused_and_said(
    normandy: Client, world: World
) -> None:
    one = proposal(world.home.place, "commune", world.abroad.commune.pk)
    url = reverse("admin:directory_fieldprovenance_accept", args=[one.pk])
    assert "sortirait de votre territoire" in normandy.post(url, follow=True).content.decode()
    assert again(world.home.place).commune == world.home.commune
    assert again(one).proposal == world.abroad.commune.pk


def test_proposal_comes_from_files_alone(normandy: Client, world: World) -> None:
    one = proposal(world.home.place, "address", "12 rue du fichier")
    url = reverse("admin:directory_fieldprovenance_change", args=[one.pk])
    forged = {"place": one.place_id, "field": "commune", "proposal": '"35238"'}
    assert normandy.post(url, forged | {"is_locked": "on"}).status_code == 302
    assert (again(one).field, again(one).proposal) == ("address", "12 rue du fichier")


# --- Contributions ----------------------------------------------------------------------------


def test_contribution_is_not_written_by_who_accepts_it(normandy: Client) -> None:
    assert normandy.get(reverse("admin:directory_contribution_add")).status_code == 403


@pytest.mark.parametrize("field", ["id", "state", "commune_id", "slug"])
def test_only_what_forms_ask_for_is_accepted(world: World, field: str) -> None:
    user = make_user("normandie", *world.roles()["region"])
    one = make.ContributionFactory.create(
        place=world.home.place, changes={field: {"before": "", "after": world.abroad.place.pk}}
    )
    before = Place.objects.filter(pk=world.abroad.place.pk).values().get()
    decisions.accept(one.pk, [field], user, reading.seen(one))
    assert Place.objects.filter(pk=world.abroad.place.pk).values().get() == before
    assert again(world.home.place).state == world.home.place.state
    assert Contribution.objects.get(pk=one.pk).accepted == []
    assert Contribution.objects.get(pk=one.pk).status == ContributionStatus.PARTLY_ACCEPTED


# --- History ----------------------------------------------------------------------------------


def moved(world: World, made: Any) -> Any:
    """Move a line of Brittany's place to Normandy's; return the row of history."""
    return change(made, place=world.home.place)


def test_history_names_no_place_of_elsewhere(normandy: Client, world: World) -> None:
    moved(world, make.ServiceFactory.create(place=world.abroad.place, name="Atelier"))
    change(world.home.place, principal=world.abroad.place)
    change(world.home.place, principal=None)
    url = reverse("admin:directory_place_history", args=[world.home.place.pk])
    page = normandy.get(url).content.decode()
    assert OUTSIDE not in page
    assert "une fiche d’un autre territoire" in page


@pytest.mark.parametrize("factory", [make.ServiceFactory, make.ClosureFactory, make.StopFactory])
def test_line_that_came_from_elsewhere_is_not_sent_back(
    normandy: Client, world: World, factory: Any
) -> None:
    with recording():
        made = factory.create(place=world.abroad.place)
    assert "territoire" in take_back(normandy, world.home.place, moved(world, made))
    assert again(made).place == world.home.place


def test_line_that_left_is_no_longer_written_from_here(normandy: Client, world: World) -> None:
    with recording():
        made = make.ServiceFactory.create(place=world.home.place, name="Avant")
    row = change(made, name="Après")
    change(made, place=world.abroad.place)
    take_back(normandy, world.home.place, row)
    assert again(made).name == "Après"


def test_line_that_left_without_a_trace_is_not_deleted_from_here(
    normandy: Client, world: World
) -> None:
    with recording():
        made = make.ClosureFactory.create(place=world.home.place)
    row = history_of(Closure).objects.latest("history_id")
    change(made, place=world.abroad.place)
    history_of(Closure).objects.filter(history_id__gt=row.history_id).delete()
    take_back(normandy, world.home.place, row)
    assert Closure.objects.filter(pk=made.pk).exists()


def test_place_is_not_hung_again_on_a_place_of_elsewhere(normandy: Client, world: World) -> None:
    change(world.home.place, principal=world.abroad.place)
    row = change(world.home.place, principal=None)
    take_back(normandy, world.home.place, row)
    assert again(world.home.place).principal is None


# --- Lists, deletions, addresses --------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "query"),
    [("commune", "places"), ("term", "places"), ("actor", "operated_places")],
)
def test_list_is_not_asked_by_a_record_that_names_it(
    normandy: Client, world: World, model: str, query: str
) -> None:
    world.abroad.place.terms.add(make.TermFactory.create())
    url = reverse(f"admin:directory_{model}_changelist")
    assert normandy.get(url, {query: world.abroad.place.pk}).status_code == 400
    assert normandy.get(url).status_code == 200


def test_deletion_that_detaches_a_place_of_elsewhere_is_refused(
    normandy: Client, world: World
) -> None:
    Place.objects.filter(pk=world.abroad.place.pk).update(operator=world.home.actor)
    url = reverse("admin:directory_actor_delete", args=[world.home.actor.pk])
    assert OUTSIDE not in normandy.get(url).content.decode()
    assert normandy.post(url, {"post": "yes"}).status_code == 403
    listed = reverse("admin:directory_actor_changelist")
    chosen = {"action": "delete_selected", "_selected_action": [world.home.actor.pk]}
    assert normandy.post(listed, chosen | {"post": "yes"}).status_code == 403
    assert Actor.objects.filter(pk=world.home.actor.pk).exists()
    assert again(world.abroad.place).operator == world.home.actor


def test_deletion_that_detaches_only_places_of_here_goes_on(normandy: Client, world: World) -> None:
    Service.objects.filter(actor=world.home.actor).delete()
    url = reverse("admin:directory_actor_delete", args=[world.home.actor.pk])
    assert normandy.post(url, {"post": "yes"}).status_code == 302
    assert again(world.home.place).operator is None


def test_action_sent_below_the_list_touches_only_what_is_kept(
    normandy: Client, world: World
) -> None:
    network = make.ActorFactory.create(level=Level.NATIONAL)
    Service.objects.filter(actor=world.home.actor).delete()
    keys = [network.pk, world.home.actor.pk]
    data = {
        "action": ["", "delete_selected"],
        "index": 1,
        "_selected_action": keys,
        "post": "yes",
    }
    normandy.post(reverse("admin:directory_actor_changelist"), data)
    kept = Actor.objects.filter(pk__in=keys)
    assert list(kept) == [network]


def test_address_of_a_record_whose_key_is_no_number_is_not_found(normandy: Client) -> None:
    kind = ContentType.objects.get_for_model(DBTaskResult).pk
    assert normandy.get(reverse("admin:view_on_site", args=[kind, "12"])).status_code == 404
