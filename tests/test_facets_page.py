"""Facets on the results page: counts, silent places, chips, day and hour."""

from typing import Any

import pytest
from django.test import Client

from directory.models import Place
from directory.views.facets import Chip, FacetView
from directory.vocabularies.names import Vocabulary
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


def ask(**query: str | list[str]) -> dict[str, object]:
    """The context of a results page near Guéret."""
    answer = Client().get("/recherche/", {"ou": "Guéret", **query})
    assert answer.status_code == 200
    contexts: Any = answer.context
    return dict(contexts[0].flatten())


def facet(context: dict[str, object], name: str) -> FacetView:
    """One facet of the page."""
    facets: list[FacetView] = context["facets"]  # type: ignore[assignment]
    return next(view for view in facets if view.name == name)


def counts(view: FacetView) -> dict[str, int | None]:
    """Counts by code."""
    return {option.code: option.count for option in view.options}


def names(context: dict[str, object], key: str) -> list[str]:
    """Names of the cards of a block."""
    return [card.name for card in context[key]]  # type: ignore[attr-defined]


def test_each_value_tells_what_choosing_it_would_give() -> None:
    assert counts(facet(ask(), "mode")) == {ALONE: 1, TOGETHER: 1}


def test_count_ignores_its_own_facet() -> None:
    assert counts(facet(ask(mode=TOGETHER), "mode")) == {ALONE: 1, TOGETHER: 1}


def test_values_of_a_facet_mean_or() -> None:
    assert sorted(names(ask(mode=[ALONE, TOGETHER]), "cards")) == ["Deux", "Un"]


def test_facets_mean_and() -> None:
    context = ask(mode=TOGETHER, acces="telephone")
    assert names(context, "cards") == ["Un"]
    Place.objects.update(phone="")
    assert names(ask(mode=TOGETHER, acces="telephone"), "cards") == []


def test_places_that_do_not_say_come_in_a_counted_block_of_their_own() -> None:
    context = ask(mode=TOGETHER)
    assert names(context, "cards") == ["Un"]
    assert names(context, "silent_cards") == ["Trois"]
    assert (context["total"], context["silent_total"]) == (1, 1)


def test_facet_where_nothing_is_declared_says_so() -> None:
    assert facet(ask(), "langue").is_declared is False
    assert facet(ask(), "mode").is_declared is True


def test_value_of_no_place_is_kept_with_a_zero() -> None:
    TermFactory.create(vocabulary=Vocabulary.SUPPORT_MODE, code="domicile", label="Chez moi")
    option = next(o for o in facet(ask(), "mode").options if o.code == "domicile")
    assert (option.count, option.is_zero) == (0, True)


def test_chip_removes_its_filter_and_nothing_else() -> None:
    context = ask(mode=[TOGETHER, ALONE], q="un")
    chips: list[Chip] = context["chips"]  # type: ignore[assignment]
    url = next(chip.url for chip in chips if chip.label == TOGETHER)
    assert f"mode={TOGETHER}" not in url
    assert f"mode={ALONE}" in url
    assert "q=un" in url


def test_clearing_filters_keeps_the_place() -> None:
    context = ask(mode=TOGETHER, q="un", rayon="50")
    assert context["clear_url"] == "/recherche/?ou=Gu%C3%A9ret&rayon=50"


def test_unknown_value_is_said_and_the_others_are_kept() -> None:
    context = ask(mode=[TOGETHER, "télépathie"])
    assert names(context, "cards") == ["Un"]
    assert "mode" in context["form"].errors  # type: ignore[attr-defined]


def test_day_and_hour_are_enough_to_ask_who_is_open() -> None:
    Place.objects.filter(name="Un").update(opening_hours="Mo 09:00-12:00")
    Place.objects.filter(name="Deux").update(opening_hours="Tu 09:00-12:00")
    context = ask(jour="lundi", heure="10:00")
    assert names(context, "cards") == ["Un"]
    assert names(context, "silent_cards") == ["Trois"]
    chips: list[Chip] = context["chips"]  # type: ignore[assignment]
    assert [chip.label for chip in chips] == ["Ouvert le lundi à 10\u00a0h"]


def test_unreadable_hour_is_said_and_not_applied() -> None:
    context = ask(jour="lundi", heure="midi et demi")
    assert context["total"] == 3
    assert "heure" in context["form"].errors  # type: ignore[attr-defined]


def test_department_is_a_filter_that_can_be_taken_off() -> None:
    code = Place.objects.values_list("commune__department", flat=True)[0]
    context = ask(departement=code)
    assert context["total"] == 3
    assert len(context["chips"]) == 1  # type: ignore[arg-type]


def test_misspelt_word_is_corrected_and_said() -> None:
    Place.objects.filter(name="Un").update(name="Mediatheque", search_text="mediatheque")
    context = ask(q="mediathequi")
    assert [(c.typed, c.used) for c in context["corrections"]] == [  # type: ignore[attr-defined]
        ("mediathequi", "mediatheque")
    ]
