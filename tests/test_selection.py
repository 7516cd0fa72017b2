"""The places that an address names: in its order, and what cannot be shown is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.views import selection, short_codes
from directory.vocabularies.names import State
from tests import factories as make

pytestmark = pytest.mark.django_db


def places(count: int) -> list[int]:
    """Numbers of so many published places of one commune."""
    commune = make.CommuneFactory.create()
    return [place.pk for place in make.PlaceFactory.create_batch(count, commune=commune)]


def test_places_come_in_the_order_of_the_address() -> None:
    first, second, third = places(3)
    assert selection.read([f"{third},{first},{second}"]).numbers == [third, first, second]


def test_repeated_number_counts_once() -> None:
    first, second = places(2)
    chosen = selection.read([f"{first},{second},{first}", f"{second}"])
    assert (chosen.numbers, chosen.problems) == ([first, second], [])


def test_what_is_no_number_is_said_and_the_rest_kept() -> None:
    first, second = places(2)
    chosen = selection.read([f"{first},abc,-3,1.5,{second},٣"])
    assert chosen.numbers == [first, second]
    assert [problem[:11] for problem in chosen.problems] == ["4 morceaux "]


@pytest.mark.parametrize("state", [State.ARCHIVED, State.DRAFT, State.TO_REVIEW, None])
def test_place_that_is_not_public_is_said_as_an_unknown_one_and_never_named(
    state: State | None,
) -> None:
    known = places(1)[0]
    hidden = make.PlaceFactory.create(name="Lieu caché", state=state).pk if state else 999_999
    chosen = selection.read([f"{hidden},{known}"])
    assert chosen.numbers == [known]
    said = "Un lieu de cette liste n’est plus dans l’annuaire, ou son numéro est mal écrit."
    assert chosen.problems == [f"{said} Rang dans la liste\u00a0: 1."]


def test_twenty_places_are_kept_and_the_others_said() -> None:
    numbers = places(23)
    chosen = selection.read([selection.as_text(numbers)])
    assert chosen.numbers == numbers[:20]
    assert chosen.problems == ["Un carnet tient 20 lieux au plus. 3 lieux n’ont pas été gardés."]


def test_unknown_numbers_take_no_room_from_the_known_ones() -> None:
    numbers = places(20)
    unknown = [900_000 + rank for rank in range(30)]
    chosen = selection.read([selection.as_text([*unknown, *numbers])])
    assert chosen.numbers == numbers
    assert chosen.problems[0].startswith("30 lieux de cette liste ne sont plus")


def test_five_hundred_numbers_are_read_and_the_others_counted() -> None:
    known = places(1)[0]
    asked = [known, *range(900_000, 900_699)]
    chosen = selection.read([selection.as_text(asked)])
    assert chosen.numbers == [known]
    assert chosen.problems[0].startswith("Un carnet tient 20 lieux au plus. 200 lieux")
    assert chosen.problems[1].startswith("499 lieux")


def test_number_that_no_database_holds_is_an_unknown_place() -> None:
    chosen = selection.read(["9" * 30, "0", "99999999999"])
    assert chosen.places == []
    assert chosen.problems[0].startswith("Un lieu de cette liste n’est plus")


def test_selection_is_read_with_one_query(django_assert_num_queries: object) -> None:
    numbers = places(5)
    with django_assert_num_queries(1):  # type: ignore[operator]
        chosen = selection.read([selection.as_text(numbers)])
        assert [place.commune.department.code for place in chosen.places] == ["93"] * 5


def test_no_query_for_an_empty_address(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert selection.read([""]).places == []


@given(st.lists(st.text(max_size=40), max_size=5))
def test_no_text_is_refused(values: list[str]) -> None:
    written = selection.written_numbers(values)
    assert all(0 <= number <= short_codes.MAX_NUMBER for number in written.numbers)
