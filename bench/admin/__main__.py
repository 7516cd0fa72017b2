"""Measures every list and form of the moderators' side, with 25,000 places and what is beside.

    .venv/bin/python -m bench.admin [--size 25000] [--only campaign] [--out table.md]

PostgreSQL only: a throw-away server, or a database of the bench's own on that of DATABASE_URL. A
page passes when it takes 300 ms and 20 queries at most. `cpu` is the processor time of the process
and of PostgreSQL's for it: it decides, as the time that passes depends on what else the machine
does. Shown: what does not pass, then the slowest; `--out` writes every page.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from bench import server
from bench.database import of_its_own

LIMIT_MS, LIMIT_QUERIES = 300, 20
SHOWN = 30
COLUMNS = ("who", "p50", "cpu", "first", "queries", "kB", "status", "page")


def main() -> int:
    """Load, fill, measure, print; 1 when a page does not pass."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=25_000)
    parser.add_argument("--only", default="", help="what the address holds")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with of_its_own() as url, tempfile.TemporaryDirectory() as var:
        environment = server.environment_for(url, Path(var)) | {"BENCH_ADMIN": options.only}
        found = Path(var) / "found.json"
        for command in (["bench.load", str(options.size)], ["bench.admin.measure", str(found)]):
            subprocess.run([sys.executable, "-m", *command], env=environment, check=True)
        told = json.loads(found.read_text(encoding="utf-8"))
    told.sort(key=lambda one: (passes(one), -one["cpu"]))
    failed = sum(not passes(one) for one in told)
    if options.out:
        options.out.write_text(table(told), encoding="utf-8")
    print(table(told[: failed + SHOWN]))
    pages = Counter(one["who"] for one in told)
    print(f"Load average: {os.getloadavg()[0]:.1f}. Pages: {dict(pages)}. Not passing: {failed}.")
    return int(failed > 0)


def passes(one: dict[str, Any]) -> bool:
    """Tell whether a page is answered, within the limits."""
    answered = one["status"] in {200, 302}
    return answered and one["cpu"] <= LIMIT_MS and one["queries"] <= LIMIT_QUERIES


def table(told: list[dict[str, Any]]) -> str:
    """Return the figures in Markdown; what does not pass is in bold."""
    lines = [f"| {' | '.join(COLUMNS)} |", "| --- " * len(COLUMNS) + "|"]
    for one in told:
        cells = [f"{one[name]:.0f}" if type(one[name]) is float else one[name] for name in COLUMNS]
        mark = "" if passes(one) else "**"
        lines.append(f"| {' | '.join(f'{mark}{cell}{mark}' for cell in cells)} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())
