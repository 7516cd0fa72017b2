"""What a person types for a place is understood, never guessed in silence."""

import random
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from directory.models import Commune, Department, Region
from directory.search.gazetteer import gazetteer
from directory.search.where import MAX_CHOICES, Where, WhereKind, text_for, understand
from directory.vocabularies.normalization import normalize_place_name
from tests.real_geography import real_geography

pytestmark = pytest.mark.django_db

ONE_MISTAKE = ("delete", "replace", "transpose")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def forget_what_processes_keep() -> None:
    """Keep between tests the names read from the real geography."""


@pytest.fixture(scope="module", autouse=True)
def geography(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with real_geography(django_db_blocker):
        yield


def largest(count: int) -> list[Commune]:
    communes = Commune.objects.filter(parent=None).select_related("department")
    return list(communes.most_populated_first()[:count])


def code_of(where: Where) -> str:
    return where.commune.pk if where.commune else ""


def with_mistake(name: str, kind: str, random_: random.Random) -> str:
    at = random_.randrange(len(name) - 1)
    if kind == "delete":
        return name[:at] + name[at + 1 :]
    if kind == "replace":
        return name[:at] + random_.choice(LETTERS) + name[at + 1 :]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Guéret", "23096"),
        ("gueret", "23096"),
        ("  GUERET ", "23096"),
        ("Basse-Terre", "97105"),
        ("L'Haÿ-les-Roses", "94038"),
        ("L’Haÿ-les-Roses", "94038"),
        ("l hay les roses", "94038"),
        ("rochelle", "17300"),
        ("st etienne", "42218"),
    ],
)
def test_a_name_is_read_whatever_its_accents_article_and_punctuation(typed: str, code: str) -> None:
    where = understand(typed)
    assert (where.kind, code_of(where)) == (WhereKind.COMMUNE, code)
    assert not where.corrected


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("93200", "93066"),
        ("20000", "2A004"),
        ("97100", "97105"),
        ("93 200", "93066"),
        ("93200 Saint-Denis", "93066"),
        ("23000 Guéret", "23096"),
        ("Lyon cedex 03", "69383"),
    ],
)
def test_a_postcode_is_read_alone_or_with_a_name(typed: str, code: str) -> None:
    assert code_of(understand(typed)) == code


def test_postcode_of_several_communes_takes_the_most_populated_and_proposes_the_others() -> None:
    where = understand("38200")
    others = [c.population or 0 for c in where.choices if isinstance(c, Commune)]
    populations = [where.commune.population or 0 if where.commune else 0, *others]
    assert len(others) == len(where.choices) > 3
    assert populations == sorted(populations, reverse=True)


def test_an_insee_code_is_read() -> None:
    assert code_of(understand("2a004")) == "2A004"


@pytest.mark.parametrize("typed", ["2A999", "99999", "93999", "00000"])
def test_a_code_or_postcode_of_no_commune_is_unknown(typed: str) -> None:
    assert understand(typed).kind == WhereKind.UNKNOWN


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Paris 18", "75118"),
        ("paris 18e arrondissement", "75118"),
        ("Paris 18ème arr", "75118"),
        ("Paris 1er", "75101"),
        ("75018", "75118"),
        ("Lyon 3eme", "69383"),
        ("Marseille 16", "13216"),
    ],
)
def test_an_arrondissement_is_read_in_its_usual_writings(typed: str, code: str) -> None:
    assert code_of(understand(typed)) == code


@pytest.mark.parametrize(
    ("typed", "code"), [("Paris 21", "75056"), ("Lyon 10", "69123"), ("Marseille 17", "13055")]
)
def test_an_arrondissement_that_does_not_exist_gives_the_city(typed: str, code: str) -> None:
    assert code_of(understand(typed)) == code


@pytest.mark.parametrize(("city", "count"), [("Paris", 20), ("Lyon", 9), ("Marseille", 16)])
def test_a_divided_city_proposes_its_arrondissements_in_order(city: str, count: int) -> None:
    codes = [choice.pk for choice in understand(city).choices]
    assert len(codes) == count
    assert codes == sorted(codes)


def test_homonyms_of_like_size_are_proposed_the_most_populated_first() -> None:
    where = understand("st denis")
    assert (where.kind, where.commune) == (WhereKind.CHOICES, None)
    assert [str(choice) for choice in where.choices[:2]] == [
        "Saint-Denis (974)",
        "Saint-Denis (93)",
    ]


def test_a_homonym_ten_times_larger_is_taken_and_the_others_proposed() -> None:
    where = understand("montreuil")
    assert where.label == "Montreuil (Seine-Saint-Denis)"
    assert [str(choice) for choice in where.choices] == ["Montreuil (85)", "Montreuil (28)"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("saint denis 93", "93066"),
        ("Saint-Denis (93)", "93066"),
        ("saint-denis seine-saint-denis", "93066"),
        ("Saint Denis, La Réunion", "97411"),
        ("st denis 974", "97411"),
        ("Saint-Denis 11", "11339"),
    ],
)
def test_a_department_typed_with_a_name_settles_homonyms(typed: str, code: str) -> None:
    where = understand(typed)
    assert code_of(where) == code
    assert not where.choices


def test_a_department_that_has_no_such_commune_is_not_believed() -> None:
    assert code_of(understand("gueret 75")) == "23096"


def test_a_former_commune_leads_to_the_one_it_joined() -> None:
    assert code_of(understand("Pierrefitte-sur-Seine")) == "93066"


def test_a_name_still_borne_comes_before_a_larger_town_that_gave_it_up() -> None:
    where = understand("assigny")
    assert where.label == "Assigny (Cher)"
    assert [str(choice) for choice in where.choices] == ["Petit-Caux (76)"]


def test_small_homonyms_give_way_to_their_department_and_are_proposed() -> None:
    where = understand("creuse")
    assert where.department is not None
    assert where.department.pk == "23"
    assert [str(choice) for choice in where.choices] == ["Creuse (80)", "La Creuse (70)"]


def test_a_town_comes_before_the_department_of_its_name_which_is_proposed() -> None:
    where = understand("Vienne")
    assert code_of(where) == "38544"
    assert [str(choice) for choice in where.choices] == ["Vienne (86)"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("93", "93"), ("2a", "2A"), ("974", "974"), ("val d'oise", "95"), ("réunion", "974")],
)
def test_a_department_is_read_by_its_number_or_its_name(typed: str, code: str) -> None:
    where = understand(typed)
    assert where.department is not None
    assert (where.kind, where.department.pk) == (WhereKind.DEPARTMENT, code)


def test_a_region_is_read_by_its_name() -> None:
    where = understand("bretagne")
    assert where.region is not None
    assert (where.kind, where.region.name) == (WhereKind.REGION, "Bretagne")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Gerret", "23096"),
        ("bordo", "33063"),
        ("marseile", "13055"),
        ("ajacio", "2A004"),
        ("tulouze", "31555"),
        ("monpelier", "34172"),
        ("lhay les roses", "94038"),
        ("nise", "06088"),
    ],
)
def test_a_misspelt_name_is_corrected_and_said_to_be(typed: str, code: str) -> None:
    where = understand(typed)
    assert code_of(where) == code
    assert where.corrected


@pytest.mark.parametrize("kind", ONE_MISTAKE)
def test_one_mistake_in_the_name_of_a_large_city_still_finds_it(kind: str) -> None:
    random_ = random.Random(kind)
    lost = []  # a text that is another commune's name, or its beginning, is no mistake
    for city in largest(50):
        typed = with_mistake(normalize_place_name(city.name), kind, random_)
        where = understand(typed)
        found = {code_of(where), *(choice.pk for choice in where.choices)}
        if city.pk not in found and where.corrected | (where.kind == WhereKind.UNKNOWN):
            lost.append((city.name, typed, where.label))
    assert lost == []


def test_two_mistakes_are_forgiven_in_a_long_name_and_one_in_a_short_one() -> None:
    assert code_of(understand("perpinian")) == "66136"
    assert code_of(understand("mtez")) == "57463"
    twice = understand("mqqz")
    assert "57463" not in {code_of(twice), *(choice.pk for choice in twice.choices)}


@pytest.mark.parametrize("typed", ["a", "la", "f"])
def test_one_or_two_letters_are_no_misspelling_of_a_name(typed: str) -> None:
    assert understand(typed).kind == WhereKind.UNKNOWN


@pytest.mark.parametrize("typed", ["", "   ", "\t\n"])
def test_nothing_typed_is_no_place(typed: str) -> None:
    assert understand(typed).kind == WhereKind.NONE


@pytest.mark.parametrize(
    "typed", ["!?", "x" * 10_000, "é " * 5_000, "\ufffd", "😀", "مارسيليا", "qzwxqzwx", "-1", "0"]
)
def test_text_that_names_no_place_is_unknown_and_kept(typed: str) -> None:
    where = understand(typed)
    assert where.kind == WhereKind.UNKNOWN
    assert where.query == " ".join(typed.split())


def test_a_letter_lost_in_a_wrong_encoding_is_a_misspelling() -> None:
    assert code_of(understand("gu\ufffdret")) == "23096"


def test_the_text_of_a_commune_names_it_and_no_other() -> None:
    communes = largest(300)
    read = {text_for(commune): code_of(understand(text_for(commune))) for commune in communes}
    assert read == {text_for(commune): commune.pk for commune in communes}


def test_the_text_of_a_department_or_a_region_names_it_and_no_other() -> None:
    departments = list(Department.objects.all())
    assert [understand(text_for(one)).department for one in departments] == departments
    # Overseas, the department bears the region's name and covers the same land.
    regions = list(Region.objects.exclude(departments__code__gte="970"))
    assert [understand(text_for(one)).region for one in regions] == regions


ONE_QUERY = ("93200", "gueret", "st denis", "93", "bordo", "qzwx", "Paris 18")
THREE_QUERIES = ("vienne", "creuse", "bretagne", "paris")


@pytest.mark.parametrize("typed", ONE_QUERY + THREE_QUERIES)
def test_understanding_takes_one_query_or_three_for_homonyms_of_territories(typed: str) -> None:
    gazetteer()
    with CaptureQueriesContext(connection) as queries:
        understand(typed)
    assert len(queries) <= (1 if typed in ONE_QUERY else 3)


def test_no_more_than_a_few_homonyms_are_proposed() -> None:
    assert len(understand("Sainte-Marie").choices) == MAX_CHOICES
