"""Merges made a hundred together give the directory that one after the other would."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from directory.exchange.duplicates import deciding, pairs, snapshot
from directory.exchange.duplicates.deciding import decide
from directory.exchange.duplicates.finding import Found
from directory.exchange.duplicates.rounds import Book, pick
from directory.exchange.duplicates.score import Comparison
from directory.models import (
    Closure,
    DuplicateCandidate,
    FieldProvenance,
    Place,
    PlaceRedirect,
    PlaceSource,
    Revision,
    Service,
    Source,
    Stop,
)
from directory.models.history_rows import TRACKED, history_of
from directory.vocabularies.duplicates import DuplicateStatus
from directory.vocabularies.names import Licence, Origin
from tests.duplicates.twins import pair_of, person, place_of
from tests.factories import (
    ActorFactory,
    ClosureFactory,
    ContributionFactory,
    PlaceFactory,
    ServiceFactory,
    StopFactory,
    TermFactory,
)

pytestmark = pytest.mark.django_db

KEPT = (Place, PlaceSource, Service, Closure, Stop)
REMADE = (DuplicateCandidate, FieldProvenance, PlaceRedirect, Revision)
"""Tables whose rows are written anew: their keys tell nothing."""
PASSING = {
    "id", "history_id", "history_date", "revision_id", "at", "updated_at", "created_at",
    "decided_at", "found_at", "recorded_at", "state_changed_at",
}  # fmt: skip


def several(count: int) -> None:
    """As many places that two or three lists give, with what hangs on them."""
    term, network = TermFactory.create(code="BIB"), ActorFactory.create()
    before: Place | None = None
    for number in range(count):
        own = {"name": f"Maison {number}", "address": f"{number + 1} rue Neuve"}
        phone = {"phone": f"+3319900{number:04d}"}
        first = place_of("une", f"a{number}", opening_hours="Mo 09:00-12:00", **own, **phone)
        second = place_of("autre", f"b{number}", emails=["a@pantin.example"], **own, **phone)
        if number % 3 == 0:
            place_of("tierce", f"c{number}", **own, **phone)
        for place in (first, second):
            service = ServiceFactory.create(place=place, name="Aide", needs=["ameli"])
            Service.objects.filter(pk=service.pk).update(source=place.source, external_id=place.pk)
        ServiceFactory.create(place=second, name="Atelier")
        StopFactory.create(place=second)
        ClosureFactory.create(place=second)
        second.terms.add(term)
        second.networks.add(network)
        ContributionFactory.create(place=second)
        if before:
            Place.objects.filter(pk=first.pk).update(principal=before)
        before = second if number % 2 else None
    Source.objects.filter(slug="autre").update(priority=10, licence=Licence.ODBL)


def rows_of(model: Any, *aside: str) -> list[str]:
    left_out = PASSING | set(aside)
    rows = model.objects.values()
    return sorted(
        str(sorted((name, told(value)) for name, value in row.items() if name not in left_out))
        for row in rows
    )


def told(value: Any) -> Any:
    """A value; of a record kept as JSON, what no clock and no sequence gave."""
    if not isinstance(value, dict) or "rows" not in value:
        return value
    rows = [
        (row["model"], sorted((k, str(v)) for k, v in row["fields"].items() if k not in PASSING))
        for row in value["rows"]
    ]
    return value["number"], value["contributions"], sorted(rows)


def directory() -> dict[str, list[str]]:
    """All that merges write."""
    found = {model.__name__: rows_of(model) for model in (*KEPT, *REMADE)}
    found |= {f"history of {model.__name__}": rows_of(history_of(model)) for model in TRACKED}
    for name in ("terms", "networks"):
        found[name] = rows_of(getattr(Place, name).through)
    return found


def test_merges_made_together_give_what_one_after_the_other_would(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    several(7)
    one, other = Place.objects.order_by("pk")[0], Place.objects.order_by("pk")[4]
    pairs.tell_apart(pair_of(one, other), person())
    found = []
    for most in (1, 3, 100):
        monkeypatch.setattr(deciding, "MERGES", most)
        with transaction.atomic():
            outcome = decide(apply=True)
            found.append(directory())
            transaction.set_rollback(True)
        assert len(outcome.merged) == 10
    assert found[0] == found[1] == found[2]


def test_a_merge_is_one_revision_whatever_is_merged_with_it() -> None:
    several(4)
    outcome = decide(apply=True)
    merged = history_of(Place).objects.filter(history_type="-", revision__origin=Origin.MERGE)
    assert merged.values("revision").distinct().count() == len(outcome.merged) == 6
    assert Revision.objects.filter(origin=Origin.MERGE).count() == 6


def test_merges_cost_the_same_queries_for_8_and_14_places() -> None:
    counts = []
    for count in (8, 14):
        with transaction.atomic():
            several(count)
            with CaptureQueriesContext(connection) as asked:
                decide(apply=True)
            counts.append(len(asked))
            transaction.set_rollback(True)
    assert counts[0] == counts[1]


def test_a_merge_that_fails_is_left_to_moderators_and_the_others_are_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    several(3)
    broken = Place.objects.get(source_records__external_id="a1").pk
    take = snapshot.take

    def fail(side: Any) -> Any:
        if side.place.pk == broken:
            raise DatabaseError
        return take(side)

    monkeypatch.setattr(snapshot, "take", fail)
    keys = PlaceSource.objects.filter(external_id__in=["a1", "b1"]).values_list("place", flat=True)
    two = set(keys)
    outcome = decide(apply=True)
    assert (len(outcome.merged), outcome.refused, outcome.added) == (3, 1, 1)
    pair = DuplicateCandidate.objects.get(status=DuplicateStatus.WAITING)
    assert {pair.first_id, pair.second_id} == two


def found_of(*numbers: tuple[int, int]) -> list[Found]:
    return [Found(one, other, Comparison(100, (), True)) for one, other in numbers]


def test_pairs_that_share_a_place_are_in_different_rounds() -> None:
    left = found_of((1, 2), (2, 3), (3, 4), (5, 6), (7, 8))
    picked, waiting = pick(left, Book({}), most=2)
    assert (picked, waiting) == (found_of((1, 2), (5, 6)), found_of((2, 3), (3, 4), (7, 8)))


def test_places_that_are_one_already_leave_the_rounds() -> None:
    book = Book({})
    book.merge(1, 2)
    picked, waiting = pick(found_of((1, 2), (2, 3)), book, most=2)
    assert (picked, waiting) == (found_of((1, 3)), [])


def test_an_antenna_waits_for_the_merge_of_its_principal() -> None:
    several(2)
    absorbed, kept, antenna = (
        Place.objects.get(source_records__external_id=key) for key in ("a0", "b0", "b1")
    )
    Place.objects.filter(pk=antenna.pk).update(principal=absorbed)
    assert len(decide(apply=True).merged) == 3
    antenna.refresh_from_db()
    assert antenna.principal == kept


def test_an_antenna_that_is_not_merged_follows_its_principal() -> None:
    several(1)
    twin = Place.objects.get(source_records__external_id="b0")
    antenna = PlaceFactory.create(principal=twin, name="Antenne")
    decide(apply=True)
    antenna.refresh_from_db()
    assert antenna.principal_id == Place.objects.exclude(pk=antenna.pk).get().pk
    row = history_of(Place).objects.filter(id=antenna.pk, revision__origin=Origin.MERGE)
    known = {key for told in row.values_list("changes", flat=True) for key in told}
    assert known <= {"principal"}
