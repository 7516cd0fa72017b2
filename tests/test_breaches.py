"""Passwords stolen elsewhere are refused, and the service that knows them learns none."""

import hashlib
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from directory.moderation import breaches

STOLEN = "correct horse battery"
DIGEST = hashlib.sha1(STOLEN.encode(), usedforsecurity=False).hexdigest().upper()


class Service:
    """Stands for the service: keeps what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer = f"{'0' * 35}:3\r\n{DIGEST[5:]}:42\r\n"
        self.fails = False

    def __call__(self, prefix: str) -> bytes:
        self.asked.append(prefix)
        if self.fails:
            raise TimeoutError
        return self.answer.encode()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Service:
    """The service, switched on."""
    settings.BREACH_CHECK = True
    fake = Service()
    monkeypatch.setattr(breaches, "fetch", fake)
    monkeypatch.setitem(breaches._resting, "until", 0.0)
    return fake


def test_stolen_password_is_refused(service: Service) -> None:
    with pytest.raises(ValidationError, match="volé sur un autre site"):
        validate_password(STOLEN)


def test_other_password_passes(service: Service) -> None:
    validate_password("trois chevaux gris")


def test_padding_is_not_a_breach(service: Service) -> None:
    service.answer = f"{DIGEST[5:]}:0\r\n"
    validate_password(STOLEN)


def test_only_five_characters_of_the_digest_leave(service: Service) -> None:
    breaches.is_breached(STOLEN)
    assert service.asked == [DIGEST[:5]]


def test_service_is_off_by_default(service: Service, settings: Any) -> None:
    settings.BREACH_CHECK = False
    assert not breaches.is_breached(STOLEN)
    assert service.asked == []


def test_service_that_fails_stops_nobody_and_rests(service: Service) -> None:
    service.fails = True
    assert not breaches.is_breached(STOLEN)
    assert not breaches.is_breached(STOLEN)
    assert len(service.asked) == 1


def test_common_password_is_refused_without_the_service() -> None:
    with pytest.raises(ValidationError, match="trop courant"):
        validate_password("123456789qwerty")
