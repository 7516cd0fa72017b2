"""Writing a producer's places: added, updated, left alone; what a person corrected is kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from directory.exchange.drafts import (
    NeedDraft,
    OperatorDraft,
    PlaceDraft,
    ServiceDraft,
    StopDraft,
)
from directory.exchange.place_writer import PlaceWriter
from directory.exchange.report import Report
from directory.models import (
    Actor,
    Commune,
    FieldProvenance,
    Place,
    PlaceSource,
    Service,
    ServiceNeed,
    Stop,
)
from directory.search import gazetteer
from directory.vocabularies.names import Basis, State, Vocabulary
from tests.factories import (
    ActorFactory,
    CommuneFactory,
    NeedFactory,
    PlaceFactory,
    ServiceFactory,
    SourceFactory,
    TermFactory,
)

OPERATOR = OperatorDraft("pimms", "Pimms Médiation", "local_structure", "local")
LABEL = ServiceDraft(
    "1:label",
    "Aide",
    needs=(NeedDraft("ameli", "programme:x"), NeedDraft("css")),
    terms=((Vocabulary.COST, "gratuit"),),
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vocabularies() -> Iterator[None]:
    gazetteer.clear()
    TermFactory.create(vocabulary=Vocabulary.KIND, code="RFS")
    TermFactory.create(vocabulary=Vocabulary.COST, code="gratuit")
    for code in ("ameli", "css"):
        NeedFactory.create(code=code)
    CommuneFactory.create(code="93055", name="Pantin")
    yield
    gazetteer.clear()


def draft(key: str = "1", slug: str = "", **fields: Any) -> PlaceDraft:
    commune = Commune.objects.get(pk="93055")
    values = {"name": "Pimms", "commune": commune, **fields}
    return PlaceDraft(key, slug or f"pimms-{key}", values, terms=((Vocabulary.KIND, "RFS"),))


def write(*drafts: PlaceDraft) -> Report:
    report = Report()
    PlaceWriter(SourceFactory.create(), report).write(drafts)
    return report


def lock(field: str) -> FieldProvenance:
    return FieldProvenance.objects.create(place=Place.objects.get(), field=field, is_locked=True)


def test_a_report_counts_what_was_added_updated_and_left_alone() -> None:
    write(draft("1"), draft("2"))
    report = write(draft("1"), draft("2", phone="3646"), draft("3"))
    assert (report.added, report.updated, report.unchanged) == (1, 1, 1)


def test_a_new_place_is_published_with_its_source_and_its_searched_text() -> None:
    write(replace(draft(), operator=OPERATOR))
    place = Place.objects.get()
    assert (place.state, place.source) == (State.PUBLISHED, SourceFactory.create())
    assert place.search_text == place.build_search_text() == "pimms pimms mediation pantin"


def test_writing_twice_changes_nothing() -> None:
    whole = replace(draft(), services=(LABEL,), stops=(StopDraft("93055", "", "Mo 09:00-12:00"),))
    write(whole)
    before = [list(m.objects.values()) for m in (Place, Service, ServiceNeed, Stop)]
    write(whole)
    assert [list(m.objects.values()) for m in (Place, Service, ServiceNeed, Stop)] == before


def test_a_place_seen_again_unchanged_is_known_to_be_alive() -> None:
    write(draft())
    PlaceSource.objects.update(last_seen_on=date(2020, 1, 1))
    write(draft())
    assert PlaceSource.objects.get().last_seen_on == timezone.localdate()


def test_a_changed_place_keeps_its_address_on_the_web_and_its_state() -> None:
    write(draft())
    Place.objects.update(state=State.ARCHIVED)
    write(draft(slug="autre", name="Autre nom"))
    place = Place.objects.get()
    assert (place.slug, place.name, place.state) == ("pimms-1", "Autre nom", State.ARCHIVED)


def test_a_locked_field_is_kept_and_the_incoming_value_proposed() -> None:
    write(draft(phone="3646", name="Pimms"))
    Place.objects.update(phone="3960")
    lock("phone")
    write(draft(phone="3949", name="Autre nom"))
    place = Place.objects.get()
    assert (place.phone, place.name) == ("3960", "Autre nom")
    assert place.field_provenances.get().proposal == "3949"


def test_a_locked_commune_proposes_the_code_of_the_incoming_one() -> None:
    write(draft())
    lock("commune")
    other = CommuneFactory.create(code="93008")
    write(draft(commune=other))
    assert Place.objects.get().commune_id == "93055"
    assert FieldProvenance.objects.get().proposal == "93008"


def test_a_locked_date_is_proposed_as_text() -> None:
    write(draft(source_updated_on=date(2024, 8, 1)))
    lock("source_updated_on")
    write(draft(source_updated_on=date(2025, 8, 1)))
    assert Place.objects.get().source_updated_on == date(2024, 8, 1)
    assert FieldProvenance.objects.get().proposal == "2025-08-01"


def test_a_proposal_goes_when_the_producer_comes_to_the_corrected_value() -> None:
    write(draft(phone="3646"))
    Place.objects.update(phone="3960")
    lock("phone")
    write(draft(phone="3949"))
    write(draft(phone="3960"))
    assert FieldProvenance.objects.get().proposal is None


def test_services_needs_and_terms_are_written_as_drafted() -> None:
    write(replace(draft(), services=(LABEL,)))
    service = Service.objects.get()
    assert (service.state, service.place) == (State.PUBLISHED, Place.objects.get())
    assert set(service.service_needs.values_list("need__code", "basis", "rule")) == {
        ("ameli", Basis.DEDUCED, "programme:x"),
        ("css", Basis.DECLARED, ""),
    }
    assert [term.code for term in service.terms.all()] == ["gratuit"]
    assert [term.code for term in Place.objects.get().terms.all()] == ["RFS"]


def test_a_service_no_longer_published_disappears() -> None:
    write(replace(draft(), services=(LABEL, replace(LABEL, external_id="1:autre"))))
    write(replace(draft(), services=(LABEL,)))
    assert [service.external_id for service in Service.objects.all()] == ["1:label"]


def test_a_service_that_another_source_or_a_person_added_is_kept() -> None:
    write(replace(draft(), services=(LABEL,)))
    place = Place.objects.get()
    ours = ServiceFactory.create(place=place, source=None)
    theirs = ServiceFactory.create(place=place, source=SourceFactory.create(slug="autre"))
    write(draft(phone="3646"))
    assert set(place.services.all()) == {ours, theirs}


def test_a_term_that_a_person_added_survives_an_import() -> None:
    write(draft())
    place = Place.objects.get()
    lock("terms")
    place.terms.add(TermFactory.create(vocabulary=Vocabulary.EQUIPMENT, code="scanner"))
    write(draft(phone="3646"))
    assert {term.code for term in place.terms.all()} == {"RFS", "scanner"}


def test_stops_are_replaced_by_those_published() -> None:
    write(replace(draft(), stops=(StopDraft("93055", "Mairie", "Mo 09:00-12:00"),)))
    write(replace(draft(), stops=(StopDraft("93055", "Mairie", "Tu 09:00-12:00"),)))
    assert [stop.opening_hours for stop in Stop.objects.all()] == ["Tu 09:00-12:00"]


def test_an_antenna_points_at_its_principal_wherever_it_stands_in_the_file() -> None:
    write(replace(draft("1"), principal="2"), draft("2"), replace(draft("3"), principal="2"))
    principal = Place.objects.get(slug="pimms-2")
    assert {antenna.slug for antenna in principal.antennas.all()} == {"pimms-1", "pimms-3"}


def test_an_antenna_of_an_unknown_principal_has_none() -> None:
    write(replace(draft("1"), principal="9"))
    assert Place.objects.get().principal is None


def test_an_antenna_that_is_one_no_more_loses_its_principal() -> None:
    write(replace(draft("1"), principal="2"), draft("2"))
    write(draft("1"), draft("2"))
    assert not Place.objects.exclude(principal=None).exists()


def test_a_slug_already_taken_is_completed_by_the_producers_identifier() -> None:
    PlaceFactory.create(slug="pimms-pantin")
    write(draft("7", slug="pimms-pantin"))
    assert Place.objects.get(source_records__external_id="7").slug == "pimms-pantin-7"


def test_slugs_stay_apart_and_short_however_many_places_share_a_long_one() -> None:
    slug = "x" * 110
    write(*(draft(f"{'y' * 60}-{number}", slug=slug) for number in range(4)))
    slugs = set(Place.objects.values_list("slug", flat=True))
    assert len(slugs) == 4
    assert max(map(len, slugs)) <= 120


def test_an_operator_is_created_once_and_published() -> None:
    write(replace(draft("1"), operator=OPERATOR), replace(draft("2"), operator=OPERATOR))
    actor = Actor.objects.get()
    assert (actor.name, actor.state) == ("Pimms Médiation", State.PUBLISHED)
    assert actor.operated_places.count() == 2


def test_an_operator_already_there_is_used_and_never_rewritten() -> None:
    known = ActorFactory.create(slug="pimms", name="Écrit par nous", state=State.ARCHIVED)
    write(replace(draft(), operator=OPERATOR))
    known.refresh_from_db()
    assert (known.name, known.state) == ("Écrit par nous", State.ARCHIVED)
    assert Place.objects.get().operator == known


def test_a_place_joins_the_networks_that_exist() -> None:
    network = ActorFactory.create(slug="france-services")
    write(replace(draft(), networks=("france-services", "inconnu")))
    assert list(Place.objects.get().networks.all()) == [network]


def test_a_failing_write_leaves_the_database_as_it_was() -> None:
    wrong = replace(draft("2"), terms=((Vocabulary.KIND, "inconnu"),))
    with pytest.raises(KeyError):
        write(draft("1"), wrong)
    assert not Place.objects.exists()
