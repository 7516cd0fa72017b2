"""What makes two records one place, and what never does: one test a rule."""

import pytest

from directory.exchange.duplicates import blocking, names
from directory.exchange.duplicates.record import identifiers
from directory.exchange.duplicates.score import REVIEW, compare
from directory.vocabularies.duplicates import DuplicateReason as Reason
from tests.duplicates.twins import OTHER_PHONE, record_of

MONGO = "634e63a549d35f06f251426d"


def test_same_name_address_and_phone_are_certain() -> None:
    found = compare(record_of(), record_of(key=2, name="Espace France Services Pantin"))
    assert found.is_certain
    assert set(found.reasons) == {Reason.SAME_NAME, Reason.SAME_ADDRESS, Reason.SAME_PHONE}


def test_the_order_of_two_records_does_not_matter() -> None:
    one, other = record_of(), record_of(key=2, name="Mairie de Pantin", phone="")
    assert compare(one, other) == compare(other, one)


def test_same_identifier_in_two_lists_is_certain() -> None:
    one = record_of(identifiers=frozenset({MONGO}), sources=frozenset({1}), phone="")
    other = record_of(key=2, name="Autre", identifiers=frozenset({MONGO}), sources=frozenset({2}))
    assert compare(one, other).is_certain


def test_same_identifier_in_one_list_proves_nothing() -> None:
    both = {"identifiers": frozenset({MONGO}), "sources": frozenset({1}), "phone": ""}
    other = record_of(key=2, name="Médiathèque", address="9 place du Marché", **both)
    assert not compare(record_of(**both), other).is_certain


@pytest.mark.parametrize(
    ("external_id", "known"),
    [
        (f"Conseiller-numerique_{MONGO}", {MONGO}),
        (f"Conseiller numérique:{MONGO}", {MONGO}),
        ("France-Services_634", set()),
        ("antenne-numerique-de-pantin", set()),
    ],
)
def test_only_a_long_identifier_belongs_to_one_place(external_id: str, known: set[str]) -> None:
    assert identifiers([external_id]) == known


@pytest.mark.parametrize(
    "changes",
    [{"phone": OTHER_PHONE}, {"phone": ""}, {"address": "9 place du Marché"}, {"name": "CCAS"}],
)
def test_nothing_is_certain_without_name_address_and_phone(changes: dict[str, str]) -> None:
    assert not compare(record_of(), record_of(key=2, **changes)).is_certain


def test_two_bodies_in_one_building_are_never_certain() -> None:
    caf = record_of(name="Caf de Pantin")
    cpam = record_of(key=2, name="CPAM de Pantin")
    assert not compare(caf, cpam).is_certain
    assert compare(caf, cpam).score < compare(caf, record_of(key=2, name="Caf de Pantin")).score


def test_a_bus_is_not_the_counter_where_it_parks() -> None:
    bus = record_of(key=2, name="Bus France services de Pantin")
    assert compare(record_of(), bus).score == 0
    assert compare(record_of(), record_of(key=2, itinerant=True)).score == 0


def test_antennas_and_their_principal_are_different() -> None:
    principal = record_of()
    antennas = [record_of(key=key, principal=1) for key in (2, 3)]
    assert compare(principal, antennas[0]).score == 0
    assert compare(*antennas).score == 0


def test_an_antenna_by_its_name_is_never_certain() -> None:
    antenna = record_of(key=2, name="France services de Pantin, antenne")
    assert not compare(record_of(), antenna).is_certain


def test_two_rooms_told_by_a_number_are_never_certain() -> None:
    one = record_of(name="Espace numérique 1")
    assert not compare(one, record_of(key=2, name="Espace numérique 2")).is_certain


def test_homonymous_towns_are_not_compared() -> None:
    other = record_of(key=2, town="62770", town_name="Saint-Denis")
    assert compare(record_of(town_name="Saint-Denis"), other).score == 0


def test_neighbours_across_a_border_are_compared() -> None:
    point = (48.8966, 2.4017)
    other = record_of(key=2, town="75056", point=point)
    assert compare(record_of(point=point), other).score >= REVIEW


def test_the_same_generic_name_far_apart_in_a_town_is_not_proposed() -> None:
    one = record_of(name="Mairie", address="1 rue du Canal", phone="", point=(48.89, 2.40))
    other = record_of(
        key=2, name="Mairie", address="9 place du Marché", phone="", point=(48.92, 2.40)
    )
    assert compare(one, other).score < REVIEW


def test_an_employer_at_the_address_and_phone_of_a_counter_is_proposed() -> None:
    employer = record_of(key=2, name="Communauté de communes du Canal", pivot="1" * 14)
    found = compare(record_of(), employer)
    assert found.score >= REVIEW
    assert not found.is_certain


def test_two_phones_at_one_address_weigh_against() -> None:
    one = record_of(name="Centre social")
    silent, other = (
        record_of(key=2, name="Ludothèque", phone=""),
        record_of(key=2, name="Ludothèque", phone=OTHER_PHONE),
    )
    assert compare(one, other).score < compare(one, silent).score


@pytest.mark.parametrize(
    ("written", "again"),
    [
        ("CCAS de Pantin", "Centre communal d’action sociale"),
        ("Maison France Service", "EFS Pantin"),
        ("MSAP de Pantin", "France services Pantin"),
        ("Ville de Pantin", "COMMUNE DE PANTIN"),
        ("Médiathèque Victor-Hugo", "Bibliothèque Victor Hugo de Pantin"),
    ],
)
def test_a_name_is_read_whatever_its_abbreviations(written: str, again: str) -> None:
    one, other = (names.read(text, "Pantin") for text in (written, again))
    assert (one.own, one.bodies) == (other.own, other.bodies)


@pytest.mark.parametrize(
    ("written", "again"),
    [
        ("1 rue du Canal", "1, R DU CANAL"),
        ("12 bd du Gal Leclerc", "12 boulevard du Général Leclerc"),
        ("9 à 11 rue Pellart", "9 RUE PELLART"),
        ("1 place Saint-Jean", "1 pl. St Jean BP 12"),
    ],
)
def test_an_address_is_the_same_whatever_its_abbreviations(written: str, again: str) -> None:
    found = compare(record_of(address=written), record_of(key=2, address=again))
    assert Reason.SAME_ADDRESS in found.reasons


def test_another_number_in_the_street_is_another_address() -> None:
    found = compare(record_of(), record_of(key=2, address="34 rue du Canal"))
    assert Reason.SAME_ADDRESS not in found.reasons


def test_records_that_share_no_rare_key_are_not_compared() -> None:
    records = [
        record_of(),
        record_of(key=2, name="Caf", address="9 place du Marché", phone=OTHER_PHONE),
    ]
    assert list(blocking.pairs(records)) == []


@pytest.mark.parametrize(
    "same",
    [
        {"name": "Le Phare"},
        {"address": "1 rue du Canal"},
        {"phone": OTHER_PHONE},
        {"pivot": "12345678901234"},
        {"identifiers": frozenset({MONGO})},
        {"point": (48.8966, 2.4017)},
    ],
)
def test_one_rare_key_is_enough_to_be_compared(same: dict[str, object]) -> None:
    pair = [
        record_of(**({"key": key, "name": name, "address": "", "phone": ""} | same))
        for key, name in ((1, "Boussole"), (2, "Tremplin"))
    ]
    assert list(blocking.pairs(pair)) == [(0, 1)]


def test_places_on_both_sides_of_a_cell_of_the_map_are_compared() -> None:
    pair = [
        record_of(key=key, name=name, address="", phone="", point=point)
        for key, name, point in ((1, "Boussole", (48.89999, 2.4)), (2, "Tremplin", (48.90001, 2.4)))
    ]
    assert list(blocking.pairs(pair)) == [(0, 1)]


def test_a_pair_is_given_once_whatever_it_shares() -> None:
    assert list(blocking.pairs([record_of(), record_of(key=2)])) == [(0, 1)]


def test_a_key_that_many_share_is_left_aside() -> None:
    many = [
        record_of(key=key, name=f"Lieu {key}", address="", phone=OTHER_PHONE) for key in range(99)
    ]
    assert list(blocking.pairs(many)) == []


def test_only_the_pairs_of_the_places_asked_for_are_given() -> None:
    records = [record_of(key=key) for key in (1, 2, 3)]
    assert sorted(blocking.pairs(records, only={3})) == [(0, 2), (1, 2)]
