"""Generic and nominative e-mails: one test per rule."""

import pytest

from directory.exchange.emails import (
    first_names,
    is_nominative,
    is_placeholder,
    is_publishable,
    nominative_rule,
)


@pytest.mark.parametrize(
    "local",
    [
        "contact",
        "accueil.mairie",
        "franceservices.bourgville",
        "mairie",
        "ccas",
        "secretariat",
        "msap-bourgville",
        "mfsbourgville",
        "efs.bourgville",
        "maisondeservices",
        "centresocial.bourgville",
        "pointinfo14",
    ],
)
def test_a_service_word_makes_an_address_generic(local: str) -> None:
    assert not is_nominative(f"{local}@exemple.fr")


@pytest.mark.parametrize(
    "local", ["sophie.exemple", "exemple.sophie", "jean-marc.exemple", "Sophie.Exemple"]
)
def test_a_first_name_and_a_surname_are_a_person(local: str) -> None:
    assert nominative_rule(f"{local}@exemple.fr") == "first-name-and-surname"


@pytest.mark.parametrize("local", ["s.exemple", "jm.exemple", "exemple-s", "s.exemple.ccas"])
def test_an_initial_and_a_surname_are_a_person(local: str) -> None:
    assert nominative_rule(f"{local}@mairie-bourgville.fr") == "initial-and-surname"


@pytest.mark.parametrize(
    ("local", "rule"), [("sexempluy", "unknown-word"), ("zelia.exempluy", "unknown-words")]
)
def test_words_nobody_knows_are_taken_for_a_person(local: str, rule: str) -> None:
    assert nominative_rule(f"{local}@bourgville.org") == rule


def test_words_of_the_place_are_not_a_person() -> None:
    assert is_nominative("bourgneuf@laposte.net")
    assert not is_nominative("bourgneuf@laposte.net", "France services de Bourg-Neuf")


def test_words_of_the_domain_are_not_a_person() -> None:
    assert not is_nominative("bourgneuf@bourgneuf.fr")


def test_the_box_of_the_label_is_named_after_a_place() -> None:
    assert not is_nominative("bourg-neuf@france-services.gouv.fr")
    assert not is_nominative("brennes.centre@pimmsmediation.fr")


def test_a_person_in_the_domain_of_the_label_is_still_a_person() -> None:
    assert is_nominative("sophie.exemple@france-services.gouv.fr")


def test_a_saint_is_a_place_not_a_first_name() -> None:
    assert nominative_rule("saint.martin@exemple.fr", "Saint-Martin") == ""


def test_a_famille_rurale_does_not_hide_the_person_before_it() -> None:
    assert is_nominative("sexemple.famillesrurales@exemple.fr")


def test_a_short_prefix_counts_only_before_a_word_of_the_place() -> None:
    assert not is_nominative("fsbourgneuf@exemple.fr", "Bourgneuf")
    assert is_nominative("fsantoluy@exemple.fr", "Bourgneuf")


@pytest.mark.parametrize(
    "email", ["noreply@exemple.fr", "ne-pas-repondre@exemple.fr", "mairie@exemple", "", "a@b.fr - "]
)
def test_an_address_nobody_reads_is_a_placeholder(email: str) -> None:
    assert is_placeholder(email)
    assert not is_publishable(email)


def test_a_generic_and_well_formed_address_is_publishable() -> None:
    assert is_publishable("accueil@exemple.fr")


def test_the_list_of_first_names_has_no_word_of_public_addresses() -> None:
    assert len(first_names()) > 300
    assert not first_names() & {"france", "marine", "saint", "mairie", "rose", "victoire"}


def test_an_address_without_any_word_is_taken_for_a_person() -> None:
    assert nominative_rule("_@exemple.fr") == "no-word"
