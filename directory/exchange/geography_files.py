"""The shipped geography files: how they are written from INSEE's code and how they are read.

Files of fixtures/geography/ (compressed CSV, sources and licences in its README): regions,
departments, communes, aliases. `build` makes them from the full reference files of a folder, so
that the next vintage is one command away.
"""

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

TIME_ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "984": "Indian/Kerguelen",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
    "989": "America/Hermosillo",
}
"""IANA zones of the territories that do not live at Paris's hour (one zone each; the Marquesas and
Gambier, half an hour and an hour from Tahiti, are told at Tahiti's)."""

COMMUNE_COLUMNS = (
    "code",
    "name",
    "parent",
    "department",
    "epci",
    "postcodes",
    "population",
    "latitude",
    "longitude",
    "position_source",
)

ARRONDISSEMENT = "ARM"


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a compressed or plain CSV file as dictionaries of texts."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def write_rows(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    """Write rows as compressed CSV; the same rows always give the same bytes."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))


def build(reference: Path, target: Path) -> dict[str, int]:
    """Write the shipped files in `target` from the full files in `reference`; return row counts.

    Raises FileNotFoundError when a reference file is missing.
    """
    target.mkdir(parents=True, exist_ok=True)
    regions = [
        {"code": r["code"], "name": _curly(r["nom"]), "population": r["population"]}
        for r in read_rows(reference / "regions_2026.csv")
    ]
    departments = [_department(r) for r in read_rows(reference / "departements_2026.csv")]
    epcis = [
        {"code": r["siren"], "name": _curly(r["nom"])}
        for r in read_rows(reference / "epci_2026.csv")
    ]
    communes = [_commune(r) for r in read_rows(reference / "communes_cog2026.csv")]
    _complete_positions(communes)
    aliases = [
        {"name": _curly(r["nom"]), "commune": r["chef_lieu"], "code": r["code_insee"]}
        for r in read_rows(reference / "communes_deleguees_associees_cog2026.csv")
    ]
    write_rows(target / "regions.csv.gz", ("code", "name", "population"), regions)
    write_rows(
        target / "departments.csv.gz",
        ("code", "name", "region", "time_zone", "population", "latitude", "longitude"),
        departments,
    )
    write_rows(target / "epci.csv.gz", ("code", "name"), epcis)
    write_rows(target / "communes.csv.gz", COMMUNE_COLUMNS, communes)
    write_rows(target / "aliases.csv.gz", ("name", "commune", "code"), aliases)
    return {
        "regions": len(regions),
        "departments": len(departments),
        "communes": len(communes),
        "aliases": len(aliases),
    }


def _curly(name: str) -> str:
    return name.replace("'", "’")


def _department(row: dict[str, str]) -> dict[str, str]:
    return {
        "code": row["code"],
        "name": _curly(row["nom"]),
        "region": row["code_region"],
        "time_zone": TIME_ZONES.get(row["code"], "Europe/Paris"),
        "population": row["population"],
        "latitude": row["latitude"],
        "longitude": row["longitude"],
    }


def _commune(row: dict[str, str]) -> dict[str, str]:
    has_point = bool(row["latitude"])
    return {
        "code": row["code_insee"],
        "name": _curly(row["nom"]),
        "parent": row["commune_parente"] if row["type"] == ARRONDISSEMENT else "",
        "department": row["code_departement"],
        "epci": row["siren_epci"],
        "postcodes": row["codes_postaux"],
        "population": row["population"],
        "latitude": f"{float(row['latitude']):.5f}" if has_point else "",
        "longitude": f"{float(row['longitude']):.5f}" if has_point else "",
        "position_source": "laposte_hexasmal" if has_point else "",
    }


def _complete_positions(communes: list[dict[str, str]]) -> None:
    """Place a commune that has no centroid at the mean of those that share its postcode.

    Met for communes born or reborn since the centroid file (Bihorel, Celles…): a neighbour at a few
    kilometres is better than none, and the page says that the position is approximate.
    """
    by_postcode: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for commune in communes:
        if commune["latitude"]:
            point = (float(commune["latitude"]), float(commune["longitude"]))
            for code in commune["postcodes"].split("|"):
                by_postcode[code].append(point)
    for commune in communes:
        if commune["latitude"]:
            continue
        points = [p for code in commune["postcodes"].split("|") for p in by_postcode.get(code, ())]
        if points:
            commune["latitude"] = f"{sum(p[0] for p in points) / len(points):.5f}"
            commune["longitude"] = f"{sum(p[1] for p in points) / len(points):.5f}"
            commune["position_source"] = "postcode_mean"
