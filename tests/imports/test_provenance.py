"""Whose value a field holds: a person's, a better source's, one that open data may not hold."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from directory.exchange import locks
from directory.models import Actor, FieldProvenance, Place, PlaceSource, Service, Source
from directory.vocabularies.names import Licence, State
from tests.accounts import national, sign_in
from tests.editing.pages import saved
from tests.factories import ActorFactory, PlaceFactory, ServiceFactory, SourceFactory
from tests.imports.lists import load, ready, write


@pytest.fixture(autouse=True)
def _directory(db: Any) -> None:
    ready()


# --- Corrections ----------------------------------------------------------------------------------


def test_a_corrected_phone_survives_and_the_new_value_is_proposed(tmp_path: Path) -> None:
    load(write(tmp_path, {}))
    place = Place.objects.get()
    place.phone = "3646"
    place.save()
    locks.lock(place, ["phone"])
    report = load(write(tmp_path, {"telephone": "+33199005678"}))
    assert (report.updated, report.proposed) == (0, 1)
    assert Place.objects.get().phone == "3646"
    assert FieldProvenance.objects.get().proposal == "+33199005678"
    assert load(write(tmp_path, {"telephone": "+33199005678"})).proposed == 0


def test_corrected_services_survive_too(tmp_path: Path) -> None:
    load(write(tmp_path, {}))
    locks.lock(Place.objects.get(), ["services"])
    Service.objects.update(name="Corrigé")
    load(write(tmp_path, {"frais_a_charge": "Payant"}))
    assert Service.objects.get().name == "Corrigé"
    assert "payant" in str(FieldProvenance.objects.get().proposal)


def test_correcting_a_latitude_locks_the_whole_point() -> None:
    place = PlaceFactory.create()
    locks.lock(place, ["latitude", "state"])
    fields = set(FieldProvenance.objects.values_list("field", flat=True))
    assert fields == {"latitude", "longitude", "position_precision"}


def test_what_a_moderator_changes_in_the_admin_is_locked(client: Client, tmp_path: Path) -> None:
    load(write(tmp_path, {}))
    saved(sign_in(client, national()), Place.objects.get(), phone="3646")
    assert [lock.field for lock in FieldProvenance.objects.filter(is_locked=True)] == ["phone"]


# --- Several sources for one place ----------------------------------------------------------------


@pytest.fixture
def shared(tmp_path: Path) -> Place:
    """A place of one source, to which a second source's row is attached."""
    SourceFactory(slug="ma-liste", priority=20)
    load(write(tmp_path, {"presentation_resume": ""}))
    place = Place.objects.get()
    other = SourceFactory.create(slug="autre", priority=50, licence=Licence.ODBL)
    PlaceSource.objects.create(source=other, external_id="l1", place=place)
    return place


def second(folder: Path, **cells: str) -> Place:
    """The place once the second source is imported."""
    load(write(folder, cells), source="autre")
    return Place.objects.get()


def test_a_lesser_source_does_not_overwrite_a_better_one(shared: Place, tmp_path: Path) -> None:
    place = second(tmp_path, nom="Autre nom", telephone="")
    assert (place.name, place.phone) == (shared.name, shared.phone)


def test_a_lesser_source_completes_what_is_unknown(shared: Place, tmp_path: Path) -> None:
    place = second(tmp_path, presentation_resume="Une aide de plus")
    assert place.summary == "Une aide de plus"
    told = FieldProvenance.objects.get(field="summary")
    assert (told.source, told.is_locked) == (Source.objects.get(slug="autre"), False)


def test_a_better_source_overwrites_and_is_remembered(shared: Place, tmp_path: Path) -> None:
    Source.objects.filter(slug="autre").update(priority=10)
    assert second(tmp_path, nom="Meilleur nom").name == "Meilleur nom"
    load(write(tmp_path, {"nom": "Troisième nom"}))
    assert Place.objects.get().name == "Meilleur nom"


def test_each_source_keeps_its_own_services(shared: Place, tmp_path: Path) -> None:
    second(tmp_path)
    assert set(Service.objects.values_list("source__slug", flat=True)) == {"ma-liste", "autre"}


# --- What open data may hold ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("licence", "is_open"),
    [
        (Licence.LO2, True),
        (Licence.OWN, True),
        (Licence.MIT, True),
        (Licence.ODBL, False),
        (Licence.UNKNOWN, False),
    ],
)
def test_only_open_licences_are_publishable(licence: Licence, is_open: bool) -> None:
    source = SourceFactory(slug="s", licence=licence)
    place = PlaceFactory(source=source)
    ServiceFactory(place=place, source=source)
    assert Place.objects.publishable().exists() is is_open
    ActorFactory(source=source)
    assert Service.objects.publishable().exists() is is_open
    assert Actor.objects.publishable().exists() is is_open


def test_what_we_wrote_ourselves_is_publishable_once_published() -> None:
    PlaceFactory(source=None)
    PlaceFactory(source=None, state=State.DRAFT)
    assert Place.objects.publishable().count() == 1


def test_a_service_of_a_closed_source_is_withheld_from_an_open_place() -> None:
    place = PlaceFactory(source=SourceFactory(slug="ouverte"))
    ServiceFactory(place=place, source=SourceFactory(slug="fermee", licence=Licence.ODBL))
    assert (Place.objects.publishable().count(), Service.objects.publishable().count()) == (1, 0)


def test_fields_of_a_closed_source_are_named_for_the_export(shared: Place, tmp_path: Path) -> None:
    second(tmp_path, presentation_resume="Une aide de plus")
    locks.lock(shared, ["name"])
    withheld = FieldProvenance.objects.withheld()
    assert {(told.place_id, told.field) for told in withheld} == {(shared.pk, "summary")}
