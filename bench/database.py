"""A database for a bench alone: on a throw-away server, or on the one that DATABASE_URL names."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / ".ci"))

import postgres  # noqa: E402 (needs the path above)


@contextmanager
def of_its_own() -> Iterator[str]:
    """Make a database, give its address, and drop it: others are left alone."""
    with _server() as url:
        name = f"mediation_bench_{os.getpid()}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(drop)


@contextmanager
def _server() -> Iterator[str]:
    """Give the server of DATABASE_URL, else a throw-away one."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://")):
        yield given
        return
    binaries = postgres.find_binaries()
    if binaries is None:
        raise SystemExit("PostgreSQL is not on this machine: install it, or set DATABASE_URL.")
    with postgres.throwaway_server(binaries) as url:
        yield url
