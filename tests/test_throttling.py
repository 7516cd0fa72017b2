"""Guessing passwords is slow; nobody is locked out by somebody else."""

from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client, RequestFactory

from directory.moderation.client_address import client_address
from tests.accounts import PASSWORD, code, install_codes, national

pytestmark = pytest.mark.django_db

LOGIN, CODE = "/compte/connexion/", "/compte/code/"
PROXY, MINE, THEIRS = "10.0.0.5", "8.8.4.4", "9.9.9.9"
TOO_MANY = "Trop d’essais"
ALLOWED = 10


def attempt(name: str, password: str, address: str = PROXY, forwarded: str = "") -> str:
    """Send a password from an address; return the page, "" once past it."""
    client = Client(REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=forwarded)
    answer = client.post(LOGIN, {"login": name, "password": password})
    return "" if answer.status_code == 302 else answer.content.decode()


def fail(name: str, times: int = ALLOWED, **where: str) -> None:
    """Send wrong passwords."""
    for _ in range(times):
        assert TOO_MANY not in attempt(name, "faux", **where)


def test_eleventh_attempt_waits_even_with_the_right_password() -> None:
    user = national()
    fail(user.username)
    assert TOO_MANY in attempt(user.username, PASSWORD)


def test_proxy_that_nobody_declared_locks_nobody_out() -> None:
    fail(national("a").username)
    assert attempt(national("b").username, PASSWORD) == ""


def test_forwarded_address_of_a_stranger_is_not_believed() -> None:
    user = national()
    for number in range(ALLOWED):
        attempt(user.username, "faux", forwarded=f"8.8.8.{number}")
    assert TOO_MANY in attempt(user.username, PASSWORD, forwarded=MINE)


def test_stranger_does_not_lock_the_owner_out(settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    user = national()
    fail(user.username, forwarded=THEIRS)
    assert TOO_MANY in attempt(user.username, PASSWORD, forwarded=THEIRS)
    assert attempt(user.username, PASSWORD, forwarded=MINE) == ""


def test_address_that_tries_many_accounts_waits(settings: Any) -> None:
    settings.TRUSTED_PROXIES = [PROXY]
    for number in range(30):
        attempt(f"compte-{number}", "faux", forwarded=THEIRS)
    user = national()
    answer = attempt(user.username, PASSWORD, forwarded=THEIRS)
    assert TOO_MANY in answer
    assert attempt(user.username, PASSWORD, forwarded=MINE) == ""


def test_codes_are_not_guessed_either() -> None:
    user, client = national(), Client()
    install_codes(user)
    client.post(LOGIN, {"login": user.username, "password": PASSWORD})
    for _ in range(ALLOWED):
        client.post(CODE, {"code": "000000"})
    assert TOO_MANY in client.post(CODE, {"code": code()}).content.decode()


def test_right_password_is_not_counted() -> None:
    user = national()
    for _ in range(ALLOWED + 1):
        assert attempt(user.username, PASSWORD) == ""


def test_attempts_are_counted_where_every_worker_sees_them() -> None:
    fail(national().username, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM shared_cache")
        assert cursor.fetchone()[0] > 0
    assert caches.settings["default"]["OPTIONS"]["MAX_ENTRIES"] >= 100_000


@pytest.mark.parametrize(
    ("nearest", "forwarded", "trusted", "address"),
    [
        (MINE, "", [], MINE),
        (MINE, THEIRS, [], MINE),
        (PROXY, MINE, [], None),
        ("127.0.0.1", "", [], None),
        ("", "", [], None),
        (PROXY, MINE, [PROXY], MINE),
        (PROXY, f"{THEIRS}, {MINE}", ["10.0.0.0/8"], MINE),
        (PROXY, f"{MINE}, 10.0.0.9", ["10.0.0.0/8"], MINE),
        (PROXY, "10.0.0.9", ["10.0.0.0/8"], None),
        (PROXY, "n’importe quoi", [PROXY], None),
        ("", MINE, [PROXY], MINE),
        ("", MINE, [], None),
        ("::1", "2001:4860:4860::8888", ["::1"], "2001:4860:4860::8888"),
    ],
)
def test_visitors_address_is_the_last_that_a_known_proxy_tells(
    settings: Any, nearest: str, forwarded: str, trusted: list[str], address: str | None
) -> None:
    settings.TRUSTED_PROXIES = trusted
    request = RequestFactory().get("/", REMOTE_ADDR=nearest, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address
