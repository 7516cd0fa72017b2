"""The change log: every write that matters to the search names its places, and only those."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.utils import timezone

from directory.models import (
    Actor,
    Change,
    Closure,
    Commune,
    Department,
    Need,
    Place,
    Service,
    ServiceNeed,
    ServiceTerm,
    Stop,
    Term,
    changes,
)
from directory.models.change_triggers import install_triggers, remove_triggers
from directory.models.changes import KEEP, Position, places_of
from directory.vocabularies.names import Basis, State, Vocabulary
from tests import factories

make: Any = factories

ELSEWHERE = "999999999:999999999:" if connection.vendor == "postgresql" else "999999999"
"""The horizon of a log longer than any here."""


class World:
    """A place with everything the index reads of it, and another that no write touches."""

    def __init__(self) -> None:
        self.operator, self.network, self.helper = (make.ActorFactory() for _ in range(3))
        self.term = make.TermFactory(code="RFS")
        self.other_term = make.TermFactory(code="BIB")
        self.other_need = make.NeedFactory()
        self.language = make.TermFactory(vocabulary=Vocabulary.LANGUAGE, code="fr")
        self.place: Place = make.PlaceFactory(operator=self.operator, terms=[self.term])
        self.place.networks.add(self.network)
        self.service = make.ServiceFactory(place=self.place, actor=self.helper, needs=["ameli"])
        make.ServiceTermFactory(service=self.service)
        make.ClosureFactory(place=self.place)
        make.StopFactory(place=self.place)
        self.other: Place = make.PlaceFactory(operator=make.ActorFactory())
        make.ServiceFactory(place=self.other, needs=["ameli"])

    @property
    def myself(self) -> Any:
        """The place as a query."""
        return Place.objects.filter(pk=self.place.pk)


@pytest.fixture
def world(db: None) -> World:
    return World()


def logged(write: Callable[[], Any]) -> set[int] | None:
    """The places that a write names in the log."""
    last = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    write()
    return places_of(list(Change.objects.filter(pk__gt=last).values_list("kind", "object_id")))


def sql(statement: str, *values: Any) -> None:
    """Write behind Django's back."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def renamed(thing: Any) -> None:
    thing.name = "Nouveau nom"
    thing.save()


# --- Writes that matter ---------------------------------------------------------------------------

WRITES: dict[str, Callable[[World], Any]] = {
    "save": lambda w: renamed(w.place),
    "save of one field": lambda w: w.place.save(update_fields=["verified_on"]),
    "queryset update": lambda w: w.myself.update(state=State.DRAFT),
    "bulk update": lambda w: Place.objects.bulk_update([w.place], ["name"]),
    "raw SQL": lambda w: sql("UPDATE directory_place SET name = 'x' WHERE id = %s", w.place.pk),
    "deletion": lambda w: w.place.delete(),
    "queryset deletion": lambda w: w.myself.delete(),
    "term added": lambda w: w.place.terms.add(w.other_term),
    "term removed": lambda w: w.place.terms.remove(w.term),
    "terms cleared": lambda w: w.place.terms.clear(),
    "terms set": lambda w: w.place.terms.set([w.other_term]),
    "term's deletion": lambda w: w.term.delete(),
    "network added": lambda w: w.place.networks.add(make.ActorFactory()),
    "network removed from its side": lambda w: w.network.network_places.clear(),
    "service added": lambda w: make.ServiceFactory(place=w.place),
    "service's save": lambda w: renamed(w.service),
    "service's update": lambda w: Service.objects.filter(pk=w.service.pk).update(name="x"),
    "service's deletion": lambda w: w.service.delete(),
    "service leaves": lambda w: Service.objects.filter(pk=w.service.pk).update(place=None),
    "need added": lambda w: make.ServiceNeedFactory(service=w.service, need=w.other_need),
    "need confirmed": lambda w: w.service.service_needs.update(basis=Basis.DEDUCED, rule="r"),
    "need removed": lambda w: ServiceNeed.objects.filter(service=w.service).delete(),
    "property added": lambda w: ServiceTerm.objects.bulk_create(
        [ServiceTerm(service=w.service, term=w.language)]
    ),
    "property removed": lambda w: ServiceTerm.objects.filter(service=w.service).delete(),
    "closure added": lambda w: make.ClosureFactory(place=w.place),
    "closure moved": lambda w: Closure.objects.update(ends_on=date(2026, 9, 1)),
    "closure removed": lambda w: Closure.objects.all().delete(),
    "stop added": lambda w: make.StopFactory(place=w.place),
    "stop moved": lambda w: Stop.objects.update(opening_hours="We 09:00-12:00"),
    "stop removed": lambda w: Stop.objects.all().delete(),
    "operator renamed": lambda w: renamed(w.operator),
    "operator unpublished": lambda w: Actor.objects.filter(pk=w.operator.pk).update(
        state=State.DRAFT
    ),
    "operator's deletion": lambda w: w.operator.delete(),
    "network renamed": lambda w: renamed(w.network),
    "service's actor renamed": lambda w: renamed(w.helper),
    "service's actor's deletion": lambda w: w.helper.delete(),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_write_names_its_place_and_no_other(world: World, write: Callable[[World], Any]) -> None:
    key = world.place.pk
    assert logged(lambda: write(world)) == {key}


def test_bulk_creation_names_every_place(world: World) -> None:
    places = [Place(slug=f"n-{n}", name="n", commune=world.place.commune) for n in range(3)]
    found = logged(lambda: Place.objects.bulk_create(places))
    assert found == {place.pk for place in places}


def test_upsert_names_the_place_it_changes(world: World) -> None:
    upsert = Place(slug=world.place.slug, name="Autre", commune=world.place.commune)
    found = logged(
        lambda: Place.objects.bulk_create(
            [upsert], update_conflicts=True, unique_fields=["slug"], update_fields=["name"]
        )
    )
    assert found == {world.place.pk}


def test_ignored_conflict_still_names_the_links_added(world: World) -> None:
    through = Place.terms.through
    links = [through(place=place, term=world.term) for place in (world.place, world.other)]
    found = logged(lambda: through.objects.bulk_create(links, ignore_conflicts=True))
    assert found == {world.other.pk}


def test_service_that_moves_names_both_places(world: World) -> None:
    found = logged(lambda: Service.objects.filter(pk=world.service.pk).update(place=world.other))
    assert found == {world.place.pk, world.other.pk}


FOR_ALL: dict[str, Callable[[World], Any]] = {
    "need's code": lambda w: Need.objects.filter(pk=w.other_need.pk).update(code="autre"),
    "need's label": lambda w: Need.objects.update(label="Autre"),
    "new need": lambda w: make.NeedFactory(),
    "term's code": lambda w: Term.objects.filter(pk=w.language.pk).update(code="en"),
    "new term": lambda w: make.TermFactory(code="RFS2"),
    "commune's name": lambda w: Commune.objects.update(name="Autre"),
    "department's time zone": lambda w: Department.objects.update(time_zone="Indian/Mayotte"),
}


@pytest.mark.parametrize("write", FOR_ALL.values(), ids=FOR_ALL)
def test_write_that_concerns_all_places_names_all(
    world: World, write: Callable[[World], Any]
) -> None:
    assert logged(lambda: write(world)) is None


# --- Writes that do not ---------------------------------------------------------------------------

UNRELATED: dict[str, Callable[[World], Any]] = {
    "contribution": lambda w: make.ContributionFactory(place=w.place),
    "helpline": lambda w: make.HelplineFactory(),
    "synonym": lambda w: make.SynonymFactory(need=w.other_need),
    "source": lambda w: make.SourceFactory(),
    "commune's population": lambda w: Commune.objects.update(population=1),
    "actor's presentation": lambda w: Actor.objects.update(description="Autre"),
    "new actor": lambda w: make.ActorFactory(),
    "actor's service without place": lambda w: make.AreaServiceFactory(actor=w.helper),
    "vocabulary loaded again": lambda w: Term.objects.bulk_create(
        [Term(vocabulary=w.term.vocabulary, code=w.term.code, label=w.term.label)],
        update_conflicts=True,
        unique_fields=["vocabulary", "code"],
        update_fields=["label"],
    ),
    "need's explanation": lambda w: Need.objects.update(explanation="Autre"),
    "update of nothing": lambda w: Place.objects.filter(pk=0).update(name="x"),
}


@pytest.mark.parametrize("write", UNRELATED.values(), ids=UNRELATED)
def test_unrelated_write_logs_nothing(world: World, write: Callable[[World], Any]) -> None:
    before = Change.objects.count()
    write(world)
    assert Change.objects.count() == before


def test_write_rolled_back_logs_nothing(world: World) -> None:
    before = Change.objects.count()
    with transaction.atomic():
        renamed(world.place)
        transaction.set_rollback(True)
    assert Change.objects.count() == before


# --- Reading --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_committed_change_is_read_once() -> None:
    place = make.PlaceFactory()
    start = Change.objects.position()
    renamed(place)
    read = Change.objects.since(start)
    assert read.places == {place.pk}
    assert read.position.version > start.version
    assert Change.objects.since(read.position).places == set()


def test_too_many_rows_are_not_told_one_by_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = Change.objects.position()
    make.PlaceFactory.create_batch(4)
    monkeypatch.setattr(changes, "READ_MAX", 3)
    assert Change.objects.since(start).places is None


@pytest.mark.django_db
def test_log_of_another_database_names_all_places() -> None:
    assert Change.objects.since(Position(ELSEWHERE, 1)).places is None


@pytest.mark.django_db
def test_rows_older_than_a_day_are_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "PRUNE_CHUNK", 2)
    Change.objects.all().delete()  # emptying tables between tests writes in the log
    make.PlaceFactory.create_batch(5)
    Change.objects.update(changed_at=timezone.now() - KEEP - timedelta(minutes=1))
    recent = make.PlaceFactory()
    assert [Change.objects.prune() for _ in range(4)] == [2, 2, 1, 0]
    assert set(Change.objects.values_list("object_id", flat=True)) == {recent.pk}


# --- Triggers -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_triggers_go_and_come_back() -> None:
    remove_triggers(connection)
    Change.objects.all().delete()
    make.PlaceFactory()
    assert not Change.objects.exists()
    connection.check_constraints()  # PostgreSQL adds no trigger while any of them waits
    install_triggers(connection)
    install_triggers(connection)
    place = make.PlaceFactory()
    assert list(Change.objects.values_list("object_id", flat=True)) == [place.pk]


if connection.vendor == "sqlite":

    @pytest.mark.django_db(transaction=True)
    def test_table_rebuilt_by_a_migration_gets_its_triggers_back() -> None:
        with connection.schema_editor() as editor:
            editor._remake_table(Place)  # type: ignore[attr-defined]
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        place = make.PlaceFactory()
        assert logged(lambda: renamed(place)) == {place.pk}
