"""A merge keeps all that both records held, and an import finds the kept place again."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from directory.exchange import locks
from directory.exchange.duplicates import pairs, repointing
from directory.exchange.duplicates.merging import MergeRefusedError, merge
from directory.exchange.duplicates.parts import BOTH, FIRST, SECOND
from directory.models import (
    Change,
    ConfirmationRequest,
    Contribution,
    DuplicateCandidate,
    FieldProvenance,
    MailRefusal,
    Place,
    PlaceRedirect,
    PlaceSource,
    RefusalReason,
    Source,
)
from directory.search.criteria import Criteria
from directory.search.index import build
from directory.vocabularies.duplicates import DuplicateStatus
from directory.vocabularies.names import Licence, VerificationMethod
from tests.duplicates.twins import OTHER_PHONE, PHONE, pair_of, person, place_of
from tests.factories import (
    ActorFactory,
    ClosureFactory,
    ContributionFactory,
    PlaceFactory,
    ServiceFactory,
    StopFactory,
    TermFactory,
)

pytestmark = pytest.mark.django_db


def two(**fields: Any) -> tuple[Place, Place]:
    """Two records of one place; `fields` are of the second."""
    return place_of("une"), place_of("autre", **fields)


# --- What is kept ---------------------------------------------------------------------------------


def test_a_merge_keeps_sources_contributions_and_antennas() -> None:
    kept, absorbed = two()
    contribution = ContributionFactory.create(place=absorbed)
    antenna = PlaceFactory.create(principal=absorbed)
    merge(kept.pk, absorbed.pk)
    assert set(kept.source_records.values_list("source__slug", flat=True)) == {"une", "autre"}
    assert Contribution.objects.get(pk=contribution.pk).place == kept
    assert Place.objects.get(pk=antenna.pk).principal == kept
    assert not Place.objects.filter(pk=absorbed.pk).exists()


def test_a_merge_keeps_both_lists_without_repeating() -> None:
    kept, absorbed = two()
    same, other = TermFactory.create(), TermFactory.create(code="BIB")
    kept.terms.set([same])
    absorbed.terms.set([same, other])
    network = ActorFactory.create()
    absorbed.networks.set([network])
    for place in (kept, absorbed):
        ClosureFactory.create(place=place)
        StopFactory.create(place=place)
        ServiceFactory.create(place=place, name="Aide")
    StopFactory.create(place=absorbed, opening_hours="Fr 09:00-12:00")
    ServiceFactory.create(place=absorbed, name="Atelier")
    merge(kept.pk, absorbed.pk)
    assert set(kept.terms.all()) == {same, other}
    assert list(kept.networks.all()) == [network]
    counts = kept.closures.count(), kept.stops.count(), kept.services.count()
    assert counts == (1, 2, 2)


@pytest.mark.parametrize(
    ("choice", "hours"), [(FIRST, "Tu 09:00-12:00"), (SECOND, "Fr 14:00-16:00")]
)
def test_a_list_may_be_taken_from_one_side(choice: str, hours: str) -> None:
    kept, absorbed = two()
    StopFactory.create(place=kept)
    StopFactory.create(place=absorbed, opening_hours="Fr 14:00-16:00")
    merge(kept.pk, absorbed.pk, {"stops": choice}, by=person())
    assert [stop.opening_hours for stop in kept.stops.all()] == [hours]


def test_what_one_record_says_completes_the_other() -> None:
    kept, absorbed = two(opening_hours="Mo 09:00-12:00", emails=["accueil@pantin.example"])
    place = merge(kept.pk, absorbed.pk)
    assert (place.opening_hours, place.emails) == ("Mo 09:00-12:00", ["accueil@pantin.example"])
    origin = FieldProvenance.objects.get(place=kept, field="opening_hours")
    assert (origin.source, origin.is_locked) == (Source.objects.get(slug="autre"), False)


def test_the_better_source_wins() -> None:
    kept, absorbed = two(phone=OTHER_PHONE)
    Source.objects.filter(slug="autre").update(priority=10)
    assert merge(kept.pk, absorbed.pk).phone == OTHER_PHONE


def test_what_a_person_corrected_wins_and_stays_locked() -> None:
    kept, absorbed = two(phone=OTHER_PHONE)
    Source.objects.filter(slug="une").update(priority=10)
    locks.lock(absorbed, ["phone"])
    assert merge(kept.pk, absorbed.pk).phone == OTHER_PHONE
    assert FieldProvenance.objects.get(place=kept, field="phone").is_locked


def test_the_latest_verification_is_kept() -> None:
    kept, absorbed = two(verified_on=date(2026, 5, 1), verification_method=VerificationMethod.PHONE)
    kept.verified_on, kept.verification_method = date(2025, 1, 1), VerificationMethod.VISIT
    kept.save()
    place = merge(kept.pk, absorbed.pk)
    assert (place.verified_on, place.verification_method) == (date(2026, 5, 1), "phone")


def test_what_a_person_chose_is_locked_and_the_rest_is_not() -> None:
    kept, absorbed = two(phone=OTHER_PHONE)
    merge(kept.pk, absorbed.pk, {"phone": SECOND}, by=person())
    locked = FieldProvenance.objects.filter(place=kept, is_locked=True)
    assert set(locked.values_list("field", flat=True)) == {"phone"}


def test_what_was_typed_here_is_locked_once_a_list_speaks_of_it() -> None:
    typed, listed = place_of(), place_of("une", phone=OTHER_PHONE)
    place = merge(typed.pk, listed.pk)
    assert place.phone == PHONE
    assert FieldProvenance.objects.get(place=typed, field="phone").is_locked


def test_a_list_kept_from_both_bears_the_closed_licence() -> None:
    kept, absorbed = two(websites=["https://pantin.example"])
    kept.websites = ["https://est.example"]
    kept.save()
    Source.objects.filter(slug="autre").update(licence=Licence.ODBL)
    merge(kept.pk, absorbed.pk, {"websites": BOTH})
    assert list(FieldProvenance.objects.withheld().values_list("field", flat=True)) == ["websites"]


def test_an_antenna_merged_with_its_principal_is_no_antenna() -> None:
    kept, absorbed = two()
    Place.objects.filter(pk=kept.pk).update(principal=absorbed)
    assert merge(kept.pk, absorbed.pk).principal is None


def test_what_was_absorbed_can_be_told() -> None:
    kept, absorbed = two(summary="Sur la place")
    ServiceFactory.create(place=absorbed, name="Aide", needs=["ameli"])
    user = person()
    pair = pair_of(kept, absorbed)
    merge(kept.pk, absorbed.pk, by=user)
    pair.refresh_from_db()
    assert (pair.status, pair.decided_by, pair.first, pair.second) == (
        DuplicateStatus.MERGED, user, kept, None,
    )  # fmt: skip
    held = pair.absorbed
    assert (held["number"], held["slug"]) == (absorbed.pk, absorbed.slug)
    assert held["rows"][0]["fields"]["summary"] == "Sur la place"
    models = {row["model"] for row in held["rows"]}
    assert {"directory.service", "directory.serviceneed", "directory.placesource"} <= models


def test_other_pairs_follow_the_kept_place() -> None:
    kept, absorbed = two()
    third = place_of("tierce")
    pair = pair_of(absorbed, third)
    merge(kept.pk, absorbed.pk)
    pair.refresh_from_db()
    assert (pair.first, pair.second) == (kept, third)


def test_a_chain_of_redirects_collapses() -> None:
    first, second = two()
    third = place_of("tierce")
    slugs = [first.slug, second.slug]
    merge(second.pk, first.pk)
    merge(third.pk, second.pk)
    found = PlaceRedirect.objects.order_by("pk").values_list("slug", "place")
    assert list(found) == [(slug, third.pk) for slug in slugs]
    assert set(DuplicateCandidate.objects.values_list("first", flat=True)) == {third.pk}


def test_a_place_is_not_merged_with_itself_nor_with_a_missing_one() -> None:
    kept, absorbed = two()
    for other in (kept.pk, absorbed.pk + 1):
        with pytest.raises(MergeRefusedError):
            merge(kept.pk, other)


def test_a_merge_that_fails_leaves_both_records(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, absorbed = two(phone=OTHER_PHONE)

    def fail(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(pairs, "absorb", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        merge(kept.pk, absorbed.pk, {"phone": SECOND})
    assert set(PlaceSource.objects.values_list("place", flat=True)) == {kept.pk, absorbed.pk}
    assert Place.objects.get(pk=kept.pk).phone == PHONE
    assert not PlaceRedirect.objects.exists()


def test_every_relation_to_a_place_is_moved_or_named() -> None:
    others = {relation.related_model for relation in repointing.other_relations()}
    assert others == {ConfirmationRequest, Contribution, MailRefusal}


def test_what_both_places_have_once_is_kept_once() -> None:
    kept, absorbed = two()
    for place in (kept, absorbed):
        MailRefusal.objects.create(place=place, address_hash="a" * 64, reason=RefusalReason.ASKED)
    MailRefusal.objects.create(place=absorbed, address_hash="b" * 64, reason=RefusalReason.ASKED)
    merge(kept.pk, absorbed.pk)
    refused = MailRefusal.objects.values_list("place", "address_hash")
    assert sorted(refused) == [(kept.pk, "a" * 64), (kept.pk, "b" * 64)]


# --- The index ------------------------------------------------------------------------------------


def test_a_merge_reaches_the_index() -> None:
    kept, absorbed = two(name="France services du Canal", phone=OTHER_PHONE)
    index, before = build(), Change.objects.position()
    merge(kept.pk, absorbed.pk, {"name": SECOND})
    index = index.apply(Change.objects.since(before).places or ())
    assert [hit.id for hit in index.answer(Criteria()).hits] == [kept.pk]
    assert [hit.id for hit in index.answer(Criteria(words=("canal",))).hits] == [kept.pk]
