"""What the orientation sheet says of its places, in French and in the person's language."""

from datetime import date, timedelta
from typing import Any

import pytest

from directory.models import Place
from directory.views.sheet.content import Said, Sheet, SheetFact
from directory.views.sheet.facts import NOTE_MAX, STOPS_MAX
from directory.vocabularies.names import (
    Appointment,
    Basis,
    Itinerancy,
    PositionPrecision,
    VerificationMethod,
    Vocabulary,
)
from tests import factories as make
from tests import sheets

pytestmark = pytest.mark.django_db


def facts(place: Place, language: str = "fr", **options: object) -> dict[str, SheetFact]:
    """The facts of one place by their pictogram, the last of each."""
    told = sheets.built([place], language=language, **options).places[0]  # type: ignore[arg-type]
    return {fact.icon: fact for fact in (told.address, *told.facts)}


def french(fact: SheetFact) -> str:
    """The French of a fact on one line, with plain spaces."""
    lines = [line.fr for line in fact.lines] + list(fact.words)
    return " ".join(lines).replace("\u00a0", " ")


# --- Places ---------------------------------------------------------------------------------------


def test_order_and_numbers_are_those_asked_for() -> None:
    first, second = sheets.ordinary(1), sheets.ordinary(2)
    told = sheets.built([second, first]).places
    assert [(place.number, place.name) for place in told] == [(1, second.name), (2, first.name)]


def test_numbers_to_call_are_written_as_they_are_dialled() -> None:
    place = sheets.ordinary(booking_phone="+33199005678")
    phones = sheets.built([place]).places[0].phones
    assert [(p.label.fr, p.display, p.uri) for p in phones] == [
        ("Appelez\u00a0:", "01\u00a099\u00a000\u00a012\u00a034", "tel:+33199001234"),
        ("Pour un rendez-vous\u00a0:", "01\u00a099\u00a000\u00a056\u00a078", "tel:+33199005678"),
    ]


def test_same_number_for_everything_is_said_once() -> None:
    place = sheets.ordinary(booking_phone=make.FICTION_PHONE)
    assert len(sheets.built([place]).places[0].phones) == 1


def test_place_without_telephone_says_so_and_never_asks_to_call() -> None:
    told = sheets.built([sheets.ordinary(phone="", opening_hours="")])
    said = " ".join(sheets.texts(told))
    assert "Téléphone non renseigné." in said
    assert "Horaires non renseignés." in said
    assert "appelez avant" not in said


# --- How to get there -----------------------------------------------------------------------------


def test_address_comes_with_its_complement() -> None:
    place = sheets.ordinary(address_complement="Bâtiment B, deuxième étage")
    told = sheets.built([place]).places[0].address.words
    assert told == (place.full_address, "Bâtiment B, deuxième étage")


def test_missing_address_is_to_be_asked() -> None:
    told = facts(sheets.ordinary(address=""))["pin"]
    assert french(told).startswith("Nous n’avons que le nom de la commune : demandez l’adresse.")


@pytest.mark.parametrize(
    ("precision", "is_said"),
    [
        (PositionPrecision.ADDRESS, False),
        (PositionPrecision.UNKNOWN, False),
        (PositionPrecision.STREET, True),
        (PositionPrecision.COMMUNE, True),
    ],
)
def test_vague_position_is_said(precision: PositionPrecision, is_said: bool) -> None:
    told = french(facts(sheets.ordinary(position_precision=precision))["pin"])
    assert ("Notre plan n’est pas précis" in told) == is_said


def test_stops_to_come_are_told_dated_ones_first() -> None:
    place = sheets.ordinary(itinerancy=Itinerancy.ITINERANT, opening_hours="")
    make.StopFactory.create(place=place, label="Place du marché")
    make.StopFactory.create(place=place, label="Hier", on=date(2026, 11, 21), opening_hours="")
    make.StopFactory.create(place=place, label="Salle", on=date(2026, 12, 1), opening_hours="")
    told = [fact for fact in sheets.built([place]).places[0].facts if fact.icon == "calendar"]
    assert [french(fact).split(",")[0] for fact in told[:2]] == [
        "mardi 1er décembre 2026 Salle",
        "Mardi : de 9 h à 12 h. Place du marché",
    ]
    assert len([fact for fact in told if fact.title == "Passage"]) == 2


def test_too_many_stops_are_cut_and_said() -> None:
    place = sheets.ordinary(itinerancy=Itinerancy.ITINERANT)
    for _ in range(STOPS_MAX + 1):
        make.StopFactory.create(place=place)
    told = sheets.built([place]).places[0].facts
    assert len([fact for fact in told if fact.title == "Passage"]) == STOPS_MAX
    assert "Il passe aussi ailleurs" in " ".join(map(french, told))


def test_what_moves_without_known_stops_says_its_rounds() -> None:
    place = sheets.ordinary(itinerancy=Itinerancy.ITINERANT, rounds="Tout le\ncanton.")
    told = facts(place)["bus"]
    assert french(told) == "Ce lieu se déplace. Demandez où et quand il passe. Tout le canton."


# --- When -----------------------------------------------------------------------------------------


def test_hours_are_in_words_with_public_holidays() -> None:
    told = facts(sheets.ordinary())["clock"]
    assert [line.fr.replace("\u00a0", " ") for line in told.lines] == [
        "Du lundi au vendredi : de 9 h à 12 h et de 13 h 30 à 17 h.",
        "Jours fériés : souvent fermé.",
    ]


def test_holidays_are_not_spoken_of_when_hours_do_not_tell() -> None:
    told = facts(sheets.ordinary(opening_hours="Mo-Fr 09:00-12:00"))["clock"]
    assert "fériés" not in french(told)


def test_unknown_hours_are_said() -> None:
    told = facts(sheets.ordinary(opening_hours=""))["clock"]
    assert french(told) == "Horaires non renseignés : appelez avant de venir."


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        (date(2026, 12, 24), date(2027, 1, 3), "Fermé du 24 décembre 2026 au 3 janvier 2027."),
        (date(2026, 12, 1), date(2026, 12, 1), "Fermé le 1er décembre 2026."),
        (date(2026, 11, 1), date(2026, 11, 21), ""),
        (date(2027, 8, 1), date(2027, 8, 15), ""),
    ],
)
def test_closure_near_enough_is_told(starts: date, ends: date, said: str) -> None:
    place = sheets.ordinary(verified_on=date(2026, 11, 1))
    make.ClosureFactory.create(place=place, starts_on=starts, ends_on=ends)
    told = facts(place).get("warning")
    assert (french(told) if told else "") == said


def test_appointment_and_its_note_are_told() -> None:
    place = sheets.ordinary(appointment=Appointment.REQUIRED, appointment_note="Le matin.")
    assert french(facts(place)["calendar"]) == "Seulement sur rendez-vous. Le matin."


def test_long_note_is_cut_at_a_word() -> None:
    place = sheets.ordinary(hours_note="anticonstitutionnellement " * 15)
    note = facts(place)["clock"].words[0]
    assert len(note) <= NOTE_MAX + 1
    assert note.endswith("anticonstitutionnellement…")


# --- Trust ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Non vérifié : appelez avant de venir."),
        ({"verified_on": date(2026, 11, 1)}, "Vérifié le 1er novembre 2026."),
        (
            {
                "verified_on": date(2026, 11, 2),
                "verification_method": VerificationMethod.PHONE,
            },
            "Vérifié le 2 novembre 2026 (par téléphone).",
        ),
        (
            {"verified_on": date(2025, 11, 2)},
            "Vérifié le 2 novembre 2025. C’est ancien : appelez avant de venir.",
        ),
    ],
)
def test_verification_is_dated_or_a_call_is_advised(values: dict[str, Any], said: str) -> None:
    told = facts(sheets.ordinary(**values))
    assert french(told.get("check") or told["warning"]) == said


def test_fresh_verification_lasts_a_year() -> None:
    today = sheets.NOW.date()
    place = sheets.ordinary(verified_on=today - timedelta(days=365))
    assert "ancien" not in french(facts(place)["check"])


def test_need_that_a_place_does_not_declare_is_to_be_confirmed() -> None:
    need = sheets.need()
    declared, deduced, silent = (sheets.ordinary(number) for number in range(3))
    make.ServiceFactory.create(place=declared, needs=[need])
    make.ServiceNeedFactory.create(
        service=make.ServiceFactory.create(place=deduced), need=need, basis=Basis.DEDUCED, rule="x"
    )
    told = sheets.built([declared, deduced, silent], [need]).places
    asks = ["Demandez s’il aide pour cela." in " ".join(map(french, p.facts)) for p in told]
    assert asks == [False, True, True]


# --- Needs ----------------------------------------------------------------------------------------


def test_what_to_ask_and_to_bring_is_in_both_languages() -> None:
    told = sheets.built([sheets.ordinary()], [sheets.need()], "ar")
    assert told.asks == (
        Said("Demandez\u00a0: «\u00a0une aide pour mon compte\u00a0»", "اطلب: «مساعدة في حسابي»"),
    )
    assert told.bring == tuple(sheets.BRING)
    assert told.bring_other == ("بطاقتي", "هويتي", "هاتفي")


def test_thing_to_bring_for_two_needs_is_named_once() -> None:
    told = sheets.built([sheets.ordinary()], [sheets.need("ameli"), sheets.need("css")])
    assert told.bring == tuple(sheets.BRING)


def test_need_that_nobody_translated_stays_in_french() -> None:
    need = make.NeedFactory.create(ask="une aide", bring=["Un RIB"])
    told = sheets.built([sheets.ordinary()], [need], "ar")
    assert told.asks == (Said("Demandez\u00a0: «\u00a0une aide\u00a0»"),)
    assert (told.bring, told.bring_other) == (("Un RIB",), ())


def test_sheet_says_whether_its_translation_was_read_by_a_native_speaker() -> None:
    place, need = sheets.ordinary(), sheets.need()
    assert sheets.built([place], [need], "ar").needs_review
    assert not sheets.built([place], [need]).needs_review
    need.translations.update(is_reviewed=True)
    assert not sheets.built([place], [need], "ar").needs_review


# --- Languages ------------------------------------------------------------------------------------


def both(sheet: Sheet) -> list[Said]:
    """Every line of a sheet that ought to be in two languages."""
    place = sheet.places[0]
    return [
        *sheet.texts.values(),
        *(phone.label for phone in place.phones),
        *(line for fact in (place.address, *place.facts) for line in fact.lines),
    ]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_everything_of_ours_is_said_in_the_persons_language(language: str) -> None:
    told = both(sheets.built([sheets.longest()], [sheets.need()], language))
    assert len(told) > 20
    assert [line for line in told if not line.other or line.other == line.fr] == []


def test_french_sheet_says_everything_once() -> None:
    assert [line for line in both(sheets.built([sheets.longest()])) if line.other] == []


def test_persons_language_spoken_at_a_place_is_told() -> None:
    speaking, silent = sheets.ordinary(1), sheets.ordinary(2)
    arabic = make.TermFactory.create(vocabulary=Vocabulary.LANGUAGE, code="ar", label="Arabe")
    make.ServiceTermFactory.create(
        service=make.ServiceFactory.create(place=speaking), term=arabic, days="le mardi"
    )
    told = sheets.built([speaking, silent], language="ar").places
    people = [[french(f) for f in place.facts if f.icon == "people"] for place in told]
    assert people == [["Ici, on parle votre langue. le mardi"], []]
    assert "people" not in facts(speaking, "en")


def test_only_arabic_is_written_from_right_to_left() -> None:
    place = sheets.ordinary()
    directions = {
        code: sheets.built([place], language=code).is_right_to_left for code in ("fr", "en", "ar")
    }
    assert directions == {"fr": False, "en": False, "ar": True}
