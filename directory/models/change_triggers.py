"""The triggers that write the change log, for SQLite and PostgreSQL.

PostgreSQL's fire once a statement, whatever its rows; SQLite has row triggers only. Two statements
never wait for each other here: they only add rows.

SQLite drops a table's triggers when Django rebuilds it to alter it: they are put back after every
`migrate`. A migration that alters the log itself must call `remove_triggers` first.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate
from django.dispatch import receiver

LOG = "directory_change"

WATCHED = (
    ("directory_place", "place", "id"),
    ("directory_place_terms", "place", "place_id"),
    ("directory_place_networks", "place", "place_id"),
    ("directory_closure", "place", "place_id"),
    ("directory_stop", "place", "place_id"),
    ("directory_service", "place", "place_id"),
    ("directory_serviceneed", "service", "service_id"),
    ("directory_serviceterm", "service", "service_id"),
)
"""Tables whose every write counts, what it changes, and the column that names it."""

WATCHED_COLUMNS = (
    ("directory_actor", "actor", ("name", "state")),
    ("directory_need", "everything", ("code", "label", "parent_id")),
    ("directory_term", "everything", ("vocabulary", "code", "label")),
    ("directory_commune", "everything", ("name", "department_id")),
    ("directory_department", "everything", ("name", "region_id", "time_zone")),
)
"""Tables of which only a new value in one of these columns counts, row by row. A deleted row left
its places by writes that are seen."""

ADDED_TO_ALL = ("directory_need", "directory_term")
"""Tables whose new rows every place may use at once: the index holds their codes and labels."""

ROW_KEYS = {"actor": "NEW.id", "everything": "0"}
"""What a row written by a watched row names."""

EVENTS = ("INSERT", "UPDATE", "DELETE")


def install_triggers(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers, or leave alone those that exist. The tables must exist."""
    make = _postgresql if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for statement in make():
            cursor.execute(statement)


def remove_triggers(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers and their functions."""
    on_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table, event in _names():
            on_table = f" ON {table}" if on_postgresql else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {_trigger(table, event)}{on_table}")
        if on_postgresql:
            for kind, column in _keys():
                cursor.execute(f"DROP FUNCTION IF EXISTS {_function(kind, column)}()")
            for kind in ROW_KEYS:
                cursor.execute(f"DROP FUNCTION IF EXISTS {LOG}_{kind}()")


@receiver(post_migrate, dispatch_uid="directory.change_triggers")
def put_back(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Put back what SQLite dropped with a rebuilt table."""
    connection = connections[using]
    if sender.label != "directory" or connection.vendor != "sqlite":
        return
    if LOG in connection.introspection.table_names():
        install_triggers(connection)


def _names() -> Iterator[tuple[str, str]]:
    for table, _kind, _column in WATCHED:
        for event in EVENTS:
            yield table, event
    for table, _kind, _columns in WATCHED_COLUMNS:
        yield table, "UPDATE"
    for table in ADDED_TO_ALL:
        yield table, "INSERT"


def _keys() -> list[tuple[str, str]]:
    return sorted({(kind, column) for _table, kind, column in WATCHED})


def _trigger(table: str, event: str) -> str:
    return f"{LOG}_{table.removeprefix('directory_')}_{event.lower()}"


def _function(kind: str, column: str) -> str:
    return f"{LOG}_{kind}_by_{column}"


def _changed(columns: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)


# --- PostgreSQL -----------------------------------------------------------------------------------

ADD_ROWS = f"INSERT INTO {LOG} (kind, object_id, transaction_id)"
# The transaction's number lets a reader know what it has seen, see `Position`.
NUMBER = "pg_current_xact_id()::text::bigint"


def _transition(event: str, column: str) -> str:
    if event == "DELETE":
        return "OLD TABLE AS changed"
    # A primary key never changes: half the cost of a large update.
    is_moved = event == "UPDATE" and column != "id"
    return f"{'OLD TABLE AS former ' if is_moved else ''}NEW TABLE AS changed"


def _postgresql() -> Iterator[str]:
    for kind, column in _keys():
        columns = f"{column} AS key"
        select = f"SELECT '{kind}', key, {NUMBER} FROM"
        former = "" if column == "id" else f"UNION SELECT {columns} FROM former"  # noqa: S608
        yield f"""
CREATE OR REPLACE FUNCTION {_function(kind, column)}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    {ADD_ROWS} {select} (SELECT {columns} FROM changed {former}) AS keys
    WHERE key IS NOT NULL;
  ELSE
    {ADD_ROWS} {select} (SELECT DISTINCT {columns} FROM changed) AS keys
    WHERE key IS NOT NULL;
  END IF;
  RETURN NULL;
END $$"""  # noqa: S608 (names of ours, nothing of a user's)
    for kind, key in ROW_KEYS.items():
        yield f"""
CREATE OR REPLACE FUNCTION {LOG}_{kind}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {ADD_ROWS} VALUES ('{kind}', {key}, {NUMBER});
  RETURN NULL;
END $$"""  # noqa: S608 (names of ours, nothing of a user's)
    for table, kind, column in WATCHED:
        for event in EVENTS:
            yield (
                f"CREATE OR REPLACE TRIGGER {_trigger(table, event)} AFTER {event} ON {table} "
                f"REFERENCING {_transition(event, column)} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {_function(kind, column)}()"
            )
    for table, kind, fields in WATCHED_COLUMNS:
        yield (
            f"CREATE OR REPLACE TRIGGER {_trigger(table, 'UPDATE')} AFTER UPDATE ON {table} "
            f"FOR EACH ROW WHEN ({_changed(fields, 'IS DISTINCT FROM')}) "
            f"EXECUTE FUNCTION {LOG}_{kind}()"
        )
    for table in ADDED_TO_ALL:
        yield (
            f"CREATE OR REPLACE TRIGGER {_trigger(table, 'INSERT')} AFTER INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {LOG}_everything()"
        )


# --- SQLite ---------------------------------------------------------------------------------------


def _sqlite() -> Iterator[str]:
    for table, kind, column in WATCHED:
        old = _sqlite_row(kind, f"OLD.{column}", f"OLD.{column} IS NOT NULL")
        new = _sqlite_row(kind, f"NEW.{column}", f"NEW.{column} IS NOT NULL")
        left = _sqlite_row(kind, f"OLD.{column}", f"OLD.{column} <> IFNULL(NEW.{column}, 0)")
        for event, body in (("INSERT", new), ("UPDATE", new + left), ("DELETE", old)):
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {_trigger(table, event)} AFTER {event} ON {table} "
                f"BEGIN {body}END"
            )
    for table, kind, fields in WATCHED_COLUMNS:
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {_trigger(table, 'UPDATE')} AFTER UPDATE ON {table} "
            f"WHEN {_changed(fields, 'IS NOT')} "
            f"BEGIN {_sqlite_row(kind, ROW_KEYS[kind], '1')}END"
        )
    for table in ADDED_TO_ALL:
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {_trigger(table, 'INSERT')} AFTER INSERT ON {table} "
            f"BEGIN {_sqlite_row('everything', '0', '1')}END"
        )


def _sqlite_row(kind: str, key: str, condition: str) -> str:
    return f"INSERT INTO {LOG} (kind, object_id) SELECT '{kind}', {key} WHERE {condition}; "
