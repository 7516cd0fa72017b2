"""What a row of the national standard says of a place, and what it keeps to itself."""

from datetime import date
from typing import Any

import pytest

from directory.exchange.export import schema
from directory.exchange.standard_row import VOCABULARY_COLUMNS
from directory.models import FieldProvenance, PlaceSource, Source, Term
from directory.vocabularies.names import Licence, PositionPrecision, State, Vocabulary
from tests import factories as make
from tests.exports import reading, rich
from tests.exports.reading import row, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return rich.ready()


# --- Which places ---------------------------------------------------------------------------------


@pytest.mark.parametrize("licence", [Licence.ODBL, Licence.UNKNOWN])
@pytest.mark.parametrize("name", ["lieux.csv", "lieux-hors-standard.csv", "lieux-complements.csv"])
def test_place_of_a_closed_source_is_in_no_file(name: str, licence: str, source: Source) -> None:
    closed = make.SourceFactory(slug="fermee", licence=licence)
    rich.place(closed)
    rich.place(closed, pivot="")
    assert rows(name) == []


@pytest.mark.parametrize("state", [State.DRAFT, State.TO_REVIEW, State.ARCHIVED])
def test_place_that_is_not_published_is_in_no_file(state: str, source: Source) -> None:
    rich.place(source, state=state)
    assert rows() == rows("lieux-hors-standard.csv") == []


def test_field_of_a_closed_source_is_left_out(source: Source) -> None:
    place = rich.place(source)
    closed = make.SourceFactory(slug="fermee", licence=Licence.ODBL)
    for name in ("phone", "description", "latitude"):
        FieldProvenance.objects.create(place=place, field=name, source=closed)
    told = row()
    assert (told["telephone"], told["presentation_detail"]) == ("", "")
    assert (told["latitude"], told["longitude"]) == ("", "")
    assert told["adresse"]


def test_field_that_a_person_corrected_is_published(source: Source) -> None:
    place = rich.place(source)
    closed = make.SourceFactory(slug="fermee", licence=Licence.ODBL)
    FieldProvenance.objects.create(place=place, field="phone", source=closed, is_locked=True)
    assert row()["telephone"] == "+33199001234"


def test_service_of_a_closed_source_says_nothing(source: Source) -> None:
    place = rich.place(source)
    closed = make.SourceFactory(slug="fermee", licence=Licence.ODBL)
    service = make.ServiceFactory(place=place, source=closed, needs=["ameli"])
    make.ServiceTermFactory(service=service, term=rich.term(Vocabulary.COST, "gratuit"))
    assert row()["frais_a_charge"] == ""
    assert row("lieux-complements.csv")["services_detail"] == ""


def test_rows_are_in_the_order_of_the_places(source: Source) -> None:
    made = [rich.place(source, name=name) for name in ("C", "A", "B")]
    assert [one["id"] for one in rows()] == [f"ma-liste:n{place.pk}" for place in made]


# --- Held or not by the standard ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"pivot": ""}, "pivot"),
        ({"pivot": "0" * 14}, "pivot"),
        ({"pivot": "9" * 14}, "pivot"),
        ({"pivot": "inconnu"}, "pivot"),
        ({"address": ""}, "adresse"),
        ({"postcode": ""}, "code_postal"),
        ({"postcode": "9320"}, "code_postal"),
    ],
)
def test_place_without_a_required_value_goes_to_the_companion(
    changes: dict[str, str], column: str, source: Source
) -> None:
    rich.place(source, **changes)
    assert rows() == []
    told = row("lieux-hors-standard.csv")
    assert (told["motif"], told[column]) == (schema.REASONS[column], "")
    assert told["horaires"] == rich.HOURS


def test_every_place_is_in_the_standard_or_in_its_companion(source: Source) -> None:
    for pivot in (rich.SIRET, "", rich.SIRET):
        rich.place(source, pivot=pivot)
    counts = reading.Counts()
    reading.written("lieux.csv", counts)
    assert (counts.held, counts.outside) == (2, 1)
    assert counts.reasons == {schema.REASONS["pivot"]: 1}
    assert (len(rows()), len(rows("lieux-hors-standard.csv"))) == (2, 1)


def test_every_value_of_our_lists_follows_the_schema() -> None:
    rich.ready()
    for column, vocabulary in VOCABULARY_COLUMNS.items():
        for term in Term.objects.filter(vocabulary=vocabulary).exclude(published=""):
            value = schema.WRITTEN.get(term.published, term.published)
            assert schema.holds(column, value), value


def test_the_label_of_la_poste_is_written_as_the_schema_spells_it(source: Source) -> None:
    place = rich.place(source)
    place.terms.add(rich.term(Vocabulary.TRAINING_LABEL, "etapes-numeriques-la-poste"))
    assert row()["formations_labels"] == "Étapes numériques(La Poste)"


def test_value_that_the_schema_refuses_is_left_out_alone(source: Source) -> None:
    place = rich.place(source, phone="3646")
    place.terms.add(
        rich.term(Vocabulary.ACCESS, "telephoner"),
        make.TermFactory(vocabulary=Vocabulary.ACCESS, code="ailleurs", published="Ailleurs"),
    )
    told = row()
    assert (told["telephone"], told["modalites_acces"]) == ("", "Téléphoner")
    assert row("lieux-complements.csv")["telephone_court"] == "3646"


def test_long_summary_is_cut_and_kept_whole_beside(source: Source) -> None:
    whole = " ".join(["Un mot."] * 50)
    rich.place(source, summary=whole, description="")
    told = row()
    assert len(told["presentation_resume"]) <= 280
    assert told["presentation_resume"].endswith("Un…")
    assert told["presentation_detail"] == whole
    assert row("lieux-complements.csv")["presentation_entiere"] == whole


# --- What is said ---------------------------------------------------------------------------------


def test_values_of_every_service_are_gathered_in_the_published_order(source: Source) -> None:
    place = rich.place(source)
    for code in ("payant", "gratuit"):
        service = make.ServiceFactory(place=place)
        make.ServiceTermFactory(service=service, term=rich.term(Vocabulary.COST, code))
    assert row()["frais_a_charge"] == "Gratuit|Payant"


def test_centre_of_a_commune_is_not_given_for_an_address(source: Source) -> None:
    rich.place(source, position_precision=PositionPrecision.COMMUNE)
    assert (row()["latitude"], row()["longitude"]) == ("", "")
    assert row("lieux-complements.csv")["precision_position"] == "commune"


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ({"source_updated_on": date(2024, 4, 2)}, "2024-04-02"),
        ({"source_updated_on": date(2024, 4, 2), "verified_on": date(2025, 1, 6)}, "2025-01-06"),
    ],
)
def test_day_is_the_last_of_the_producers_and_of_the_verification(
    changes: dict[str, Any], day: str, source: Source
) -> None:
    rich.place(source, **changes)
    assert row()["date_maj"] == day


def test_email_of_a_person_leaves_in_no_file(source: Source) -> None:
    rich.place(source, emails=["sophie.exemple@mairie.example"])
    rich.place(source, emails=["sophie.exemple@mairie.example"], pivot="")
    for name in ("lieux.csv", "lieux-hors-standard.csv", "lieux.json"):
        assert b"sophie" not in reading.written(name)


def test_source_names_who_collected_the_row(source: Source) -> None:
    place = rich.place(source)
    assert row()["source"] == "Ma liste"
    PlaceSource.objects.filter(place=place).update(collected_by="Hubik")
    assert row()["source"] == "Hubik"


# --- Identifiers ----------------------------------------------------------------------------------


def test_same_number_at_two_producers_gives_two_identifiers(source: Source) -> None:
    other = make.SourceFactory(slug="autre")
    for one in (source, other):
        place = rich.place(one)
        PlaceSource.objects.filter(place=place).update(external_id="634")
    assert [one["id"] for one in rows()] == ["ma-liste:634", "autre:634"]


def test_identifier_that_comes_back_under_another_source_is_told_apart(source: Source) -> None:
    first, copy = rich.place(source), rich.place(make.SourceFactory(slug="copie"))
    PlaceSource.objects.filter(place=first).update(external_id="634")
    PlaceSource.objects.filter(place=copy).update(external_id="ma-liste:634")
    assert [one["id"] for one in rows()] == ["ma-liste:634", "copie:ma-liste:634"]


def test_place_without_producer_is_known_by_its_number(source: Source) -> None:
    place = rich.place(None)
    assert row()["id"] == f"fiche/{place.pk}"


def test_identifier_too_long_to_come_back_is_shortened(source: Source) -> None:
    place = rich.place(source)
    PlaceSource.objects.filter(place=place).update(external_id="x" * 120)
    assert len(row()["id"]) <= 120
    assert row()["id"].startswith("ma-liste:")
