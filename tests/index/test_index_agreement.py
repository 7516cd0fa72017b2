"""The index answers as a plain loop over places does, whatever the data and the search."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.models import Place
from directory.search.criteria import Criteria, Facet
from directory.search.index import Answer, SearchIndex, build
from tests.index.naive import MAY_BE_SILENT, Naive
from tests.index.searches import criteria
from tests.index.worlds import World, Writer, places, worlds

RADII = (5, 10, 20, 50, 100)
EVERYTHING = 1000

slow = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def writer(db: None) -> Writer:
    return Writer()


def this_monday() -> date:
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())


def assert_same(world: World, asked: Criteria, answer: Answer) -> None:
    naive = Naive(world, asked, this_monday())
    strict, unsure = naive.blocks()
    assert [hit.id for hit in answer.hits] == strict + unsure
    assert (answer.total, answer.silent_total) == (len(strict), len(unsure))
    by_id = {place["id"]: place for place in world["places"]}
    for hit in answer.hits:
        place = by_id[hit.id]
        assert hit.is_silent == (hit.id in unsure)
        assert hit.is_exact == naive.is_exact(place)
        assert hit.is_declared == naive.is_declared(place)
        expected = naive.distance(place) if asked.point else None
        assert hit.distance == (None if expected is None else pytest.approx(expected, abs=1e-6))
    assert answer.counts == {facet: naive.counts(facet) for facet in Facet}
    assert answer.silent_counts == {facet: naive.silent_count(facet) for facet in MAY_BE_SILENT}
    radii = RADII if asked.point and not asked.bbox else ()
    assert answer.radius_counts == {km: naive.radius_count(km) for km in radii}


def bearable(asked: Criteria, world: World) -> Criteria:
    """Leave out the words that no place bears: those are corrected, which is another matter."""
    naive = Naive(world, asked, this_monday())
    known = [w for w in asked.words if any(naive.bears(place, w) for place in naive.places)]
    return Criteria(**{**vars(asked), "words": tuple(known)})


@slow
@given(worlds(), st.lists(criteria(), min_size=1, max_size=4))
def test_the_index_answers_as_a_loop_over_places_does(
    writer: Writer, world: World, searches: list[Criteria]
) -> None:
    with transaction.atomic():
        writer.write(world)
        index = build()
        for asked in searches:
            known = bearable(asked, world)
            assert_same(world, known, index.answer(known, 0, EVERYTHING))
        transaction.set_rollback(True)


@slow
@given(
    worlds(),
    st.lists(st.tuples(st.integers(1, 14), st.none() | places()), min_size=1, max_size=6),
    st.lists(criteria(), min_size=1, max_size=4),
)
def test_applied_changes_answer_as_a_fresh_build_does(
    writer: Writer,
    world: World,
    edits: list[tuple[int, dict[str, Any] | None]],
    searches: list[Criteria],
) -> None:
    with transaction.atomic():
        writer.write(world)
        index = build()
        before = index.answer(searches[0], 0, EVERYTHING)
        changed: SearchIndex = index
        for half in (edits[: len(edits) // 2], edits[len(edits) // 2 :]):
            for pk, place in half:
                edit(writer, world, pk, place)
            changed = changed.apply([pk for pk, _place in half])
        for asked in searches:
            known = bearable(asked, world)
            assert_same(world, known, changed.answer(known, 0, EVERYTHING))
            assert changed.answer(known) == build().answer(known)
        assert index.answer(searches[0], 0, EVERYTHING) == before
        transaction.set_rollback(True)


def edit(writer: Writer, world: World, pk: int, place: dict[str, Any] | None) -> None:
    """Delete, replace or add a place, in the world and in the database."""
    world["places"] = [other for other in world["places"] if other["id"] != pk]
    Place.objects.filter(pk=pk).delete()
    if place is not None:
        world["places"].append({"id": pk, **place})
        writer.write_place({"id": pk, **place})


@slow
@given(worlds(30), criteria(), st.integers(1, 7))
def test_pages_put_end_to_end_are_the_whole_list(
    writer: Writer, world: World, asked: Criteria, size: int
) -> None:
    with transaction.atomic():
        writer.write(world)
        index = build()
        whole = index.answer(asked, 0, EVERYTHING)
        starts = range(0, whole.total + whole.silent_total, size)
        paged = [hit for start in starts for hit in index.answer(asked, start, size).hits]
        assert paged == whole.hits
        transaction.set_rollback(True)


@slow
@given(worlds(30), criteria(), st.integers(1, 7), st.data())
def test_pages_that_follow_each_other_are_the_whole_list_changes_told(
    writer: Writer, world: World, asked: Criteria, size: int, data: st.DataObject
) -> None:
    """What is taken away or written again between two pages hides and repeats no other place."""
    with transaction.atomic():
        writer.write(world)
        index = build()
        whole = [hit.id for hit in index.answer(asked, 0, EVERYTHING).hits]
        gone: set[int] = set()
        met: list[int] = []
        last: tuple[Any, ...] = ()
        while found := index.after(asked, last, size, index.alive):
            if not found.hits:
                break
            met += [hit.id for hit in found.hits]
            last = found.places[-1]
            if len(gone) < 3 and whole and data.draw(st.booleans()):
                gone.add(one := data.draw(st.sampled_from(whole)))
                Place.objects.filter(pk=one).delete()
                again = data.draw(st.sampled_from(whole))
                index = index.apply([one, again])
        assert len(met) == len(set(met))
        assert [pk for pk in met if pk not in gone] == [pk for pk in whole if pk not in gone]
        transaction.set_rollback(True)
