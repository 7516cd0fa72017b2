"""The database itself refuses what would be wrong, whoever writes it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, models, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from directory.models import (
    AuditEntry,
    CommuneName,
    DuplicateCandidate,
    FieldProvenance,
    ImportRun,
    Invitation,
    NeedMapping,
    NeedTranslation,
    Place,
    PlaceSource,
    Postcode,
    Revision,
    Role,
    RoleKind,
    ServiceArea,
    ServiceNeed,
    ServiceTerm,
    Synonym,
    Term,
)
from directory.vocabularies.names import Basis, Vocabulary
from tests.campaigns.refused import OF_CAMPAIGNS
from tests.factories import (
    ActorFactory,
    AreaServiceFactory,
    ClosureFactory,
    CommuneFactory,
    ContributionFactory,
    DepartmentFactory,
    NeedFactory,
    PlaceFactory,
    RegionFactory,
    ServiceFactory,
    ServiceNeedFactory,
    SourceFactory,
    StopFactory,
    TermFactory,
)

CONSTRAINTS = {
    constraint.name: constraint
    for model in apps.get_app_config("directory").get_models()
    for constraint in model._meta.constraints
}


def twice(write: Callable[[], object]) -> None:
    write()
    write()


def same_commune_name() -> None:
    commune = CommuneFactory.create(name="Pantin")
    CommuneName.objects.create(commune=commune, normalized="pantin", kind="official")


def same_postcode() -> None:
    commune = CommuneFactory.create(postcode="93500")
    Postcode.objects.create(commune=commune, code="93500")


def same_need() -> None:
    service, need = ServiceFactory.create(), NeedFactory.create()
    twice(lambda: ServiceNeed.objects.create(service=service, need=need, basis=Basis.DECLARED))


def same_term_of_a_service() -> None:
    service, term = ServiceFactory.create(), TermFactory.create()
    twice(lambda: ServiceTerm.objects.create(service=service, term=term))


def same_synonym() -> None:
    need = NeedFactory.create()
    Synonym.objects.create(need=need, text="Améli")
    Synonym.objects.create(need=need, text="ameli")


def same_mapping() -> None:
    need = NeedFactory.create()
    twice(lambda: NeedMapping.objects.create(need=need, vocabulary="programme", code="x"))


def same_translation() -> None:
    need = NeedFactory.create()
    twice(lambda: NeedTranslation.objects.create(need=need, language="ar", label="حسابي"))


def same_record_of_a_source() -> None:
    source = SourceFactory.create()
    for _ in range(2):
        PlaceSource.objects.create(source=source, external_id="1", place=PlaceFactory.create())


def same_field_of_a_place() -> None:
    place = PlaceFactory.create()
    twice(lambda: FieldProvenance.objects.create(place=place, field="phone"))


def same_service_of_a_source() -> None:
    source = SourceFactory.create()
    twice(lambda: ServiceFactory.create(source=source, external_id="1"))


def pair_of_places(**fields: object) -> DuplicateCandidate:
    one, other = PlaceFactory.create(), PlaceFactory.create()
    given = {"first": one, "second": other, "score": 50} | fields
    return DuplicateCandidate.objects.create(**given)


def same_pair() -> None:
    pair = pair_of_places()
    DuplicateCandidate.objects.create(first=pair.first, second=pair.second, score=50)


def pair_the_wrong_way_round() -> None:
    pair = pair_of_places()
    DuplicateCandidate.objects.filter(pk=pair.pk).update(
        first=models.F("second"), second=models.F("first")
    )


def half_a_position() -> None:
    # Saving a place would complete it.
    Place.objects.filter(pk=PlaceFactory.create().pk).update(latitude=None)


def area_of_two_territories() -> None:
    service = AreaServiceFactory.create()
    ServiceArea.objects.create(
        service=service, region=RegionFactory.create(), department=DepartmentFactory.create()
    )


def give(**fields: Any) -> None:
    user = User.objects.get_or_create(username="moderatrice")[0]
    Role.objects.create(user=user, **fields)


def same_role(**fields: Any) -> None:
    twice(lambda: give(**fields))


def national_role_of_a_region() -> None:
    give(kind=RoleKind.NATIONAL, region=RegionFactory.create())


def invitation_without_its_region() -> None:
    Invitation.objects.create(email="accueil@annuaire.example", kind=RoleKind.REGION)


def of_two(factory: Any) -> None:
    user = User.objects.create_user("moderatrice")
    factory.create(assigned_to=user, assigned_region=RegionFactory.create())


def import_run(**values: str) -> ImportRun:
    return ImportRun.objects.create(source="ma-liste", file_name="liste.csv", **values)


REFUSED: dict[str, Callable[[], object]] = {
    "actor_assigned_once": lambda: of_two(ActorFactory),
    **OF_CAMPAIGNS,
    "actor_known_category": lambda: ActorFactory.create(category="club"),
    "actor_phone_e164_or_short": lambda: ActorFactory.create(phone="01 99 00 12 34"),
    "actor_website_http": lambda: ActorFactory.create(website="javascript:alert(1)"),
    "actor_known_state": lambda: ActorFactory.create(state="hidden"),
    "audit_known_event": lambda: AuditEntry.objects.create(event="searched"),
    "closure_ends_after_start": lambda: ClosureFactory.create(ends_on=date(2026, 7, 31)),
    "commune_latitude_range": lambda: CommuneFactory.create(latitude=90.5),
    "commune_longitude_range": lambda: CommuneFactory.create(longitude=-180.5),
    "commune_whole_position": lambda: CommuneFactory.create(longitude=None),
    "communename_once_per_kind": same_commune_name,
    "contribution_known_status": lambda: ContributionFactory.create(status="lost"),
    "duplicate_known_status": lambda: pair_of_places(status="lost"),
    "duplicate_merged_has_one_place": lambda: pair_of_places(status="merged"),
    "duplicate_once_per_pair": same_pair,
    "duplicate_score_percent": lambda: pair_of_places(score=101),
    "duplicate_smaller_number_first": pair_the_wrong_way_round,
    "fieldprovenance_once_per_field": same_field_of_a_place,
    "invitation_scope_fits_kind": invitation_without_its_region,
    "importrun_applies_in_a_mode_that_writes": lambda: import_run(state="done"),
    "importrun_known_mode": lambda: import_run(mode="wet"),
    "importrun_known_state": lambda: import_run(state="lost"),
    "needmapping_once": same_mapping,
    "needtranslation_not_french": lambda: NeedTranslation.objects.create(
        need=NeedFactory.create(), language="fr", label="Mon compte"
    ),
    "needtranslation_once_per_language": same_translation,
    "place_assigned_once": lambda: of_two(PlaceFactory),
    "place_booking_phone_e164_or_short": lambda: PlaceFactory.create(booking_phone="3646 puis 1"),
    "place_known_state": lambda: PlaceFactory.create(state="hidden"),
    "place_latitude_range": lambda: PlaceFactory.create(latitude=-90.5),
    "place_longitude_range": lambda: PlaceFactory.create(longitude=180.5),
    "place_acceslibre_url_http": lambda: PlaceFactory.create(acceslibre_url="data:,x"),
    "place_booking_url_http": lambda: PlaceFactory.create(booking_url="javascript:alert(1)"),
    "place_phone_e164_or_short": lambda: PlaceFactory.create(phone="01 99 00 12 34"),
    "place_whole_position": half_a_position,
    "placesource_once_per_source": same_record_of_a_source,
    "postcode_five_digits": lambda: CommuneFactory.create(postcode="9350"),
    "postcode_once_per_commune": same_postcode,
    "revision_import_alone_has_a_source": lambda: Revision.objects.create(
        origin="person", source=SourceFactory.create()
    ),
    "revision_known_action": lambda: Revision.objects.create(origin="person", action="erase"),
    "revision_known_origin": lambda: Revision.objects.create(origin="nobody"),
    "role_once_per_actor": lambda: same_role(kind=RoleKind.ACTOR, actor=ActorFactory.create()),
    "role_once_per_department": lambda: same_role(
        kind=RoleKind.DEPARTMENT, department=DepartmentFactory.create()
    ),
    "role_once_per_region": lambda: same_role(kind=RoleKind.REGION, region=RegionFactory.create()),
    "role_once_without_scope": lambda: same_role(kind=RoleKind.NATIONAL),
    "role_scope_fits_kind": national_role_of_a_region,
    "source_url_http": lambda: SourceFactory.create(url="javascript:alert(1)"),
    "service_known_state": lambda: ServiceFactory.create(state="hidden"),
    "service_once_per_source": same_service_of_a_source,
    "service_place_or_actor": lambda: ServiceFactory.create(place=None, actor=None),
    "servicearea_exactly_one_territory": area_of_two_territories,
    "serviceneed_deduced_names_its_rule": lambda: ServiceNeedFactory.create(basis=Basis.DEDUCED),
    "serviceneed_known_basis": lambda: ServiceNeedFactory.create(basis="guessed"),
    "serviceneed_once_per_service": same_need,
    "serviceterm_once_per_service": same_term_of_a_service,
    "source_known_licence": lambda: SourceFactory.create(licence="GPL"),
    "stop_dated_or_recurring": lambda: StopFactory.create(opening_hours=""),
    "stop_whole_position": lambda: StopFactory.create(latitude=48.9),
    "synonym_once_per_need": same_synonym,
    "term_code_once_per_vocabulary": lambda: twice(
        lambda: Term.objects.create(vocabulary=Vocabulary.COST, code="gratuit", label="Gratuit")
    ),
    "term_known_vocabulary": lambda: TermFactory.create(vocabulary="colour"),
}

IMPLIED_BY = {"serviceneed_known_basis": "serviceneed_deduced_names_its_rule"}
"""A row that breaks the first breaks the second: databases name whichever they read first."""


def test_every_named_constraint_is_tested() -> None:
    assert set(REFUSED) == set(CONSTRAINTS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(REFUSED))
def test_the_database_refuses_a_row_that_breaks(name: str) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        REFUSED[name]()
    names = (name, IMPLIED_BY.get(name, name))
    assert any(name_or_columns(one) in str(refusal.value) for one in names)


def name_or_columns(name: str) -> str:
    """Return what the database says of a constraint: its name; on SQLite a unique one's columns."""
    constraint = CONSTRAINTS[name]
    if connection.vendor == "sqlite" and isinstance(constraint, UniqueConstraint):
        model = next(
            model
            for model in apps.get_app_config("directory").get_models()
            if constraint in model._meta.constraints
        )
        columns = {field.name: field.column for field in model._meta.concrete_fields}
        return ", ".join(f"{model._meta.db_table}.{columns[name]}" for name in constraint.fields)
    assert isinstance(constraint, CheckConstraint | UniqueConstraint)
    return name


@pytest.mark.django_db
@pytest.mark.parametrize("phone", ["", "+33199001234", "3646", "15", "+687123456"])
def test_a_phone_may_be_missing_international_or_short(phone: str) -> None:
    assert PlaceFactory.create(phone=phone).phone == phone


@pytest.mark.django_db
def test_services_without_a_producers_identifier_may_be_many() -> None:
    source = SourceFactory.create()
    twice(lambda: ServiceFactory.create(source=source, external_id=""))
    assert source.services.count() == 2


@pytest.mark.django_db
def test_two_needs_may_share_a_synonym() -> None:
    twice(lambda: Synonym.objects.create(need=NeedFactory.create(), text="mon compte"))
    assert Synonym.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [RoleKind.REGION, RoleKind.DEPARTMENT, RoleKind.ACTOR])
def test_role_of_a_territory_or_a_structure_names_it(kind: RoleKind) -> None:
    with pytest.raises(IntegrityError, match="role_scope_fits_kind"), transaction.atomic():
        give(kind=kind)
