"""What people, robots and broken links send: always a readable page, never a failure."""

import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.search import gazetteer
from mediation.middleware import MAX_QUERY_STRING
from tests import factories as make
from tests.browser.places import text

pytestmark = pytest.mark.django_db

LONG = "é" * 10_000
EMOJI = "🏥👵🏽"
ARABIC = "\u202eمستشفى\u202c"
ODD_TEXTS = {
    "10,000 characters": "a" * 10_000,
    "emoji": EMOJI,
    "right to left": ARABIC,
    "quotes": "'\"`; DROP TABLE directory_place; --",
    "wildcards": "%_\\%",
    "markup": "<script>alert(1)</script>",
    "template": "{{ form }}{% load %}%(name)s",
    "spaces": " \t\u00a0 ",
    "combining": "e\u0301" * 50,
    "digits": "9" * 400,
    "other digits": "²³٢٣",
    "path": "../../etc/passwd",
}
FIELDS = ("ou", "besoin", "q", "rayon", "page")


@pytest.fixture(autouse=True)
def _place() -> None:
    """One place, in Guéret, and one need."""
    gazetteer.clear()
    department = make.DepartmentFactory.create(code="23", name="Creuse")
    commune = make.CommuneFactory.create(code="23096", name="Guéret", department=department)
    make.ServiceFactory.create(
        place=make.PlaceFactory.create(commune=commune, name="Le relais", slug="le-relais"),
        needs=["ameli"],
    )


def ask(query: str, path: str = "/recherche/") -> Any:
    """Ask with a query string sent as it is."""
    return Client().get(f"{path}?{query}")


def kept(answer: Any, name: str) -> str:
    """What the form's field holds, as HTML writes it."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', answer.content.decode())
    assert found
    return found[1]


# --- The search -----------------------------------------------------------------------------------


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("odd", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_odd_text_in_any_field_gets_a_page(field: str, odd: str) -> None:
    query = {"ou": "Guéret"} | {field: odd}
    answer = ask(urlencode(query))
    # A page whose number is too large does not exist; the form is there all the same.
    assert answer.status_code == (404 if (field, odd) == ("page", "9" * 400) else 200)
    assert kept(answer, "ou") or field == "ou"


@pytest.mark.parametrize("odd", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_odd_text_is_kept_in_the_form_without_becoming_markup(odd: str) -> None:
    answer = ask(urlencode({"ou": odd, "q": odd}))
    escaped = odd.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = escaped.replace('"', "&#34;").replace("'", "&#39;")
    assert kept(answer, "ou").strip() == kept(answer, "q").strip() == escaped
    assert b"<script>alert" not in answer.content


@pytest.mark.parametrize("field", ["ou", "q"])
def test_text_of_ten_thousand_characters_is_refused_beside_its_field(field: str) -> None:
    answer = ask(urlencode({field: "a" * 10_000}))
    assert "Ce texte est trop long" in text(answer)
    assert f'id="erreur-{field}-1"' in answer.content.decode()


def test_ten_thousand_accents_are_answered() -> None:
    answer = ask(urlencode({"ou": LONG}))
    assert answer.status_code == 200
    assert "Ce texte est trop long" in text(answer)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("Villequinexistepas", "Nous ne trouvons pas"),
        ("99999", "Nous ne trouvons pas"),
        ("00000", "Nous ne trouvons pas"),
        (EMOJI, "Nous ne trouvons pas"),
        ("", "Chercher de l’aide près de chez vous"),
    ],
    ids=["unknown commune", "code of no commune", "zeros", "emoji", "nothing"],
)
def test_where_that_means_nothing_says_so_and_keeps_the_form(where: str, words: str) -> None:
    answer = ask(urlencode({"ou": where}))
    assert answer.status_code == 200
    assert words in text(answer)
    assert kept(answer, "ou") == where


def test_search_without_any_parameter_shows_the_form() -> None:
    answer = Client().get("/recherche/")
    assert answer.status_code == 200
    assert 'name="ou"' in answer.content.decode()


@pytest.mark.parametrize("number", ["abc", "0", "-1", "1.5", "1e3", "²", "99999999999999999999"])
def test_unreadable_page_number_gives_the_first_page_and_says_so(number: str) -> None:
    answer = ask(urlencode({"ou": "Guéret", "page": number}))
    assert answer.status_code in {200, 404}
    assert "Il y a un problème" in text(answer)
    assert kept(answer, "ou") == "Guéret"
    assert "Le relais" in text(answer) or answer.status_code == 404


@pytest.mark.parametrize("number", ["2", "9999", "10000", "10001", "123456789"])
def test_page_that_does_not_exist_is_not_found_and_keeps_the_form(number: str) -> None:
    answer = ask(urlencode({"ou": "Guéret", "page": number}))
    assert answer.status_code == 404
    assert kept(answer, "ou") == "Guéret"


@pytest.mark.parametrize("radius", ["abc", "-5", "7", "1e9", "5.0", "NaN", "٥"])
def test_unreadable_radius_says_so_and_the_default_one_is_used(radius: str) -> None:
    answer = ask(urlencode({"ou": "Guéret", "rayon": radius}))
    assert answer.status_code == 200
    assert "Cette distance n’existe pas" in text(answer)
    assert "Le relais" in text(answer)


def test_unknown_need_says_so_and_the_place_is_kept() -> None:
    answer = ask(urlencode({"ou": "Guéret", "besoin": "inconnu"}))
    assert answer.status_code == 200
    assert "Cette démarche n’est pas dans notre liste" in text(answer)
    assert "Le relais" in text(answer)


@pytest.mark.parametrize("query", ["besoin=", "besoin=&besoin=ameli", "rayon=&q=&page="])
def test_empty_parameters_are_no_problem(query: str) -> None:
    answer = ask(f"ou=Guéret&{query}")
    assert answer.status_code == 200
    assert "Il y a un problème" not in text(answer)
    assert "Le relais" in text(answer)


def test_last_of_repeated_parameters_counts() -> None:
    answer = ask("ou=Ailleurs&ou=Gu%C3%A9ret&rayon=5&rayon=10&q=a&q=relais&page=9&page=1")
    assert kept(answer, "ou") == "Guéret"
    assert "Le relais" in text(answer)


def test_repeated_needs_are_all_asked() -> None:
    make.NeedFactory.create(code="css")
    answer = ask("ou=Gu%C3%A9ret&besoin=css&besoin=ameli")
    assert "Le relais" in text(answer)


@pytest.mark.parametrize("query", ["ou[]=Gu%C3%A9ret", "inconnu=1&utm_source=x", "&&&=&=x", "%"])
def test_unknown_parameters_are_left_aside(query: str) -> None:
    answer = ask(query)
    assert answer.status_code == 200
    assert "Chercher de l’aide près de chez vous" in text(answer)


@pytest.mark.parametrize("field", ["ou", "q"])
def test_bytes_of_no_text_get_a_page(field: str) -> None:
    assert ask(f"{field}=%ff%fe").status_code in {200, 400}


@pytest.mark.parametrize(
    "path", ["/", "/recherche/", "/acteurs/", "/lieux/le-relais/", "/lieux/le-relais/signaler/"]
)
@pytest.mark.parametrize("query", ["ou=a%00b", "%00=1", "q=%00&besoin=%00&page=%00"])
def test_null_byte_is_refused_with_a_page(path: str, query: str) -> None:
    answer = ask(query, path)
    assert answer.status_code == 400
    assert "Nous n’avons pas compris cette demande" in text(answer)


@pytest.mark.parametrize("path", ["/", "/recherche/", "/acteurs/", "/cette-page/"])
def test_address_beyond_the_longest_is_refused_with_a_page(path: str) -> None:
    answer = ask(f"ou={'a' * MAX_QUERY_STRING}", path)
    assert answer.status_code == 414
    assert "trop longue" in text(answer)
    assert 'name="ou"' in answer.content.decode()


# --- The other pages ------------------------------------------------------------------------------

TRAVERSALS = [
    "..", "../..", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/", "le-relais%00", "le-relais'", "é",
    EMOJI, "le relais", "a" * 5000, "%ff%fe", "con.txt", "-", "<script>",
]  # fmt: skip


@pytest.mark.parametrize("slug", TRAVERSALS)
@pytest.mark.parametrize("folder", ["lieux", "acteurs"])
def test_slug_of_nothing_is_not_found(folder: str, slug: str) -> None:
    answer = Client().get(f"/{folder}/{quote(slug, safe='%/.')}/", follow=True)
    assert answer.status_code in {400, 404}
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize("odd", ODD_TEXTS.values(), ids=ODD_TEXTS)
@pytest.mark.parametrize(
    "path", ["/", "/acteurs/", "/lieux/le-relais/", "/lieux/le-relais/signaler/"]
)
def test_odd_query_on_any_page_gets_a_page(path: str, odd: str) -> None:
    query = urlencode({"q": odd, "page": odd, "besoin": odd, odd[:300]: "x"})
    assert ask(query, path).status_code in {200, 414}


@pytest.mark.parametrize("number", ["abc", "0", "-1", "9999", "", "²"])
def test_odd_page_of_an_actor_gets_a_page(number: str) -> None:
    actor = make.ActorFactory.create()
    answer = ask(urlencode({"page": number}), actor.get_absolute_url())
    assert answer.status_code in {200, 404}
    assert "<h1>" in answer.content.decode()


# --- Random queries -------------------------------------------------------------------------------

NAMES = st.sampled_from([*FIELDS, "ou[]", "utm_source"]) | st.text(max_size=8)
VALUES = (
    st.text(max_size=60)
    | st.sampled_from(["Guéret", "23000", "23", "creuse", "ameli", "5", "50", "1", "2", "Geret"])
    | st.integers().map(str)
    | st.floats().map(str)
)
QUERIES = st.lists(st.tuples(NAMES, VALUES), max_size=6).map(
    lambda pairs: urlencode(pairs, errors="surrogatepass")
) | st.binary(max_size=60).map(quote)


@settings(
    max_examples=250,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=QUERIES)
def test_random_query_never_fails(query: str) -> None:
    with transaction.atomic():
        answer = Client(raise_request_exception=True).get(f"/recherche/?{query}")
    assert answer.status_code in {200, 400, 404, 414}
    assert b"<h1>" in answer.content
