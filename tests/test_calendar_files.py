"""Dates to keep: files that another library reads as they were meant."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.test import Client
from django.utils import timezone

from directory.models import Place, Stop
from directory.vocabularies.names import State
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def bus() -> Place:
    """A bus whose texts hold what a calendar must escape."""
    bus: Place = make.PlaceFactory.create(slug="bus", name="Bus; santé, droits")
    return bus


def stop(place: Place, **values: object) -> Stop:
    """A stop of the bus in Glénic."""
    commune = make.CommuneFactory.create(name="Glénic")
    made: Stop = make.StopFactory.create(
        place=place, commune=commune, label="Place de l’Église, devant la mairie", **values
    )
    return made


def address(stop: Stop) -> str:
    """Where the dates of a stop are."""
    return f"/lieux/bus/passages/{stop.pk}.ics"


def test_file_has_its_type_and_a_name(client: Client, bus: Place) -> None:
    made = stop(bus)
    answer = client.get(address(made))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer["Content-Disposition"] == f'attachment; filename="bus-passage-{made.pk}.ics"'


def test_another_reader_finds_the_rule_and_each_text_as_it_was(client: Client, bus: Place) -> None:
    content = client.get(address(stop(bus, opening_hours="Tu[2] 09:00-12:00"))).content.decode()
    event = vobject.readOne(content).vevent
    assert event.summary.value == "Bus; santé, droits, passage à Glénic"
    assert event.location.value == "Place de l’Église, devant la mairie, Glénic (Seine-Saint-Denis)"
    assert event.description.value.startswith("Téléphone\u00a0: 01 99 00 12 34\nAppelez")
    assert event.rrule.value.startswith("FREQ=MONTHLY;")
    assert event.rrule.value.endswith("BYDAY=2TU")
    assert (event.dtstart.value.hour, event.dtend.value.hour) == (9, 12)


def test_dates_read_back_are_those_of_the_hours(client: Client, bus: Place) -> None:
    content = client.get(address(stop(bus, opening_hours="We 14:00-16:00; PH off"))).content
    event = vobject.readOne(content.decode()).vevent
    moments = list(event.getrruleset(addRDate=True))
    assert len(moments) >= 50
    assert {moment.weekday() for moment in moments} == {2}
    # 14 July 2027 is a Wednesday, and a holiday.
    assert date(2027, 7, 14) not in {moment.date() for moment in moments}


@pytest.mark.parametrize(("code", "zone"), [("974", "Indian/Reunion"), ("975", "America/Miquelon")])
def test_times_are_told_in_the_places_own_zone(
    client: Client, bus: Place, code: str, zone: str
) -> None:
    department = make.DepartmentFactory.create(code=code, name="Ailleurs", time_zone=zone)
    commune = make.CommuneFactory.create(name="Bourg lointain", department=department)
    made = make.StopFactory.create(place=bus, commune=commune, opening_hours="Tu 09:00-12:00")
    content = client.get(address(made)).content.decode()
    assert f"DTSTART;TZID={zone}:" in content
    assert f"BEGIN:VTIMEZONE\r\nTZID:{zone}" in content
    start = vobject.readOne(content).vevent.dtstart.value
    here = start.replace(tzinfo=ZoneInfo(zone))
    assert (start.hour, start.utcoffset()) == (9, here.utcoffset())


def test_lines_end_with_crlf_and_hold_75_octets_at_most(client: Client, bus: Place) -> None:
    lines = client.get(address(stop(bus))).content.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75


def test_dated_stop_is_a_whole_day(client: Client, bus: Place) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    content = client.get(address(stop(bus, on=tomorrow, opening_hours=""))).content.decode()
    event = vobject.readOne(content).vevent
    assert event.dtstart.value == tomorrow
    assert event.dtend.value == tomorrow + timedelta(days=1)


def test_stop_that_is_over_has_no_file(client: Client, bus: Place) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    assert client.get(address(stop(bus, on=yesterday, opening_hours=""))).status_code == 404


def test_stop_of_a_place_that_is_not_public_has_no_file(client: Client, bus: Place) -> None:
    made = stop(bus)
    bus.state = State.ARCHIVED
    bus.save()
    assert client.get(address(made)).status_code == 404


def test_stop_of_another_place_has_no_file(client: Client, bus: Place) -> None:
    other = stop(make.PlaceFactory.create(slug="autre"))
    assert client.get(address(other)).status_code == 404


def test_workshop_with_hours_of_its_own_has_a_file(client: Client, bus: Place) -> None:
    service = make.ServiceFactory.create(
        place=bus, name="Atelier Ameli", opening_hours="Th 14:00-16:00"
    )
    make.ClosureFactory.create(
        place=bus,
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + timedelta(days=13),
    )
    content = client.get(f"/lieux/bus/ateliers/{service.pk}.ics").content.decode()
    event = vobject.readOne(content).vevent
    assert event.summary.value == "Atelier Ameli, Bus; santé, droits"
    assert event.dtstart.value.date() > timezone.localdate() + timedelta(days=13)


def test_service_without_hours_of_its_own_has_no_file(client: Client, bus: Place) -> None:
    service = make.ServiceFactory.create(place=bus)
    assert client.get(f"/lieux/bus/ateliers/{service.pk}.ics").status_code == 404
