"""The sheet's two addresses: what they read, what they say, and what they never keep."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import Place
from directory.views.sheet import content
from directory.views.sheet.pages import NEEDS_MAX
from directory.vocabularies.names import State
from tests import factories as make
from tests import sheets
from tests.browser.places import text
from tests.serving import as_served
from tests.test_french import (
    BREAKABLE_AFTER,
    BREAKABLE_BEFORE,
    BREAKABLE_UNIT,
    ENGLISH,
    FIRST_OF_MONTH,
    TYPEWRITTEN,
    faults,
)

pytestmark = pytest.mark.django_db

QUERIES_MAX = 9
"""Places, their closures, stops and communes of stops, declared needs, languages spoken, the
translations of needs, and the needs and terms when no thread keeps them."""


def page(query: str) -> Any:
    return Client().get(f"/fiche/?{query}")


def pdf(query: str) -> Any:
    return Client().get(f"/fiche.pdf?{query}")


def names(answer: Any) -> list[str]:
    """The names of the places of a sheet, in their order."""
    found = re.findall(r'<h3 class="sheet-name"[^>]*>(.*?)</h3>', answer.content.decode())
    return [unescape(name) for name in found]


def numbered(*places: Place) -> list[str]:
    return [f"{rank}. {place.name}" for rank, place in enumerate(places, start=1)]


# --- Places ---------------------------------------------------------------------------------------


def test_places_come_in_the_order_of_the_address() -> None:
    first, second = sheets.ordinary(1), sheets.ordinary(2)
    assert names(page(f"lieux={second.pk},{first.pk}")) == numbered(second, first)


def test_unknown_archived_repeated_and_unreadable_numbers_are_said_and_the_rest_kept() -> None:
    place = sheets.ordinary()
    archived = sheets.ordinary(1, state=State.ARCHIVED)
    answer = page(f"lieux={place.pk},{archived.pk},999999,{place.pk},abc")
    assert answer.status_code == 200
    assert names(answer) == numbered(place)
    assert "2 lieux de cette liste ne sont plus dans l’annuaire" in text(answer)
    assert "n’est pas un numéro de lieu" in text(answer)
    assert archived.name not in text(answer)


def test_twenty_places_at_most_are_printed_and_the_others_are_said() -> None:
    places = [sheets.ordinary(number) for number in range(22)]
    answer = page("lieux=" + ",".join(str(place.pk) for place in places))
    assert names(answer) == numbered(*places[:20])
    assert "2 lieux n’ont pas été gardés" in text(answer)


@pytest.mark.parametrize("query", ["", "lieux=", "lieux=999999", "lieux=abc"])
def test_sheet_without_places_says_what_to_do(query: str) -> None:
    answer = page(query)
    assert answer.status_code == 200
    assert "Choisissez d’abord un lieu" in text(answer)
    assert names(answer) == []


def test_page_says_all_that_the_sheet_says() -> None:
    places = [sheets.ordinary(), sheets.longest(1)]
    need = sheets.need()
    answer = page(f"lieux={places[0].pk},{places[1].pk}&besoin={need.code}&langue=ar")
    links = re.findall(r'class="sheet-link" href="([^"]+)"', answer.content.decode())
    made = content.build(
        places, [need], "ar", lambda p: links[[q.pk for q in places].index(p.pk)], timezone.now()
    )
    assert [said for said in sheets.texts(made) if said not in text(answer)] == []


# --- Need and language ----------------------------------------------------------------------------


def test_need_tells_what_to_ask_and_to_bring() -> None:
    place, need = sheets.ordinary(), sheets.need()
    answer = text(page(f"lieux={place.pk}&besoin={need.code}"))
    assert "Demandez\u00a0: «\u00a0une aide pour mon compte\u00a0»" in answer
    assert all(thing in answer for thing in sheets.BRING)


def test_unknown_need_and_language_are_said_and_the_sheet_is_made() -> None:
    place = sheets.ordinary()
    answer = page(f"lieux={place.pk}&besoin=inconnu&langue=xx")
    assert names(answer) == numbered(place)
    assert "La démarche demandée n’existe pas" in text(answer)
    assert "Nous n’avons pas encore cette langue" in text(answer)


def test_too_many_needs_are_cut_and_said() -> None:
    place = sheets.ordinary()
    codes = [sheets.need(f"besoin-{number}").code for number in range(NEEDS_MAX + 1)]
    answer = text(page(f"lieux={place.pk}&" + "&".join(f"besoin={code}" for code in codes)))
    assert answer.count("Demandez\u00a0:") == NEEDS_MAX
    assert "Une fiche tient 3 démarches au plus." in answer


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_persons_language_is_marked_with_its_direction(language: str, direction: str) -> None:
    place = sheets.ordinary()
    html = page(f"lieux={place.pk}&langue={language}").content.decode()
    marked = f'lang="{language}" dir="{direction}"'
    assert html.count(marked) > 5
    assert '<html lang="fr">' in html
    assert 'aria-current="true"' in re.findall(f'<a [^>]*lang="{language}"[^>]*>', html)[0]


def test_other_languages_keep_the_places_and_the_need() -> None:
    place, need = sheets.ordinary(), sheets.need()
    html = unescape(page(f"lieux={place.pk}&besoin={need.code}").content.decode())
    assert f'href="/fiche/?lieux={place.pk}&besoin={need.code}&langue=ar"' in html
    assert f'href="/fiche.pdf?lieux={place.pk}&besoin={need.code}"' in html


def test_form_of_needs_keeps_the_places_and_the_language() -> None:
    place = sheets.ordinary()
    html = page(f"lieux={place.pk}&langue=en").content.decode()
    assert f'name="lieux" value="{place.pk}"' in html
    assert 'name="langue" value="en"' in html


def test_page_has_no_style_in_its_elements() -> None:
    html = page(f"lieux={sheets.ordinary().pk}").content.decode()
    assert "<svg" in html
    assert not re.search(r"\sstyle=|<style", html)


# --- French ---------------------------------------------------------------------------------------


def test_page_is_written_as_french_is_printed() -> None:
    place, need = sheets.longest(), sheets.need()
    sources = {
        "sheet": f"lieux={place.pk}&besoin={need.code}&langue=ar",
        "empty": "lieux=999999,abc&besoin=x&langue=xx",
    }
    pages = {
        name: re.sub(r"<footer.*", "", text_of(page(query)), flags=re.DOTALL)
        for name, query in sources.items()
    }
    # What is in another language has its own typography.
    pages = {
        name: re.sub(r'<(\w+)[^>]* lang="ar".*?</\1>', "", html, flags=re.DOTALL)
        for name, html in pages.items()
    }
    for pattern in (
        BREAKABLE_BEFORE,
        BREAKABLE_AFTER,
        BREAKABLE_UNIT,
        TYPEWRITTEN,
        FIRST_OF_MONTH,
        ENGLISH,
    ):
        assert faults(pages, pattern) == {}
    assert [name for name, html in pages.items() if len(re.findall("<h1", html)) != 1] == []


# --- The file -------------------------------------------------------------------------------------


def test_file_is_a_pdf_named_after_its_place() -> None:
    place = sheets.ordinary(slug="france-services-du-bourg")
    answer = pdf(f"lieux={place.pk}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="fiche-france-services-du-bourg.pdf"'
    assert answer.content.startswith(b"%PDF-")


def test_file_of_several_places_tells_how_many() -> None:
    query = f"lieux={sheets.ordinary(1).pk},{sheets.ordinary(2).pk}"
    assert 'filename="fiche-2-lieux.pdf"' in pdf(query)["Content-Disposition"]


def test_file_without_places_sends_to_the_page_that_says_why() -> None:
    answer = pdf("lieux=999999&langue=ar")
    assert answer.status_code == 302
    assert answer["Location"] == "/fiche/?lieux=999999&langue=ar"


@pytest.mark.parametrize("address", ["/fiche/", "/fiche.pdf"])
def test_nothing_is_sent_nor_kept(address: str) -> None:
    place = sheets.ordinary()
    answer = Client().get(f"{address}?lieux={place.pk}")
    assert not answer.cookies
    assert Client().post(f"{address}?lieux={place.pk}").status_code == 405
    robots = answer.get("X-Robots-Tag") or re.findall(
        r'name="robots" content="(\w+)"', text_of(answer)
    )
    assert "noindex" in robots


def text_of(answer: Any) -> str:
    return answer.content.decode(errors="ignore")


@pytest.mark.parametrize("address", ["/fiche/", "/fiche.pdf"])
def test_unchanged_sheet_is_not_sent_again(address: str) -> None:
    url = f"{address}?lieux={sheets.ordinary().pk}"
    with as_served():
        first = Client().get(url)
        again = Client().get(url, headers={"if-none-match": first["ETag"]})
    assert first["Cache-Control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


# --- Cost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/fiche/", "/fiche.pdf"])
def test_twenty_places_cost_no_more_queries_than_one(address: str) -> None:
    need = sheets.need()
    keys = [str(sheets.longest(number).pk) for number in range(20)]
    costs = []
    for chosen in (keys[:1], keys):
        with as_served(), CaptureQueriesContext(connection) as captured:
            url = f"{address}?lieux={','.join(chosen)}&besoin={need.code}&langue=ar"
            assert Client().get(url).status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1] <= QUERIES_MAX


def test_link_of_a_place_is_short() -> None:
    place: Place = make.PlaceFactory.create()
    links = re.findall(r'class="sheet-link" href="([^"]+)"', text_of(page(f"lieux={place.pk}")))
    assert re.fullmatch(r"http://testserver/l/[0-9A-Z]{2,8}", links[0])
