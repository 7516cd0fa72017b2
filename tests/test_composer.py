"""The page that composes the widget's code."""

import re
from html import unescape

import pytest
from django.test import Client

from tests import factories as make
from tests.browser.places import text
from tests.test_widget import policy

pytestmark = pytest.mark.django_db

URL = "/widget/composer/"


@pytest.fixture(autouse=True)
def gueret() -> None:
    """A commune, a need."""
    make.CommuneFactory.create(
        name="Guéret", department=make.DepartmentFactory.create(code="23", name="Creuse")
    )
    make.NeedFactory.create(code="ameli", short_label="Mon compte Ameli")


def composed(query: str = "") -> str:
    """The code, as one copies it."""
    html = Client().get(f"{URL}?{query}").content.decode()
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)
    assert found
    return unescape(found[1])


def attribute(code: str, name: str) -> str:
    """An attribute of the iframe, as a browser reads it; "" when absent."""
    found = re.search(rf'\s{name}="([^"]*)"', code)
    return unescape(found[1]) if found else ""


def test_code_is_an_iframe_of_what_was_chosen() -> None:
    code = composed("besoin=ameli&departement=23&rayon=50&titre=non&fiches=3&vide=&reseau=")
    assert code.startswith("<iframe ")
    assert code.endswith("</iframe>")
    assert attribute(code, "src") == (
        "http://testserver/widget/?besoin=ameli&rayon=50&departement=23&titre=non&fiches=3"
    )


def test_address_in_the_code_answers() -> None:
    src = attribute(composed("besoin=ameli&ou=Guéret"), "src")
    assert Client().get(src.removeprefix("http://testserver")).status_code == 200


def test_commune_is_written_as_it_was_understood() -> None:
    assert "ou=Gu%C3%A9ret+%2823%29" in attribute(composed("ou=gueret"), "src")


def test_code_says_what_the_frame_is_and_keeps_it_in_its_place() -> None:
    code = composed()
    assert "Coup de main santé" in attribute(code, "title")
    assert attribute(code, "loading") == "lazy"
    assert attribute(code, "referrerpolicy") == "no-referrer"
    assert "allow-scripts" not in attribute(code, "sandbox")
    assert {"allow-forms", "allow-popups"} <= set(attribute(code, "sandbox").split())


@pytest.mark.parametrize(
    ("query", "width", "height"),
    [("", "", "640"), ("largeur=320&hauteur=500", "320", "500")],
)
def test_room_is_the_one_asked_for(query: str, width: str, height: str) -> None:
    code = composed(query)
    assert (attribute(code, "width"), attribute(code, "height")) == (width, height)


def test_preview_is_the_widget_of_this_site() -> None:
    answer = Client().get(f"{URL}?besoin=ameli")
    assert '<iframe class="preview" src="/widget/?besoin=ameli"' in answer.content.decode()
    assert policy(answer)["frame-src"] == "'self'"


def test_no_other_page_may_hold_a_frame() -> None:
    for url in ("/", "/recherche/?ou=Guéret", "/widget/", "/sources/"):
        assert "frame-src" not in policy(Client().get(url))


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("largeur=100", "largeur", "entre 280 et 1600"),
        ("largeur=large", "largeur", "entre 280 et 1600"),
        ("hauteur=9999", "hauteur", "entre 300 et 3000"),
        ("fiches=0", "fiches", "entre 1 et 20"),
        ("titre=x", "titre", "oui"),
        ("ou=zzzzzzz", "ou", "Nous ne connaissons pas ce lieu"),
        ("besoin=inconnu", "besoin", "Cette démarche n’est pas dans notre liste"),
        ("departement=999", "departement", "Ce choix n’est pas dans notre liste"),
        ("rayon=7", "rayon", "Cette distance n’existe pas"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_no_code_is_given(
    query: str, field: str, words: str
) -> None:
    answer = Client().get(f"{URL}?{query}")
    html = answer.content.decode()
    assert answer.status_code == 400
    assert f'href="#id_{field}"' in html
    assert f'id="id_{field}"' in html
    assert words in text(answer)
    assert html.count('class="field-error"') == 1
    assert "<title>Erreur" in html
    assert "<iframe" not in html


def test_what_was_typed_is_kept() -> None:
    html = Client().get(f"{URL}?largeur=12&besoin=ameli&formulaire=non").content.decode()
    assert 'name="largeur" id="id_largeur" value="12"' in html
    assert 'value="ameli" checked' in html
    assert 'name="formulaire" value="non" checked' in html


def test_homonyms_are_proposed_with_the_rest_of_the_choices() -> None:
    for code in ("11", "30"):
        make.CommuneFactory.create(
            name="Saint-Denis", department=make.DepartmentFactory.create(code=code, name=f"D{code}")
        )
    html = Client().get(f"{URL}?ou=Saint-Denis&besoin=ameli&largeur=300").content.decode()
    assert "besoin=ameli&amp;largeur=300&amp;ou=Saint-Denis+%2811%29" in html
