"""Measures imports: every list of a folder into one database, then 25,000 and 200,000 drawn rows.

    .venv/bin/python .ci/postgres.py .venv/bin/python -m bench.imports --folder LISTS [--out FILE]

LISTS holds producers' files (CSV, XLSX, JSON), never shipped with the project; `imports.toml` in
it, else the one here, may give, by file name, `source`, `mapping`, `with` (a second file), `key`
(the column of the identifiers, to check the difference between two vintages of a source) and
`skip`. Each list is imported twice, and once more when all are in. Each import runs in a process of
its own, whose time and greatest memory are told. Without DATABASE_URL, SQLite in
var/bench/. `cpu` is this process's own time: on a busy machine it says more than the clock.
"""

import argparse
import csv
import gzip
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import import_table

ROOT = Path(__file__).resolve().parent.parent
SIZES = (25_000, 200_000)
MAX_BYTES = 20_000_000
CHILD = """
import json, resource, sys, time
from pathlib import Path
import django
django.setup()
from directory.exchange.import_runs import counts_of
from directory.exchange.importing import ImportRefusedError, Mode, Request, run
from directory.exchange.report import Kind
source, mode, mapping, *paths = sys.argv[1:]
start = time.perf_counter()
try:
    report = run(Request(source, tuple(map(Path, paths)), Mode(mode), mapping))
except ImportRefusedError as error:
    print(json.dumps({"refused_file": str(error)}))
    sys.exit()
told = counts_of(report)
told["rejected_lines"] = [e.line for e in report.journal if e.kind == Kind.REJECTED]
told["seconds"] = round(time.perf_counter() - start, 1)
told["cpu"] = round(time.process_time(), 1)
told["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps(told))
"""
COLUMNS = (
    "rows", "stored", "added", "updated", "unchanged", "gone", "merged", "rejected", "seconds",
    "cpu", "megabytes",
)  # fmt: skip
HEADER = (
    "id,pivot,nom,commune,code_postal,code_insee,adresse,latitude,longitude,telephone,horaires,"
    "date_maj,services,typologie,source"
).split(",")
SHORT = ("id", "pivot", "nom", "commune", "code_postal", "code_insee", "adresse", "date_maj")
SERVICES = ("Aide aux démarches administratives", "Maîtrise des outils numériques du quotidien")


def main() -> int:
    """Run everything; print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=os.environ.get("BENCH_LISTS"))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--no-volume", action="store_true")
    options = parser.parse_args()
    environment = _environment()
    _run([sys.executable, "manage.py", "prepare_demo"], environment)
    lines = []
    if options.folder:
        imported = list(_lists(Path(options.folder), environment))
        lines = import_table.lines(list(_again(imported, environment)))
    if not options.no_volume:
        lines += ["", f"| file | run | {' | '.join(COLUMNS)} |"]
        lines.append("| --- " * (len(COLUMNS) + 2) + "|")
        with tempfile.TemporaryDirectory() as folder:
            for size in SIZES:
                path = Path(folder) / f"drawn-{size}.csv"
                _draw(path, size)
                weight = path.stat().st_size / 1e6
                for run, mode in (("dry", "dry"), ("applied", "run"), ("again", "run")):
                    one = _import(environment, f"bench-{size}", mode, [path])
                    lines.append(_line(f"{size} drawn rows, {weight:.1f} MB", run, one))
                    print(lines[-1], file=sys.stderr)
    text = "\n".join(lines)
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    return 0


def _environment() -> dict[str, str]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "mediation.settings", "DJANGO_DEMO": "1"}
    if "DATABASE_URL" not in environment:
        folder = ROOT / "var" / "bench"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "imports.sqlite3").unlink(missing_ok=True)
        environment["DATABASE_URL"] = f"sqlite:///{folder}/imports.sqlite3"
    return environment


def _lists(folder: Path, environment: dict[str, str]) -> Iterator[import_table.Imported]:
    """Import each list twice; tell each on the way."""
    own = folder / "imports.toml"
    settings = own if own.exists() else Path(__file__).with_name("imports.toml")
    given = tomllib.loads(settings.read_text(encoding="utf-8"))
    companions = {one["with"] for one in given.values() if "with" in one}
    for path in sorted(folder.iterdir()):
        one = given.get(path.name, {})
        if path.suffix == ".toml" or path.name in companions or one.get("skip"):
            continue
        paths = [path, *([folder / one["with"]] if "with" in one else [])]
        source = one.get("source", path.stem.lower().replace(".", "-").replace("_", "-"))[:50]
        mapping = one.get("mapping", "")
        told = [_import(environment, source, "run", paths, mapping) for _time in range(2)]
        print(path.name, told[0].get("seconds"), "s", file=sys.stderr)
        yield import_table.Imported(paths, source, mapping, one.get("key", ""), *told)


def _again(
    imported: list[import_table.Imported], environment: dict[str, str]
) -> Iterator[import_table.Imported]:
    """Import each source's last list once more, after all the others."""
    last = {one.source: one for one in imported}
    for one in imported:
        if last[one.source] is one:
            one.at_the_end = _import(environment, one.source, "run", one.paths, one.mapping)
        yield one


def _import(
    environment: dict[str, str],
    source: str,
    mode: str,
    paths: list[Path],
    mapping: str = "",
) -> dict[str, Any]:
    command = [sys.executable, "-c", CHILD, source, mode, mapping, *map(str, paths)]
    told: dict[str, Any] = json.loads(_run(command, environment).splitlines()[-1])
    return told


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:3])}… : {done.returncode}")
    return done.stdout


def _line(name: str, run: str, told: dict[str, Any]) -> str:
    return f"| {name} | {run} | " + " | ".join(str(told[column]) for column in COLUMNS) + " |"


def _draw(path: Path, size: int) -> None:
    """Write rows of the national standard, of which one in ten needs a repair."""
    rng = random.Random(size)
    with (ROOT / "fixtures/geography/communes.csv.gz").open("rb") as packed:
        towns = _towns(packed)
    wide = size * 150 < MAX_BYTES
    names = HEADER if wide else SHORT
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, extrasaction="ignore")
        writer.writeheader()
        for number in range(size):
            code, town, postcode, latitude, longitude = rng.choice(towns)
            writer.writerow(
                {
                    "id": f"b{number}",
                    "pivot": "" if number % 3 else "0" * 14,
                    "nom": f"Médiathèque n° {number}" if wide else f"Lieu {number}",
                    "commune": town,
                    "code_postal": postcode if number % 20 else postcode.lstrip("0"),
                    "code_insee": code,
                    "adresse": f"{number % 90 + 1} rue du Moulin" if wide else "",
                    "latitude": latitude if number % 10 else longitude,
                    "longitude": longitude if number % 10 else latitude,
                    "telephone": f"01 99 00 {number % 100:02d} {number // 100 % 100:02d}",
                    "horaires": "Mo-Fr 09:00-12:00,14:00-17:00",
                    "date_maj": "2026-03-01",
                    "services": "|".join(SERVICES[: number % 2 + 1]),
                    "typologie": "BIB",
                    "source": "banc",
                }
            )


def _towns(packed: Any) -> list[tuple[str, str, str, str, str]]:
    rows = csv.DictReader(io.TextIOWrapper(gzip.GzipFile(fileobj=packed), encoding="utf-8"))
    return [
        (r["code"], r["name"], r["postcodes"].split("|")[0], r["latitude"], r["longitude"])
        for r in rows
        if r["latitude"] and r["postcodes"]
    ]


if __name__ == "__main__":
    sys.exit(main())
