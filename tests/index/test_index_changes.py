"""Places read again after a change, and what the index refuses."""

from typing import Any

import pytest
from django.utils import timezone

from directory.models import Place
from directory.search.criteria import Access, Criteria, Facet
from directory.search.index import Answer, build, core
from directory.vocabularies.names import State
from tests.factories import (
    PlaceFactory,
    ServiceFactory,
)

pytestmark = pytest.mark.django_db

HERE = (48.9362, 2.3574)


def found(answer: Answer) -> list[int]:
    return [hit.id for hit in answer.hits]


def choose(**chosen: str) -> dict[Facet, frozenset[str]]:
    return {Facet[name.upper()]: frozenset({code}) for name, code in chosen.items()}


def offering(*needs: str, **fields: Any) -> Place:
    place: Place = PlaceFactory.create(**fields)
    ServiceFactory.create(place=place, needs=needs)
    return place


def test_a_changed_place_is_found_as_it_now_is_and_the_old_index_keeps_what_it_knew() -> None:
    place = PlaceFactory.create(name="Ancienne mairie")
    before = build()
    place.name = "Nouvelle maison"
    place.latitude, place.longitude = 44.0, 5.0
    place.save()
    after = before.apply([place.pk])
    assert found(after.answer(Criteria(words=("nouvelle",), point=(44.0, 5.0)))) == [place.pk]
    assert not after.answer(Criteria(words=("ancienne",))).corrections
    assert not after.answer(Criteria(words=("ancienne",))).hits
    assert found(before.answer(Criteria(words=("ancienne",)))) == [place.pk]
    assert (before.count, after.count) == (1, 1)


def test_a_place_withdrawn_or_deleted_disappears() -> None:
    withdrawn, deleted, kept = PlaceFactory.create_batch(3)
    index = build()
    gone = [withdrawn.pk, deleted.pk]
    Place.objects.filter(pk=withdrawn.pk).update(state=State.ARCHIVED)
    deleted.delete()
    assert found(index.apply(gone).answer(Criteria())) == [kept.pk]


def test_many_changes_ask_for_a_rebuild(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "TAIL_MAX", 3)
    place = PlaceFactory.create()
    index = build()
    for _ in range(4):
        assert not index.needs_rebuild
        index = index.apply([place.pk])
    assert index.needs_rebuild
    assert index.count == 1


@pytest.mark.parametrize(
    "asked",
    [
        Criteria(facets=choose(access=Access.NOW)),
        Criteria(facets=choose(access=Access.AT), day=1),
        Criteria(facets=choose(verified="oui")),
    ],
)
def test_a_choice_that_lacks_its_time_is_refused(asked: Criteria) -> None:
    with pytest.raises(ValueError, match="needs Criteria"):
        build().answer(asked)


def test_a_negative_page_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        build().answer(Criteria(), -1)


def test_an_empty_directory_answers_nothing() -> None:
    index = build()
    answer = index.answer(Criteria(point=HERE, now=timezone.now(), words=("mairie",)))
    assert (answer.hits, answer.total, answer.silent_total) == ([], 0, 0)
    assert answer.radius_counts == {5: 0, 10: 0, 20: 0, 50: 0, 100: 0}


def test_building_and_applying_cost_the_same_queries_whatever_the_number_of_places(
    django_assert_num_queries: Any,
) -> None:
    for _ in range(3):
        offering("ameli")
    keys = list(Place.objects.values_list("pk", flat=True))
    with django_assert_num_queries(14):
        index = build()
    with django_assert_num_queries(14):
        index.apply(keys)


def test_a_place_that_has_one_chosen_access_is_not_silent_on_another() -> None:
    PlaceFactory.create(appointment="")
    wanted: frozenset[str] = frozenset({Access.PHONE, Access.NO_APPOINTMENT})
    chosen = {Facet.ACCESS: wanted}
    answer = build().answer(Criteria(facets=chosen))
    assert (answer.total, answer.silent_total, answer.silent_counts[Facet.ACCESS]) == (1, 0, 0)
