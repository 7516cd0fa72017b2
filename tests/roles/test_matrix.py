"""Role × territory × every address, method and action of the admin: no leak, nothing written.

Names of Brittany never reach a person of Normandy, by no page, list of choices or address; and
what each person may do is exactly what `expected` says.
"""

import logging
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client

from directory.admin.policy import PolicyAdmin, PolicyInline
from directory.models import (
    Actor,
    Campaign,
    Closure,
    Contribution,
    DuplicateCandidate,
    FieldProvenance,
    Place,
    Service,
    Stop,
)
from directory.moderation import policy
from tests.accounts import make_user, sign_in
from tests.roles import expected
from tests.roles.requests import Asked, of_model, of_site
from tests.roles.two_regions import BUILDERS, OUTSIDE, World, build

pytestmark = pytest.mark.django_db

PEOPLE = (
    "national", "region", "departments", "editor", "observer", "observer of all",
    "nobody", "without a code", "anonymous",
)  # fmt: skip
# The rules are the same filters on both databases: PostgreSQL has the people they differ for.
ASKING = PEOPLE if connection.vendor == "sqlite" else ("region", "editor")
log = logging.getLogger(__name__)

WATCHED: tuple[Any, ...] = (
    Actor, Campaign, Closure, Contribution, DuplicateCandidate, FieldProvenance, Place, Service,
    Stop,
)  # fmt: skip
LEAST = 1_000
"""Requests of one person: fewer would mean that addresses are no longer found."""


@pytest.fixture
def world() -> World:
    """Two regions."""
    return build()


def enter(person: str, world: World) -> Client:
    """A browser in the hands of this person."""
    client = Client(raise_request_exception=True)
    if person == "anonymous":
        return client
    if person == "without a code":
        client.force_login(make_user("personne", *world.roles()["national"]))
        return client
    return sign_in(client, make_user("personne", *world.roles()[person]))


def row(asked: Asked, world: World) -> tuple[Any, int]:
    """Return the record that a request speaks of as it is kept, and how many there are."""
    assert asked.model
    rows: Any = asked.model._default_manager
    record = world.records[asked.model, asked.mark]
    return rows.filter(pk=record.pk).values().first(), rows.count()


def elsewhere(world: World) -> list[Any]:
    """Return the records of Brittany that a request may write without naming them."""
    pairs = [(model, world.records[model, OUTSIDE].pk) for model in WATCHED]
    return [model._default_manager.filter(pk=key).values().first() for model, key in pairs]


def send(client: Client, asked: Asked, world: World) -> tuple[Any, bool, bool]:
    """Send a request; return the answer, whether it wrote, and whether it wrote in Brittany.

    What it wrote is taken back.
    """
    with transaction.atomic():
        before = row(asked, world) if asked.model and asked.method != "GET" else None
        theirs = elsewhere(world) if asked.method == "POST" else None
        if asked.method == "POST":
            answer = client.post(asked.url, asked.data)
        else:
            answer = client.generic(asked.method, asked.url)
        wrote = before is not None and row(asked, world) != before
        stole = theirs is not None and elsewhere(world) != theirs
        transaction.set_rollback(True)
    return answer, wrote, stole


def told(answer: Any) -> str:
    """Return everything that an answer says."""
    return answer.getvalue().decode(errors="replace") + str(answer.headers)


def fault(client: Client, person: str, asked: Asked, world: World) -> str:
    """Return what is wrong with the answer to a request, or nothing."""
    answer, wrote, stole = send(client, asked, world)
    may = expected.allowed(person, asked.model, asked.mark) if asked.model else set()
    if OUTSIDE in told(answer) and not expected.sees_all(person):
        return "names a record of elsewhere"
    if (stole and person != "national") or answer.status_code >= 500:
        return "writes in Brittany" if stole else "breaks"
    if answer.status_code == 405:
        return ""  # an address for POST alone, which is asked too
    if wrote and not may & {"change", "delete", "add"}:
        return "writes"
    if asked.method == "GET" and asked.needs in {"view", "delete", "add"}:
        opened = answer.status_code == 200
        if opened != (asked.needs in may):
            return f"answers {answer.status_code}"
    return ""


@pytest.mark.parametrize("person", ASKING)
def test_no_request_leaks_or_writes(person: str, world: World) -> None:
    client, count, faults = enter(person, world), 0, []
    requests = [one for model in admin.site._registry for one in of_model(model, world)]
    for asked in (*requests, *of_site(world)):
        count += 1
        found = fault(client, person, asked, world)
        if found:
            faults.append(f"{found}: {asked}")
    log.info("%s: %s requests, %s faults", person, count, len(faults))
    assert faults == []
    assert count >= LEAST


def test_every_class_of_the_admin_has_its_records_here() -> None:
    assert set(BUILDERS) == set(admin.site._registry)


def test_every_class_of_the_admin_is_under_the_policy() -> None:
    outside = [one for one in admin.site._registry.values() if not isinstance(one, PolicyAdmin)]
    assert outside == []


def test_every_inline_of_the_admin_is_under_the_policy(rf: Any) -> None:
    request = rf.get("/")
    inlines = [
        inline for one in admin.site._registry.values() for inline in one.get_inlines(request, None)
    ]
    assert [inline for inline in inlines if not issubclass(inline, PolicyInline)] == []
    assert inlines


def test_class_written_elsewhere_is_put_under_the_policy() -> None:
    site = type(admin.site._wrapped)()  # type: ignore[attr-defined]
    site.register(Session, admin.ModelAdmin)
    assert isinstance(site._registry[Session], PolicyAdmin)


def test_every_model_of_the_directory_has_a_rule() -> None:
    models = set(apps.get_app_config("directory").get_models())
    assert models - set(policy.RULES) == set()
