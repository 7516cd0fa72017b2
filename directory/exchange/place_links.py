"""Links antennas to their principal place, and marks the places that a file no longer has."""

from collections.abc import Iterable

from django.utils import timezone

from directory.exchange.drafts import PlaceDraft
from directory.exchange.report import Entry, Kind, Report, digest_of
from directory.models import Contribution, FieldProvenance, Place, PlaceSource, Source
from directory.vocabularies.names import ContributionKind, ContributionStatus, State

FILES_BEFORE_ARCHIVING = 2
"""Different files in a row that a place must be missing from before its archiving is proposed."""
MANY_GONE = 0.5
"""Share of a source's places from which a file looks like a part of the list."""


def unlink(drafts: Iterable[PlaceDraft], places: dict[str, int]) -> None:
    """Take its principal from each place that is no antenna any more; `places` are by identifier.

    A principal that a person chose stays.
    """
    free = [places[d.external_id] for d in drafts if not d.principal and d.external_id in places]
    linked = Place.objects.filter(pk__in=free).exclude(principal=None)
    linked.exclude(pk__in=_locked()).update(principal=None)


def link(source: Source, principals: dict[str, str]) -> None:
    """Point antennas at their principal, by the producer's identifiers; unknown ones at none."""
    named = {*principals, *principals.values()}
    records = PlaceSource.objects.filter(source=source)
    places = {
        key: place
        for key, place in records.values_list("external_id", "place_id").iterator()
        if key in named
    }
    wanted = {
        places[key]: places.get(principal)
        for key, principal in principals.items()
        # Merged with its principal, a place is no antenna any more.
        if key in places and places[key] != places.get(principal)
    }
    antennas = Place.objects.filter(pk__in=wanted).exclude(pk__in=_locked())
    for place, principal in antennas.values_list("pk", "principal_id"):
        if wanted[place] != principal:
            Place.objects.filter(pk=place).update(principal=wanted[place])


def mark_missing(source: Source, report: Report, is_new_file: bool, dry: bool) -> None:
    """Mark the places of a source that its whole file no longer has; none is deleted.

    A place missing from two different files in a row, and which no other source holds, is proposed
    to moderators for archiving, once. `report.present` says what the file holds.
    """
    gone, again = [], []
    total = 0
    records = PlaceSource.objects.filter(source=source).select_related("place").order_by("pk")
    for record in records.only("external_id", "missing_since", "place__name").iterator():
        total += 1
        if digest_of(record.external_id) in report.present:
            continue
        if record.missing_since is None:
            gone.append(record.pk)
            report.journal.append(Entry(Kind.GONE, 0, record.place.name, "", record.external_id))
        else:
            again.append(record.pk)
    report.gone = len(gone)
    if gone and len(gone) > MANY_GONE * total:
        report.warnings.append(
            f"{len(gone)} lieux sur {total} ont disparu : ce fichier est-il entier ? "
            "Sinon, ajoutez --partial."
        )
    still = PlaceSource.objects.filter(pk__in=again)
    due = [
        record
        for record in still.filter(missed_files=FILES_BEFORE_ARCHIVING - 1).select_related("place")
        if is_new_file and _is_nowhere_else(record)
    ]
    report.to_archive = len(due)
    if dry:
        return
    PlaceSource.objects.filter(pk__in=gone).update(
        missing_since=timezone.localdate(), missed_files=1
    )
    if is_new_file:
        for record in still:
            record.missed_files += 1
        PlaceSource.objects.bulk_update(still, ["missed_files"], batch_size=500)
    for record in due:
        _propose_archiving(record)


def _is_nowhere_else(record: PlaceSource) -> bool:
    others = record.place.source_records.exclude(pk=record.pk).filter(missing_since=None)
    return record.place.state == State.PUBLISHED and not others.exists()


def _propose_archiving(record: PlaceSource) -> None:
    told = Contribution.objects.filter(
        place=record.place, kind=ContributionKind.CLOSED, status=ContributionStatus.PENDING
    )
    if not told.exists():
        Contribution.objects.create(
            place=record.place,
            kind=ContributionKind.CLOSED,
            message=(
                f"Absent des {FILES_BEFORE_ARCHIVING} derniers fichiers de la source "
                f"« {record.source.name} », depuis le {record.missing_since:%d/%m/%Y}. "
                "À archiver ?"
            ),
            changes={"state": State.ARCHIVED.value},
        )


def _locked() -> list[int]:
    locks = FieldProvenance.objects.filter(field="principal", is_locked=True)
    return list(locks.values_list("place_id", flat=True))
