"""Texts that people type are compared in one way."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.vocabularies.normalization import (
    normalize,
    normalize_place_name,
    phonetic,
    without_article,
)


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("Guéret", "gueret"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("L'HAŸ LES ROSES", "l hay les roses"),
        ("  Saint --  Denis ", "saint denis"),
        ("C\u0327a va", "ca va"),
        ("ﬁn", "fin"),
    ],
)
def test_accents_capitals_and_punctuation_do_not_count(typed: str, compared: str) -> None:
    assert normalize(typed) == compared


@pytest.mark.parametrize(
    ("typed", "compared"),
    [("Œuilly", "oeuilly"), ("cœur", "coeur"), ("Læticia", "laeticia"), ("Straße", "strasse")],
)
def test_ligatures_are_written_in_two_letters(typed: str, compared: str) -> None:
    assert normalize(typed) == compared


@pytest.mark.parametrize("typed", ["", "   ", "!?…", "😀", "\ufffd", "—"])
def test_text_without_any_letter_is_nothing(typed: str) -> None:
    assert normalize(typed) == ""


@pytest.mark.parametrize(
    ("typed", "compared"),
    [("تجديد الحقوق", "تجديد الحقوق"), ("Медицина", "медицина"), ("أمل", "امل")],
)
def test_arabic_and_cyrillic_letters_are_kept(typed: str, compared: str) -> None:
    assert normalize(typed) == compared


@given(st.text())
def test_normalizing_twice_changes_nothing_more(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(st.text())
def test_normalized_text_holds_only_words_parted_by_one_space(text: str) -> None:
    word = r"[a-z0-9\u0600-\u06ff\u0400-\u04ff]+"
    assert re.fullmatch(rf"({word}( {word})*)?", normalize(text))


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("St Denis", "saint denis"),
        ("ST-DENIS", "saint denis"),
        ("Ste-Marie", "sainte marie"),
        ("Bourg-st-Maurice", "bourg saint maurice"),
        ("Stes Maries de la Mer", "saintes maries de la mer"),
        ("Sts Geosmes", "saints geosmes"),
    ],
)
def test_saint_is_written_in_full_in_a_place_name(typed: str, full: str) -> None:
    assert normalize_place_name(typed) == full


@pytest.mark.parametrize("name", ["estaing", "stains", "ostwald", "brest"])
def test_letters_st_inside_a_word_are_no_saint(name: str) -> None:
    assert normalize_place_name(name) == name


@pytest.mark.parametrize(
    ("name", "short"),
    [("le havre", "havre"), ("la rochelle", "rochelle"), ("les ulis", "ulis"), ("l isle", "isle")],
)
def test_leading_article_is_taken_off(name: str, short: str) -> None:
    assert without_article(name) == short


@pytest.mark.parametrize("name", ["laon", "lens", "lesparre medoc", "sainte marie la mer", ""])
def test_name_that_only_begins_like_an_article_stays_whole(name: str) -> None:
    assert without_article(name) == name


@pytest.mark.parametrize(
    ("misspelt", "right"),
    [
        ("bordo", "bordeaux"),
        ("tulle", "tule"),
        ("marseile", "marseille"),
        ("fontaineblo", "fontainebleau"),
        ("kimper", "quimper"),
        ("nise", "nice"),
        ("gerret", "gueret"),
    ],
)
def test_spellings_of_a_same_sound_are_alike(misspelt: str, right: str) -> None:
    assert phonetic(misspelt) == phonetic(right)


@pytest.mark.parametrize(
    ("one", "other"), [("lille", "lyon"), ("pau", "pantin"), ("gap", "gien"), ("nancy", "nantes")]
)
def test_names_that_sound_different_stay_apart(one: str, other: str) -> None:
    assert phonetic(one) != phonetic(other)


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1), min_size=1))
def test_sound_keeps_as_many_words_as_the_text(words: list[str]) -> None:
    assert len(phonetic(" ".join(words)).split(" ")) == len(words)
