"""What an import changes is told by place, part by part; what it leaves alone leaves no row."""

from dataclasses import replace
from typing import Any

import pytest

from directory.exchange.drafts import NeedDraft, OperatorDraft, PlaceDraft, ServiceDraft, StopDraft
from directory.exchange.duplicates.merging import merge
from directory.exchange.place_writer import PlaceWriter
from directory.exchange.report import Report
from directory.models import Place, Revision, Service
from directory.models.history_rows import TRACKED, history_of
from directory.moderation import timeline
from directory.moderation.reverting import revert
from directory.moderation.workflow import RefusedError
from directory.vocabularies.names import Vocabulary
from tests import factories
from tests.accounts import national

pytestmark = pytest.mark.django_db
make: Any = factories


@pytest.fixture
def draft() -> PlaceDraft:
    """A place with everything."""
    make.TermFactory(code="BIB", label="Bibliothèque")
    make.TermFactory(code="CCAS", label="Centre social")
    make.NeedFactory(code="ameli", label="Ameli")
    commune = make.CommuneFactory()
    return PlaceDraft(
        external_id="1",
        slug="lieu",
        fields={"name": "Avant", "commune": commune, "phone": "3646"},
        terms=((Vocabulary.KIND, "BIB"),),
        operator=OperatorDraft("mairie", "Mairie", "local_structure", "local"),
        services=(ServiceDraft("1:a", "Atelier", needs=(NeedDraft("ameli"),)),),
        stops=(StopDraft(commune.pk, "Marché", "Mo 09:00-10:00"),),
    )


def write(*drafts: PlaceDraft, **options: Any) -> None:
    """Import drafts of one source."""
    PlaceWriter(make.SourceFactory(name="La liste"), Report(), **options).write(drafts)


def rows() -> list[Any]:
    """Every row of history, of all models."""
    return [row for model in TRACKED for row in history_of(model).objects.all()]


def changed(draft: PlaceDraft) -> PlaceDraft:
    """The same place, every part changed."""
    return replace(
        draft,
        fields=draft.fields | {"name": "Après"},
        terms=((Vocabulary.KIND, "CCAS"),),
        operator=OperatorDraft("ccas", "CCAS", "local_structure", "local"),
        services=(ServiceDraft("1:a", "Atelier tablette"),),
        stops=(),
    )


def test_first_import_and_the_same_again_leave_no_row(draft: PlaceDraft) -> None:
    write(draft)
    write(draft)
    assert rows() == []
    assert not Revision.objects.exists()


@pytest.mark.parametrize("by_row", [False, True])
def test_changed_place_has_one_row_with_each_part(draft: PlaceDraft, by_row: bool) -> None:
    other = replace(draft, external_id="2", slug="autre", services=())
    write(draft, other)
    write(changed(draft), other, by_row=by_row)
    (row,) = rows()
    assert set(row.changes) == {"name", "terms", "operator", "services", "stops"}
    assert row.changes["name"] == ["Avant", "Après"]
    assert (row.revision.source.name, row.name) == ("La liste", "Après")


def test_dry_run_leaves_no_row(draft: PlaceDraft) -> None:
    write(draft)
    write(changed(draft), dry=True)
    assert rows() == []


def test_page_says_what_an_import_changed(draft: PlaceDraft) -> None:
    write(draft)
    write(changed(draft))
    (entry,) = timeline.read(national(), Place.objects.get()).entries
    said = {line.label: (line.before, line.after) for line in entry.events[0].lines}
    assert entry.who == "import\u00a0: La liste"
    assert said == {
        "nom": ("Avant", "Après"),
        "structure qui le gère": ("Mairie", "CCAS"),
        "caractéristiques": ("Bibliothèque", "Centre social"),
        "services": ("Atelier", "Atelier tablette"),
        "passages": ("Marché, Mo 09:00-10:00", "rien"),
    }


def test_columns_and_terms_of_an_import_are_taken_back_for_good(draft: PlaceDraft) -> None:
    write(draft)
    renamed = replace(
        draft, fields=draft.fields | {"name": "Après"}, terms=((Vocabulary.KIND, "CCAS"),)
    )
    write(renamed)
    (row,) = rows()
    revert(national(), "place", row.pk)
    write(replace(renamed, fields=renamed.fields | {"address": "1 rue"}))
    place = Place.objects.get()
    assert (place.name, place.terms.get().code, place.address) == ("Avant", "BIB", "1 rue")


def test_services_that_an_import_replaced_are_refused_plainly(draft: PlaceDraft) -> None:
    write(draft)
    write(replace(draft, services=(ServiceDraft("1:a", "Atelier tablette"),)))
    (row,) = rows()
    (entry,) = timeline.read(national("autre"), Place.objects.get()).entries
    assert not entry.events[0].may_revert
    with pytest.raises(RefusedError, match="corrigez-les dans la fiche"):
        revert(national(), "place", row.pk)
    assert Service.objects.get().name == "Atelier tablette"


def test_rest_of_a_change_is_taken_back_without_its_services(draft: PlaceDraft) -> None:
    user = national()
    write(draft)
    write(changed(draft))
    (entry,) = timeline.read(user, Place.objects.get()).entries
    (event,) = entry.events
    assert (event.may_revert, event.in_part) == (True, True)
    revert(user, "place", event.key)
    place = Place.objects.get()
    assert (place.name, place.services.get().name) == ("Avant", "Atelier tablette")


def test_merge_of_duplicates_is_one_revision_and_keeps_what_was_received() -> None:
    kept, absorbed = make.PlaceFactory(phone=""), make.PlaceFactory(phone="3646")
    service = make.ServiceFactory(place=absorbed, name="Atelier")
    user = national()
    merge(kept.pk, absorbed.pk, by=user)
    entries = timeline.read(user, Place.objects.get()).entries
    assert entries[0].who.startswith("fusion de doublons")
    told = history_of(Service).objects.filter(id=service.pk, place_key=kept.pk)
    assert {row.history_type for row in told} == {"+", "~"}
