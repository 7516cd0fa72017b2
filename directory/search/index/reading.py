"""A reading of the database in which all tables are of the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def consistent_reading() -> Iterator[None]:
    """Open a transaction that sees one state of the database.

    PostgreSQL's default level sees what others commit between two queries. A transaction already
    open keeps its own level, which can no longer change.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
