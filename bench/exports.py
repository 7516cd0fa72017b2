"""Measures open data: every file, whole, then searches of one, at 25,000 and 200,000 places.

    .venv/bin/python .ci/postgres.py .venv/bin/python -m bench.exports [--sizes 25000] [--out FILE]

PostgreSQL only (bench/load.py). Each file is written by a process of its own, whose time, processor
time and greatest memory (MB) are told; `memory before` is that of the process once it is ready.
Generated places have no SIRET: two in three are given one, so that both sides of the standard
weigh. With --plans, the plans of the searches.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SIZES = (25_000, 200_000)
FILES = (
    "lieux.csv", "lieux.json", "lieux.geojson", "lieux.xlsx", "lieux-hors-standard.csv",
    "lieux-complements.csv",
)  # fmt: skip
QUERIES = (
    "departement=59", "ou=Lyon&rayon=50", "bbox=2,48,3,49", "besoin=ameli",
    "prix=gratuit&mode=individuel", "q=mediatheque", "acces=maintenant&region=11",
)  # fmt: skip
COLUMNS = ("rows", "outside", "MB", "seconds", "cpu", "memory before", "memory")
PREPARE = """
import django
django.setup()
from django.db import connection
from directory.models import Place, Source
Source.objects.update(licence="LO-2.0")
with connection.cursor() as cursor:
    cursor.execute(
        "UPDATE directory_place SET pivot = lpad((id * 7919 + 10000000000000)::text, 14, '1')"
        " WHERE id % 3 > 0 AND pivot = ''"
    )
    cursor.execute("VACUUM ANALYZE")
"""
CHILD = """
import json, resource, sys, time
import django
django.setup()
from django.db import connection
from django.http import QueryDict
from directory.exchange.export import files
from directory.models import Place
from directory.search.filters import SearchFilter
name, query, plans = sys.argv[1:]
places = Place.objects.publishable()
if query:
    places = SearchFilter(QueryDict(query), places).strict()
def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before, counts = memory(), files.Counts()
start, cpu, size = time.perf_counter(), time.process_time(), 0
for piece in files.write(files.FILES[name], places, counts):
    size += len(piece)
print(json.dumps({
    "rows": counts.held, "outside": counts.outside, "MB": round(size / 1e6, 1),
    "seconds": round(time.perf_counter() - start, 1), "cpu": round(time.process_time() - cpu, 1),
    "memory before": before, "memory": memory(),
}))
if plans == "1":
    print(places.order_by("pk").explain(analyze=True), file=sys.stderr)
"""


def main() -> int:
    """Run everything; print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--files", default=",".join(FILES))
    parser.add_argument("--no-searches", action="store_true")
    parser.add_argument("--plans", action="store_true")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "mediation.settings", "DJANGO_DEMO": "1",
    }  # fmt: skip
    lines = [f"| places | file | {' | '.join(COLUMNS)} |", "| --- " * (len(COLUMNS) + 2) + "|"]
    for size in map(int, options.sizes.split(",")):
        _run([sys.executable, "-m", "bench.load", str(size)], environment)
        _run([sys.executable, "-c", PREPARE], environment)
        asked = [(name, "") for name in options.files.split(",") if name]
        if not options.no_searches:
            asked += [("lieux.csv", query) for query in QUERIES]
        for name, query in asked:
            plans = str(int(options.plans and bool(query)))
            told = json.loads(
                _run([sys.executable, "-c", CHILD, name, query, plans], environment).splitlines()[0]
            )
            lines.append(_line(size, name, query, told))
            print(lines[-1], file=sys.stderr)
    text = "\n".join(lines)
    print(text)
    if options.out:
        options.out.write_text(f"{text}\n", encoding="utf-8")
    return 0


def _line(size: int, name: str, query: str, told: dict[str, Any]) -> str:
    shown = f"{name}?{query}" if query else name
    return f"| {size} | {shown} | " + " | ".join(str(told[column]) for column in COLUMNS) + " |"


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:3])}… : {done.returncode}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
