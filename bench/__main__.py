"""Measures the site at several sizes on PostgreSQL: `make bench`; see bench/README.md."""

import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import server
from bench.client import Address, Client, Load
from bench.database import of_its_own
from bench.report import Report

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results.json"
DEFAULT_SIZES = "25000,200000"
CLIENTS = (1, 8)

ROUNDS = 3
SLICE_SECONDS = 1.5
"""Each round asks every scenario in turn, so that a slow moment of the machine is shared by all."""

WARM_UP_SECONDS = 2.0

STATEMENT_MS = 2_000
"""A query this slow fails, and its page with it: the bench stays bounded and tells it."""

SETTLED_SECONDS = 3.0
"""Time for every worker to have read the last change."""

NOT_MODIFIED = "not-modified"


def main() -> int:
    """Measure every size of BENCH_SIZES, print the table, write results.json; the exit code."""
    sizes = sorted(int(n) for n in os.environ.get("BENCH_SIZES", DEFAULT_SIZES).split(","))
    os.chdir(ROOT)
    report = Report()
    with of_its_own() as own, tempfile.TemporaryDirectory() as var:
        environment = server.environment_for(own, Path(var))
        for size in sizes:
            report.add(size, _measure(size, environment, Path(var)))
    report.write(RESULTS)
    print(report.table())
    return 0


def _measure(size: int, environment: dict[str, str], var: Path) -> dict[str, Any]:
    """Fill the directory up to `size` places and measure it inside, then under load."""
    _say(f"{size:,} places: loading")
    seconds = _run(environment, "bench.load", str(size)).split()[-1]
    addresses, found = var / "scenarios.json", var / "inside.json"
    _run(environment, "bench.scenarios", str(addresses))
    environment = environment | {"PGOPTIONS": f"-c statement_timeout={STATEMENT_MS}"}
    _say(f"{size:,} places generated in {seconds} s: measuring inside a process")
    print(_run(environment, "bench.inside", str(addresses), str(found)), end="")
    drawn = json.loads(addresses.read_text(encoding="utf-8"))
    _say(f"{size:,} places: measuring under load")
    saver = [sys.executable, "-m", "bench.saver"]
    with server.serving(environment) as (address, master):

        def spent() -> float:
            return server.processor_seconds(master, environment["DATABASE_URL"])

        unchanged = {NOT_MODIFIED: drawn.pop(NOT_MODIFIED)}
        with server.running(saver, environment):
            loads = _loads(address, drawn, spent)
        # Every page's ETag changes with each record saved: these are asked once all is quiet.
        time.sleep(SETTLED_SECONDS)
        loads |= _loads(address, unchanged, spent, {})
        return {
            "loads": {name: _told(name, by_clients) for name, by_clients in loads.items()},
            "inside": json.loads(found.read_text(encoding="utf-8")),
            "memory_mb": server.memory_by_worker(master),
            "health": server.health(address),
            "generated_in_seconds": float(seconds),
        }


def _loads(
    address: Address,
    drawn: dict[str, list[str]],
    spent: Callable[[], float],
    etags: dict[str, bytes] | None = None,
) -> dict[str, dict[int, Load]]:
    """Ask every scenario in turn, several times over; give what each was answered in all.

    With `etags`, pages that give none are left out.
    """
    paths = {name: itertools.cycle(found) for name, found in drawn.items()}
    loads = {name: {count: Load() for count in CLIENTS} for name in drawn}
    for name in drawn:
        Client(address, max(CLIENTS), etags).run(paths[name], WARM_UP_SECONDS)
    if etags == {}:
        return {}
    for _ in range(ROUNDS):
        for name, by_clients in loads.items():
            for count, load in by_clients.items():
                before = spent()
                answered = Client(address, count, etags).run(paths[name], SLICE_SECONDS)
                answered.server_cpu = spent() - before
                load.add(answered)
    return loads


def _told(name: str, by_clients: dict[int, Load]) -> dict[str, Any]:
    wanted = 304 if name == NOT_MODIFIED else 200
    return {
        str(count): {
            "requests": len(load.latencies),
            "per_second": load.per_second,
            "p50": load.percentile(0.5),
            "p95": load.percentile(0.95),
            "bytes": sum(load.sizes) / max(1, len(load.sizes)),
            "statuses": {str(status): n for status, n in load.statuses.items()},
            "failed": 1 - load.statuses[wanted] / max(1, len(load.latencies)),
            "server_cpu_ms": 1000 * load.server_cpu / max(1, len(load.latencies)),
            "client_ceiling": load.client_ceiling,
        }
        for count, load in by_clients.items()
    }


def _run(environment: dict[str, str], module: str, *arguments: str) -> str:
    """Run one of the bench's programs to its end; return what it printed."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def _say(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
