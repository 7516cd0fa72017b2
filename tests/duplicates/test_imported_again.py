"""A list imported again after a merge finds the kept place, and spares what was chosen."""

from pathlib import Path

import pytest

from directory.exchange.duplicates.merging import merge
from directory.exchange.duplicates.parts import SECOND
from directory.exchange.importing import Mode
from directory.models import FieldProvenance, Place, PlaceRedirect, Service
from tests.duplicates.twins import OTHER_PHONE, PHONE, person
from tests.imports.lists import load, ready, write

pytestmark = pytest.mark.django_db


def merged_lists(folder: Path, **second: str) -> Place:
    """The place that two lists gave and that was merged."""
    ready()
    load(write(folder, {"id": "a"}), source="une-liste")
    load(write(folder, {"id": "b", "telephone": OTHER_PHONE} | second), source="autre-liste")
    kept, absorbed = Place.objects.order_by("pk")
    return merge(kept.pk, absorbed.pk)


def test_a_list_imported_again_does_not_bring_back_its_place(tmp_path: Path) -> None:
    place = merged_lists(tmp_path)
    again = load(
        write(tmp_path, {"id": "b", "telephone": OTHER_PHONE, "nom": "Autre nom"}),
        source="autre-liste",
    )
    assert (again.added, again.gone) == (0, 0)
    assert Place.objects.get() == place


def test_the_absorbed_list_still_completes_the_kept_place(tmp_path: Path) -> None:
    place = merged_lists(tmp_path)
    row = {"id": "b", "telephone": OTHER_PHONE, "site_web": "https://pantin.example"}
    load(write(tmp_path, row), source="autre-liste")
    place.refresh_from_db()
    assert (place.websites, place.phone) == (["https://pantin.example"], PHONE)


def test_a_list_imported_again_does_not_overwrite_what_was_chosen(tmp_path: Path) -> None:
    ready()
    load(write(tmp_path, {"id": "a"}), source="une-liste")
    load(write(tmp_path, {"id": "b", "telephone": OTHER_PHONE}), source="autre-liste")
    kept, absorbed = Place.objects.order_by("pk")
    merge(kept.pk, absorbed.pk, {"phone": SECOND}, by=person())
    load(write(tmp_path, {"id": "a", "telephone": "+33199009999"}), source="une-liste")
    kept.refresh_from_db()
    assert kept.phone == OTHER_PHONE
    assert FieldProvenance.objects.get(place=kept, field="phone").proposal == "+33199009999"


def test_terms_of_both_lists_stay_when_one_is_imported_again(tmp_path: Path) -> None:
    ready()
    load(write(tmp_path, {"id": "a", "typologie": "RFS"}), source="une-liste")
    row = {"id": "b", "telephone": OTHER_PHONE, "typologie": "BIB"}
    load(write(tmp_path, row), source="autre-liste")
    kept, absorbed = Place.objects.order_by("pk")
    merge(kept.pk, absorbed.pk)
    load(write(tmp_path, {"id": "a", "typologie": "RFS", "nom": "Autre"}), source="une-liste")
    assert set(kept.terms.values_list("code", flat=True)) == {"RFS", "BIB"}


def test_two_rows_of_one_list_do_not_fight_over_a_place(tmp_path: Path) -> None:
    ready()
    rows = [{"id": "a"}, {"id": "b", "telephone": OTHER_PHONE, "site_web": "https://b.example"}]
    load(write(tmp_path, *rows))
    kept, absorbed = Place.objects.order_by("pk")
    merge(kept.pk, absorbed.pk)
    services = set(Service.objects.values_list("external_id", flat=True))
    newer = [row | {"date_maj": "2025-01-01", "frais_a_charge": "Payant"} for row in rows]
    report = load(write(tmp_path, *newer))
    assert (report.added, report.gone) == (0, 0)
    kept.refresh_from_db()
    assert (kept.phone, kept.websites) == (PHONE, ["https://b.example"])
    assert set(Service.objects.values_list("external_id", flat=True)) == services
    assert load(write(tmp_path, *newer), Mode.DRY).updated == 0


def test_the_slug_of_a_merged_place_is_not_given_again(tmp_path: Path) -> None:
    place = merged_lists(tmp_path)
    former = PlaceRedirect.objects.get()
    load(write(tmp_path, {"id": "z", "adresse": "9 place du Marché"}), source="tierce-liste")
    new = Place.objects.exclude(pk=place.pk).get()
    assert new.slug not in {former.slug, place.slug}
