"""What `find_duplicates` and imports merge by themselves, and what they leave to moderators."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.exchange import locks, report_text, statistics
from directory.exchange.duplicates import after_import, pairs
from directory.exchange.duplicates.deciding import decide
from directory.exchange.importing import Mode
from directory.exchange.report import Kind
from directory.models import DuplicateCandidate, Place, PlaceRedirect, PlaceSource
from directory.vocabularies.duplicates import DuplicateReason, DuplicateStatus
from directory.vocabularies.names import PositionPrecision, State
from tests.duplicates.twins import OTHER_PHONE, PHONE, pair_of, person, place_of
from tests.factories import CommuneFactory, PlaceFactory
from tests.imports.lists import load, ready, write

pytestmark = pytest.mark.django_db


def find(*options: str) -> str:
    """What the command prints."""
    stream = StringIO()
    call_command("find_duplicates", *options, stdout=stream, verbosity=0)
    return stream.getvalue()


def test_the_command_writes_nothing_unless_asked() -> None:
    place_of("une"), place_of("autre")
    assert "1 lieux fusionnés" in find()
    assert Place.objects.count() == 2
    assert not DuplicateCandidate.objects.exists()


def test_the_command_merges_the_certain_and_lists_the_others() -> None:
    kept = place_of("une")
    place_of("autre")
    place_of("tierce", name="Mairie annexe", phone="")
    assert "1 lieux fusionnés ; 1 paires à examiner, dont 1 nouvelles." in find("--apply")
    assert Place.objects.count() == 2
    waiting = DuplicateCandidate.objects.get(status=DuplicateStatus.WAITING)
    assert waiting.first == kept
    assert DuplicateReason.SAME_ADDRESS in waiting.reasons


def test_what_a_rule_merged_says_so() -> None:
    place_of("une"), place_of("autre")
    find("--apply")
    merged = DuplicateCandidate.objects.get()
    assert (merged.status, merged.decided_by, merged.score) == (DuplicateStatus.MERGED, None, 100)
    assert merged.decided_at


def test_a_second_run_changes_nothing() -> None:
    place_of("une"), place_of("autre"), place_of("tierce", name="Mairie annexe", phone="")
    find("--apply")
    before = list(DuplicateCandidate.objects.values())
    assert "0 lieux fusionnés ; 1 paires à examiner, dont 0 nouvelles." in find("--apply")
    assert list(DuplicateCandidate.objects.values()) == before


def test_three_records_of_one_place_become_one() -> None:
    for source in ("une", "autre", "tierce"):
        place_of(source)
    find("--apply")
    assert Place.objects.get().source_records.count() == 3


def test_a_source_limits_the_search_to_its_places() -> None:
    place_of("une"), place_of("autre")
    assert "0 lieux fusionnés" in find("--source", str(place_of("tierce", phone="").source))
    assert "1 lieux fusionnés" in find("--source", "autre")


def test_an_unknown_source_is_refused() -> None:
    with pytest.raises(CommandError, match="source inconnue"):
        find("--source", "personne")


def test_archived_places_are_left_alone() -> None:
    place_of("une"), place_of("autre", state=State.ARCHIVED)
    find("--apply")
    assert Place.objects.count() == 2


def test_pairs_told_different_are_never_proposed_again() -> None:
    pair = pair_of(place_of("une"), place_of("autre"))
    pairs.tell_apart(pair, person())
    assert "déjà dites différentes : 1" in find("--apply")
    assert Place.objects.count() == 2
    assert DuplicateCandidate.objects.get().status == DuplicateStatus.DIFFERENT


def test_what_was_told_of_a_place_holds_once_it_is_merged() -> None:
    one, other, third = (place_of(source) for source in ("une", "autre", "tierce"))
    pairs.tell_apart(pair_of(one, third), person())
    find("--apply")
    assert Place.objects.count() == 2
    apart = DuplicateCandidate.objects.get(status=DuplicateStatus.DIFFERENT)
    assert {apart.first_id, apart.second_id} == set(Place.objects.values_list("pk", flat=True))
    assert "0 lieux fusionnés" in find("--apply")
    assert other is not None


def test_pairs_that_are_no_longer_alike_leave_the_list() -> None:
    place_of("une")
    other = place_of("autre", name="Mairie annexe", phone="")
    find("--apply")
    Place.objects.filter(pk=other.pk).update(address="9 place du Marché")
    find("--apply")
    assert not DuplicateCandidate.objects.exists()


def test_no_rule_chooses_between_two_corrections() -> None:
    for source, hours in (("une", "Mo 09:00-12:00"), ("autre", "Tu 09:00-12:00")):
        locks.lock(place_of(source, opening_hours=hours), ["opening_hours"])
    assert "0 lieux fusionnés ; 1 paires" in find("--apply")


def test_a_phone_of_many_addresses_counts_for_nothing() -> None:
    commune = CommuneFactory.create(code="93055", name="Pantin")
    for number in range(4):
        PlaceFactory.create(commune=commune, address=f"{number} rue Neuve", phone=PHONE)
    place_of("une"), place_of("autre")
    assert "0 lieux fusionnés" in find("--apply")
    assert DuplicateReason.SAME_PHONE not in DuplicateCandidate.objects.first().reasons  # type: ignore[union-attr]


def test_arrondissements_are_in_their_city() -> None:
    lyon = CommuneFactory.create(code="69123", name="Lyon")
    third = CommuneFactory.create(code="69383", name="Lyon 3e", parent=lyon)
    one = place_of("une", commune=lyon)
    place_of("autre", commune=third)
    assert "1 lieux fusionnés" in find("--apply")
    assert Place.objects.get() == one


def test_neighbours_across_a_border_of_departments_are_compared() -> None:
    paris = CommuneFactory.create(code="75119", name="Paris 19e")
    here: dict[str, Any] = {"latitude": 48.8900, "position_precision": PositionPrecision.ADDRESS}
    place_of("une", longitude=2.3990, **here)
    place_of("autre", commune=paris, longitude=2.4001, **here)
    far = CommuneFactory.create(code="94067", name="Saint-Mandé")
    place_of("tierce", commune=far, longitude=2.4101, **here)
    assert "1 lieux fusionnés ; 0 paires" in find("--apply")
    assert Place.objects.count() == 2


def test_reading_costs_the_same_queries_for_2_and_40_places() -> None:
    counts = []
    for missing in (2, 38):
        for number in range(missing):
            place_of("une", f"{missing}-{number}", name=f"Lieu {number}", address="", phone="")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            decide()
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- After an import ------------------------------------------------------------------------------


def test_an_import_merges_what_another_list_gave(tmp_path: Path) -> None:
    ready()
    load(write(tmp_path, {"id": "a"}), source="une-liste")
    report = load(write(tmp_path, {"id": "b", "nom": "MEDIATHEQUE"}), source="autre-liste")
    assert (report.added, report.duplicates_merged) == (1, 1)
    assert Place.objects.get().source_records.count() == 2
    assert "doublons · lieux fusionnés par règle : 1" in report_text.lines(report, Mode.RUN)
    assert [e.place for e in report.journal if e.kind == Kind.JOINED] == ["MEDIATHEQUE"]


def test_an_import_counts_what_moderators_must_examine(tmp_path: Path) -> None:
    ready()
    load(write(tmp_path, {"id": "a"}), source="une-liste")
    report = load(write(tmp_path, {"id": "b", "telephone": OTHER_PHONE}), source="autre-liste")
    assert (report.duplicates_merged, report.duplicates_to_review) == (0, 1)
    assert "doublons · paires à examiner : 1" in report_text.lines(report, Mode.RUN)


def test_an_import_never_merges_two_rows_of_its_list(tmp_path: Path) -> None:
    ready()
    report = load(write(tmp_path, {"id": "a"}, {"id": "b"}))
    assert (report.duplicates_merged, report.duplicates_to_review) == (0, 1)
    # Not even through a third record.
    load(write(tmp_path, {"id": "c"}), source="autre-liste")
    assert Place.objects.count() == 2
    assert not Place.objects.exclude(pk__in=PlaceSource.objects.values("place")).exists()


def test_a_dry_import_merges_nothing_and_says_when_duplicates_are_found(tmp_path: Path) -> None:
    ready()
    load(write(tmp_path, {"id": "a"}), source="une-liste")
    report = load(write(tmp_path, {"id": "b"}), Mode.DRY, source="autre-liste")
    assert Place.objects.count() == 1
    assert not PlaceRedirect.objects.exists()
    told = "doublons · cherchés à l’écriture, parmi les lieux ajoutés"
    assert told in report_text.lines(report, Mode.DRY)
    assert told not in report_text.lines(report, Mode.RUN)


def test_postgresql_counts_the_tables_after_a_large_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready()
    monkeypatch.setattr(statistics, "MANY", 2)
    counted = []
    for ids in (["a"], ["b", "c"]):
        rows = [{"id": key, "nom": f"Lieu {key}"} for key in ids]
        with CaptureQueriesContext(connection) as asked:
            load(write(tmp_path, *rows), source=f"liste-{ids[0]}")
        counted.append(sum(query["sql"].startswith("ANALYZE") for query in asked))
    assert counted == [0, connection.vendor == "postgresql"]


@pytest.mark.parametrize("again", [Mode.ROW, Mode.RUN])
def test_what_a_killed_import_by_row_added_is_compared_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: Mode
) -> None:
    ready()
    load(write(tmp_path, {"id": "a"}), source="une-liste")
    path = write(tmp_path, {"id": "b"}, name="autre.csv")
    monkeypatch.setattr(after_import, "decide", kill)
    with pytest.raises(KeyboardInterrupt):
        load(path, Mode.ROW, source="autre-liste")
    monkeypatch.setattr(after_import, "decide", decide)
    assert Place.objects.count() == 2
    report = load(path, again, source="autre-liste")
    assert (report.added, report.unchanged, report.duplicates_merged) == (0, 1, 1)
    assert Place.objects.count() == 1
    assert load(path, again, source="autre-liste").duplicates_merged == 0
    assert not PlaceSource.objects.filter(to_compare=True).exists()


def kill(*args: object, **options: object) -> None:
    """What a worker meets in the middle of its work."""
    raise KeyboardInterrupt
