"""The short panel of a place on the map: what to do now, where a place that moves stops next."""

from datetime import date, datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.api.map_places import next_stop_text
from directory.models import Place
from directory.search.kept import shelf
from directory.vocabularies.names import State
from tests.browser.places import text
from tests.factories import (
    CommuneFactory,
    DepartmentFactory,
    NeedFactory,
    PlaceFactory,
    StopFactory,
)
from tests.serving import as_served

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def bus() -> Place:
    """A place that moves, based in Guéret."""
    commune = CommuneFactory.create(
        name="Guéret", department=DepartmentFactory.create(code="23", name="Creuse")
    )
    made: Place = PlaceFactory.create(commune=commune, name="Le bus", itinerancy="itinerant")
    return made


def stop_text(place: Place, now: datetime = TUESDAY) -> str:
    return next_stop_text(shelf.get([place.pk])[place.pk], now).replace("\u00a0", " ")


def ask(query: str) -> str:
    answer = Client().get(f"/carte/lieux/?{query}")
    assert answer.status_code == 200
    return text(answer)


def test_panel_tells_where_when_and_whom_to_call(bus: Place) -> None:
    html = Client().get(f"/carte/lieux/?id={bus.pk}").content.decode()
    assert 'href="tel:+33199001234"' in html
    assert f'href="/lieux/{bus.slug}/"' in html
    assert f'href="/carnet/?lieux={bus.pk}" data-carnet-add="{bus.pk}"' in html
    assert "Horaires non renseignés" in text(Client().get(f"/carte/lieux/?id={bus.pk}"))


def test_panel_carries_the_need_the_search_and_the_carnet(bus: Place) -> None:
    NeedFactory.create(code="ameli")
    other = PlaceFactory.create()
    carried = f"besoin=ameli&carnet={other.pk},abc&recherche=ou%3DGu%C3%A9ret"
    html = unescape(Client().get(f"/carte/lieux/?id={bus.pk}&{carried}").content.decode())
    assert f'href="/lieux/{bus.slug}/?besoin=ameli&carnet={other.pk}"' in html
    assert (
        f'href="/carnet/?lieux={other.pk},{bus.pk}&besoin=ameli&recherche=ou%3DGu%25C3%25A9ret"'
        in html
    )


def test_place_already_in_the_carnet_is_not_added_twice(bus: Place) -> None:
    answer = Client().get(f"/carte/lieux/?id={bus.pk}&carnet={bus.pk}")
    assert f'href="/carnet/?lieux={bus.pk}"' in answer.content.decode()
    assert "Voir mon carnet" in text(answer)


def test_several_places_are_told_by_name(bus: Place) -> None:
    other = PlaceFactory.create(name="Annexe")
    told = ask(f"id={bus.pk}&id={other.pk}&id={bus.pk}")
    assert "2 lieux à cette adresse" in told.replace("\u00a0", " ")
    assert told.index("Annexe") < told.index("Le bus")


@pytest.mark.parametrize(
    "query", ["", "id=", "id=abc", "id=-1", "id=²", "id=1&id=x", f"id={'9' * 40}"]
)
def test_unreadable_number_is_a_clear_400(query: str) -> None:
    answer = Client().get(f"/carte/lieux/?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "id"


@pytest.mark.parametrize("state", [State.DRAFT, State.ARCHIVED])
def test_place_that_is_not_published_is_not_told(bus: Place, state: State) -> None:
    Place.objects.filter(pk=bus.pk).update(state=state)
    assert Client().get(f"/carte/lieux/?id={bus.pk}").status_code == 404
    other = PlaceFactory.create(name="Annexe")
    assert "Le bus" not in ask(f"id={bus.pk}&id={other.pk}")


def test_list_of_an_address_is_bounded(bus: Place) -> None:
    keys = [PlaceFactory.create(commune=bus.commune).pk for _ in range(52)]
    html = Client().get("/carte/lieux/?" + "&".join(f"id={key}" for key in keys)).content.decode()
    assert html.count("<article") == 50


def test_served_panel_asks_the_database_nothing(bus: Place) -> None:
    with as_served(), CaptureQueriesContext(connection) as captured:
        ask(f"id={bus.pk}")
    assert len(captured) == 0


# --- The next stop --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 11, 24), "aujourd’hui"),
        (date(2026, 11, 25), "demain, mercredi 25 novembre"),
        (date(2026, 12, 1), "mardi 1er décembre"),
    ],
)
def test_dated_stop_tells_its_day(bus: Place, on: date, said: str) -> None:
    StopFactory.create(place=bus, on=on, opening_hours="", label="Place du Marché")
    assert stop_text(bus) == f"Prochain passage : {said} – Place du Marché, Guéret"


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("Tu 09:00-12:00", "en ce moment"),
        ("Tu 14:00-17:00", "aujourd’hui à 14 h"),
        ("We 09:30-12:00", "demain, mercredi 25 novembre, à 9 h 30"),
        ("Fr[1] 09:00-12:00", "vendredi 4 décembre à 9 h"),
    ],
)
def test_recurring_stop_tells_its_next_time(bus: Place, hours: str, said: str) -> None:
    StopFactory.create(place=bus, opening_hours=hours, label="Mairie")
    assert stop_text(bus) == f"Prochain passage : {said} – Mairie, Guéret"


def test_first_stop_to_come_is_told(bus: Place) -> None:
    StopFactory.create(place=bus, on=date(2026, 11, 20), opening_hours="", label="Passé")
    StopFactory.create(place=bus, on=date(2026, 11, 27), opening_hours="", label="Vendredi")
    StopFactory.create(place=bus, opening_hours="Th 09:00-12:00", label="Jeudi")
    assert stop_text(bus).endswith("– Jeudi, Guéret")


@pytest.mark.parametrize(
    "stop", [{"on": date(2026, 11, 20), "opening_hours": ""}, {"opening_hours": "off"}]
)
def test_place_without_a_stop_to_come_promises_none(bus: Place, stop: dict[str, object]) -> None:
    StopFactory.create(place=bus, **stop)
    assert stop_text(bus) == ""


def test_stop_is_told_at_the_hour_of_the_place(bus: Place) -> None:
    reunion = DepartmentFactory.create(code="974", name="La Réunion", time_zone="Indian/Reunion")
    commune = CommuneFactory.create(name="Cilaos", department=reunion)
    place = PlaceFactory.create(commune=commune, itinerancy="itinerant")
    StopFactory.create(place=place, opening_hours="Tu 14:00-17:00")
    # 10:00 in Paris is 13:00 there.
    assert stop_text(place) == "Prochain passage : aujourd’hui à 14 h – Cilaos"
