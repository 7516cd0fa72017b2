"""French telephone numbers, overseas included: one test per rule."""

import phonenumbers
import pytest

from directory.exchange.phones import display, find_numbers, is_mobile, tel_uri, to_e164

LANDLINE = "+33199001234"


@pytest.mark.parametrize(
    "text",
    [
        "01 99 00 12 34",
        "01.99.00.12 34",
        "01-99-00-12-34",
        "01/99/00 /12/34",
        "0199001234",
        "0033 1 99 00 12 34",
        "+33 (0)1 99 00 12 34",
        "+33199001234",
        "tél : 01.99.00.12.34",
        "01 99 00 12 34 (poste 12)",
    ],
)
def test_every_french_writing_gives_the_same_number(text: str) -> None:
    assert to_e164(text, "01").e164 == LANDLINE


def test_the_usual_writing_needs_no_repair() -> None:
    assert to_e164("01 99 00 12 34").repairs == ()


def test_words_around_a_number_are_removed_and_named() -> None:
    assert "words-removed" in to_e164("01 99 00 12 34 (accueil)").repairs


def test_the_first_of_several_numbers_is_kept_with_the_others_aside() -> None:
    result = to_e164("01 99 00 12 34 / 06 39 98 00 11")
    assert (result.e164, result.others) == (LANDLINE, ("+33639980011",))
    assert result.repairs == ("first-of-several",)


def test_a_first_zero_lost_by_a_spreadsheet_is_restored() -> None:
    result = to_e164("199001234")
    assert (result.e164, result.repairs[0]) == (LANDLINE, "leading-zero-restored")


def test_a_short_number_is_only_displayed() -> None:
    result = to_e164("36 46")
    assert (result.e164, result.display, result.problem) == ("", "3646", "")


def test_a_special_number_is_read_and_grouped() -> None:
    assert to_e164("0800 123 456").display == "0800\u00a0123\u00a0456"


@pytest.mark.parametrize(
    ("text", "department", "prefix"),
    [
        ("0590 20 12 34", "971", "+590590"),
        ("0590 27 12 34", "977", "+590590"),
        ("0596 50 12 34", "972", "+596596"),
        ("0594 30 12 34", "973", "+594594"),
        ("0262 20 12 34", "974", "+262262"),
        ("0269 61 12 34", "976", "+262269"),
        ("41 12 34", "975", "+508411"),
        ("72 12 34", "986", "+681721"),
        ("40 45 12 34", "987", "+689404"),
        ("25 12 34", "988", "+687251"),
    ],
)
def test_an_overseas_number_takes_its_own_country_code(
    text: str, department: str, prefix: str
) -> None:
    assert to_e164(text, department).e164.startswith(prefix)


def test_an_overseas_number_is_known_by_its_digits_wherever_the_counter_is() -> None:
    assert to_e164("0262 20 12 34", "75").e164 == "+262262201234"


def test_a_mainland_country_code_before_an_overseas_number_is_corrected() -> None:
    result = to_e164("+33 590 20 12 34", "971")
    assert result.e164 == "+590590201234"
    assert "country-code-corrected" in result.repairs


def test_an_overseas_counter_may_publish_a_mainland_number() -> None:
    result = to_e164("01 99 00 12 34", "974")
    assert (result.e164, result.repairs) == (LANDLINE, ("metropolitan-number-overseas",))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("aucun", "no-digits"),
        ("12 34", "wrong-length"),
        ("00 00 00 00 00", "not-a-french-number"),
    ],
)
def test_an_unreadable_cell_has_a_named_problem(text: str, problem: str) -> None:
    result = to_e164(text)
    assert (result.e164, result.problem) == ("", problem)


def test_a_date_is_not_a_number() -> None:
    assert find_numbers("du 01/09/2022 10h au 02/09/2022 11h") == ()


def test_a_number_is_displayed_in_pairs_with_no_break_spaces() -> None:
    assert display(LANDLINE) == "01\u00a099\u00a000\u00a012\u00a034"
    assert display("+590590201234") == "05\u00a090\u00a020\u00a012\u00a034"


def test_a_call_link_follows_the_standard() -> None:
    assert tel_uri(LANDLINE) == "tel:+33199001234"


@pytest.mark.parametrize("region", ["FR", "GP", "RE"])
def test_mobiles_are_told_from_landlines(region: str) -> None:
    kind = phonenumbers.PhoneNumberType
    for expected, line in ((True, kind.MOBILE), (False, kind.FIXED_LINE)):
        number = phonenumbers.example_number_for_type(region, line)
        assert number is not None
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        assert is_mobile(e164) is expected


def test_the_block_kept_for_fiction_is_read_as_a_mobile() -> None:
    assert is_mobile(to_e164("06 39 98 12 34").e164)


@pytest.mark.parametrize("text", ["", "not a number", "+442079460000"])
def test_a_foreign_or_malformed_number_is_not_displayed(text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        display(text)
