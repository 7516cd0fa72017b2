"""Loads the shipped geography into the database: twice gives the same rows as once."""

from collections.abc import Callable, Iterable
from pathlib import Path

from django.db import connection, models, transaction

from directory.exchange.geography_files import read_rows
from directory.models import Commune, CommuneName, Department, Postcode, Region
from directory.vocabularies.normalization import (
    normalize,
    normalize_place_name,
    without_article,
)

BATCH = 1000
"""Rows per statement: PostgreSQL takes 65,535 parameters, SQLite 250,000."""


def load(folder: Path, progress: Callable[[str, int], None] = lambda name, rows: None) -> int:
    """Load regions, departments, communes, names and postcodes in one transaction.

    Existing rows are updated, missing ones added; names and postcodes that are no longer published
    are removed. Communes are never removed: places point at them. Returns the count of communes.
    `progress` is told each table's name and row count.
    """
    with transaction.atomic():
        progress("regions", _load_regions(folder))
        progress("departments", _load_departments(folder))
        rows = list(read_rows(folder / "communes.csv.gz"))
        progress("communes", _load_communes(rows, folder))
        progress("postcodes", _load_postcodes(rows))
        progress("names", _load_names(rows, folder))
        _analyze(Region, Department, Commune, Postcode, CommuneName)
    return len(rows)


def _analyze(*tables: type[models.Model]) -> None:
    """Count what tables hold: until then PostgreSQL plans as if they were empty.

    Measured: the names of communes took 11 s to read instead of 0.1 s.
    """
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table._meta.db_table)}")


def _upsert(rows: Iterable[models.Model], model: type[models.Model], fields: list[str]) -> int:
    objects = list(rows)
    model._default_manager.bulk_create(
        objects,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=[model._meta.pk.name],
        update_fields=fields,
    )
    return len(objects)


def _load_regions(folder: Path) -> int:
    rows = (
        Region(code=r["code"], name=r["name"], population=_int(r["population"]))
        for r in read_rows(folder / "regions.csv.gz")
    )
    return _upsert(rows, Region, ["name", "population"])


def _load_departments(folder: Path) -> int:
    rows = (
        Department(
            code=r["code"],
            name=r["name"],
            normalized_name=normalize(r["name"]),
            region_id=r["region"],
            time_zone=r["time_zone"],
            population=_int(r["population"]),
            latitude=_float(r["latitude"]),
            longitude=_float(r["longitude"]),
        )
        for r in read_rows(folder / "departments.csv.gz")
    )
    fields = "name normalized_name region_id time_zone population latitude longitude"
    return _upsert(rows, Department, fields.replace("_id", "").split())


def _load_communes(rows: list[dict[str, str]], folder: Path) -> int:
    epci = {r["code"]: r["name"] for r in read_rows(folder / "epci.csv.gz")}
    # Cities before their arrondissements, which point at them.
    ordered = sorted(rows, key=lambda r: bool(r["parent"]))
    objects = (
        Commune(
            code=r["code"],
            name=r["name"],
            department_id=r["department"],
            parent_id=r["parent"] or None,
            epci_code=r["epci"],
            epci_name=epci.get(r["epci"], ""),
            population=_int(r["population"]),
            latitude=_float(r["latitude"]),
            longitude=_float(r["longitude"]),
            position_source=r["position_source"],
        )
        for r in ordered
    )
    fields = [
        "name",
        "department",
        "parent",
        "epci_code",
        "epci_name",
        "population",
        "latitude",
        "longitude",
        "position_source",
    ]
    return _upsert(objects, Commune, fields)


def _load_postcodes(rows: list[dict[str, str]]) -> int:
    wanted = {(r["code"], code) for r in rows for code in r["postcodes"].split("|") if code}
    existing = {
        (commune, code): pk
        for pk, commune, code in Postcode.objects.values_list("pk", "commune_id", "code")
    }
    _delete(Postcode, [pk for key, pk in existing.items() if key not in wanted])
    Postcode.objects.bulk_create(
        (Postcode(commune_id=c, code=p) for c, p in sorted(wanted - existing.keys())),
        batch_size=BATCH * 10,
    )
    return len(wanted)


def _load_names(rows: list[dict[str, str]], folder: Path) -> int:
    wanted: dict[tuple[str, str, str], str] = {}
    former: dict[tuple[str, str, str], str] = {}
    for row in rows:
        full = normalize_place_name(row["name"])
        wanted[row["code"], full, CommuneName.Kind.OFFICIAL] = row["name"]
        if (short := without_article(full)) != full:
            wanted[row["code"], short, CommuneName.Kind.SHORT] = row["name"]
    known = {row["code"] for row in rows}
    for alias in read_rows(folder / "aliases.csv.gz"):
        name = normalize_place_name(alias["name"])
        if alias["commune"] in known:
            key = (alias["commune"], name, CommuneName.Kind.DELEGATED)
            wanted[key] = alias["name"]
            former[key] = alias["code"]
    rows_by_key = {
        (row.commune_id, row.normalized, row.kind): row for row in CommuneName.objects.all()
    }
    # A row that says something else than the file is written again.
    kept = {
        key
        for key, row in rows_by_key.items()
        if (row.name, row.former_code) == (wanted.get(key), former.get(key, ""))
    }
    _delete(CommuneName, [row.pk for key, row in rows_by_key.items() if key not in kept])
    CommuneName.objects.bulk_create(
        (
            CommuneName(
                commune_id=key[0],
                normalized=key[1],
                kind=key[2],
                name=name,
                former_code=former.get(key, ""),
            )
            for key, name in sorted(wanted.items())
            if key not in kept
        ),
        batch_size=BATCH * 10,
    )
    return len(wanted)


def _delete(model: type[models.Model], keys: list[int]) -> None:
    for start in range(0, len(keys), BATCH):
        model._default_manager.filter(pk__in=keys[start : start + BATCH]).delete()


def _int(text: str) -> int | None:
    return int(text) if text else None


def _float(text: str) -> float | None:
    return float(text) if text else None
