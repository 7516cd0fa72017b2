"""The rules of the search, one by one, as the index applies them."""

from datetime import date, datetime
from math import isnan
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from directory.models import Place, Service
from directory.search.criteria import Access, Criteria, Facet, Sort
from directory.search.index import Answer, build
from directory.search.index.bits import slots_of
from directory.vocabularies.names import Appointment, State, Vocabulary
from tests.factories import (
    FICTION_PHONE,
    CommuneFactory,
    DepartmentFactory,
    NeedFactory,
    PlaceFactory,
    RegionFactory,
    ServiceFactory,
    ServiceTermFactory,
    TermFactory,
)

pytestmark = pytest.mark.django_db

HERE = (48.9362, 2.3574)
OFFICE = "Mo-Fr 09:00-12:00; PH off"


def km_east(km: float) -> dict[str, float]:
    """Return the position of a place at `km` of HERE."""
    return {"latitude": HERE[0], "longitude": HERE[1] + km / 73.04}


def paris(day: str, hour: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZoneInfo("Europe/Paris"))


def found(answer: Answer) -> list[int]:
    return [hit.id for hit in answer.hits]


def choose(**chosen: str) -> dict[Facet, frozenset[str]]:
    return {Facet[name.upper()]: frozenset({code}) for name, code in chosen.items()}


def offering(*needs: str, **fields: Any) -> Place:
    place: Place = PlaceFactory.create(**fields)
    ServiceFactory.create(place=place, needs=needs)
    return place


def test_places_that_are_not_published_are_not_found() -> None:
    PlaceFactory.create(state=State.DRAFT)
    kept = PlaceFactory.create()
    assert found(build().answer(Criteria())) == [kept.pk]


def test_services_of_an_unpublished_actor_count_for_nothing() -> None:
    place = offering("ameli")
    Service.objects.update(actor=None)
    index = build()
    assert index.answer(Criteria(facets=choose(need="ameli"))).total == 1
    service = Service.objects.get(place=place)
    service.state = State.DRAFT
    service.save()
    assert index.apply([place.pk]).answer(Criteria(facets=choose(need="ameli"))).total == 0


def test_places_silent_on_a_facet_come_after_those_that_match_and_are_counted_apart() -> None:
    silent, other, matching = PlaceFactory.create(), offering("css"), offering("ameli")
    answer = build().answer(Criteria(facets=choose(need="ameli")))
    assert [(hit.id, hit.is_silent) for hit in answer.hits] == [
        (matching.pk, False),
        (silent.pk, True),
    ]
    assert (answer.total, answer.silent_total) == (1, 1)
    assert other.pk not in found(answer)


def test_the_exact_need_comes_before_its_general_one_however_far() -> None:
    parent = NeedFactory.create(code="demarche-sante")
    NeedFactory.create(code="ameli", parent=parent)
    general = offering("demarche-sante", **km_east(1))
    exact = offering("ameli", **km_east(15))
    asked = Criteria(point=HERE, facets=choose(need="ameli"), parents={"ameli": "demarche-sante"})
    answer = build().answer(asked)
    assert [(hit.id, hit.is_exact) for hit in answer.hits] == [
        (exact.pk, True),
        (general.pk, False),
    ]
    assert answer.counts[Facet.NEED] == {"ameli": 2, "demarche-sante": 2}


def test_needs_only_deduced_are_to_be_checked_by_phone_when_declared_ones_are_asked() -> None:
    place = offering("ameli")
    place.services.get().service_needs.update(basis="deduced", rule="label")
    asked = Criteria(facets=choose(need="ameli"), declared_only=True)
    answer = build().answer(asked)
    assert [(hit.is_silent, hit.is_declared) for hit in answer.hits] == [(True, False)]


def test_a_place_open_to_everyone_matches_any_public() -> None:
    place = offering("ameli")
    everyone = TermFactory.create(vocabulary=Vocabulary.PUBLIC, code="tout-public")
    ServiceTermFactory.create(service=place.services.get(), term=everyone)
    answer = build().answer(Criteria(facets=choose(public="seniors")))
    assert found(answer) == [place.pk]
    assert answer.counts[Facet.PUBLIC] == {"seniors": 1, "tout-public": 1}


def test_a_place_without_phone_is_a_no_and_not_silent() -> None:
    PlaceFactory.create(phone="")
    answer = build().answer(Criteria(facets=choose(access=Access.PHONE)))
    assert (answer.total, answer.silent_total) == (0, 0)


@pytest.mark.parametrize(
    ("appointment", "totals"),
    [
        (Appointment.POSSIBLE, (1, 0)),
        (Appointment.UNKNOWN, (0, 1)),
        (Appointment.PARTLY, (0, 0)),
    ],
)
def test_without_appointment_means_not_needed_at_any_time(
    appointment: Appointment, totals: tuple[int, int]
) -> None:
    PlaceFactory.create(appointment=appointment)
    answer = build().answer(Criteria(facets=choose(access=Access.NO_APPOINTMENT)))
    assert (answer.total, answer.silent_total) == totals


@pytest.mark.parametrize(("hours", "total"), [("Mo 09:00-18:00", 0), ("Tu 17:00-18:01", 1)])
def test_a_place_that_closes_at_six_is_not_open_in_the_evening(hours: str, total: int) -> None:
    PlaceFactory.create(opening_hours=hours)
    assert build().answer(Criteria(facets=choose(access=Access.EVENING))).total == total


def test_places_without_position_match_no_point() -> None:
    lost = PlaceFactory.create(commune=CommuneFactory.create(latitude=None, longitude=None))
    index = build()
    assert found(index.answer(Criteria())) == [lost.pk]
    assert not index.answer(Criteria(point=HERE, radius=20_000)).hits


@pytest.mark.parametrize("center", [(HERE[0], 179.99), (-17.5, -179.99), (89.9, 12.0)])
def test_circles_hold_across_the_antimeridian_and_over_the_pole(
    center: tuple[float, float],
) -> None:
    beyond = center[1] - 180 if center[0] > 89 else -center[1]
    near = PlaceFactory.create(latitude=center[0], longitude=beyond)
    PlaceFactory.create(latitude=center[0] - 5, longitude=beyond)
    assert found(build().answer(Criteria(point=center, radius=50))) == [near.pk]


def test_bonuses_decide_between_close_places_and_not_beyond_their_sum() -> None:
    plain = PlaceFactory.create(**km_east(3), phone="")
    open_now = PlaceFactory.create(
        **km_east(3.4), opening_hours=OFFICE, verified_on=date(2026, 3, 1)
    )
    nearer = PlaceFactory.create(**km_east(1), phone="")
    asked = Criteria(point=HERE, now=paris("2026-03-03", "10:00"), verified_since=date(2026, 1, 1))
    assert found(build().answer(asked)) == [nearer.pk, open_now.pk, plain.pk]


def test_places_just_as_good_keep_the_order_of_their_keys() -> None:
    made = [PlaceFactory.create(**km_east(2), name="Mairie").pk for _ in range(5)]
    index = build()
    for sort in Sort:
        assert found(index.answer(Criteria(point=HERE, sort=sort))) == made
        assert found(index.answer(Criteria(point=HERE, sort=sort), 2, 2)) == made[2:4]


def test_without_a_point_places_follow_their_commune_then_their_name() -> None:
    second = PlaceFactory.create(commune=CommuneFactory.create(name="Évry"), name="B")
    third = PlaceFactory.create(commune=CommuneFactory.create(name="Fresnes"), name="A")
    first = PlaceFactory.create(commune=CommuneFactory.create(name="Épinay"), name="C")
    assert found(build().answer(Criteria())) == [first.pk, second.pk, third.pk]


def test_a_territory_is_a_department_or_a_region() -> None:
    region = RegionFactory.create(code="75", name="Nouvelle-Aquitaine")
    creuse = DepartmentFactory.create(code="23", name="Creuse", region=region)
    kept = PlaceFactory.create(commune=CommuneFactory.create(department=creuse))
    PlaceFactory.create()
    index = build()
    assert found(index.answer(Criteria(department="23"))) == [kept.pk]
    assert found(index.answer(Criteria(region="75"))) == [kept.pk]
    assert index.answer(Criteria()).counts[Facet.DEPARTMENT] == {"23": 1, "93": 1}


@pytest.mark.parametrize("word", ["mediath", "st", "saint", "seine", "maisons", "demarche"])
def test_words_begin_words_of_names_places_and_labels_plural_or_not(word: str) -> None:
    commune = CommuneFactory.create(name="Saint-Ouen")
    offering("demarche", commune=commune, name="Médiathèque, maison du Vieux-Saule")
    PlaceFactory.create(
        name="Autre",
        commune=CommuneFactory.create(name="Ici", department__code="23", department__name="Creuse"),
    )
    NeedFactory.create(code="ailleurs", label="Autre besoin")
    assert build().answer(Criteria(words=(word,))).total == 1


def test_a_word_found_nowhere_is_corrected_by_a_frequent_one_and_the_answer_says_so() -> None:
    PlaceFactory.create_batch(30, name="Conseiller numérique")
    PlaceFactory.create(name="Concilier")
    answer = build().answer(Criteria(words=("concellier", "numerique")))
    assert answer.total == 30
    assert answer.corrections == {"concellier": "conseiller"}


def test_a_word_like_no_other_finds_nothing() -> None:
    PlaceFactory.create(name="Mairie")
    answer = build().answer(Criteria(words=("xylophone",)))
    assert (answer.total, answer.corrections) == (0, {})


def test_a_territory_whose_communes_come_last_in_the_order_is_told_in_order() -> None:
    creuse = DepartmentFactory.create(code="23", name="Creuse")
    PlaceFactory.create_batch(70, commune=CommuneFactory.create(name="Ancy"))
    last = CommuneFactory.create(name="Zoufftgen", department=creuse)
    names = [PlaceFactory.create(commune=last, name=f"Lieu {n}").pk for n in range(10, 20)]
    index = build()
    pages = [index.answer(Criteria(department="23"), start, 1) for start in range(2)]
    assert [found(answer) for answer in pages] == [[names[0]], [names[1]]]


def test_words_are_proposed_the_most_frequent_first() -> None:
    PlaceFactory.create_batch(2, name="Mairie")
    PlaceFactory.create(name="Maison")
    index = build()
    assert index.words_starting("Ma", 2) == ["mairie", "maison"]
    assert index.words_starting("Ma", 1) == ["mairie"]


@pytest.mark.parametrize(
    ("fields", "worth"),
    [
        ({"phone": FICTION_PHONE, "opening_hours": "Su 09:00-12:00"}, 0.2),
        ({"opening_hours": OFFICE}, 0.5),
        ({"verified_on": date(2026, 3, 1)}, 0.3),
    ],
)
@pytest.mark.parametrize("margin", [-0.05, 0.05])
def test_each_bonus_is_worth_its_distance(
    fields: dict[str, Any], worth: float, margin: float
) -> None:
    plain = PlaceFactory.create(**km_east(3), phone="")
    better = PlaceFactory.create(**km_east(3 + worth + margin), **{"phone": "", **fields})
    asked = Criteria(point=HERE, now=paris("2026-03-03", "10:00"), verified_since=date(2026, 1, 1))
    first = better if margin < 0 else plain
    assert found(build().answer(asked))[0] == first.pk


def test_all_that_a_search_finds_is_told_at_once_with_its_positions() -> None:
    silent, matching = PlaceFactory.create(**km_east(1)), offering("ameli", **km_east(2))
    lost = offering("ameli", commune=CommuneFactory.create(latitude=None, longitude=None))
    offering("css")
    moved = offering("ameli")
    index = build()
    Place.objects.filter(pk=moved.pk).update(latitude=44.0, longitude=5.0)
    seen = index.apply([moved.pk]).everywhere(Criteria(facets=choose(need="ameli")))

    def points(bits: int) -> dict[int, tuple[float, float] | None]:
        return {
            seen.ids[slot]: None
            if isnan(seen.latitudes[slot])
            else (seen.latitudes[slot], seen.longitudes[slot])
            for slot in slots_of(bits)
        }

    assert points(seen.strict) == {
        matching.pk: matching.point,
        lost.pk: None,
        moved.pk: (44.0, 5.0),
    }
    assert points(seen.unsure) == {silent.pk: silent.point}
