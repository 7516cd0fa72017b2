"""A phrase typed in one box is cut into a need, a place, conditions and words to search."""

import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from directory.exchange import vocabulary_loader
from directory.models import Need, Synonym
from directory.search import lexicon
from directory.search.criteria import Facet
from directory.search.phrases import MAX_LENGTH, PartKind, read
from directory.search.where import WhereKind, understand
from tests.real_geography import real_geography

pytestmark = pytest.mark.django_db

SLOWEST = 0.05
"""Seconds of processor that any phrase may take."""


@pytest.fixture(autouse=True)
def forget_what_processes_keep() -> None:
    """Keep between tests the names read from the real geography: they take a second."""


@pytest.fixture(scope="module", autouse=True)
def words(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with real_geography(django_db_blocker):
        vocabulary_loader.load(settings.FIXTURES_DIR)
        lexicon.clear()
        yield
    lexicon.clear()


def label(text: str) -> str:
    """Return the name of the territory found in a phrase."""
    return understand(read(text).where).label


def facet(text: str, name: Facet) -> set[str]:
    return set(read(text).facets.get(name, ()))


def test_a_need_a_place_and_a_language_are_read_together() -> None:
    phrase = read("carte vitale perdue à Lille, quelqu’un qui parle arabe")
    assert phrase.needs == ("carte-vitale",)
    assert understand(phrase.where).label == "Lille (Nord)"
    assert phrase.facets == {Facet.LANGUAGE: frozenset({"ar"})}
    assert phrase.rest == ""


@pytest.mark.parametrize(
    "text", ["doctolib", "docto lib", "doctolibe", "DOCTOLIB", "compte doctolib bloqué"]
)
def test_a_need_is_read_cut_misspelt_or_in_capitals(text: str) -> None:
    assert read(text).needs == ("rendez-vous",)


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("kart vital", "carte-vitale"),
        ("ranbourse", "remboursements"),
        ("téléconsultassion", "teleconsultation"),
        ("g oublié mon mo de pass ameli", "ameli"),
    ],
)
def test_a_need_is_read_by_ear(text: str, need: str) -> None:
    assert read(text).needs == (need,)


def test_the_article_glued_to_a_word_is_cut_off() -> None:
    assert read("apprendre lordinateur").needs == ("bases",)


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("I forgot my ameli password", "ameli"),
        ("أبحث عن طبيب", "rendez-vous"),
        ("запис до лікаря", "rendez-vous"),
        ("потерял карту виталь", "carte-vitale"),
        ("cartão vitale perdido", "carte-vitale"),
        ("perdí mi contraseña", "franceconnect"),
        ("vreau programare la doctor", "rendez-vous"),
        ("ücretsiz bilgisayar", "equipement"),
    ],
)
def test_other_languages_and_alphabets_are_read(text: str, need: str) -> None:
    assert read(text).needs == (need,)


def test_the_most_precise_need_wins() -> None:
    assert read("mot de passe oublié").needs == ("franceconnect",)
    assert read("mot de passe ameli oublié").needs == ("ameli",)
    assert read("arnaque carte vitale").needs == ("donnees-sante",)


def test_a_right_to_renew_comes_before_the_renewal() -> None:
    assert read("renouvellement CMU").needs == ("css", "renouveler-droits")


@pytest.mark.parametrize("text", ["carte bleue perdue", "permis de conduire", "logement social"])
def test_what_is_not_covered_is_no_need(text: str) -> None:
    assert read(text).needs == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ameli près de Bobigny", "Bobigny (Seine-Saint-Denis)"),
        ("cmu dans la Creuse", "Creuse (23)"),
        ("docto lib 93", "Seine-Saint-Denis (93)"),
        ("ham carte vitale somme", "Ham (Somme)"),
        ("ameli 59 100", "Roubaix (Nord)"),
        ("mdph Massy 91", "Massy (Essonne)"),
        ("ameli pari 19", "Paris 19e Arrondissement (Paris)"),
    ],
)
def test_a_place_is_read_with_its_preposition_department_or_postcode(text: str, name: str) -> None:
    assert label(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "ma mère a perdu sa carte vitale",
        "préparer mon entrée à l’hôpital",
        "j’ai eu un mail bizarre",
        "mettre à jour ma carte",
        "reste à charge",
        "j’ai 75 ans",
    ],
)
def test_a_common_word_is_no_place(text: str) -> None:
    assert read(text).where == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ameli à Die", "Die (Drôme)"),
        ("aide ameli Mer", "Mer (Loir-et-Cher)"),
        ("rdv doctolib sens", "Sens (Yonne)"),
        ("tours", "Tours (Indre-et-Loire)"),
    ],
)
def test_a_common_word_is_a_place_with_a_cue(text: str, name: str) -> None:
    assert label(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ameli roubé", "Roubaix (Nord)"),
        ("ameli clermon ferrand", "Clermont-Ferrand (Puy-de-Dôme)"),
        ("carte vitale a st briec", "Saint-Brieuc (Côtes-d’Armor)"),
        ("ameli a lion", "Lyon (Rhône)"),
        ("carte vitale boulogne biyancourt", "Boulogne-Billancourt (Hauts-de-Seine)"),
    ],
)
def test_a_misspelt_place_is_read_as_its_official_name(text: str, name: str) -> None:
    assert label(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("rv tlse", "Toulouse (Haute-Garonne)"),
        ("ameli paca", "Provence-Alpes-Côte d’Azur"),
        ("ayuda ameli Burdeos", "Bordeaux (Gironde)"),
        ("ameli в Ницце", "Nice (Alpes-Maritimes)"),
        ("ameli في مرسيليا", "Marseille (Bouches-du-Rhône)"),
        ("ameli Vaulx", "Vaulx-en-Velin (Rhône)"),
        ("ameli amelie les bains", "Amélie-les-Bains-Palalda (Pyrénées-Orientales)"),
    ],
)
def test_usual_and_foreign_names_of_places_are_read(text: str, name: str) -> None:
    assert label(text) == name


def test_a_name_that_several_communes_bear_stays_to_be_chosen() -> None:
    assert understand(read("mairie saint denis").where).kind == WhereKind.CHOICES


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("ameli sans rendez-vous", Facet.ACCESS, "sans-rendez-vous"),
        ("ameli le samedi", Facet.ACCESS, "samedi"),
        ("ordinateur gratuit", Facet.COST, "gratuit"),
        ("le camion france services", Facet.ITINERANT, "oui"),
        ("le camion france services", Facet.NETWORK, "france-services"),
        ("someone who speaks Arabic", Facet.LANGUAGE, "ar"),
        ("ameli pour réfugiés", Facet.PUBLIC, "exiles"),
        ("ma mère de 82 ans ameli", Facet.PUBLIC, "seniors"),
        ("je suis en fauteuil", Facet.SPECIAL_CARE, "handicaps-moteurs"),
        ("le faire à ma place", Facet.SUPPORT_MODE, "mandat"),
    ],
)
def test_conditions_are_read(text: str, name: Facet, code: str) -> None:
    assert code in facet(text, name)


def test_how_one_comes_is_not_the_need() -> None:
    assert read("ameli sans rendez-vous").needs == ("ameli",)


def test_a_word_of_the_need_is_no_condition() -> None:
    assert read("mutuelle gratuite").facets == {}
    assert read("doctolib près de chez moi").facets == {}


def test_words_not_understood_are_searched_as_text_without_small_words() -> None:
    phrase = read("je cherche la médiathèque de Guéret")
    assert phrase.needs == ()
    assert phrase.rest == "médiathèque"
    assert label(phrase.text) == "Guéret (Creuse)"


def test_parts_say_what_was_typed() -> None:
    parts = read("Mot de passe Ameli près de Bobigny le samedi").parts
    assert [(p.kind, p.code, p.typed) for p in parts] == [
        (PartKind.NEED, "ameli", "Mot de passe Ameli"),
        (PartKind.PLACE, "Bobigny", "Bobigny"),
        (PartKind.FACET, "samedi", "le samedi"),
    ]


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert read("x" * MAX_LENGTH + " ameli").needs == ()


def test_a_new_synonym_counts_once_the_lexicon_is_cleared() -> None:
    need = Need.objects.get(code="ameli")
    synonym = Synonym.objects.create(need=need, text="trucmuche")
    lexicon.clear()
    found = read("trucmuche").needs
    synonym.delete()
    lexicon.clear()
    assert found == ("ameli",)


@example("a" * 300)
@example("a b c d e f g h i j k l m n o p q r s t u v w x y z " * 4)
@example("saint sur le la les de en près de chez " * 6)
@example("zorglub brouzouf chmurtz grompf " * 7)
@effort(max_examples=150, deadline=None)
@given(st.text(max_size=250))
def test_any_text_is_read_quickly(text: str) -> None:
    read("")
    start = time.process_time()
    phrase = read(text)
    assert time.process_time() - start <= SLOWEST
    assert set(phrase.needs) <= set(lexicon.lexicon().needs)
