"""Help that comes to people or answers from afar: published services without a place."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from directory.models import Service, ServiceArea, Term
from directory.search.kept.facts import ServiceFacts
from directory.search.kept.reading import read_services
from directory.search.memory import Kept
from directory.search.where import Where
from directory.vocabularies.names import Vocabulary

NATIONAL, REGIONAL, DEPARTMENTAL, COMMUNAL = 4, 3, 2, 1
"""How wide the area of an offer is; the narrowest, nearest to the person, comes first."""

REACHING_MODES = ("distance", "domicile")
"""A national offer is proposed only when it reaches people: a network's presentation does not."""


class OfferActor(NamedTuple):
    """Who offers: what one needs to reach them."""

    display_name: str
    slug: str
    phone: str
    website: str
    email: str


class Offer(NamedTuple):
    """A service over an area. `reaches` tells whether it comes to people or helps from afar."""

    service: ServiceFacts
    actor: OfferActor | None
    reaches: bool


@dataclass(frozen=True)
class Offers:
    """Offers in the order of their keys, and which of them cover a territory.

    `covering` maps a scope and a territory's code ("" for the country) to ranks in `all`.
    """

    all: tuple[Offer, ...]
    covering: dict[tuple[int, str], frozenset[int]]

    def near(self, where: Where, needs: frozenset[int]) -> list[tuple[int, Offer]]:
        """Return (scope, offer) for what covers the place searched, the narrowest area first.

        `needs` are the keys of the needs that answer, empty for any. A national offer that does
        not reach people is left out.
        """
        scopes: dict[int, int] = {}
        # From the widest: an offer keeps its narrowest scope.
        for scope, code in _territories(where):
            for rank in self.covering.get((scope, code), ()):
                scopes[rank] = scope
        found = [
            (scope, self.all[rank])
            for rank, scope in sorted(scopes.items(), key=lambda pair: (pair[1], pair[0]))
        ]
        return [
            (scope, offer)
            for scope, offer in found
            if (scope < NATIONAL or offer.reaches)
            and (not needs or any(key in needs for key, _declared in offer.service.needs))
        ]


def _territories(where: Where) -> Iterable[tuple[int, str]]:
    yield NATIONAL, ""
    commune = where.commune
    department = commune.department if commune else where.department
    if department:
        yield REGIONAL, str(department.region_id)
        yield DEPARTMENTAL, str(department.pk)
    if commune:
        if commune.parent_id:
            yield COMMUNAL, str(commune.parent_id)
        yield COMMUNAL, str(commune.pk)


def read() -> Offers:
    """Read the offers; five queries."""
    services = Service.objects.published().without_place().order_by("pk")
    facts = read_services(services)
    actors = {
        key: OfferActor(short_name or name, slug, phone, website, email)
        for key, short_name, name, slug, phone, website, email in services.filter(
            actor__isnull=False
        ).values_list(
            "pk", "actor__short_name", "actor__name", "actor__slug", "actor__phone",
            "actor__website", "actor__email",
        )
    }  # fmt: skip
    modes = Term.objects.filter(vocabulary=Vocabulary.SUPPORT_MODE, code__in=REACHING_MODES)
    reaching = set(modes.values_list("pk", flat=True))
    offers = tuple(
        Offer(service, actors.get(service.id), bool(reaching.intersection(service.terms)))
        for service in facts
    )
    ranks = {offer.service.id: rank for rank, offer in enumerate(offers)}
    covering: dict[tuple[int, str], set[int]] = defaultdict(set)
    areas = ServiceArea.objects.filter(service__in=services)
    for key, is_national, *codes in areas.values_list(
        "service_id", "is_national", "region_id", "department_id", "commune_id"
    ):
        if key not in ranks:
            continue
        if is_national:
            covering[NATIONAL, ""].add(ranks[key])
        for scope, code in zip((REGIONAL, DEPARTMENTAL, COMMUNAL), codes, strict=True):
            if code:
                covering[scope, code].add(ranks[key])
    return Offers(offers, {area: frozenset(ranks) for area, ranks in covering.items()})


_kept = Kept(read)
current = _kept.current
"""Return the offers; five queries when no copy is kept."""
