"""Every way of writing a record leaves its history: what changed, who, from what, why."""

import ast
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from directory.models import Actor, Change, Place, Revision, Service, ServiceNeed, Stop
from directory.models.change_triggers import WATCHED, WATCHED_COLUMNS
from directory.models.history_rows import TRACKED, history_of
from directory.models.revisions import recording
from directory.models.tracking import TrackedQuerySet
from directory.vocabularies.names import Origin, State, Vocabulary
from tests import factories
from tests.files import ours, read

pytestmark = pytest.mark.django_db
make: Any = factories


def rows(record: Any) -> list[tuple[str, dict[str, Any]]]:
    """Kinds and changes of a record's history, the oldest first."""
    found = history_of(type(record)).objects.filter(id=record.pk).order_by("history_id")
    return list(found.values_list("history_type", "changes"))


def last(record: Any) -> Any:
    """The newest row of a record's history."""
    return history_of(type(record)).objects.filter(id=record.pk).latest("history_id")


def test_saving_tells_each_field_before_and_after() -> None:
    place = make.PlaceFactory(name="Avant", phone="3646")
    place.name, place.phone = "Après", "15"
    place.save()
    assert rows(place)[-1] == ("~", {"name": ["Avant", "Après"], "phone": ["3646", "15"]})


def test_saving_what_does_not_change_leaves_no_row() -> None:
    place = make.PlaceFactory()
    count = len(rows(place))
    place.save()
    Place.objects.filter(pk=place.pk).update(name=place.name)
    assert len(rows(place)) == count


def test_update_of_many_rows_tells_only_those_that_changed() -> None:
    first, second = make.PlaceFactory(state=State.DRAFT), make.PlaceFactory()
    count = len(rows(second))
    Place.objects.all().update(state=State.PUBLISHED)
    assert last(first).changes == {"state": ["draft", "published"]}
    assert len(rows(second)) == count


def test_bulk_update_and_bulk_create_leave_rows() -> None:
    place = make.PlaceFactory()
    stops = Stop.objects.bulk_create(
        Stop(place=place, commune=place.commune, label=label, opening_hours="Mo 09:00-10:00")
        for label in ("a", "b")
    )
    for stop in stops:
        stop.label += "!"
    Stop.objects.bulk_update(stops, ["label"])
    assert rows(stops[0]) == [("+", {}), ("~", {"label": ["a", "a!"]})]


def test_deletion_keeps_the_record_and_its_links() -> None:
    term = make.TermFactory()
    place = make.PlaceFactory(name="Disparu", terms=[term])
    closure = make.ClosureFactory(place=place)
    key = place.pk
    Place.objects.filter(pk=key).delete()
    row = history_of(Place).objects.get(id=key, history_type="-")
    assert (row.name, row.changes["terms"]) == ("Disparu", [[term.pk], []])
    kept = history_of(type(closure)).objects.get(history_type="-")
    assert (kept.place_key, kept.starts_on) == (key, closure.starts_on)


def test_many_to_many_fields_are_part_of_history_from_both_sides() -> None:
    place, term, actor = make.PlaceFactory(), make.TermFactory(), make.ActorFactory()
    place.terms.add(term)
    assert last(place).changes == {"terms": [[], [term.pk]]}
    actor.network_places.add(place)
    assert last(place).changes == {"networks": [[], [actor.pk]]}
    place.terms.clear()
    assert last(place).changes == {"terms": [[term.pk], []]}


def test_deleting_an_operator_tells_that_its_places_lost_it() -> None:
    actor = make.ActorFactory()
    place = make.PlaceFactory(operator=actor)
    key = actor.pk
    actor.delete()
    assert last(place).changes == {"operator": [key, None]}


def test_needs_of_a_service_are_on_the_page_of_its_place() -> None:
    service = make.ServiceFactory()
    need = make.ServiceNeedFactory(service=service)
    row = last(need)
    assert (row.place_key, row.history_type) == (service.place_id, "+")
    assert history_of(ServiceNeed) in {history_of(model) for model in TRACKED}


def test_changes_written_together_are_one_revision_and_one_row_a_record() -> None:
    place = make.PlaceFactory(name="a")
    with recording(Origin.CONTRIBUTION, reason="courrier"):
        place.name = "b"
        place.save()
        place.name = "c"
        place.save()
        make.ClosureFactory(place=place)
    row = last(place)
    assert row.changes == {"name": ["a", "c"]}
    assert (row.revision.origin, row.history_change_reason) == (Origin.CONTRIBUTION, "courrier")
    assert history_of(place.closures.model).objects.get().revision == row.revision


def test_change_taken_back_at_once_leaves_no_row() -> None:
    place = make.PlaceFactory(name="a")
    count = len(rows(place))
    with recording():
        for name in ("b", "a"):
            place.name = name
            place.save()
    assert len(rows(place)) == count


def test_revision_undone_with_its_transaction_is_not_used_again() -> None:
    place = make.PlaceFactory(name="a")
    with recording(Origin.MERGE):
        with transaction.atomic():
            place.name = "b"
            place.save()
            transaction.set_rollback(True)
        place.refresh_from_db()
        place.name = "c"
        place.save()
    assert last(place).changes == {"name": ["a", "c"]}
    assert last(place).revision.origin == Origin.MERGE


def test_dates_and_lists_are_kept_as_json() -> None:
    place = make.PlaceFactory(emails=[])
    place.verified_on, place.emails = date(2026, 10, 12), ["accueil@annuaire.example"]
    place.save()
    assert last(place).changes == {
        "verified_on": [None, "2026-10-12"],
        "emails": [[], ["accueil@annuaire.example"]],
    }


def test_person_is_told_by_revision_and_by_row() -> None:
    user = User.objects.create_user("moderatrice")
    place = make.PlaceFactory()
    with recording(user=user):
        place.name = "Autre"
        place.save()
    assert (last(place).history_user, last(place).revision.origin) == (user, Origin.PERSON)


# --- Nothing is written past the history ----------------------------------------------------------


def test_what_moderators_correct_is_tracked() -> None:
    names = {model._meta.model_name for model in TRACKED}
    assert names == {
        "place", "closure", "stop", "actor", "service", "serviceneed", "serviceterm", "servicearea",
    }  # fmt: skip
    assert set(TRACKED[Place]) == {field.name for field in Place._meta.many_to_many}
    assert set(TRACKED[Actor]) == {field.name for field in Actor._meta.many_to_many}


def test_every_manager_of_a_tracked_model_writes_history() -> None:
    for model in TRACKED:
        assert isinstance(model._default_manager.all(), TrackedQuerySet)
        assert isinstance(model._default_manager.none(), TrackedQuerySet)


WRITES = {"update", "delete", "bulk_create", "bulk_update", "_raw_delete", "_update"}
PAST_HISTORY = {
    "directory/exchange/duplicates/children.py",
    "directory/exchange/place_children.py",
    "directory/moderation/bulk.py",
}
"""Files that write links in bulk, and tell them by `record_many`: see their tests."""


def writes_past_history(source: str) -> list[int]:
    """Lines that write through tables, base managers or SQL on tracked tables."""
    tables = {model._meta.db_table for model in TRACKED}
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            chain = ast.unparse(node.func)
            past = "through" in chain or "_base_manager" in chain or "_raw_delete" in chain
            if node.func.attr in WRITES and past:
                found.append(node.lineno)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value.upper().split()
            if words[:1] in (["UPDATE"], ["DELETE"], ["INSERT"]) and any(
                table in node.value for table in tables
            ):
                found.append(node.lineno)
    return found


def test_no_code_writes_past_history() -> None:
    files = [path for path in ours(".py") if path.startswith("directory/")]
    code = [path for path in files if "/migrations/" not in path]
    found = {path: lines for path in code if (lines := writes_past_history(read(path)))}
    assert set(found) == PAST_HISTORY


@pytest.mark.parametrize(
    "source",
    [
        "Place.terms.through.objects.filter(place=1).delete()",
        "Place._base_manager.update(state='draft')",
        "cursor.execute('UPDATE directory_place SET name = 1')",
        "rows._raw_delete('default')",
    ],
)
def test_write_past_history_is_seen(source: str) -> None:
    assert writes_past_history(source) == [1]


def test_rows_of_history_do_not_enter_the_change_log() -> None:
    tables = {table for table, *_rest in (*WATCHED, *WATCHED_COLUMNS)}
    assert not tables & {history_of(model)._meta.db_table for model in TRACKED}
    place = make.PlaceFactory()
    row = last(place)
    start = Change.objects.count()
    row.pk = None
    row.save(force_insert=True)
    assert Change.objects.count() == start


def test_pages_of_history_are_read_by_an_index() -> None:
    with connection.cursor() as cursor:
        for model in TRACKED:
            table = history_of(model)._meta.db_table
            found = connection.introspection.get_constraints(cursor, table).values()
            indexed = {one["columns"][0] for one in found if one["index"] and one["columns"]}
            assert {"place_key", "actor_key", "revision_id", "id"} <= indexed


# --- Imports --------------------------------------------------------------------------------------


def test_creation_by_an_import_leaves_no_row() -> None:
    source, term = make.SourceFactory(), make.TermFactory()
    place = Place(slug="nouveau", name="Nouveau", commune=make.CommuneFactory())
    with recording(Origin.IMPORT, source=source):
        place.save()
        place.terms.add(term)
        Service.objects.create(place=place, name="a", state=State.PUBLISHED)
    assert rows(place) == []
    assert Revision.objects.filter(origin=Origin.IMPORT).count() == 0


def test_import_credits_its_source() -> None:
    source = make.SourceFactory()
    place = make.PlaceFactory(terms=[make.TermFactory(vocabulary=Vocabulary.KIND)])
    with recording(Origin.IMPORT, source=source):
        place.name = "Du fichier"
        place.save()
    assert last(place).revision.source == source
