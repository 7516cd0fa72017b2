"""Short codes of places: they come back as they went, and a mistake in copying is noticed."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from directory.views import short_codes
from directory.views.short_codes import ALPHABET, MAX_NUMBER, UnreadableCodeError

numbers = st.integers(1, MAX_NUMBER)
lists = st.lists(numbers, min_size=1, max_size=20)


def is_list(code: str) -> bool:
    """Is this the code of a list?"""
    try:
        short_codes.decode_list(code)
    except UnreadableCodeError:
        return False
    return True


def is_place(code: str) -> bool:
    """Is this the code of a place?"""
    try:
        short_codes.decode_one(code)
    except UnreadableCodeError:
        return False
    return True


@given(numbers)
def test_code_of_a_place_comes_back_as_it_went(number: int) -> None:
    assert short_codes.decode_one(short_codes.encode_one(number)) == number


@given(lists)
def test_code_of_a_list_comes_back_in_its_order(chosen: list[int]) -> None:
    assert short_codes.decode_list(short_codes.encode_list(chosen)) == chosen


@given(lists)
def test_case_and_letters_that_look_like_digits_do_not_matter(chosen: list[int]) -> None:
    code = short_codes.encode_list(chosen)
    copied = code.lower().replace("1", "l").replace("0", "o")
    assert short_codes.decode_list(f"{copied[:2]}-{copied[2:]} ") == chosen


@given(lists, st.data())
def test_any_wrong_character_is_noticed(chosen: list[int], data: st.DataObject) -> None:
    code = short_codes.encode_list(chosen)
    rank = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from(ALPHABET))
    assume(other != code[rank])
    assert not is_list(code[:rank] + other + code[rank + 1 :])


@given(numbers, st.data())
def test_any_wrong_character_in_the_code_of_a_place_is_noticed(
    number: int, data: st.DataObject
) -> None:
    code = short_codes.encode_one(number)
    rank = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from(ALPHABET))
    assume(other != code[rank])
    assert not is_place(code[:rank] + other + code[rank + 1 :])


@given(lists, st.data())
def test_any_two_neighbours_swapped_are_noticed(chosen: list[int], data: st.DataObject) -> None:
    code = short_codes.encode_list(chosen)
    rank = data.draw(st.integers(0, len(code) - 2))
    assume(code[rank] != code[rank + 1])
    swapped = code[:rank] + code[rank + 1] + code[rank] + code[rank + 2 :]
    assert not is_list(swapped)


@given(numbers)
def test_code_of_a_place_is_never_read_as_a_list(number: int) -> None:
    assert not is_list(short_codes.encode_one(number))


@given(lists)
def test_code_of_a_list_is_never_read_as_a_place(chosen: list[int]) -> None:
    assert not is_place(short_codes.encode_list(chosen))


@settings(max_examples=500)
@given(st.text(alphabet=ALPHABET + "ÉÜ*/.%", max_size=30))
def test_any_text_is_either_read_as_we_write_it_or_refused(text: str) -> None:
    if is_place(text):
        assert short_codes.encode_one(short_codes.decode_one(text)) == text
    if is_list(text):
        assert short_codes.encode_list(short_codes.decode_list(text)) == text


@pytest.mark.parametrize("text", ["", "0", "00", "1", "É2", "000000", "Z" * 200])
def test_text_that_is_no_code_is_refused(text: str) -> None:
    assert not is_list(text)
    assert not is_place(text)


@pytest.mark.parametrize(
    ("largest", "count", "length"),
    [(2_849, 1, 4), (2_849, 3, 10), (2_849, 20, 50), (200_000, 3, 13), (200_000, 20, 74)],
)
def test_codes_are_as_short_as_the_contract_says(largest: int, count: int, length: int) -> None:
    chosen = [largest - rank for rank in range(count)]
    code = short_codes.encode_list(chosen) if count > 1 else short_codes.encode_one(largest)
    assert len(code) == length
