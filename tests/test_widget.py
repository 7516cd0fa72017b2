"""The list inside other sites' pages: what it shows, what it refuses, what it never keeps."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from directory.models import Commune
from tests import factories as make
from tests.browser import places
from tests.browser.places import PAGES, text
from tests.serving import as_served

pytestmark = pytest.mark.django_db

CARD = '<li class="card">'


def shown(query: str) -> str:
    """The widget's HTML."""
    return Client().get(f"/widget/?{query}").content.decode()


def policy(answer: Any) -> dict[str, str]:
    """The content security policy, by directive."""
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: values for name, _space, values in parts}


@pytest.fixture
def gueret() -> Commune:
    """A commune with three places."""
    commune: Commune = make.CommuneFactory.create(
        code="23096",
        name="Guéret",
        department=make.DepartmentFactory.create(code="23", name="Creuse"),
    )
    for number in range(3):
        place = make.PlaceFactory.create(commune=commune, name=f"Lieu {'ABC'[number]}")
        make.ServiceFactory.create(place=place, needs=["ameli"] if number < 2 else ["mdph"])
    return commune


# --- Who may embed it, what it keeps --------------------------------------------------------------


def test_any_site_may_embed_the_widget_and_no_other_page() -> None:
    places.build()
    widget = Client().get("/widget/?ou=Guéret")
    assert "X-Frame-Options" not in widget
    assert policy(widget)["frame-ancestors"] == "*"
    for url in (*PAGES.values(), "/widget/composer/"):
        answer = Client().get(url)
        assert answer["X-Frame-Options"] == "DENY", url
        assert policy(answer)["frame-ancestors"] == "'none'", url


def test_refused_widget_may_be_read_in_its_frame_too(gueret: Commune) -> None:
    answer = Client().get("/widget/?ou=Guéret&page=9")
    assert answer.status_code == 404
    assert "X-Frame-Options" not in answer


def test_widget_runs_no_script(gueret: Commune) -> None:
    answer = Client().get("/widget/?ou=Guéret")
    assert b"<script" not in answer.content
    assert policy(answer)["script-src"] == policy(answer)["default-src"] == "'none'"


def test_widget_poses_no_cookie_and_depends_on_none(gueret: Commune) -> None:
    answer = Client().get("/widget/?ou=Guéret")
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert b"csrf" not in answer.content


def test_widget_is_read_never_written() -> None:
    assert Client().post("/widget/", {"ou": "Guéret"}).status_code == 405


def test_unchanged_widget_is_not_sent_again(gueret: Commune) -> None:
    with as_served():
        etag = Client().get("/widget/?ou=Guéret")["ETag"]
        again = Client().get("/widget/?ou=Guéret", headers={"if-none-match": etag})
        other = Client().get("/widget/?ou=Guéret&fiches=1", headers={"if-none-match": etag})
    assert (again.status_code, other.status_code) == (304, 200)
    assert "X-Frame-Options" not in again


def test_widget_asks_the_database_nothing_whatever_it_shows(gueret: Commune) -> None:
    with as_served(), CaptureQueriesContext(connection) as captured:
        Client().get("/widget/?ou=Guéret&besoin=ameli&fiches=20")
        Client().get("/widget/?departement=23&fiches=2&page=2")
    assert len(captured) == 0


# --- What it shows --------------------------------------------------------------------------------


def test_widget_lists_what_the_search_lists(gueret: Commune) -> None:
    html = shown("ou=Guéret&besoin=ameli")
    assert html.count(CARD) == 2
    assert "Lieu C" not in html
    assert 'href="tel:+33199001234"' in html


def test_filters_of_whoever_embeds_it_hold_for_the_visitors_search(gueret: Commune) -> None:
    html = shown("ou=Guéret&besoin=ameli&titre=non&inconnu=1&lat=1&lon=1")
    form = html[html.index("<form") : html.index("</form>")]
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    assert hidden == [("besoin", "ameli"), ("titre", "non")]


def test_links_open_the_site_in_a_tab_of_their_own_and_say_so(gueret: Commune) -> None:
    html = shown("ou=Guéret&besoin=ameli&fiches=1")
    outside = [
        tag for tag in re.findall(r"<a [^>]*>", html) if "/widget/" not in tag and "tel:" not in tag
    ]
    assert len(outside) == 2
    assert all('target="_blank"' in tag and 'rel="noopener"' in tag for tag in outside)
    assert html.count("nouvel onglet") == 2
    # Parameters of the widget alone are no search.
    assert 'href="/recherche/?ou=Gu%C3%A9ret&amp;besoin=ameli"' in html


def test_pages_of_the_list_stay_in_the_widget_with_its_parameters(gueret: Commune) -> None:
    html = shown("ou=Guéret&fiches=2&titre=non")
    assert html.count(CARD) == 2
    next_url = re.search(r'rel="next" href="([^"]+)"', html)
    assert next_url
    following = Client().get(next_url[1].replace("&amp;", "&")).content.decode()
    assert following.count(CARD) == 1
    assert 'name="titre" value="non"' in following


@pytest.mark.parametrize(
    ("query", "part", "is_there"),
    [
        ("", '<h1 class="visually-hidden">', False),
        ("&titre=non", '<h1 class="visually-hidden">', True),
        ("", "<form", True),
        ("&formulaire=non", "<form", False),
    ],
)
def test_parts_are_shown_or_hidden_as_asked(
    gueret: Commune, query: str, part: str, is_there: bool
) -> None:
    assert (part in shown(f"ou=Guéret{query}")) is is_there


def test_place_that_does_not_say_comes_last_and_is_marked(gueret: Commune) -> None:
    silent = make.PlaceFactory.create(commune=gueret, name="Lieu muet")
    html = shown("ou=Guéret&besoin=ameli")
    assert html.rindex(CARD) < html.index(silent.name)
    assert "ne dit pas tout ce que vous demandez" in html


@override_settings(LANGUAGES=[("fr", "Français"), ("en", "English")])
def test_words_of_the_widget_are_in_the_language_asked_for(gueret: Commune) -> None:
    assert '<html lang="en">' in shown("ou=Guéret&interface=en")
    assert '<html lang="fr">' in shown("ou=Guéret")


def test_text_typed_is_no_markup() -> None:
    html = shown("ou=%3Cscript%3E&besoin=%22%3E%3Cb%3E&q=%3Cscript%3E")
    assert "<script>" not in html
    assert "<b>" not in html


# --- What it says of what it cannot read ----------------------------------------------------------


def said(query: str) -> tuple[int, str]:
    """Status and words of the widget."""
    answer = Client().get(f"/widget/?{query}")
    return answer.status_code, text(answer)


def test_unknown_place_is_said_beside_its_field(gueret: Commune) -> None:
    html = shown("ou=zzzzzzzz")
    field = html[html.index('class="field has-error"') : html.index("</form>")]
    assert 'id="erreur-ou"' in field
    assert "zzzzzzzz" in field
    assert 'aria-invalid="true"' in field
    assert "<title>Erreur" not in shown("ou=Guéret")


def test_homonyms_are_links_inside_the_widget() -> None:
    for code in ("11", "30"):
        make.CommuneFactory.create(
            name="Saint-Denis", department=make.DepartmentFactory.create(code=code, name=f"D{code}")
        )
    html = shown("ou=Saint-Denis&titre=non")
    assert 'href="/widget/?titre=non&amp;ou=Saint-Denis+%2811%29"' in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("fiches=99", "Écrivez un nombre entre 1 et 20."),
        ("fiches=abc", "Écrivez un nombre entre 1 et 20."),
        ("titre=peut-être", "Écrivez «\u00a0oui\u00a0» ou «\u00a0non\u00a0»."),
        ("interface=zz", "Cette langue n’est pas encore là."),
        ("besoin=inconnu", "Cette démarche n’est pas dans notre liste."),
        ("page=abc", "Ce numéro de page n’est pas un nombre."),
    ],
)
def test_unreadable_parameter_is_said_and_the_others_hold(
    gueret: Commune, query: str, words: str
) -> None:
    status, told = said(f"ou=Guéret&{query}")
    assert status == 200
    assert words in told
    assert "Lieu A" in told


def test_unreadable_box_is_refused(gueret: Commune) -> None:
    assert said("bbox=1,2")[0] == 400


def test_page_beyond_the_last_leads_back_to_the_first(gueret: Commune) -> None:
    answer = Client().get("/widget/?ou=Guéret&page=9")
    assert answer.status_code == 404
    assert 'href="/widget/?ou=Gu%C3%A9ret"' in answer.content.decode()


def test_empty_list_says_what_to_do(gueret: Commune) -> None:
    make.HelplineFactory.create(is_general=True, name="Ligne nationale")
    make.NeedFactory.create(code="css")
    told = said("departement=23&verifie=oui")[1]
    assert "Vous n’êtes pas sans solution" in told
    assert "01 99 00 12 34" in told


def test_widget_without_any_question_asks_it() -> None:
    assert "Où êtes-vous" in said("")[1]
    assert "Cherchez un lieu près de chez vous" in said("formulaire=non")[1]
