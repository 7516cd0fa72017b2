"""The page of a place: how to call it, when it is open, what it does, who says so."""

import re
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils.html import escape

from directory.models import Place
from directory.search import gazetteer
from directory.vocabularies.names import (
    Basis,
    Itinerancy,
    Licence,
    PositionPrecision,
    State,
)
from tests import factories as make
from tests.browser.places import text

pytestmark = pytest.mark.django_db

HOURS = "Mo-Fr 09:00-12:00,14:00-17:30; PH off"
# A Tuesday in winter: Paris is one hour ahead of UTC.
TUESDAY = (2026, 11, 24)


@pytest.fixture(autouse=True)
def _fresh_names() -> None:
    gazetteer.clear()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set what time it is, in UTC: `clock(2026, 11, 24, 8)`."""

    def set_to(year: int, month: int, day: int, hour: int) -> None:
        now = datetime(year, month, day, hour, tzinfo=UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    return set_to


def page(client: Client, place: Place) -> Any:
    """The place's page."""
    answer = client.get(place.get_absolute_url())
    assert answer.status_code == 200
    return answer


def said(client: Client, **values: Any) -> str:
    """What the page of such a place says."""
    return text(page(client, make.PlaceFactory.create(**values)))


# --- Calling and going ----------------------------------------------------------------------------


def test_phone_is_a_link_that_calls(client: Client) -> None:
    html = page(client, make.PlaceFactory.create(phone="+33199001234")).content.decode()
    assert 'href="tel:+33199001234"' in html
    assert "01\u00a099\u00a000\u00a012\u00a034" in html


def test_overseas_phone_calls_its_own_territory(client: Client) -> None:
    html = page(client, make.PlaceFactory.create(phone="+262262000000")).content.decode()
    assert 'href="tel:+262262000000"' in html
    assert "02\u00a062\u00a000\u00a000\u00a000" in html


@pytest.mark.parametrize("field", ["phone", "booking_phone"])
def test_short_number_is_a_link_that_calls(client: Client, field: str) -> None:
    html = page(client, make.PlaceFactory.create(**{field: "3646"})).content.decode()
    assert 'href="tel:3646"' in html


def test_place_without_phone_says_so(client: Client) -> None:
    answer = page(client, make.PlaceFactory.create(phone=""))
    assert "Nous ne connaissons pas son téléphone" in text(answer)
    assert "tel:" not in answer.content.decode()


def test_phone_for_appointments_calls_too(client: Client) -> None:
    html = page(client, make.PlaceFactory.create(booking_phone="+33199005678")).content.decode()
    assert 'href="tel:+33199005678"' in html


def test_way_there_leads_to_the_point(client: Client) -> None:
    html = page(
        client, make.PlaceFactory.create(latitude=46.17031, longitude=1.87061)
    ).content.decode()
    assert route(html) == ";46.17031,1.87061"


def test_way_there_leads_to_the_address_without_a_point(client: Client) -> None:
    nowhere = make.CommuneFactory.create(latitude=None, longitude=None)
    place = make.PlaceFactory.create(commune=nowhere, address="2 rue du Pont")
    assert route(page(client, place).content.decode()) == f";{place.full_address}"


def route(html: str) -> str:
    """The way that the link to the map asks for."""
    (address,) = re.findall(r'href="(https://www\.openstreetmap\.org/directions[^"]+)"', html)
    return parse_qs(urlsplit(address.replace("&amp;", "&")).query)["route"][0]


@pytest.mark.parametrize(
    ("precision", "words"), [("commune", "centre de la commune"), ("street", "la rue")]
)
def test_approximate_position_says_so(client: Client, precision: str, words: str) -> None:
    told = said(client, position_precision=precision)
    assert re.search(rf"Position approchée\s: {words}", told)


def test_exact_position_needs_no_warning(client: Client) -> None:
    assert "approchée" not in said(client, position_precision=PositionPrecision.ADDRESS)


# --- When -----------------------------------------------------------------------------------------


def test_week_is_a_table_in_words(client: Client, clock: Any) -> None:
    clock(*TUESDAY, 11)
    html = page(client, make.PlaceFactory.create(opening_hours=HOURS)).content.decode()
    rows = dict(re.findall(r'<th scope="row">(\w+).*?</th>\s*<td[^>]*>(.*?)</td>', html))
    assert list(rows) == "Lundi Mardi Mercredi Jeudi Vendredi Samedi Dimanche".split()
    assert rows["Lundi"] == "De 9_h à 12_h et de 14_h à 17_h_30".replace("_", "\u00a0")
    assert rows["Samedi"] == "Fermé"


def today(answer: Any) -> list[str]:
    """The days marked as today in the week."""
    return re.findall(r'<tr class="is-today">\s*<th scope="row">(\w+)', answer.content.decode())


def test_today_is_marked_in_the_week(client: Client, clock: Any) -> None:
    clock(*TUESDAY, 11)
    assert today(page(client, make.PlaceFactory.create(opening_hours=HOURS))) == ["Mardi"]


def test_today_is_the_place_s_own_day(client: Client, clock: Any) -> None:
    # 21:00 UTC on Tuesday is one in the morning on Wednesday in La Réunion.
    clock(*TUESDAY, 21)
    zone = "Indian/Reunion"
    reunion = make.DepartmentFactory.create(code="974", name="La Réunion", time_zone=zone)
    commune = make.CommuneFactory.create(department=reunion)
    place = make.PlaceFactory.create(commune=commune, opening_hours=HOURS)
    assert today(page(client, place)) == ["Mercredi"]


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ((*TUESDAY, 9), "Ouvert maintenant, ferme à 12_h"),
        ((*TUESDAY, 12), "Fermé, ouvre aujourd’hui à 14_h"),
        ((*TUESDAY, 18), "Fermé, ouvre demain, mercredi 25 novembre, à 9_h"),
        # 25 December 2026 is a Friday and a public holiday.
        ((2026, 12, 25, 9), "Fermé, ouvre lundi 28 décembre à 9_h"),
    ],
)
def test_page_says_whether_the_place_is_open(
    client: Client, clock: Any, moment: tuple[int, ...], words: str
) -> None:
    clock(*moment)
    assert words.replace("_", "\u00a0") in said(client, opening_hours=HOURS)


def test_closure_closes_the_place_and_is_told(client: Client, clock: Any) -> None:
    clock(*TUESDAY, 9)
    place = make.PlaceFactory.create(opening_hours=HOURS)
    make.ClosureFactory.create(
        place=place, starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 29), reason="Travaux."
    )
    words = text(page(client, place))
    assert "Fermé, ouvre lundi 30 novembre à 9\u00a0h" in words
    assert "Fermé du 20 novembre au 29 novembre 2026. Travaux." in words


def test_closure_of_the_past_is_not_told(client: Client, clock: Any) -> None:
    clock(*TUESDAY, 9)
    place = make.PlaceFactory.create(opening_hours=HOURS)
    make.ClosureFactory.create(place=place, reason="Vacances d’été.")
    assert "Vacances d’été." not in text(page(client, place))


def test_holidays_are_told_when_the_hours_say_so(client: Client) -> None:
    assert "Les jours fériés" in said(client, opening_hours=HOURS)
    assert "Les jours fériés" not in said(client, opening_hours="Mo-Fr 09:00-12:00")


@pytest.mark.parametrize("hours", ["", "tous les matins"], ids=["unknown", "unreadable"])
def test_unknown_hours_say_so(client: Client, hours: str) -> None:
    words = said(client, opening_hours=hours)
    assert "Horaires non renseignés" in words
    assert "Nous ne connaissons pas ses horaires" in words


def test_itinerant_place_tells_its_stops(client: Client) -> None:
    place = make.PlaceFactory.create(itinerancy=Itinerancy.ITINERANT)
    make.StopFactory.create(place=place, label="Devant l’école", opening_hours="Tu 09:00-12:00")
    make.StopFactory.create(
        place=place, label="Sur le port", on=date(2026, 12, 3), opening_hours=""
    )
    words = text(page(client, place))
    assert "Chaque mardi de 9\u00a0h à 12\u00a0h" in words
    assert "Devant l’école" in words
    assert "Jeudi 3 décembre 2026" in words


def test_itinerant_place_without_stops_says_to_call(client: Client) -> None:
    assert "où et quand il passe" in said(client, itinerancy=Itinerancy.ITINERANT)


# --- What and who ---------------------------------------------------------------------------------


def test_needs_are_told_apart_by_how_we_know_them(client: Client) -> None:
    service = make.ServiceFactory.create(
        needs=[make.NeedFactory.create(short_label="Le besoin déclaré")]
    )
    make.ServiceNeedFactory.create(
        service=service,
        need=make.NeedFactory.create(short_label="Le besoin déduit"),
        basis=Basis.DEDUCED,
        rule="un-label",
    )
    words = text(page(client, service.place))
    declared, deduced = words.index("Le besoin déclaré"), words.index("Le besoin déduit")
    assert "À confirmer par téléphone" not in words[:declared]
    assert "À confirmer par téléphone" in words[declared:deduced]


def test_page_says_where_its_data_come_from_and_when(client: Client) -> None:
    source = make.SourceFactory.create(name="La liste nationale", publisher="Une agence")
    words = said(client, source=source, source_updated_on=date(2026, 9, 15))
    assert "La liste nationale" in words
    assert "Une agence" in words
    assert str(Licence.LO2.label) in words
    assert "15 septembre 2026" in words


def test_place_that_nobody_checked_says_to_call_first(client: Client) -> None:
    assert "Nous n’avons pas vérifié cette fiche. Appelez avant de venir." in said(client)


def test_antenna_leads_to_its_principal_and_back(client: Client) -> None:
    principal = make.PlaceFactory.create(name="La maison mère")
    antenna = make.PlaceFactory.create(name="L’antenne", principal=principal)
    assert f'href="{principal.get_absolute_url()}"' in page(client, antenna).content.decode()
    assert f'href="{antenna.get_absolute_url()}"' in page(client, principal).content.decode()


def test_unpublished_relations_are_never_shown(client: Client) -> None:
    hidden = {"state": State.DRAFT}
    place = make.PlaceFactory.create(
        operator=make.ActorFactory.create(name="Gérant caché", **hidden),
        principal=make.PlaceFactory.create(name="Principal caché", **hidden),
    )
    make.PlaceFactory.create(name="Antenne cachée", principal=place, **hidden)
    place.networks.add(make.ActorFactory.create(name="Réseau caché", **hidden))
    make.ServiceFactory.create(place=place, name="Service caché", needs=["besoin-cache"], **hidden)
    words = text(page(client, place)).lower()
    assert [word for word in ("caché", "cachée", "besoin-cache") if word in words] == []


@pytest.mark.parametrize("state", [State.DRAFT, State.TO_REVIEW, State.ARCHIVED])
@pytest.mark.parametrize("path", ["", "signaler/", "signaler/merci/"])
def test_unpublished_place_is_not_found(client: Client, state: State, path: str) -> None:
    place = make.PlaceFactory.create(state=state)
    expected = 410 if state == State.ARCHIVED and not path else 404
    assert client.get(place.get_absolute_url() + path).status_code == expected


def test_place_that_tells_nothing_of_what_it_does_says_to_call(client: Client) -> None:
    assert "Ce lieu n’a pas encore dit ce qu’il propose" in said(client)


def test_page_leads_back_to_the_results_it_was_opened_from(client: Client) -> None:
    place = make.PlaceFactory.create()
    results = "/recherche/?ou=Gu%C3%A9ret&page=2"
    referrer = f"http://testserver{results}"
    html = client.get(place.get_absolute_url(), headers={"referer": referrer}).content.decode()
    assert f'href="{escape(results)}"' in html


def test_page_leads_back_to_no_other_site(client: Client) -> None:
    place = make.PlaceFactory.create()
    foreign = "https://ailleurs.example/recherche/?x=1"
    html = client.get(place.get_absolute_url(), headers={"referer": foreign}).content.decode()
    assert "ailleurs.example" not in html
