"""Writes drafts of places for one source: adds, updates, leaves alone what did not change.

A field that a person corrected is locked: the incoming value is kept beside it as a proposal.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import CharField
from django.utils import timezone
from django.utils.text import slugify

from directory.exchange.drafts import OperatorDraft, PlaceDraft, Report, ServiceDraft
from directory.models import (
    Actor,
    Department,
    FieldProvenance,
    Need,
    Place,
    PlaceSource,
    Service,
    ServiceNeed,
    ServiceTerm,
    Source,
    Stop,
    Term,
)
from directory.vocabularies.names import Basis, State, Vocabulary

CHUNK = 500
"""Places written together: bounds memory, and keeps the statements' parameters few."""

TEXT_LIMITS = {
    field.name: field.max_length
    for field in Place._meta.concrete_fields
    if isinstance(field, CharField) and field.max_length
}
"""Characters that each text of a place holds."""

Pairs = list[tuple[Place, PlaceDraft]]


class PlaceWriter:
    """Writes the drafts of one source and tells a report what became of each."""

    def __init__(self, source: Source, report: Report) -> None:
        self.source = source
        self.report = report
        self.terms = {(t.vocabulary, t.code): t.pk for t in Term.objects.all()}
        self.needs = dict(Need.objects.values_list("code", "pk"))
        self.actors = {actor.slug: actor for actor in Actor.objects.all()}
        self.records = {r.external_id: r for r in PlaceSource.objects.filter(source=source)}
        self.slugs = set(Place.objects.values_list("slug", flat=True))

    def write(
        self, drafts: Iterable[PlaceDraft], progress: Callable[[int], None] = lambda count: None
    ) -> None:
        """Write all drafts in one transaction, then link antennas to their principal."""
        principals: dict[str, str] = {}
        iterator = iter(drafts)
        with transaction.atomic():
            while chunk := list(islice(iterator, CHUNK)):
                self._write_chunk(chunk, timezone.localdate())
                principals |= {draft.external_id: draft.principal for draft in chunk}
                progress(len(chunk))
            self._link(principals)

    def _write_chunk(self, chunk: list[PlaceDraft], today: date) -> None:
        hashes = {draft.external_id: draft.content_hash() for draft in chunk}
        new, changed = [], []
        for draft in chunk:
            record = self.records.get(draft.external_id)
            if record is None:
                new.append(draft)
            elif record.content_hash != hashes[draft.external_id]:
                changed.append(draft)
        self.report.added += len(new)
        self.report.updated += len(changed)
        self.report.unchanged += len(chunk) - len(new) - len(changed)
        pairs = self._add(new) + self._change(changed)
        self._write_children(pairs)
        for place, draft in pairs:
            record = self.records.setdefault(
                draft.external_id,
                PlaceSource(source=self.source, external_id=draft.external_id, place=place),
            )
            record.content_hash = hashes[draft.external_id]
        seen = [self.records[draft.external_id] for draft in chunk]
        for record in seen:
            record.last_seen_on = today
        PlaceSource.objects.bulk_create([r for r in seen if r.pk is None])
        PlaceSource.objects.bulk_update(
            [r for r in seen if r.pk is not None], ["content_hash", "last_seen_on"]
        )

    def _add(self, drafts: list[PlaceDraft]) -> Pairs:
        places = [
            Place(
                slug=self._free_slug(draft),
                source=self.source,
                state=State.PUBLISHED,
                operator=self._operator(draft.operator),
                **self._fitted(draft),
            )
            for draft in drafts
        ]
        for place in places:
            place.search_text = place.build_search_text()
        Place.objects.bulk_create(places)
        return list(zip(places, drafts, strict=True))

    def _change(self, drafts: list[PlaceDraft]) -> Pairs:
        keys = [self.records[draft.external_id].place_id for draft in drafts]
        places = Place.objects.select_related("commune", "operator").in_bulk(keys)
        locks: dict[int, dict[str, FieldProvenance]] = defaultdict(dict)
        for lock in FieldProvenance.objects.filter(place__in=keys, is_locked=True):
            locks[lock.place_id][lock.field] = lock
        pairs = []
        for draft in drafts:
            place = places[self.records[draft.external_id].place_id]
            values = {**self._fitted(draft), "operator": self._operator(draft.operator)}
            for name, value in values.items():
                locked = locks[place.pk].get(name)
                if locked is None:
                    setattr(place, name, value)
                else:
                    self._propose(locked, value, getattr(place, name))
            place.save()
            pairs.append((place, draft))
        return pairs

    def _propose(self, locked: FieldProvenance, value: Any, kept: Any) -> None:
        """Keep a producer's value beside a person's, nothing once they agree."""
        proposal = None if value == kept else getattr(value, "pk", value)
        locked.proposal = str(proposal) if isinstance(proposal, date) else proposal
        locked.source = self.source
        locked.save()

    def _fitted(self, draft: PlaceDraft) -> dict[str, Any]:
        """Return the draft's values, texts cut to what their column holds."""
        values = dict(draft.fields)
        for name, limit in TEXT_LIMITS.items():
            if len(values.get(name) or "") > limit:
                values[name] = values[name][:limit].rstrip()
                self.report.repairs["text-cut"] += 1
        return values

    def _free_slug(self, draft: PlaceDraft) -> str:
        """Return the draft's slug, told apart by its producer's identifier when it is taken."""
        slug = draft.slug
        if slug in self.slugs:
            slug = f"{draft.slug[:90]}-{slugify(draft.external_id)[:20]}".strip("-")
        number = 2
        while slug in self.slugs:
            slug = f"{draft.slug[:100]}-{number}"
            number += 1
        self.slugs.add(slug)
        return slug

    def _operator(self, draft: OperatorDraft | None) -> Actor | None:
        if draft is None:
            return None
        if draft.slug not in self.actors:
            actor = Actor.objects.create(
                slug=draft.slug,
                name=draft.name,
                category=draft.category,
                level=draft.level,
                source=self.source,
                state=State.PUBLISHED,
            )
            actor.departments.set(Department.objects.filter(pk=draft.department))
            actor.member_of.set(self.actors[s] for s in draft.networks if s in self.actors)
            self.actors[draft.slug] = actor
        return self.actors[draft.slug]

    def _write_children(self, pairs: Pairs) -> None:
        keys = [place.pk for place, _draft in pairs]
        self._forget_terms(pairs)
        Place.networks.through.objects.filter(place__in=keys).delete()
        Stop.objects.filter(place__in=keys).delete()
        Service.objects.filter(place__in=keys, source=self.source).delete()
        Place.terms.through.objects.bulk_create(
            (
                Place.terms.through(place_id=place.pk, term_id=self.terms[term])
                for place, draft in pairs
                for term in dict.fromkeys(draft.terms)
            ),
            ignore_conflicts=True,
        )
        Place.networks.through.objects.bulk_create(
            Place.networks.through(place_id=place.pk, actor_id=self.actors[slug].pk)
            for place, draft in pairs
            for slug in draft.networks
            if slug in self.actors
        )
        Stop.objects.bulk_create(
            Stop(
                place=place,
                commune_id=stop.commune,
                label=stop.label,
                opening_hours=stop.opening_hours,
            )
            for place, draft in pairs
            for stop in draft.stops
        )
        self._write_services([(p, service) for p, draft in pairs for service in draft.services])

    @staticmethod
    def _forget_terms(pairs: Pairs) -> None:
        """Drop the terms that drafts speak of; a person's, of other vocabularies, stay."""
        spoken: dict[Vocabulary, list[int]] = defaultdict(list)
        for place, draft in pairs:
            for vocabulary in {vocabulary for vocabulary, _code in draft.terms}:
                spoken[vocabulary].append(place.pk)
        for vocabulary, keys in spoken.items():
            Place.terms.through.objects.filter(place__in=keys, term__vocabulary=vocabulary).delete()

    def _write_services(self, pairs: list[tuple[Place, ServiceDraft]]) -> None:
        services = Service.objects.bulk_create(
            Service(
                place=place,
                external_id=draft.external_id,
                name=draft.name,
                description=draft.description,
                source=self.source,
                state=State.PUBLISHED,
            )
            for place, draft in pairs
        )
        both = [(service, draft) for service, (_p, draft) in zip(services, pairs, strict=True)]
        ServiceNeed.objects.bulk_create(
            ServiceNeed(
                service=service,
                need_id=self.needs[need.code],
                basis=Basis.DEDUCED if need.rule else Basis.DECLARED,
                rule=need.rule,
            )
            for service, draft in both
            for need in draft.needs
        )
        ServiceTerm.objects.bulk_create(
            ServiceTerm(service=service, term_id=self.terms[term])
            for service, draft in both
            for term in dict.fromkeys(draft.terms)
        )

    def _link(self, principals: dict[str, str]) -> None:
        """Point antennas at their principal; a place that is no antenna any more at none."""
        wanted = {
            self.records[key].place_id: self.records[principal].place_id
            for key, principal in principals.items()
            if principal in self.records
        }
        keys = [self.records[key].place_id for key in principals]
        linked = Place.objects.filter(pk__in=keys).exclude(principal=None)
        current = dict(linked.values_list("pk", "principal_id"))
        for place in wanted.keys() | current.keys():
            if wanted.get(place) != current.get(place):
                Place.objects.filter(pk=place).update(principal=wanted.get(place))
