"""The national geocoder, faked at the edge: found, absent, slow, wrong, resting."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from directory.search import geocoder as module
from directory.search.addresses import commune_part, is_address
from directory.search.gazetteer import clear
from directory.search.geocoder import Geocoder, GeocoderUnavailableError
from directory.search.territory import Note, WhereKind
from directory.search.where import at, understand
from tests.factories import CommuneFactory

STREET = "2 place du Marché, Guéret"
ANSWER = {
    "features": [
        {
            "geometry": {"coordinates": [1.8719, 46.1706]},
            "properties": {"label": "2 Place du Marché 23000 Guéret", "score": 0.93},
        }
    ]
}


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names read anew, and a geocoder that remembers nothing."""
    clear()
    monkeypatch.setattr("directory.search.where.geocoder", Geocoder())


@pytest.fixture
def gueret(db: None) -> Any:
    """The only commune known."""
    return CommuneFactory.create(code="23096", name="Guéret", latitude=46.16, longitude=1.87)


def answering(answer: dict[str, Any], code: str = "23096") -> Callable[[str], bytes]:
    """A service that always gives this answer."""
    content = json.loads(json.dumps(answer))
    for feature in content["features"]:
        feature["properties"]["citycode"] = code
    return lambda text: json.dumps(content).encode()


def failing(text: str) -> bytes:
    """A service that does not answer."""
    raise TimeoutError


@pytest.mark.usefixtures("gueret")
def test_address_found_gives_its_own_point(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GEOCODER = True
    monkeypatch.setattr(module, "fetch", answering(ANSWER))
    where = understand(STREET)
    assert (where.kind, where.point) == (WhereKind.ADDRESS, (46.1706, 1.8719))
    assert where.label == "2 Place du Marché 23000 Guéret"


@pytest.mark.usefixtures("gueret")
def test_dead_geocoder_leaves_the_commune_and_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GEOCODER = True
    monkeypatch.setattr(module, "fetch", failing)
    where = understand(STREET)
    assert (where.kind, where.note) == (WhereKind.COMMUNE, Note.GEOCODER_UNAVAILABLE)
    assert where.point == (46.16, 1.87)


@pytest.mark.usefixtures("gueret")
def test_geocoder_is_off_by_default_and_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(module, "fetch", asked.append)
    where = understand(STREET)
    assert (where.kind, where.note, asked) == (WhereKind.COMMUNE, Note.ADDRESS_NOT_READ, [])


@pytest.mark.usefixtures("gueret")
def test_address_that_the_service_does_not_know_is_told_apart_from_a_dead_service(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GEOCODER = True
    monkeypatch.setattr(module, "fetch", lambda text: b'{"features": []}')
    assert understand(STREET).note == Note.ADDRESS_NOT_FOUND


def test_failing_service_is_left_alone_after_three_failures(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GEOCODER = True
    asked: list[str] = []

    def fetch(text: str) -> bytes:
        asked.append(text)
        raise TimeoutError

    monkeypatch.setattr(module, "fetch", fetch)
    geocoder = Geocoder()
    for number in range(10):
        with pytest.raises(GeocoderUnavailableError):
            geocoder.find(f"{number} rue Haute")
    assert len(asked) == module.MAX_FAILURES


def test_service_is_asked_again_after_its_rest(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GEOCODER = True
    geocoder = Geocoder(resting_until=1000.0)
    monkeypatch.setattr(time, "monotonic", lambda: 1000.5)
    monkeypatch.setattr(module, "fetch", answering(ANSWER))
    assert geocoder.find(STREET)


def test_same_address_is_asked_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.GEOCODER = True
    asked: list[str] = []

    def fetch(text: str) -> bytes:
        asked.append(text)
        return answering(ANSWER)(text)

    monkeypatch.setattr(module, "fetch", fetch)
    geocoder = Geocoder()
    assert geocoder.find("1 Rue Haute") == geocoder.find("1 rue  haute")
    assert len(asked) == 1


@pytest.mark.parametrize(
    "answer",
    [b"", b"<html>", b"[]", b'{"features": [{}]}', b'{"features": [{"properties": 3}]}'],
)
def test_answer_that_makes_no_sense_counts_as_a_failure(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    settings.GEOCODER = True
    monkeypatch.setattr(module, "fetch", lambda text: answer)
    with pytest.raises(GeocoderUnavailableError):
        Geocoder().find(STREET)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["12 rue de la Paix, Guéret", "place du marché gueret", "3 bis av Jaurès 23000 Guéret"]
)
def test_street_and_town_is_an_address(text: str, gueret: object) -> None:
    assert is_address(text)
    assert understand(text).commune == gueret


@pytest.mark.usefixtures("gueret")
@pytest.mark.parametrize("text", ["Guéret", "23000 Guéret", "23 Guéret", "23096"])
def test_name_of_a_commune_is_no_address(text: str) -> None:
    assert not is_address(text)


@pytest.mark.django_db
def test_commune_named_like_a_street_is_a_commune() -> None:
    cours = CommuneFactory.create(name="Cours")
    assert understand("Cours").commune == cours


@pytest.mark.usefixtures("gueret")
def test_address_without_a_known_town_names_none() -> None:
    assert commune_part("12 rue des Lilas") == ""


def test_position_is_told_with_its_nearest_commune(gueret: object) -> None:
    CommuneFactory.create(name="Ajain", latitude=46.20, longitude=1.99)
    where = at(46.17, 1.88)
    assert (where.commune, where.point) == (gueret, (46.17, 1.88))


@pytest.mark.usefixtures("gueret")
def test_position_far_from_everything_is_unknown() -> None:
    assert at(0.0, 0.0).kind == WhereKind.UNKNOWN
