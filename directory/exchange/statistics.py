"""What PostgreSQL knows of its tables, told anew after a large import.

Its own collector sees nothing of a transaction under way: it would then read whole tables to find
the rows of a hundred places (11 ms instead of 0.4, at 23,000 rows).
"""

from django.db import connection

from directory.models import (
    FieldProvenance,
    Place,
    PlaceSource,
    Service,
    ServiceArea,
    ServiceNeed,
    ServiceTerm,
    Stop,
)

WRITTEN = (
    Place, Place.terms.through, Place.networks.through, PlaceSource, FieldProvenance, Service,
    ServiceArea, ServiceNeed, ServiceTerm, Stop,
)  # fmt: skip
"""What imports write."""
MANY = 1_000
"""Places added from which it is worth while: some 100 ms."""


def refresh() -> None:
    """Count the rows of what imports write. Never waits: what is counted elsewhere is left."""
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in WRITTEN)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE (SKIP_LOCKED) {tables}")
