"""Places that a file no longer has: marked, never deleted, and proposed for archiving in time."""

from pathlib import Path
from typing import Any

import pytest

from directory.exchange.importing import Mode
from directory.models import Contribution, Place, PlaceSource
from directory.vocabularies.names import ContributionKind, State
from tests.factories import SourceFactory
from tests.imports.lists import load, ready, write


@pytest.fixture(autouse=True)
def _directory(db: Any) -> None:
    ready()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A whole list, then two later vintages without its second place."""
    kept = {"id": "a"}
    return [
        write(tmp_path, kept, {"id": "b", "nom": "Parti"}, name="un.csv"),
        write(tmp_path, kept, name="deux.csv"),
        write(tmp_path, kept | {"nom": "Mairie"}, name="trois.csv"),
    ]


def gone() -> PlaceSource:
    return PlaceSource.objects.get(external_id="b")


def test_a_place_that_disappeared_is_marked_and_stays_published(files: list[Path]) -> None:
    load(files[0])
    report = load(files[1])
    assert report.gone == 1
    assert gone().missing_since is not None
    assert gone().place.state == State.PUBLISHED
    assert not Contribution.objects.exists()


def test_the_same_file_again_does_not_count_as_a_second_vintage(files: list[Path]) -> None:
    load(files[0])
    load(files[1])
    report = load(files[1])
    assert (report.gone, gone().missed_files) == (0, 1)


def test_after_two_vintages_archiving_is_proposed_once(files: list[Path]) -> None:
    for path in (*files, files[2]):
        load(path)
    proposed = Contribution.objects.get()
    assert (proposed.place, proposed.kind) == (gone().place, ContributionKind.CLOSED)
    assert "Absent des 2 derniers fichiers" in proposed.message
    assert gone().place.state == State.PUBLISHED


def test_a_dry_run_marks_nothing_and_tells_what_would_be(files: list[Path]) -> None:
    load(files[0])
    load(files[1])
    report = load(files[2], Mode.DRY)
    assert report.to_archive == 1
    assert (gone().missed_files, Contribution.objects.count()) == (1, 0)


def test_a_place_that_another_source_still_has_is_not_proposed(files: list[Path]) -> None:
    load(files[0])
    other = SourceFactory.create(slug="autre")
    PlaceSource.objects.create(source=other, external_id="x", place=gone().place)
    load(files[1])
    load(files[2])
    assert not Contribution.objects.exists()


def test_a_place_that_comes_back_is_no_longer_missing(files: list[Path]) -> None:
    for path in (files[0], files[1], files[0]):
        load(path)
    assert (gone().missing_since, gone().missed_files) == (None, 0)


def test_a_row_that_is_rejected_has_not_disappeared(tmp_path: Path) -> None:
    load(write(tmp_path, {"id": "a"}, {"id": "b"}))
    nowhere = {"commune": "Nulle-Part", "code_insee": "", "code_postal": "", "latitude": ""}
    report = load(write(tmp_path, {"id": "a"}, {"id": "b"} | nowhere))
    assert (report.rejected, report.gone) == (1, 0)
    assert gone().missing_since is None


def test_a_part_of_a_list_makes_nothing_disappear(files: list[Path]) -> None:
    load(files[0])
    report = load(files[1], partial=True)
    assert (report.gone, gone().missing_since) == (0, None)
    assert Place.objects.count() == 2


def test_a_file_that_lost_most_of_its_places_is_doubted(tmp_path: Path) -> None:
    load(write(tmp_path, *({"id": str(number)} for number in range(4))))
    report = load(write(tmp_path, {"id": "0"}), Mode.DRY)
    assert report.gone == 3
    assert "3 lieux sur 4 ont disparu" in report.warnings[0]
