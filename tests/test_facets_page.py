"""Facets on the results page: counts, silent places, chips, day and hour."""

import re
from dataclasses import dataclass
from functools import cached_property
from html import unescape

import pytest
from django.test import Client

from directory.models import Place
from directory.vocabularies.names import Vocabulary
from tests.browser.places import text
from tests.factories import (
    CommuneFactory,
    NeedFactory,
    PlaceFactory,
    ServiceFactory,
    ServiceTermFactory,
    TermFactory,
)

ALONE, TOGETHER = "autonomie", "individuel"


@pytest.fixture(autouse=True)
def places(db: None) -> list[Place]:
    """Three places near Guéret: one helps one to one, one leaves people alone, one says nothing."""
    gueret = CommuneFactory.create(name="Guéret")
    made = [PlaceFactory.create(commune=gueret, name=name) for name in ("Un", "Deux", "Trois")]
    NeedFactory.create(code="ameli", short_label="Mon compte Ameli")
    for place, code in zip(made, (TOGETHER, ALONE), strict=False):
        term = TermFactory.create(vocabulary=Vocabulary.SUPPORT_MODE, code=code, label=code)
        ServiceTermFactory.create(service=ServiceFactory.create(place=place), term=term)
    return made


@dataclass(frozen=True)
class Page:
    """What a results page shows."""

    html: str
    text: str

    @cached_property
    def blocks(self) -> tuple[str, str]:
        """The places that answer, then those to check by phone."""
        listed, _, silent = self.html.partition('aria-labelledby="a-verifier"')
        return listed, silent

    @property
    def names(self) -> list[str]:
        """Names of the places that answer."""
        return _names(self.blocks[0])

    @property
    def silent_names(self) -> list[str]:
        """Names of the places to check by phone."""
        return _names(self.blocks[1])

    @property
    def chips(self) -> dict[str, str]:
        """Addresses without each chosen filter, by its label."""
        found = re.findall(
            r'<a class="pill chip" href="([^"]+)"><span[^>]*>[^<]*</span>([^<]+)', self.html
        )
        return {label: unescape(address) for address, label in found}

    def facet(self, name: str) -> str:
        """One facet, as HTML."""
        found = re.search(
            rf'<details class="facet" id="id_{name}".*?</details>', self.html, re.DOTALL
        )
        assert found
        return found[0]

    def counts(self, name: str) -> dict[str, int]:
        """What each value of a facet would give, by its code."""
        boxes = re.findall(
            rf'name="{name}" value="([^"]+)"[^>]*><span>[^<]*<small>\((\d+)\)', self.facet(name)
        )
        return {code: int(count) for code, count in boxes}


def _names(html: str) -> list[str]:
    return re.findall(r'<h3><a href="/lieux/[^"]+">([^<]+)</a>', html)


def ask(**query: str | list[str]) -> Page:
    """A results page near Guéret."""
    answer = Client().get("/recherche/", {"ou": "Guéret", **query})
    assert answer.status_code == 200
    return Page(answer.content.decode(), text(answer))


def test_each_value_tells_what_choosing_it_would_give() -> None:
    assert ask().counts("mode") == {ALONE: 1, TOGETHER: 1}


def test_count_ignores_its_own_facet() -> None:
    assert ask(mode=TOGETHER).counts("mode") == {ALONE: 1, TOGETHER: 1}


def test_values_of_a_facet_mean_or() -> None:
    assert sorted(ask(mode=[ALONE, TOGETHER]).names) == ["Deux", "Un"]


def test_facets_mean_and() -> None:
    assert ask(mode=TOGETHER, acces="telephone").names == ["Un"]
    Place.objects.update(phone="")
    assert ask(mode=TOGETHER, acces="telephone").names == []


def test_places_that_do_not_say_come_in_a_counted_block_of_their_own() -> None:
    page = ask(mode=TOGETHER)
    assert page.names == ["Un"]
    assert page.silent_names == ["Trois"]
    assert "1 lieu près de Guéret" in page.text
    assert "À vérifier par téléphone (1 lieu)" in page.text


def test_facet_where_nothing_is_declared_says_so() -> None:
    said = "Aucun lieu ne l’a précisé ici."
    assert said in ask().facet("langue")
    assert said not in ask().facet("mode")


def test_value_of_no_place_is_kept_with_a_zero() -> None:
    TermFactory.create(vocabulary=Vocabulary.SUPPORT_MODE, code="domicile", label="Chez moi")
    page = ask()
    assert page.counts("mode")["domicile"] == 0
    assert re.findall(r'class="tick zero"><input[^>]*value="([^"]+)"', page.facet("mode")) == [
        "domicile"
    ]


def test_chip_removes_its_filter_and_nothing_else() -> None:
    url = ask(mode=[TOGETHER, ALONE], q="un").chips[TOGETHER]
    assert f"mode={TOGETHER}" not in url
    assert f"mode={ALONE}" in url
    assert "q=un" in url


def test_clearing_filters_keeps_the_place() -> None:
    html = ask(mode=TOGETHER, q="un", rayon="50").html
    assert re.findall(r'href="([^"]+)">Retirer tous les filtres', html) == [
        "/recherche/?ou=Gu%C3%A9ret&amp;rayon=50"
    ]


def test_unknown_value_is_said_and_the_others_are_kept() -> None:
    page = ask(mode=[TOGETHER, "télépathie"])
    assert page.names == ["Un"]
    assert 'class="field-error"' in page.facet("mode")


def test_day_and_hour_are_enough_to_ask_who_is_open() -> None:
    Place.objects.filter(name="Un").update(opening_hours="Mo 09:00-12:00")
    Place.objects.filter(name="Deux").update(opening_hours="Tu 09:00-12:00")
    page = ask(jour="lundi", heure="10:00")
    assert page.names == ["Un"]
    assert page.silent_names == ["Trois"]
    assert list(page.chips) == ["Ouvert le lundi à 10\u00a0h"]


def test_unreadable_hour_is_said_and_not_applied() -> None:
    page = ask(jour="lundi", heure="midi et demi")
    assert len(page.names) == 3
    assert 'id="erreur-heure-1"' in page.html


def test_department_is_a_filter_that_can_be_taken_off() -> None:
    code = Place.objects.values_list("commune__department", flat=True)[0]
    page = ask(departement=code)
    assert len(page.names) == 3
    assert len(page.chips) == 1


def test_misspelt_word_is_corrected_and_said() -> None:
    Place.objects.filter(name="Un").update(name="Mediatheque", search_text="mediatheque")
    said = ask(q="mediathequi").text
    assert "«\u00a0mediathequi\u00a0»\u00a0: nous avons cherché «\u00a0mediatheque\u00a0»" in said


def test_language_that_no_place_tells_proposes_to_ask_for_an_interpreter(client: Client) -> None:
    TermFactory.create(vocabulary=Vocabulary.LANGUAGE, code="ara")
    proposal = "Avez-vous un interprète"
    assert proposal in text(client.get("/recherche/", {"ou": "Guéret", "langue": "ara"}))
    assert proposal not in text(client.get("/recherche/", {"ou": "Guéret"}))
