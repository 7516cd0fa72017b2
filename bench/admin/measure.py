"""Asks each page in one process prepared as in production; tells times, processor, queries."""

import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.inside import start_as_a_worker

WARM = 5
QUICK_MS = 100.0
"""Of processor: a page whose first warm request takes less is far from the limit."""


def main() -> None:
    """Fill what is missing, measure everybody's pages, write the figures to `sys.argv[1]`."""
    django.setup()
    from bench.admin import rows  # noqa: PLC0415 (Django is ready only now)

    started = time.monotonic()
    rows.fill()
    print(f"… rows beside: {time.monotonic() - started:.0f} s", file=sys.stderr)
    start_as_a_worker()
    only = os.environ.get("BENCH_ADMIN", "")
    told = [figures for who, user in people() for figures in _measured(who, user, only)]
    Path(sys.argv[1]).write_text(json.dumps(told), encoding="utf-8")


def people() -> list[tuple[str, Any]]:
    """Return who is measured: a national administrator, two moderators."""
    from django.contrib.auth.models import User  # noqa: PLC0415 (models)

    from bench.admin.rows import DEPARTMENT, REGION  # noqa: PLC0415 (models)
    from directory.models import Role, RoleKind  # noqa: PLC0415 (models)

    wanted: tuple[tuple[str, dict[str, Any]], ...] = (
        ("national", {"kind": RoleKind.NATIONAL}),
        ("region", {"kind": RoleKind.REGION, "region_id": REGION}),
        ("department", {"kind": RoleKind.DEPARTMENT, "department_id": DEPARTMENT}),
    )
    found = []
    for who, role in wanted:
        user, _new = User.objects.get_or_create(username=f"bench-{who}")
        Role.objects.get_or_create(user=user, **role)
        found.append((who, user))
    return found


def signed_in(user: Any) -> Any:
    """Return a client whose session holds an account, and the code it gave."""

    from directory.moderation import second_step  # noqa: PLC0415 (models)

    client = Client(raise_request_exception=False)
    client.force_login(user)
    request = HttpRequest()
    request.user, request.session = user, client.session
    second_step.record(request)
    request.session.save()
    return client


def _measured(who: str, user: Any, only: str) -> list[dict[str, Any]]:
    from bench.admin.pages import pages_of  # noqa: PLC0415 (models)

    client = signed_in(user)
    # What the process does once is no page's.
    ask(client, pages_of(user)[0])
    return [{"who": who} | measured(client, page) for page in pages_of(user) if only in page.name]


def measured(client: Any, page: Any) -> dict[str, Any]:
    """Return the ms of a page's first request, of its warm ones and of their processor; queries."""
    started = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        answer = ask(client, page)
    first = 1000 * (time.perf_counter() - started)
    # Counted now: the next request forgets them.
    asked = len(queries)
    walls, spent = [], []
    for _number in range(WARM):
        started, before = time.perf_counter(), processor_seconds()
        ask(client, page)
        walls.append(1000 * (time.perf_counter() - started))
        spent.append(1000 * (processor_seconds() - before))
        if len(spent) == 1 and spent[0] < QUICK_MS:
            break
    return {
        "page": page.name,
        "status": answer.status_code,
        "first": first,
        "p50": statistics.median(walls),
        "cpu": statistics.median(spent),
        "queries": asked,
        "kB": len(answer.content) / 1000 if not answer.streaming else 0,
    }


def ask(client: Any, page: Any) -> Any:
    """Return the answer to a page, read to its end."""
    return client.post(page.path, page.data) if page.data else client.get(page.path)


def processor_seconds() -> float:
    """Return the processor time of this thread and of PostgreSQL's for it, so far.

    Unlike the time that passes, it does not depend on what else the machine does.
    """
    return time.thread_time() + _of_database()


def _of_database() -> float:
    if connection.connection is None:
        return 0.0
    try:
        pid = connection.connection.info.backend_pid
        told = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return int(told.split()[0]) / 1e9


if __name__ == "__main__":
    main()
