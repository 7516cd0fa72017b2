"""What pages say to machines: schema.org as JSON-LD, true and harmless."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import Place
from directory.vocabularies.names import Basis, PositionPrecision, Vocabulary
from tests import factories as make
from tests.browser import places
from tests.serving import as_served
from tests.test_house_templates import INLINE

pytestmark = pytest.mark.django_db

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
SPECIFICATION = {"@type", "dayOfWeek", "opens", "closes"}
HOSTILE = "</script><script>alert(1)</script><!-- \u2028 \u2029 \\ \" ' &amp;"


def block(url: str) -> str:
    """The text of the page's only block of data."""
    found: list[str] = BLOCK.findall(Client().get(url).content.decode())
    assert len(found) == 1
    return found[0]


def graph(place: Place) -> list[dict[str, Any]]:
    """What the page of a place tells: the place, then its services."""
    told = json.loads(block(place.get_absolute_url()))
    assert told["@context"] == "https://schema.org"
    nodes: list[dict[str, Any]] = told["@graph"]
    return nodes


# --- Places ---------------------------------------------------------------------------------------


def test_page_of_a_place_tells_the_place_and_its_services() -> None:
    place, *services = graph(places.build().centre)
    assert place["@type"] == "Place"
    assert {"name", "url", "address", "telephone", "geo", "openingHoursSpecification"} <= set(place)
    assert place["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "1 rue de la Mairie",
        "postalCode": "23000",
        "addressLocality": "Guéret",
        "addressCountry": "FR",
    }
    assert [service["@type"] for service in services] == ["Service", "Service"]
    assert all({"name", "provider", "availableChannel"} <= set(one) for one in services)
    for service in services:
        channel = service["availableChannel"]
        assert channel["@type"] == "ServiceChannel"
        assert channel["serviceLocation"] == {"@id": place["@id"]}
        assert channel["servicePhone"]["telephone"] == "+33199005678"
    assert len({node["@id"] for node in [place, *services]}) == 3


def test_service_tells_languages_by_code_public_and_cost() -> None:
    workshop = graph(places.build().centre)[2]
    assert workshop["availableChannel"]["availableLanguage"] == ["ar"]
    assert {one["audienceType"] for one in workshop["audience"]} >= {"Personnes âgées"}
    assert workshop["offers"] == [
        {"@type": "Offer", "description": "Gratuit", "price": 0, "priceCurrency": "EUR"}
    ]


def test_price_is_not_told_where_it_is_not_known() -> None:
    place = make.PlaceFactory.create()
    term = make.TermFactory.create(vocabulary=Vocabulary.COST, code="payant", label="Payant")
    make.ServiceTermFactory.create(service=make.ServiceFactory.create(place=place), term=term)
    assert graph(place)[1]["offers"] == [{"@type": "Offer", "description": "Payant"}]


def test_deduced_need_is_not_told_as_a_fact() -> None:
    service = make.ServiceFactory.create(needs=[make.NeedFactory.create(label="Faire ceci")])
    make.ServiceNeedFactory.create(
        service=service, need=make.NeedFactory.create(), basis=Basis.DEDUCED, rule="label"
    )
    assert graph(service.place)[1]["serviceType"] == ["Faire ceci"]


def test_centre_of_the_commune_is_not_told_as_the_place() -> None:
    place = make.PlaceFactory.create(position_precision=PositionPrecision.COMMUNE)
    assert "geo" not in graph(place)[0]


def test_bare_place_tells_only_what_is_known() -> None:
    place = make.PlaceFactory.create(phone="")
    told = graph(place)
    assert len(told) == 1
    assert set(told[0]) == {"@type", "@id", "name", "url", "address", "geo"}


def test_accessibility_and_equipment_are_features_of_the_place() -> None:
    term = make.TermFactory.create(vocabulary=Vocabulary.EQUIPMENT, code="x", label="Ordinateur")
    place = make.PlaceFactory.create(terms=[term], acceslibre_url="https://acceslibre.example/x")
    features = {one["name"]: one["value"] for one in graph(place)[0]["amenityFeature"]}
    assert features == {"Ordinateur": True, "Accessibilité": "https://acceslibre.example/x"}


# --- Hours ----------------------------------------------------------------------------------------


def hours(opening_hours: str) -> list[dict[str, Any]]:
    """The hours that the page of such a place tells."""
    place = make.PlaceFactory.create(opening_hours=opening_hours)
    told: list[dict[str, Any]] = graph(place)[0].get("openingHoursSpecification", [])
    return told


def days(told: dict[str, Any]) -> list[str]:
    """Names of days."""
    return [day.removeprefix("https://schema.org/") for day in told["dayOfWeek"]]


def test_days_with_the_same_hours_are_told_together() -> None:
    morning, afternoon = hours("Mo-We 09:00-12:00,14:00-17:30")
    assert set(morning) == SPECIFICATION
    assert days(morning) == days(afternoon) == ["Monday", "Tuesday", "Wednesday"]
    assert (morning["opens"], morning["closes"]) == ("09:00", "12:00")
    assert (afternoon["opens"], afternoon["closes"]) == ("14:00", "17:30")


def test_public_holidays_are_told_closed_where_hours_say_so() -> None:
    *_, holidays = hours("Mo 09:00-12:00; PH off")
    assert days(holidays) == ["PublicHolidays"]
    assert holidays["opens"] == holidays["closes"] == "00:00"
    assert len(hours("Mo 09:00-12:00")) == 1


def test_day_and_night_ends_at_the_last_minute() -> None:
    (told,) = hours("24/7")
    assert len(days(told)) == 7
    assert (told["opens"], told["closes"]) == ("00:00", "23:59")


def test_hours_that_change_with_the_week_are_told_for_this_week() -> None:
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    week = monday.isocalendar().week
    (told,) = hours(f"week {week} Mo 10:00-12:00")
    assert told["validFrom"] == monday.isoformat()
    assert told["validThrough"] == (monday + timedelta(days=6)).isoformat()


@pytest.mark.parametrize("opening_hours", ["", "quand on peut", "off"])
def test_unknown_hours_are_not_told(opening_hours: str) -> None:
    assert hours(opening_hours) == []


def test_closure_to_come_is_told_as_a_special_day() -> None:
    place = make.PlaceFactory.create(opening_hours="Mo-Fr 09:00-12:00")
    make.ClosureFactory.create(place=place, starts_on=date(2099, 1, 1), ends_on=date(2099, 1, 10))
    assert graph(place)[0]["specialOpeningHoursSpecification"] == [
        {
            "@type": "OpeningHoursSpecification",
            "opens": "00:00",
            "closes": "00:00",
            "validFrom": "2099-01-01",
            "validThrough": "2099-01-10",
        }
    ]


# --- Harmless -------------------------------------------------------------------------------------


def test_hostile_text_neither_closes_the_block_nor_is_changed() -> None:
    place = make.PlaceFactory.create(name=HOSTILE, address=HOSTILE, summary=HOSTILE)
    make.ServiceFactory.create(place=place, name=HOSTILE, description=HOSTILE)
    raw = block(place.get_absolute_url())
    assert not set("<>&\u2028\u2029") & set(raw)
    told, service = json.loads(raw)["@graph"]
    assert told["name"] == told["description"] == told["address"]["streetAddress"] == HOSTILE
    assert service["name"] == service["description"] == HOSTILE


def test_house_rule_accepts_blocks_of_data_and_no_other_inline_script() -> None:
    assert not INLINE.search('<script type="application/ld+json">{{ told }}</script>')
    assert INLINE.search("<script>alert(1)</script>")
    assert INLINE.search('<script type="module">alert(1)</script>')
    assert INLINE.search('<script type="application/ld+json" onload="alert(1)">')


def test_block_costs_no_query() -> None:
    place = places.build().centre
    with as_served(), CaptureQueriesContext(connection) as captured:
        Client().get(place.get_absolute_url())
    assert len(captured) == 0


# --- Other pages ----------------------------------------------------------------------------------


def test_page_of_an_actor_tells_the_organisation() -> None:
    operator = places.build().operator
    told = json.loads(block(operator.get_absolute_url()))
    assert told["@type"] == "Organization"
    assert told["name"] == "Association du pays de Guéret"
    assert told["email"] == "accueil@pays-gueret.example"
    assert told["areaServed"] == [{"@type": "AdministrativeArea", "name": "Creuse"}]
    assert [network["@type"] for network in told["memberOf"]] == ["Organization"]


def test_operator_of_a_place_is_the_organisation_of_its_own_page() -> None:
    world = places.build()
    told = json.loads(block(world.operator.get_absolute_url()))
    assert graph(world.centre)[1]["provider"]["@id"] == told["@id"]


def test_home_tells_how_to_search_the_site() -> None:
    told = json.loads(block("/"))
    assert told["@type"] == "WebSite"
    target = told["potentialAction"]["target"]["urlTemplate"]
    assert told["potentialAction"]["query-input"] == "required name=search_term_string"
    asked = target.replace("{search_term_string}", "ameli").removeprefix("http://testserver")
    assert Client().get(asked).status_code in {200, 302}


def test_pages_without_a_subject_tell_nothing() -> None:
    for url in ("/recherche/?ou=Guéret", "/sources/", "/carnet/"):
        assert not BLOCK.search(Client().get(url).content.decode())
