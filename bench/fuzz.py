"""Looks for slow requests among random ones: `make fuzz`, or `python -m bench.fuzz 5000`.

One process prepared like a worker of the server, on the database of DATABASE_URL, else the demo's.
Time is the processor's, of this thread alone; a slow request is asked again, and its best time
counts: other programs of a busy machine do not make it slower.
"""

import logging
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote_plus

import django
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from bench import inside

MOST_MS = 50.0
"""No request may take more."""

AGAIN = 3
"""Times that a slow request is asked again."""

DRAWN = 400
"""Random query strings; each is asked of every path."""

SEED = 20260728
PATHS = ("/recherche/", "/facettes.json", "/", "/suggestions/", "/api/v1/places")
WARM_UP = ("/recherche/?ou=Paris&besoin=ameli", "/recherche/?dit=carte+vitale+paris", "/")


def main() -> int:
    """Print the times by path and the slow requests; 1 when there are some."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediation.settings")
    django.setup()
    logging.getLogger("django.request").disabled = True
    inside.start_as_a_worker()
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 (Django is ready only now)

    application = get_wsgi_application()
    for _time in range(AGAIN):
        for address in WARM_UP:
            inside.ask(application, address)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DRAWN
    times: dict[str, list[float]] = {}
    slow: list[tuple[float, str]] = []
    failed: list[str] = []
    for name, address in addresses(count):
        took, status = measure(application, address)
        times.setdefault(name, []).append(took)
        if took > MOST_MS:
            slow.append((took, address))
        if status >= 500:
            failed.append(address)
    for name, taken in times.items():
        taken.sort()
        print(
            f"{name:28} {len(taken):6} requests, ms of processor: median "
            f"{statistics.median(taken):5.1f}, p99 {taken[int(len(taken) * 0.99)]:5.1f}, "
            f"worst {taken[-1]:5.1f}"
        )
    for took, address in sorted(slow, reverse=True):
        print(f"slow, {took:.0f} ms: {address[:300]!r}")
    for address in failed:
        print(f"failed: {address[:300]!r}")
    print(f"{len(slow)} requests over {MOST_MS:.0f} ms, {len(failed)} failures")
    return 1 if slow or failed else 0


def measure(application: Callable[..., Iterable[bytes]], address: str) -> tuple[float, int]:
    """Return the ms of processor that an address takes, at best when it seems slow; its status."""
    best, status = _once(application, address)
    for _time in range(AGAIN):
        if best > MOST_MS:
            best = min(best, _once(application, address)[0])
    return best, status


def _once(application: Callable[..., Iterable[bytes]], address: str) -> tuple[float, int]:
    started = time.thread_time()
    status = inside.ask(application, address)
    return (time.thread_time() - started) * 1000, status


def addresses(count: int) -> Iterator[tuple[str, str]]:
    """Yield the address of each request, with the name of what it tries."""
    from directory.models import Place  # noqa: PLC0415 (Django is ready only now)
    from tests.fuzzing import PHRASES, QUERIES  # noqa: PLC0415

    place = Place.objects.published().order_by("pk").values_list("slug", flat=True).first()
    paths = (*PATHS, *([f"/lieux/{place}/"] if place else []))
    for query in _drawn(QUERIES, count):
        for path in paths:
            yield ("a place" if path.startswith("/lieux/") else path), f"{path}?{query}"
    for phrase in _drawn(PHRASES, count):
        typed = quote_plus(phrase, errors="surrogatepass")
        yield "/recherche/, a phrase", f"/recherche/?dit={typed}"
        yield "/recherche/, place and text", f"/recherche/?ou={typed}&q={typed}"
        yield "/suggestions/, both", f"/suggestions/?champ=ou&q={typed}"


def _drawn(strategy: st.SearchStrategy[str], count: int) -> list[str]:
    found: list[str] = []

    @seed(SEED)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(value: str) -> None:
        found.append(value)

    draw()
    return found


if __name__ == "__main__":
    raise SystemExit(main())
