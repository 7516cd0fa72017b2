"""Writes what hangs on places: terms, networks, stops, services."""

from collections import defaultdict
from collections.abc import Iterable

from directory.exchange.drafts import PlaceDraft, ServiceDraft
from directory.exchange.merged_places import MergedPlaces
from directory.models import (
    Actor,
    Need,
    Place,
    Service,
    ServiceNeed,
    ServiceTerm,
    Source,
    Stop,
    Term,
)
from directory.vocabularies.names import Basis, State, Vocabulary

Pairs = list[tuple[Place, PlaceDraft]]


class ChildrenWriter:
    """Writes the children of one source's places; knows the terms, the needs and the actors."""

    def __init__(self, source: Source, actors: dict[str, Actor]) -> None:
        self.source = source
        self.actors = actors
        self.merged = MergedPlaces()
        self.terms = {(t.vocabulary, t.code): t.pk for t in Term.objects.all()}
        self.needs = dict(Need.objects.values_list("code", "pk"))

    def write(self, name: str, pairs: Pairs) -> None:
        """Replace one part (a key of place_state.CHILDREN but `operator`) of places."""
        {
            "terms": self._terms,
            "networks": self._networks,
            "stops": self._stops,
            "services": self._services,
        }[name](pairs)

    def _terms(self, pairs: Pairs) -> None:
        """Replace the terms that drafts speak of; a person's, of other vocabularies, stay."""
        own = [(place, draft) for place, draft in pairs if self._answers_for(place)]
        spoken: dict[Vocabulary, list[int]] = defaultdict(list)
        for place, draft in own:
            for vocabulary in {vocabulary for vocabulary, _code in draft.terms}:
                spoken[vocabulary].append(place.pk)
        for vocabulary, keys in spoken.items():
            Place.terms.through.objects.filter(place__in=keys, term__vocabulary=vocabulary).delete()
        Place.terms.through.objects.bulk_create(
            (
                Place.terms.through(place_id=place.pk, term_id=self.terms[term])
                for place, draft in pairs
                for term in dict.fromkeys(draft.terms)
            ),
            ignore_conflicts=True,
        )

    def _networks(self, pairs: Pairs) -> None:
        own = [place.pk for place, _draft in pairs if self._answers_for(place)]
        Place.networks.through.objects.filter(place__in=own).delete()
        Place.networks.through.objects.bulk_create(
            (
                Place.networks.through(place_id=place.pk, actor_id=self.actors[slug].pk)
                for place, draft in pairs
                for slug in dict.fromkeys(draft.networks)
                if slug in self.actors
            ),
            ignore_conflicts=True,
        )

    def _answers_for(self, place: Place) -> bool:
        """Tell whether the source alone describes a place: else it only adds to its sets."""
        return place.source_id == self.source.pk and place.pk not in self.merged.places

    @staticmethod
    def _stops(pairs: Pairs) -> None:
        """Replace the recurring stops; dated ones are people's."""
        Stop.objects.filter(place__in=[place.pk for place, _draft in pairs], on=None).delete()
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

    def _services(self, pairs: Pairs) -> None:
        keys = [place.pk for place, _draft in pairs]
        kept = {key for place in keys for key in self.merged.spared.get(place, ())}
        own = Service.objects.filter(place__in=keys, source=self.source)
        own.exclude(external_id__in=kept).delete()
        self._add_services((p, service) for p, draft in pairs for service in draft.services)

    def _add_services(self, pairs: Iterable[tuple[Place, ServiceDraft]]) -> None:
        drafted = list(pairs)
        services = Service.objects.bulk_create(
            Service(
                place=place,
                external_id=draft.external_id,
                name=draft.name,
                description=draft.description,
                booking_url=draft.booking_url,
                how_to_book=draft.how_to_book,
                area_note=draft.area_note,
                source=self.source,
                state=State.PUBLISHED,
            )
            for place, draft in drafted
        )
        both = [(service, draft) for service, (_p, draft) in zip(services, drafted, strict=True)]
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
