"""Fills the bench's database: the shipped data, then as many generated places as asked."""

import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, models, transaction

FIRST_KEY = 10_000
"""Keys of generated places: beyond those of the shipped ones."""


def main() -> None:
    """Make `sys.argv[1]` published or draft places in all; print the seconds it took."""
    django.setup()
    call_command("prepare_demo")
    started = time.monotonic()
    fill(int(sys.argv[1]))
    print(f"{time.monotonic() - started:.1f}")


def fill(count: int) -> None:
    """Add generated places until the directory holds `count` of them, shipped ones included."""
    from bench import generate  # noqa: PLC0415 (Django is ready only now)
    from directory.models import Place, Service, ServiceNeed, ServiceTerm  # noqa: PLC0415

    generated = Place.objects.filter(pk__gte=FIRST_KEY).count()
    shipped = Place.objects.count() - generated
    tables: list[type[models.Model]] = [Place, Service, Place.terms.through]
    tables += [ServiceTerm, ServiceNeed]
    with transaction.atomic():
        _set_triggers("DISABLE", tables)
        for chunk in generate.chunks(
            _world(), FIRST_KEY + generated, FIRST_KEY + max(generated, count - shipped)
        ):
            copy(
                Place, [place | {"search_text": _text(place, town)} for place, town in chunk.places]
            )
            copy(Service, chunk.services)
            copy(Place.terms.through, chunk.place_terms)
            copy(ServiceTerm, chunk.service_terms)
            copy(ServiceNeed, chunk.service_needs)
        _set_triggers("ENABLE", tables)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def copy(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Write rows with COPY; a column that they leave out takes the model's default."""
    rows = list(rows)
    if not rows:
        return
    fields = {str(f.column): f for f in model._meta.local_concrete_fields}
    if "id" not in rows[0]:
        del fields["id"]
    now = datetime.now(UTC)
    defaults = {
        column: now if _is_stamp(field) else field.get_db_prep_save(field.get_default(), connection)
        for column, field in fields.items()
        if column != "id"
    }
    quoted = ", ".join(connection.ops.quote_name(column) for column in fields)
    statement = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({quoted}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for row in rows:
            target.write_row([row[c] if c in row else defaults[c] for c in fields])


def _is_stamp(field: models.Field) -> bool:
    return bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


def _set_triggers(verb: str, tables: list[type[models.Model]]) -> None:
    """Silence change logs while loading, and foreign keys where the account may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        which = "ALL" if cursor.fetchone()[0] else "USER"
        for model in tables:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER {which}")


def _text(place: dict[str, Any], town: Any) -> str:
    from directory.vocabularies.normalization import normalize  # noqa: PLC0415

    return normalize(f"{place['name']} {place['address']} {town.name}")


def _world() -> Any:
    from bench import generate  # noqa: PLC0415
    from directory.models import Actor, Commune, Need, Place, Postcode, Term  # noqa: PLC0415

    postcodes = dict(Postcode.objects.values_list("commune", "code").order_by("-code"))
    # Cities that have arrondissements are peopled by these.
    divided = Commune.objects.exclude(parent=None).values("parent")
    rows = Commune.objects.filter(population__gt=0, latitude__isnull=False).exclude(pk__in=divided)
    terms: dict[str, dict[str, int]] = {}
    for vocabulary, code, key in Term.objects.values_list("vocabulary", "code", "pk"):
        terms.setdefault(vocabulary, {})[code] = key
    hours = Place.objects.filter(pk__lt=FIRST_KEY).exclude(opening_hours="")
    return generate.World(
        towns=[
            generate.Town(
                code, name, postcodes.get(code, ""), people or 0, latitude or 0, longitude or 0
            )
            for code, name, people, latitude, longitude in rows.order_by("pk").values_list(
                "code", "name", "population", "latitude", "longitude"
            )
        ],
        hours=list(
            hours.order_by("opening_hours").values_list("opening_hours", flat=True).distinct()
        ),
        terms=terms,
        needs=dict(Need.objects.order_by("code").values_list("code", "pk")),
        operators=list(Actor.objects.order_by("pk").values_list("pk", flat=True)),
    )


if __name__ == "__main__":
    main()
