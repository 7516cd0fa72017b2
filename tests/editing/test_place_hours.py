"""Hours and point of a place in its form: a week or a string, a map, two numbers."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from directory.models import Commune, Place
from directory.search import geocoder
from directory.vocabularies.names import PositionPrecision
from tests import factories as make
from tests.editing.pages import errors, locked, opened, save, saved, url_of

pytestmark = pytest.mark.django_db
MAX_QUERIES = 20


# --- Hours ----------------------------------------------------------------------------------------


def test_week_is_shown_beside_the_string(moderator: Client, place: Place) -> None:
    data = opened(moderator, place)
    assert (data["week_mo"], data["week_su"]) == ("9h-12h", "fermé")
    assert (data["week_holidays"], data["opening_hours"]) == (True, "Mo-Fr 09:00-12:00; PH off")


def test_week_alone_makes_the_string(moderator: Client, place: Place) -> None:
    after = saved(moderator, place, week_sa="9h-12h et 14h-16h30")
    assert after.opening_hours == "Mo-Fr 09:00-12:00; Sa 09:00-12:00,14:00-16:30; PH off"
    assert locked(place) == {"opening_hours"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Jun-Sep Mo 09:00-12:00", "Jun-Sep Mo 09:00-12:00"),
        ("du lundi au jeudi 9h-12h et 14h-17h", "Mo-Th 09:00-12:00,14:00-17:00"),
        ("", ""),
    ],
)
def test_string_alone_is_kept_or_read_from_french(
    moderator: Client, place: Place, typed: str, kept: str
) -> None:
    assert saved(moderator, place, opening_hours=typed).opening_hours == kept


def test_string_that_a_week_cannot_show_stays_and_the_form_says_so(
    moderator: Client, place: Place
) -> None:
    Place.objects.update(opening_hours="Tu[1] 10:00-12:00")
    assert "le texte est gardé tel quel" in moderator.get(url_of(place)).content.decode()
    assert saved(moderator, place, notes="Au fond").opening_hours == "Tu[1] 10:00-12:00"


def test_week_and_string_that_disagree_are_asked_about(moderator: Client, place: Place) -> None:
    data = opened(moderator, place)
    both = {"week_sa": "9h-12h", "opening_hours": "Mo 10:00-11:00"}
    assert list(errors(save(moderator, place, data, **both))) == ["hours_from"]
    save(moderator, place, data, **both, hours_from="week")
    place.refresh_from_db()
    assert place.opening_hours == "Mo-Sa 09:00-12:00; PH off"
    save(
        moderator,
        place,
        opened(moderator, place),
        week_sa="",
        opening_hours="Mo 10:00-11:00",
        hours_from="text",
    )
    place.refresh_from_db()
    assert place.opening_hours == "Mo 10:00-11:00"


def test_day_nobody_can_read_is_refused_with_its_reason(moderator: Client, place: Place) -> None:
    answer = save(moderator, place, opened(moderator, place), week_tu="14h-12h")
    assert errors(answer) == {"week_tu": ["la fin vient avant le début."]}


def test_unreadable_string_is_refused_when_typed_and_left_when_old(
    moderator: Client, place: Place
) -> None:
    answer = save(moderator, place, opened(moderator, place), opening_hours="quand il fait beau")
    assert list(errors(answer)) == ["opening_hours"]
    Place.objects.update(opening_hours="quand il fait beau")
    assert saved(moderator, place, notes="Au fond").opening_hours == "quand il fait beau"


def test_form_sent_without_a_week_leaves_the_hours(moderator: Client, place: Place) -> None:
    data = {k: v for k, v in opened(moderator, place).items() if not k.startswith("week_")}
    assert save(moderator, place, data).status_code == 302
    assert Place.objects.get(pk=place.pk).opening_hours == "Mo-Fr 09:00-12:00; PH off"


def test_week_is_read_while_typed(moderator: Client) -> None:
    url = reverse("admin:directory_place_week")
    told = moderator.post(url, {"from": "week", "week_mo": "9h-12h"}).json()
    assert told == {"opening_hours": "Mo 09:00-12:00", "problems": {}}
    told = moderator.post(url, {"from": "text", "opening_hours": "Mo 09:00-12:00; PH off"}).json()
    assert (told["week"]["week_mo"], told["week_holidays"]) == ("9h-12h", True)
    told = moderator.post(url, {"from": "text", "opening_hours": "Tu[1] 10:00-12:00"}).json()
    assert told["week"] is None
    assert moderator.post(url, {"from": "week", "week_mo": "le soir"}).json()["problems"]["week_mo"]
    assert moderator.get(url).status_code == 405


# --- Point ----------------------------------------------------------------------------------------


def test_button_puts_the_point_at_the_centre_and_keeps_what_was_typed(
    moderator: Client, place: Place
) -> None:
    Commune.objects.update(latitude=48.1, longitude=-1.6)
    data = opened(moderator, place) | {"name": "Nouveau nom", "_centre": "1"}
    answer = save(moderator, place, data)
    form = answer.context["adminform"].form
    told = [form[name].value() for name in ("latitude", "longitude", "position_precision", "name")]
    assert told == ["48.100000", "-1.600000", PositionPrecision.COMMUNE, "Nouveau nom"]
    assert Place.objects.get(pk=place.pk).name == place.name


def test_address_is_searched_only_where_the_geocoder_is_on(
    moderator: Client, place: Place, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "_adresse" not in moderator.get(url_of(place)).content.decode()
    settings.GEOCODER = True
    asked: list[str] = []

    def find(text: str) -> Any:
        asked.append(text)
        return geocoder.Address("2 rue Haute", 48.2, -1.7, "35001")

    monkeypatch.setattr(geocoder.geocoder, "find", find)
    data = opened(moderator, place) | {"address": "2 rue Haute", "_adresse": "1"}
    form = save(moderator, place, data).context["adminform"].form
    assert form["latitude"].value() == "48.200000"
    assert asked == [f"2 rue Haute {place.commune.name}"]


def test_point_moved_by_hand_is_precise(moderator: Client) -> None:
    place = make.PlaceFactory.create(position_precision=PositionPrecision.COMMUNE)
    after = saved(moderator, place, latitude="48.94", longitude="2.36")
    assert after.position_precision == PositionPrecision.ADDRESS
    assert locked(place) == {"latitude", "longitude", "position_precision"}
