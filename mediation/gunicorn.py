"""How gunicorn serves the site: sync workers, loaded once then forked, on this machine only.

Threads and ASGI were measured 2 to 5 times slower here. A reverse proxy stands in front in
production: sync workers keep no connection open with a browser.
"""

import gc
import logging
import os
from pathlib import Path
from typing import Any

from gunicorn.http import message

from mediation.middleware import BarePathFilter

# The site answers queries of 65,536 bytes and says clearly when one is longer; gunicorn's own
# ceiling (8,190) would refuse them first, with a page nobody can read.
message.MAX_REQUEST_LINE = 70_000
limit_request_line = message.MAX_REQUEST_LINE

DEMO_MAX_WORKERS = 4

GARBAGE_THRESHOLDS = (20_000, 50, 100)
"""New objects between two searches for cycles, then searches between those of older objects.

A results page makes some 36,000 objects and hardly a cycle: by default it would be searched fifty
times. Measured: 8 % of the page's processor time.
"""

wsgi_app = "mediation.wsgi:application"
bind = os.environ.get("GUNICORN_BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
worker_class = "sync"
# A whole file of open data not yet on disk: a minute at 200,000 places (bench/exports.py). The demo
# reads and writes the lists it is sent while it answers.
timeout = 600 if os.environ.get("DJANGO_DEMO") == "1" else 180
# Loaded before the fork: one start-up, and the index's memory is shared between workers.
preload_app = True
# Where /tmp is on disk, a slow disk would make a worker look dead.
if Path("/dev/shm").is_dir() and os.access("/dev/shm", os.W_OK):  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108
# It would write in the home folder.
control_socket_disable = True

# What a person searches is never written down: no access log unless asked, and then neither the
# query string nor the address of who asks.
accesslog = "-" if os.environ.get("ACCESS_LOG") == "1" else None
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(b)s bytes %(M)s ms"
errorlog = "-"
# Warnings quote refused requests, address included.
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "error")


def _default_workers() -> int:
    """Two per core this process may use; at most four for the demo, which shares its machine."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    wanted = 2 * (usable or 1)
    return min(wanted, DEMO_MAX_WORKERS) if os.environ.get("DJANGO_DEMO") == "1" else wanted


workers = int(os.environ.get("WEB_CONCURRENCY") or _default_workers())


def on_starting(server: Any) -> None:
    """Cut query strings from what gunicorn writes of a request that failed."""
    logging.getLogger("gunicorn.error").addFilter(BarePathFilter())


def when_ready(server: Any) -> None:
    """Build what workers share, so that no visitor waits: code, templates, names, words, index."""
    from django.db import DatabaseError  # noqa: PLC0415 (Django is ready only now)
    from django.urls import get_resolver  # noqa: PLC0415

    from directory.search.atlas import atlas  # noqa: PLC0415
    from directory.search.gazetteer import gazetteer  # noqa: PLC0415
    from directory.search.lexicon import lexicon  # noqa: PLC0415
    from directory.search.live import live  # noqa: PLC0415
    from mediation import jinja  # noqa: PLC0415

    jinja.preload()
    # Every view, form and admin page: 25 MB that each worker would load for itself.
    get_resolver().reverse_dict  # noqa: B018
    try:
        gazetteer()
        atlas()
        lexicon()
    except DatabaseError as error:
        server.log.warning("Names and words will be read later: %s", error)
    live.preload()
    # What is shared stays shared: the collector would write in its pages.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def pre_fork(server: Any, worker: Any) -> None:
    """Close the loader's database connections: two processes must never share one."""
    from django.db import connections  # noqa: PLC0415 (Django is ready only now)

    connections.close_all()


def post_fork(server: Any, worker: Any) -> None:
    """Follow the change log in this worker."""
    from directory.search.live import live  # noqa: PLC0415

    live.start()


def worker_exit(server: Any, worker: Any) -> None:
    """Close the connection that follows the change log."""
    from directory.search.live import live  # noqa: PLC0415

    live.stop()
