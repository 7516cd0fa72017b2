"""What is measured inside one process: queries, the page's own time, the search alone, profiles."""

import cProfile
import io
import json
import logging
import os
import pstats
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import django

WARM_UP = 15
PAGES = 40
"""Addresses of each scenario asked inside the process, beyond the warm-up."""

SLOW_SECONDS = 5.0
"""Time after which a slow scenario is not asked more."""

FIRST_READING_SECONDS = 2.0

PROFILE_LINES = 25


def main() -> None:
    """Measure the scenarios of the file `sys.argv[1]`; write what was found to `sys.argv[2]`."""
    django.setup()
    # A failing page is counted; its traceback, fifty times over, tells no more.
    logging.getLogger("django.request").disabled = True
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 (Django is ready only now)

    scenarios = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    found: dict[str, Any] = {"index": start_as_a_worker()}
    application = get_wsgi_application()
    pages = {name: paths for name, paths in scenarios.items() if name != "not-modified"}
    found["pages"] = {name: page(application, paths) for name, paths in pages.items()}
    found["maps"] = maps(application, scenarios["map"])
    found["search"] = searches(scenarios["results"])
    found["search_filters"] = searches(scenarios["filters"])
    if os.environ.get("BENCH_PROFILE"):
        for name in os.environ["BENCH_PROFILE"].split(","):
            print(profile(application, scenarios[name]))
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")


def ask(application: Callable[..., Iterable[bytes]], path: str) -> int:
    """Ask one page as a server would; return its status."""
    return answer(application, path)[0]


def answer(application: Callable[..., Iterable[bytes]], path: str) -> tuple[int, int]:
    """Ask one page as a server would; return its status and its bytes, compressed."""
    path, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT_ENCODING": "gzip",
    }
    setup_testing_defaults(environ)
    statuses: list[str] = []
    response = application(environ, lambda status, headers: statuses.append(status))
    size = len(b"".join(response))
    response.close()  # type: ignore[attr-defined]
    return int(statuses[0][:3]), size


def maps(application: Callable[..., Iterable[bytes]], paths: list[str]) -> dict[str, Any]:
    """Return, by zoom, the median ms of a map's answers, of their processor ms, the most bytes."""
    by_zoom: dict[str, list[str]] = {}
    for path in paths:
        by_zoom.setdefault(path.partition("&zoom=")[2].partition("&")[0], []).append(path)
    found = {}
    for zoom, own in by_zoom.items():
        sizes, times, cpu = [], [], []
        for path in own[:PAGES]:
            started, spent = time.perf_counter(), time.thread_time()
            sizes.append(answer(application, path)[1])
            times.append(1000 * (time.perf_counter() - started))
            cpu.append(1000 * (time.thread_time() - spent))
        ms, cpu_ms = statistics.median(times), statistics.median(cpu)
        found[zoom] = {"ms": ms, "cpu_ms": cpu_ms, "bytes": max(sizes)}
    return found


def page(application: Callable[..., Iterable[bytes]], paths: list[str]) -> dict[str, Any]:
    """Return a page's median ms, its processor ms (the database's apart) and its queries."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    for path in paths[:WARM_UP]:
        ask(application, path)
    statuses: list[int] = []
    cpu = time.process_time()
    times = timed(lambda path: statuses.append(ask(application, path)), _spread(paths))
    cpu = 1000 * (time.process_time() - cpu) / len(statuses)
    counts: list[int] = []

    def count(path: str) -> None:
        with CaptureQueriesContext(connection) as queries:
            ask(application, path)
        counts.append(len(queries))

    timed(count, _spread(paths)[:WARM_UP])
    return {
        "ms": statistics.median(times),
        "cpu_ms": cpu,
        "queries": max(counts),
        "queries_median": statistics.median(counts),
        "failed": sum(status != 200 for status in statuses),
    }


def timed(measure: Callable[[Any], object], arguments: list[Any]) -> list[float]:
    """Return the ms of each call after a warm-up; stops early when calls are slow."""
    times: list[float] = []
    end = time.perf_counter() + SLOW_SECONDS
    for argument in arguments:
        started = time.perf_counter()
        measure(argument)
        times.append(1000 * (time.perf_counter() - started))
        if time.perf_counter() > end:
            break
    return times[WARM_UP:] or times


def _spread(paths: list[str]) -> list[str]:
    wanted = WARM_UP + PAGES
    return (paths * wanted)[:wanted] if len(paths) < wanted else paths[:wanted]


def searches(paths: list[str]) -> dict[str, float]:
    """Return the median ms of reading the address, of the index's answer and of bare SQL's."""
    from django.db import OperationalError  # noqa: PLC0415
    from django.http import QueryDict  # noqa: PLC0415

    from bench import bare_sql  # noqa: PLC0415
    from directory.search import finder  # noqa: PLC0415
    from directory.search.filters import SearchFilter  # noqa: PLC0415
    from directory.search.live import live  # noqa: PLC0415

    def find(search: SearchFilter) -> None:
        # A query stopped for being slow counts as long as it took.
        with suppress(OperationalError):
            finder.find(search)

    def read(path: str) -> Any:
        return SearchFilter(QueryDict(path.partition("?")[2]))

    found = {"read": statistics.median(timed(lambda path: read(path).criteria, _spread(paths)))}
    filters = [search for search in map(read, _spread(paths)) if search.criteria.point]
    asked = [search.criteria for search in filters]
    found["bare_sql"] = statistics.median(timed(bare_sql.search, asked))
    found["finder"] = statistics.median(timed(find, filters))
    if index := live.current():
        found["index"] = statistics.median(timed(index.answer, asked))
    return found


def start_as_a_worker() -> dict[str, Any]:
    """Do what the server does before it answers; return what it tells of its index."""
    from directory.search.live import live  # noqa: PLC0415
    from mediation import gunicorn as server  # noqa: PLC0415

    server.when_ready(None)
    server.pre_fork(None, None)
    server.post_fork(None, None)
    # The thread that follows the changes reads once at its start.
    time.sleep(FIRST_READING_SECONDS)
    told = live.status()
    return {name: told[name] for name in ("build_seconds", "size_bytes", "places")}


def profile(application: Callable[..., Iterable[bytes]], paths: list[str]) -> str:
    """Return where the time of warm pages goes, by own time then by time with callees."""
    for path in paths[:WARM_UP]:
        ask(application, path)
    profiler = cProfile.Profile()
    profiler.enable()
    for path in paths[WARM_UP : WARM_UP + PAGES]:
        ask(application, path)
    profiler.disable()
    text = io.StringIO()
    stats = pstats.Stats(profiler, stream=text).strip_dirs()
    print(f"{PAGES} pages, such as {paths[0]}", file=text)
    for order in ("tottime", "cumulative"):
        stats.sort_stats(order).print_stats(PROFILE_LINES)
    return text.getvalue()


if __name__ == "__main__":
    main()
