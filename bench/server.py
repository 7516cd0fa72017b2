"""Starts gunicorn as in production, tells its memory, and saves one record a second beside it."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.client import Address

START_SECONDS = 180


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[tuple[Address, int]]:
    """Serve the site on a free port; give its address and the master's process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address: Address = free.getsockname()
    environment = environment | {"GUNICORN_BIND": f"{address[0]}:{address[1]}"}
    command = [sys.executable, "-m", "gunicorn", "--config", "mediation/gunicorn.py"]
    with running(command, environment) as server:
        _wait_for(address, server)
        yield address, server.pid


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command beside, and end it."""
    with subprocess.Popen(command, env=environment) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(address: Address, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"gunicorn stopped: exit code {server.returncode}.")
        try:
            if get(address, "/bench/hello")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"gunicorn did not answer in {START_SECONDS} s.")


def get(address: Address, path: str) -> tuple[int, bytes]:
    """Return the status and the body of one page."""
    connection = http.client.HTTPConnection(*address, timeout=60)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def health(address: Address) -> dict[str, Any]:
    """Return what /healthz tells, {} when it is no JSON."""
    try:
        told = json.loads(get(address, "/healthz")[1])
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def workers(master: int) -> list[str]:
    """Return the processes that answer; [] but on Linux."""
    try:
        return Path(f"/proc/{master}/task/{master}/children").read_text().split()
    except OSError:
        return []


def processor_seconds(master: int, url: str) -> float:
    """Return the processor time of workers and of the database behind them, so far; 0 if unknown.

    Unlike requests a second, it does not depend on what else the machine does.
    """
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE state = 'idle'"
        ).fetchall()
    return sum(_processor_ticks(pid) for pid in [*workers(master), *(row[0] for row in rows)]) / (
        os.sysconf("SC_CLK_TCK")
    )


def _processor_ticks(pid: str | int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def memory_by_worker(master: int) -> list[float]:
    """Return each worker's proportional share of memory (PSS), in MB; [] but on Linux."""
    try:
        return [_pss(pid) for pid in workers(master)]
    except OSError:
        return []


def _pss(pid: str) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def environment_for(url: str, var: Path) -> dict[str, str]:
    """Return what production sets, without TLS in front."""
    removed = {"DJANGO_DEBUG", "DJANGO_DEMO", "DJANGO_TESTING", "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in removed}
    return kept | {
        "DATABASE_URL": url,
        "DJANGO_ALLOWED_HOSTS": "127.0.0.1,testserver",
        "DJANGO_HTTPS": "0",
        "DJANGO_SECRET_KEY": "only-for-the-bench",
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DJANGO_VAR_DIR": str(var),
    }
