"""SMS: messages counted exactly, French written in the 7-bit alphabet, two messages at most.

The counter here is written again from 3GPP TS 23.038, character codes in order, and cuts the text
into real messages: it shares nothing with the one it checks.
"""

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from directory.views import share_texts, sms
from directory.views.share_texts import SharedPlace

# TS 23.038, 6.2.1: codes 0x00 to 0x7F in order; 0x1B escapes to the table of 6.2.1.1.
TABLE = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
EXTENSION = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~",
             0x3E: "]", 0x40: "|", 0x65: "€"}  # fmt: skip
ESCAPE = 0x1B
LINK = "https://annuaire-de-la-mediation.example/c/C1AW1S6858"


def septets(character: str) -> list[int] | None:
    """The 7-bit codes of a character, None when it has none."""
    if character != "\x1b" and character in TABLE:
        return [TABLE.index(character)]
    for code, extended in EXTENSION.items():
        if character == extended:
            return [ESCAPE, code]
    return None


def messages(text: str) -> list[list[int]]:
    """The text as a telephone sends it: the units of each message, no character cut."""
    coded = [septets(character) for character in text]
    if None in coded:
        pairs = [character.encode("utf-16-be") for character in text]
        characters = [[*pair] for pair in pairs]
        alone, part = 140, 134
    else:
        characters = [code for code in coded if code is not None]
        alone, part = 160, 153
    if sum(len(character) for character in characters) <= alone:
        return [[unit for character in characters for unit in character]]
    sent: list[list[int]] = [[]]
    for character in characters:
        if len(sent[-1]) + len(character) > part:
            sent.append([])
        sent[-1].extend(character)
    return sent


def test_table_has_128_codes() -> None:
    assert len(TABLE) == len(set(TABLE)) == 128


@given(st.text(alphabet=TABLE.replace("\x1b", "") + "".join(EXTENSION.values()), max_size=500))
@example("a" * 160)
@example("a" * 161)
@example("a" * 152 + "€" + "a" * 152)
@example("a" * 306)
@example("a" * 307)
def test_messages_of_seven_bits_are_counted_exactly(text: str) -> None:
    assert sms.segments(text) == len(messages(text))


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=250))
@example("ê" * 70)
@example("ê" * 71)
@example("ê" * 66 + "😀" + "ê" * 66)
@example("م" * 134)
@example("م" * 135)
def test_messages_of_sixteen_bits_are_counted_exactly(text: str) -> None:
    assert sms.segments(text) == len(messages(text))


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Été à l’hôpital où ça gêne", "Été à l'hopital où ca gene"),
        ("«\u00a0Œuvre\u00a0»", '"OEuvre"'),
        ("À l’Île-d’Yeu – n°\u00a05…", "A l'Ile-d'Yeu - no 5..."),
        ("Maïs, Noël, Ÿ, Ç", "Mais, Noel, Y, Ç"),
        ("01\u00a099\u00a000\u00a012\u00a034", "01 99 00 12 34"),
        ("18\u202fh", "18 h"),
    ],
)
def test_french_is_written_with_the_seven_bit_alphabet(typed: str, sent: str) -> None:
    assert sms.plain(typed) == sent
    assert sms.is_default_alphabet(sent)


@given(st.text(alphabet="éèàùâêîôûëïüçœæÉÈÀÙÂÊÎÔÛËÏÜÇŒÆ’«»–…\u00a0ºª ab", max_size=80))
def test_every_french_text_fits_the_seven_bit_alphabet(text: str) -> None:
    assert sms.is_default_alphabet(sms.plain(text))


def test_text_of_another_alphabet_keeps_its_letters() -> None:
    text = "مفتوح – Hôpital’s"
    assert sms.plain(text) == text


def test_sign_that_resembles_nothing_is_kept() -> None:
    assert sms.plain("Médecin 😀") == "Médecin 😀"


# --- The short text -------------------------------------------------------------------------------


def place(**values: str) -> SharedPlace:
    """A place to share."""
    told = {
        "name": "France services de Guéret",
        "town": "Guéret",
        "phone": "01\u00a099\u00a000\u00a012\u00a034",
        "address": "1 rue de la Mairie, 23000 Guéret",
        "hours": "Du lundi au vendredi\u00a0: de 9\u00a0h à 12\u00a0h.",
        "hours_in_short": "lun-ven 9h-12h",
        "link": "https://annuaire.example/l/2S1S",
    }
    return SharedPlace(**(told | values))


def test_name_telephone_and_link_come_first() -> None:
    assert share_texts.short([place()], "https://annuaire.example/l/2S1S").split("\n") == [
        "France services de Guéret",
        "01 99 00 12 34",
        "https://annuaire.example/l/2S1S",
        "lun-ven 9h-12h",
        "1 rue de la Mairie, 23000 Guéret",
        "Appelez avant de venir.",
    ]


@given(
    st.lists(
        st.builds(
            place,
            name=st.text(alphabet="abcdefgh éèêœ’mسلام", min_size=1, max_size=200),
            town=st.sampled_from(["Guéret", "Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson"]),
            phone=st.sampled_from(["", "01\u00a099\u00a000\u00a012\u00a034"]),
            address=st.text(max_size=240),
            hours_in_short=st.text(max_size=100),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_short_text_takes_two_messages_at_most_and_always_has_the_link(
    chosen: list[SharedPlace],
) -> None:
    text = share_texts.short(chosen, LINK)
    assert len(messages(text)) <= 2
    assert LINK in text.split("\n")


def test_places_left_out_of_the_short_text_are_counted() -> None:
    chosen = [place(name=f"Maison numéro {rank} du département" * 2) for rank in range(20)]
    text = share_texts.short(chosen, LINK)
    told = sum(1 for line in text.split("\n") if "01 99 00 12 34" in line)
    assert 0 < told < 20
    assert f"Autres lieux ({20 - told}) :" in text


def test_places_left_out_cost_no_letter_of_another_alphabet() -> None:
    chosen = [place(name=f"Maison numéro {rank} du département" * 2) for rank in range(20)]
    with translation.override("ar"):
        text = share_texts.short(chosen, LINK)
    told = text.count("01 99 00 12 34")
    assert told > 3
    assert f"\n+{20 - told}\n" in text


def test_name_that_is_cut_tells_its_town() -> None:
    name = "Bus France services de la communauté de communes du Grand Guéret"
    assert (
        share_texts.named(place(name=name, town="Glénic"), 40)
        == "Bus France services de la… Glénic"
    )


def test_what_does_not_fit_in_two_messages_is_left_out() -> None:
    text = share_texts.short([place(address="rue " * 70)], LINK)
    assert "rue rue" not in text
    assert "lun-ven 9h-12h" in text
