"""Compares the drafts of one source with the database, and writes what differs when asked to.

A field that a person corrected is locked: the incoming value is kept beside it as a proposal. A
field that a better source gave is left to it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.text import slugify

from directory.exchange import merged_places, place_actors, place_history, place_links, place_state
from directory.exchange.drafts import PlaceDraft
from directory.exchange.place_children import ChildrenWriter, Pairs
from directory.exchange.place_state import CHILDREN, Parts
from directory.exchange.report import Entry, Kind, Report
from directory.models import Actor, FieldProvenance, Place, PlaceSource, Source
from directory.models.history_rows import Changes, record_many
from directory.models.revisions import recording, silent
from directory.moderation import completeness
from directory.vocabularies.names import Origin, State

CHUNK = 500
"""Places written together: bounds memory, and keeps the statements' parameters few."""
ROW_CHUNK = 100
"""Places committed together when each stands for itself: a crash loses no more than these."""
BROKEN = (DatabaseError, ValueError, KeyError)
"""What a row that the database refuses raises."""


class PlaceWriter:
    """Writes the drafts of one source and tells a report what became of each.

    `dry` compares and writes nothing. `by_row` commits as it goes, complete rows only, and rejects
    those that the database refuses; else a single refusal undoes everything.
    """

    def __init__(
        self, source: Source, report: Report, dry: bool = False, by_row: bool = False
    ) -> None:
        self.source = source
        self.report = report
        self.dry = dry
        self.by_row = by_row and not dry
        self.new_places: set[int] = set()
        self._learn()

    def _learn(self) -> None:
        self.actors = {actor.slug: actor for actor in Actor.objects.all()}
        self.children = ChildrenWriter(self.source, self.actors)

    def write(
        self, drafts: Iterable[PlaceDraft], progress: Callable[[int], None] = lambda count: None
    ) -> None:
        """Go through all drafts, then link antennas to their principal."""
        principals: dict[str, str] = {}
        iterator = iter(drafts)
        with self._whole(), recording(Origin.IMPORT, source=self.source) as revision:
            if self.by_row:
                revision.begin()
            while chunk := list(islice(iterator, ROW_CHUNK if self.by_row else CHUNK)):
                self._take(chunk)
                principals |= {d.external_id: d.principal for d in chunk if d.principal}
                progress(len(chunk))
            if not self.dry:
                with transaction.atomic():
                    place_links.link(self.source, principals)

    def _whole(self) -> AbstractContextManager[Any]:
        return nullcontext() if self.by_row or self.dry else transaction.atomic()

    def _take(self, chunk: list[PlaceDraft]) -> None:
        if not self.by_row:
            self._write_chunk(chunk)
            return
        before = self.report.mark()
        try:
            with transaction.atomic():
                self._write_chunk(chunk)
        except BROKEN as error:
            # What was rolled back may be in what is remembered of the database.
            self._learn()
            self.report.back_to(before)
            if len(chunk) > 1:
                for draft in chunk:
                    self._take([draft])
            else:
                reason = f"refusé par la base ({type(error).__name__})"
                self.report.reject(chunk[0].line, "ligne", chunk[0].external_id, reason)

    def _write_chunk(self, chunk: list[PlaceDraft]) -> None:
        keys = [draft.external_id for draft in chunk]
        found = PlaceSource.objects.filter(source=self.source, external_id__in=keys)
        records = {record.external_id: record for record in found}
        hashes = {draft.external_id: draft.content_hash() for draft in chunk}
        new = [draft for draft in chunk if draft.external_id not in records]
        read_again = [
            draft
            for draft in chunk
            if draft.external_id in records
            and records[draft.external_id].content_hash != hashes[draft.external_id]
        ]
        differing = {draft.external_id for draft in (*new, *read_again)}
        for draft in chunk:
            if draft.external_id not in differing:
                self.report.same(draft.line, str(draft.fields["name"]))
        self._add(new, hashes)
        self._change(read_again, records)
        if self.dry:
            return
        places = {draft.external_id: records[draft.external_id].place_id for draft in read_again}
        place_links.unlink(read_again, places)
        for draft in read_again:
            records[draft.external_id].content_hash = hashes[draft.external_id]
            records[draft.external_id].collected_by = draft.collected_by
        changed = [records[draft.external_id] for draft in read_again]
        PlaceSource.objects.bulk_update(changed, ["content_hash", "collected_by"])
        seen = PlaceSource.objects.filter(pk__in=[record.pk for record in records.values()])
        seen.exclude(last_seen_on=timezone.localdate(), missing_since=None, missed_files=0).update(
            last_seen_on=timezone.localdate(), missing_since=None, missed_files=0
        )

    def _add(self, drafts: list[PlaceDraft], hashes: dict[str, str]) -> None:
        self.report.added += len(drafts)
        for draft in drafts:
            self.report.journal.append(Entry(Kind.ADDED, draft.line, str(draft.fields["name"])))
        if self.dry or not drafts:
            return
        slugs = self._free_slugs(drafts)
        pairs: Pairs = []
        for draft in drafts:
            parts = place_state.wanted(draft, self.actors)
            place = Place(
                slug=slugs[draft.external_id],
                source=self.source,
                state=State.PUBLISHED,
                operator=place_actors.operator(draft.operator, self.source, self.actors),
            )
            self._set(place, draft, {name: parts[name] for name in draft.fields})
            place.search_text = place.build_search_text()
            place.completeness = completeness.score(completeness.told(place, draft.declares_need))
            pairs.append((place, draft))
        with silent():
            made = Place.objects.bulk_create([place for place, _draft in pairs])
            self.new_places.update(place.pk for place in made)
            for name in CHILDREN.keys() - {"operator"}:
                self.children.write(name, pairs)
        PlaceSource.objects.bulk_create(
            PlaceSource(
                source=self.source,
                external_id=draft.external_id,
                place=place,
                content_hash=hashes[draft.external_id],
                collected_by=draft.collected_by,
                last_seen_on=timezone.localdate(),
                # Killed before its end, an import by row leaves them to the next one.
                to_compare=self.by_row,
            )
            for place, draft in pairs
        )

    def _change(self, drafts: list[PlaceDraft], records: dict[str, PlaceSource]) -> None:
        if not drafts:
            return
        keys = [records[draft.external_id].place_id for draft in drafts]
        places = Place.objects.select_related("commune", "operator").in_bulk(keys)
        states = place_state.stored(places.values(), self.source)
        self.children.merged = merged_places.read(states, self.source)
        known: dict[int, dict[str, FieldProvenance]] = defaultdict(dict)
        for one in FieldProvenance.objects.filter(place__in=keys).select_related("source"):
            known[one.place_id][one.field] = one
        parts_of: dict[str, Pairs] = defaultdict(list)
        rows: list[tuple[Place, str, Changes]] = []
        for draft in drafts:
            place = places[records[draft.external_id].place_id]
            parts = self._differing(draft, place, states[place.pk], known[place.pk])
            told = parts.keys() - place_state.UNTOLD
            self.report.updated += bool(told)
            if not told:
                self.report.same(draft.line, place.name)
            for name in parts:
                parts_of[name].append((place, draft))
            if parts and not self.dry:
                changes = self._save(place, draft, parts, states[place.pk])
                if changes:
                    rows.append((place, "~", changes))
        if not self.dry:
            with silent():
                for name in CHILDREN.keys() - {"operator"} & parts_of.keys():
                    self.children.write(name, parts_of[name])
            record_many(rows)

    def _differing(
        self, draft: PlaceDraft, place: Place, state: Parts, known: dict[str, FieldProvenance]
    ) -> Parts:
        """Return the parts to write; tell them, and the proposals for those that are locked."""
        parts: Parts = {}
        for name, value in place_state.wanted(draft, self.actors).items():
            before, provenance = state[name], known.get(name)
            if self.children.merged.leaves(draft.external_id, name, before):
                continue
            same = self.children.merged.is_same(place.pk, name, before, value)
            if provenance and provenance.is_locked:
                self._propose(draft, place, provenance, None if same else value)
            elif not same and self._may_write(place, name, before, value, provenance):
                parts[name] = value
                if name in place_state.UNTOLD:
                    continue
                self._tell(Entry(Kind.CHANGED, draft.line, place.name, name), before, value)
        return parts

    def _may_write(
        self, place: Place, name: str, before: Any, value: Any, provenance: FieldProvenance | None
    ) -> bool:
        """Tell whether this source may write a field: its own, an empty one, or a lesser source's.

        A source never empties what another one gave.
        """
        owner = provenance.source if provenance else place.source
        # Services bear their own source.
        if owner is None or owner.pk == self.source.pk or name == "services":
            return True
        if not value or (before and owner.priority <= self.source.priority):
            return False
        if not self.dry:
            FieldProvenance.objects.update_or_create(
                place=place, field=name, defaults={"source": self.source}
            )
        return True

    def _propose(
        self, draft: PlaceDraft, place: Place, locked: FieldProvenance, value: Any
    ) -> None:
        """Keep a producer's value beside a person's, nothing once they agree."""
        proposal = value
        if isinstance(value, date | frozenset | dict | tuple):
            proposal = place_state.shown(value)
        if proposal == locked.proposal or (value is not None and proposal == locked.declined):
            return
        if value is not None:
            self.report.proposed += 1
            self._tell(Entry(Kind.PROPOSED, draft.line, place.name, locked.field), "", value)
        if not self.dry:
            locked.proposal, locked.source = proposal, self.source
            locked.save()

    def _tell(self, entry: Entry, before: Any, after: Any) -> None:
        """Tell what a part was and will be, as a person reads it."""
        name = entry.column
        shown = [place_state.shown(value, name) for value in (before, after)]
        self.report.journal.append(
            replace(entry, column=place_state.label(name), before=shown[0], after=shown[1])
        )

    def _save(self, place: Place, draft: PlaceDraft, parts: Parts, before: Parts) -> Changes:
        former = place.operator_id
        columns = [name for name in parts if name not in CHILDREN]
        self._set(place, draft, {name: parts[name] for name in columns})
        if "operator" in parts:
            place.operator = place_actors.operator(draft.operator, self.source, self.actors)
            columns.append("operator")
        if columns:
            point = ["latitude", "longitude", "position_precision"]
            written = {*columns, *point, "search_text", "completeness", "updated_at"}
            with silent():
                place.save(update_fields=written)
        changes = place_history.changes(place, before, parts, self.children)
        operator = {"operator": [former, place.operator_id]} if former != place.operator_id else {}
        return changes | operator

    @staticmethod
    def _set(place: Place, draft: PlaceDraft, values: Parts) -> None:
        for name, value in values.items():
            setattr(place, name, draft.fields[name] if name == "commune" else value)

    def _free_slugs(self, drafts: list[PlaceDraft]) -> dict[str, str]:
        """Return slugs by identifier, told apart by the producer's one when they are taken."""
        longer = {
            d.external_id: f"{d.slug[:90]}-{slugify(d.external_id)[:20]}".strip("-") for d in drafts
        }
        asked = [*(draft.slug for draft in drafts), *longer.values()]
        taken = set(Place.objects.filter(slug__in=asked).values_list("slug", flat=True))
        taken |= merged_places.former_slugs(asked)
        slugs = {}
        for draft in drafts:
            slug = draft.slug if draft.slug not in taken else longer[draft.external_id]
            number = 2
            while slug in taken or (number > 2 and merged_places.is_slug_used(slug)):
                slug = f"{draft.slug[:100]}-{number}"
                number += 1
            taken.add(slug)
            slugs[draft.external_id] = slug
        return slugs
