"""A moderator of Normandy, by each path to a record of Brittany; and what each role may keep."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from directory.models import Actor, Commune, Place, Role, RoleKind, Service, Term
from directory.moderation import policy
from directory.moderation.policy import Action
from directory.vocabularies.names import Level
from tests import factories as make
from tests.accounts import make_user, national, sign_in
from tests.roles.two_regions import OUTSIDE, World, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """Normandy and Brittany."""
    return build()


@pytest.fixture
def normandy(world: World, client: Client) -> Client:
    """A browser in the hands of a moderator of Normandy."""
    return sign_in(client, make_user("normandie", *world.roles()["region"]))


def form_of(client: Client, record: Any) -> dict[str, Any]:
    """What the form of a record sends back when nothing is touched."""
    page = client.get(url_of(record))
    shown = page.context["adminform"].form
    data = {name: shown[name].value() for name in shown.fields}
    data = {name: "" if value is None else value for name, value in data.items()}
    for inline in page.context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return data


def url_of(record: Any, page: str = "change") -> str:
    """The address of a record's page in the admin."""
    return reverse(f"admin:directory_{record._meta.model_name}_{page}", args=[record.pk])


def errors(answer: Any) -> list[str]:
    """The fields that a form refused."""
    return sorted(answer.context["adminform"].form.errors)


# --- A record of elsewhere ------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["change", "history", "delete"])
def test_record_of_elsewhere_does_not_open(normandy: Client, world: World, address: str) -> None:
    answer = normandy.get(url_of(world.abroad.place, address))
    assert answer.status_code == 302
    assert answer["Location"] == "/admin/"


def test_record_of_elsewhere_is_not_written(normandy: Client, world: World) -> None:
    data = form_of(normandy, world.home.place)
    normandy.post(url_of(world.abroad.place), data | {"name": "Volé"})
    assert Place.objects.get(pk=world.abroad.place.pk).name == world.abroad.place.name


def test_action_leaves_a_record_of_elsewhere_alone(normandy: Client, world: World) -> None:
    data = {"action": "delete_selected", "_selected_action": [world.abroad.place.pk], "post": "yes"}
    normandy.post(reverse("admin:directory_place_changelist"), data)
    assert Place.objects.filter(pk=world.abroad.place.pk).exists()


@pytest.mark.parametrize(
    ("field", "attribute"), [("commune", "commune"), ("operator", "actor"), ("networks", "actor")]
)
def test_place_is_not_attached_to_what_is_elsewhere(
    normandy: Client, world: World, field: str, attribute: str
) -> None:
    data = form_of(normandy, world.home.place)
    there = getattr(world.abroad, attribute).pk
    answer = normandy.post(url_of(world.home.place), data | {field: there})
    assert errors(answer) == [field]


def test_service_is_not_attached_to_a_place_of_elsewhere(normandy: Client, world: World) -> None:
    data = form_of(normandy, world.home.service)
    answer = normandy.post(
        url_of(world.home.service), data | {"place": world.abroad.place.pk, "actor": ""}
    )
    assert errors(answer) == ["place"]


def test_service_without_its_place_leaves_the_territory(normandy: Client, world: World) -> None:
    network = make.ActorFactory.create(level=Level.NATIONAL)
    data = form_of(normandy, world.home.service) | {"place": "", "actor": network.pk}
    assert normandy.post(url_of(world.home.service), data).status_code == 403
    assert Service.objects.get(pk=world.home.service.pk).place == world.home.place


def test_place_run_from_elsewhere_keeps_its_operator(normandy: Client, world: World) -> None:
    Place.objects.filter(pk=world.home.place.pk).update(operator=world.abroad.actor)
    data = form_of(normandy, world.home.place) | {"phone": "3646"}
    assert normandy.post(url_of(world.home.place), data).status_code == 302
    place = Place.objects.get(pk=world.home.place.pk)
    assert (place.phone, place.operator) == ("3646", world.abroad.actor)


def test_place_is_added_at_home_only(normandy: Client, world: World) -> None:
    data = form_of(normandy, world.home.place) | {"slug": "nouveau", "name": "Nouveau"}
    url = reverse("admin:directory_place_add")
    assert normandy.post(url, data | {"commune": world.abroad.commune.pk}).status_code == 200
    assert not Place.objects.filter(slug="nouveau").exists()
    assert normandy.post(url, data).status_code == 302
    assert Place.objects.get(slug="nouveau").commune == world.home.commune


def test_deletion_names_nothing_of_elsewhere(normandy: Client, world: World) -> None:
    make.ServiceFactory.create(
        place=world.abroad.place, actor=world.home.actor, name=f"{OUTSIDE} atelier"
    )
    answer = normandy.get(url_of(world.home.actor, "delete"))
    assert OUTSIDE not in answer.content.decode()
    assert "Impossible de supprimer" in answer.content.decode()
    assert normandy.post(url_of(world.home.actor, "delete"), {"post": "yes"}).status_code == 403
    assert Actor.objects.filter(pk=world.home.actor.pk).exists()


def test_choices_hold_communes_of_the_territory_only(normandy: Client, world: World) -> None:
    query = {"app_label": "directory", "model_name": "place", "field_name": "commune"}
    answer = normandy.get(reverse("admin:autocomplete"), {**query, "term": "bourg"}).json()
    found = {one["id"] for one in answer["results"]}
    assert world.home.commune.pk in found
    assert world.abroad.commune.pk not in found


# --- Roles ----------------------------------------------------------------------------------------


def test_national_actor_is_seen_by_moderators_and_not_changed() -> None:
    user = make_user("a", {"kind": RoleKind.REGION, "region": make.RegionFactory.create()})
    network = make.ActorFactory.create(level=Level.NATIONAL)
    assert policy.can(user, Action.VIEW, network)
    assert not policy.can(user, Action.CHANGE, network)


def test_actor_of_two_regions_is_changed_by_neither_alone(world: World) -> None:
    world.home.actor.departments.add(world.abroad.department)
    one = make_user("a", *world.roles()["region"])
    both = make_user(
        "b",
        {"kind": RoleKind.REGION, "region": world.home.region},
        {"kind": RoleKind.REGION, "region": world.abroad.region},
    )
    assert policy.can(one, Action.VIEW, world.home.actor)
    assert not policy.can(one, Action.CHANGE, world.home.actor)
    assert policy.can(both, Action.CHANGE, world.home.actor)


def test_observer_reads_without_a_button_to_save(world: World, client: Client) -> None:
    sign_in(client, make_user("a", *world.roles()["observer"]))
    page = client.get(url_of(world.home.place)).content.decode()
    assert world.home.place.name in page
    assert "_save" not in page


def test_organisation_corrects_its_place_and_not_its_publication(
    world: World, client: Client
) -> None:
    sign_in(client, make_user("a", *world.roles()["editor"]))
    data = form_of(client, world.home.place) | {"phone": "3646", "state": "published"}
    assert client.post(url_of(world.home.place), data).status_code == 302
    place = Place.objects.get(pk=world.home.place.pk)
    assert (place.phone, place.state) == ("3646", "draft")


def test_organisation_adds_a_draft_of_its_own(world: World, client: Client) -> None:
    sign_in(client, make_user("a", *world.roles()["editor"]))
    data = form_of(client, world.home.place)
    data |= {"slug": "antenne", "name": "Antenne", "operator": world.home.actor.pk}
    url = reverse("admin:directory_place_add")
    refused = client.post(url, data | {"operator": world.abroad.actor.pk})
    assert errors(refused) == ["operator"]
    assert client.post(url, data | {"operator": ""}).status_code == 403
    assert client.post(url, data | {"state": "published"}).status_code == 302
    assert Place.objects.get(slug="antenne").state == "draft"


def test_vocabularies_are_read_by_moderators(normandy: Client, world: World) -> None:
    term = Term.objects.first()
    page = normandy.get(url_of(term))
    assert page.status_code == 200
    assert normandy.post(url_of(term), {"label": "Autre"}).status_code == 403


@pytest.mark.parametrize("kind", RoleKind)
def test_imports_are_for_national_administrators(kind: RoleKind, world: World) -> None:
    scopes: dict[RoleKind, dict[str, Any]] = {
        RoleKind.REGION: {"region": world.home.region},
        RoleKind.DEPARTMENT: {"department": world.home.department},
        RoleKind.ACTOR: {"actor": world.home.actor},
    }
    user = make_user("a", {"kind": kind, **scopes.get(kind, {})})
    assert policy.can(user, Action.IMPORT, Place) == (kind == RoleKind.NATIONAL)
    assert policy.can(user, Action.EXPORT, Place) == (kind != RoleKind.ACTOR)


def test_role_serves_until_its_last_day(world: World) -> None:
    user = make_user("a", *world.roles()["region"])
    Role.objects.update(ends_on=timezone.localdate())
    assert policy.can(user, Action.CHANGE, world.home.place)
    Role.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    policy.forget(user)
    assert not policy.can_enter(user)


def test_closed_account_may_nothing(world: World) -> None:
    user = make_user("a", *world.roles()["national"], is_active=False)
    assert not policy.can_enter(user)
    assert not policy.can_enter(AnonymousUser())


def test_roles_are_read_once(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = make_user("a", *world.roles()["departments"])
    with django_assert_num_queries(1):
        for _ in range(3):
            policy.can(user, Action.CHANGE, Place)
            policy.scope(user, Place)
            policy.choices(user, Commune)
            policy.can_enter(user)


def test_deleting_forty_places_asks_the_policy_as_often_as_two(
    normandy: Client, world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    url, counts = reverse("admin:directory_place_changelist"), []
    for number in (2, 38):
        made = make.PlaceFactory.create_batch(number, commune=world.home.commune)
        data = {"action": "delete_selected", "_selected_action": [place.pk for place in made]}
        with django_assert_max_num_queries(100) as queries:
            assert normandy.post(url, data).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_national_administrator_goes_everywhere(world: World, client: Client) -> None:
    sign_in(client, national())
    assert client.get(url_of(world.abroad.place)).status_code == 200
