"""Where a row is: its commune is deduced and checked, its point completed, each by a named rule."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from directory.models import Commune, Place
from directory.search import geocoder as module
from directory.search.geocoder import Address, Geocoder, GeocoderUnavailableError
from directory.vocabularies.names import PositionPrecision
from tests.factories import CommuneFactory, CommuneNameFactory
from tests.imports.lists import load, ready, write

PANTIN = {"latitude": "48.8966", "longitude": "2.4017"}
UNKNOWN = {"commune": "Nulle-Part", "code_insee": "", "code_postal": ""}


@pytest.fixture(autouse=True)
def _directory(db: Any) -> None:
    ready()


def place(folder: Path, **cells: str) -> tuple[Place, dict[str, int]]:
    """The place that a row gives, and the rules that mended it."""
    report = load(write(folder, cells))
    return Place.objects.get(), dict(report.repairs)


def test_an_old_name_leads_to_the_commune_it_joined(tmp_path: Path) -> None:
    CommuneNameFactory(commune=Commune.objects.get(pk="93066"), name="Pierrefitte")
    found, _rules = place(tmp_path, commune="Pierrefitte", code_insee="")
    assert found.commune_id == "93066"


def test_a_code_without_its_first_zero_is_completed(tmp_path: Path) -> None:
    CommuneFactory(code="01004", name="Ambérieu-en-Bugey", department__code="01", postcode="01500")
    found, rules = place(tmp_path, code_insee="1004", commune="", code_postal="")
    assert (found.commune_id, rules["insee-zero-restored"]) == ("01004", 1)


def test_a_point_alone_tells_the_commune(tmp_path: Path) -> None:
    found, rules = place(tmp_path, **UNKNOWN, **PANTIN)
    assert (found.commune_id, rules) == ("93055", {"commune-by-point": 1})


def test_a_point_far_from_every_commune_tells_none(tmp_path: Path) -> None:
    report = load(write(tmp_path, {**UNKNOWN, "latitude": "45.0", "longitude": "3.0"}))
    assert (report.rejected, report.refused["commune inconnue"]) == (1, 1)


def test_a_code_is_corrected_when_name_postcode_and_point_agree_on_another(tmp_path: Path) -> None:
    Commune.objects.filter(pk="93055").update(latitude=48.0, longitude=4.0)
    far = {"latitude": "48.0", "longitude": "4.0"}
    found, rules = place(tmp_path, commune="Pantin", code_postal="93500", **far)
    assert (found.commune_id, rules) == ("93055", {"commune-by-name-and-point": 1})


def test_a_code_is_kept_when_only_the_name_disagrees(tmp_path: Path) -> None:
    found, rules = place(tmp_path, commune="Pantin", code_postal="93500")
    assert (found.commune_id, rules) == ("93066", {})


def test_a_point_more_than_25_km_away_is_refused(tmp_path: Path) -> None:
    found, rules = place(tmp_path, latitude="49.2")
    assert (found.position_precision, rules) == (PositionPrecision.COMMUNE, {"point-too-far": 1})


def test_decimal_commas_are_counted(tmp_path: Path) -> None:
    found, rules = place(tmp_path, latitude="48,9362", longitude="2,3574")
    assert (found.point, rules) == ((48.9362, 2.3574), {"decimal-comma": 1})


# --- The geocoder, off unless asked for -----------------------------------------------------------


def answering(monkeypatch: pytest.MonkeyPatch, answer: Address | Exception | None) -> list[str]:
    """Replace the service; the value holds what it is asked."""
    asked: list[str] = []

    def find(_self: Geocoder, text: str) -> Address | None:
        asked.append(text)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(module.Geocoder, "find", find)
    return asked


@pytest.mark.parametrize(
    ("label", "precision"),
    [
        ("1 rue du Canal 93200 Saint-Denis", PositionPrecision.ADDRESS),
        ("rue du Canal 93200 Saint-Denis", PositionPrecision.STREET),
    ],
)
def test_a_missing_point_is_asked_of_the_geocoder(
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    label: str,
    precision: PositionPrecision,
) -> None:
    settings.GEOCODER = True
    asked = answering(monkeypatch, Address(label, 48.93, 2.36, "93066"))
    found, rules = place(tmp_path, latitude="", longitude="")
    assert (found.point, found.position_precision) == ((48.93, 2.36), precision)
    assert (asked, rules) == (["1 rue du Canal Saint-Denis 93066"], {"point-geocoded": 1})


@pytest.mark.parametrize("answer", [None, Address("1 rue du Canal", 45.0, 3.0, "63000")])
def test_a_doubtful_answer_leaves_the_commune(
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    answer: Address | None,
) -> None:
    settings.GEOCODER = True
    answering(monkeypatch, answer)
    assert place(tmp_path, latitude="")[0].position_precision == PositionPrecision.COMMUNE


def test_a_silent_geocoder_is_asked_once_and_told(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GEOCODER = True
    asked = answering(monkeypatch, GeocoderUnavailableError("off"))
    nowhere = {"latitude": "", "longitude": ""}
    report = load(write(tmp_path, {"id": "a"} | nowhere, {"id": "b"} | nowhere))
    assert (len(asked), report.added) == (1, 2)
    assert "géocodeur muet" in report.warnings[0]


def test_the_geocoder_is_not_asked_unless_it_is_on(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GEOCODER = False
    asked = answering(monkeypatch, None)
    place(tmp_path, latitude="", longitude="")
    assert asked == []
