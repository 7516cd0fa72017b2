"""How places share pages: two at most, no page more than needed, letters that can be read."""

import math
from dataclasses import replace

import pytest

from directory.views.sheet.layout import SIZES, lay_out
from tests import sheets

pytestmark = pytest.mark.django_db

COUNTS = [1, 2, 3, 5, 20]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("with_need", [False, True], ids=["", "need"])
def test_ordinary_places_take_a_page_for_two(count: int, with_need: bool) -> None:
    needs = [sheets.need()] if with_need else []
    plan = lay_out(sheets.built([sheets.ordinary(n) for n in range(count)], needs))
    assert len(plan.pages) == math.ceil(count / 2)


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_second_language_takes_one_page_more_at_most(count: int, language: str) -> None:
    places = [sheets.ordinary(number) for number in range(count)]
    need = sheets.need(language=language)
    assert len(lay_out(sheets.built(places, [], language)).pages) == math.ceil(count / 2)
    assert len(lay_out(sheets.built(places, [need], language)).pages) <= math.ceil(count / 2) + 1


@pytest.mark.parametrize("count", COUNTS)
def test_page_holds_two_places_at_most_in_their_order(count: int) -> None:
    places = [(sheets.longest if n % 3 else sheets.ordinary)(n) for n in range(count)]
    plan = lay_out(sheets.built(places, [sheets.need()], "ar"))
    assert max(len(page.places) for page in plan.pages) <= 2
    told = [place.number for page in plan.pages for place in page.places]
    assert told == list(range(1, count + 1))


def test_only_the_first_page_has_the_heading() -> None:
    plan = lay_out(sheets.built([sheets.ordinary(number) for number in range(5)]))
    assert [page.is_first for page in plan.pages] == [True, False, False]


def test_odd_number_of_places_leaves_its_room_to_what_to_bring() -> None:
    places = [sheets.ordinary(number) for number in range(3)]
    with_need = lay_out(sheets.built(places, [sheets.need()]))
    without = lay_out(sheets.built(places))
    assert [len(page.places) for page in with_need.pages] == [1, 2]
    assert [len(page.places) for page in without.pages] == [2, 1]


def test_letters_are_large_alone_and_never_small() -> None:
    alone = lay_out(sheets.built([sheets.ordinary()]))
    many = lay_out(sheets.built([sheets.longest(n) for n in range(20)], [sheets.need()], "ar"))
    assert alone.size == max(SIZES)
    assert many.size >= 14


def test_list_to_tick_is_preferred_to_larger_letters() -> None:
    plan = lay_out(sheets.built([sheets.ordinary()], [sheets.need()], "ar"))
    assert not plan.pages[0].is_tight


def test_needs_too_long_for_a_place_stand_alone() -> None:
    need = sheets.need()
    need.bring = [f"Un papier très long à trouver dans une armoire, numéro {n}" for n in range(30)]
    plan = lay_out(sheets.built([sheets.longest()], [need]))
    assert [len(page.places) for page in plan.pages] == [0, 1]


def test_place_longer_than_a_page_goes_on_overleaf() -> None:
    sheet = sheets.built([sheets.longest()], [sheets.need()], "ar")
    long = replace(sheet.places[0], facts=sheet.places[0].facts * 3)
    plan = lay_out(replace(sheet, places=(long,)))
    assert [page.is_long for page in plan.pages] == [False, True]
    assert plan.paper == 3
