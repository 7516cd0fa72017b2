"""The only reader of a search's query string, and what it means in SQL.

Every surface goes through `SearchFilter`: the HTML pages, later the map, the API and exports. A
value it cannot read is a form error beside its field; the other values are kept and applied.
"""

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, Exists, OuterRef, Q, Value
from django.http import QueryDict
from django.utils import timezone

from directory.models import Need, Place, ServiceNeed
from directory.models.querysets import PlaceQuerySet
from directory.search import choices, facets_sql
from directory.search.boxes import Box
from directory.search.criteria import (
    ANYWHERE_KM,
    SILENT_FACETS,
    YES,
    Access,
    Criteria,
    Facet,
    Sort,
)
from directory.search.fields import NO_SUCH_NEED, NOT_OFFERED, ReadableChoices
from directory.search.parameters import DAYS, RADII, TEXT_MAX, Parameters
from directory.search.where import Where, at, understand
from directory.vocabularies.names import State
from directory.vocabularies.normalization import normalize

__all__ = ["DAYS", "DEFAULT_RADIUS", "RADII", "RECENT", "TEXT_MAX", "SearchFilter", "recent_since"]

DEFAULT_RADIUS = 20
"""km: what half an hour by car or bus covers; France Services aims at 30 minutes from everyone."""

RECENT = timedelta(days=365)
"""How long a verification is recent: the field's vintages are yearly."""


class SearchFilter(Parameters):
    """Reads the parameters of docs/url-contract.md and tells what they mean together."""

    def __init__(
        self,
        data: QueryDict | None = None,
        queryset: PlaceQuerySet | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            _without_blanks(data),
            queryset if queryset is not None else Place.objects.all(),
            **kwargs,
        )
        self.offered = choices.current()
        self.needs = list(self.offered.needs)
        self.form.needs = self.needs
        for facet in Facet:
            self.form.fields[facet].offered = self.offered.labels[facet]
        self.form.fields["declare"].offered = (YES,)
        self.form.is_valid()
        self._tell_unknown_values()
        self.where = self._where()

    def _where(self) -> Where:
        """Read the place typed, else the browser's position."""
        latitude, longitude = (self.form.cleaned_data.get(name) for name in ("lat", "lon"))
        if not self.value("ou") and latitude is not None and longitude is not None:
            return at(round(float(latitude), 2), round(float(longitude), 2))
        return understand(self.value("ou") or "")

    def _tell_unknown_values(self) -> None:
        for name, field in self.form.fields.items():
            if isinstance(field, ReadableChoices) and field.unknown:
                said = NO_SUCH_NEED if name == Facet.NEED else NOT_OFFERED
                self.form.errors.setdefault(name, self.form.error_class()).append(said)

    def keep(self, queryset: PlaceQuerySet, name: str, value: Any) -> PlaceQuerySet:
        """Leave the queryset as it is: the fields mean something together, see `located`."""
        return queryset

    def value(self, name: str) -> Any:
        """Return a field's readable value, None when absent or unreadable."""
        return self.form.cleaned_data.get(name) or None

    @property
    def chosen_needs(self) -> list[Need]:
        """The needs asked for."""
        codes = set(self.value("besoin") or ())
        return [need for need in self.needs if need.code in codes]

    @property
    def need_codes(self) -> list[str]:
        """Codes of needs that answer, see `Criteria.accepted_needs`."""
        return sorted(self.criteria.accepted_needs)

    @property
    def radius(self) -> int:
        """The radius asked for, in km."""
        return self.value("rayon") or DEFAULT_RADIUS

    @cached_property
    def criteria(self) -> Criteria:
        """What is asked, for the index as for SQL."""
        where, now = self.where, timezone.now()
        day, minute = self._chosen_moment()
        box: Box | None = self.value("bbox")
        is_round = box is None or (where.point and self.value("rayon"))
        return Criteria(
            point=where.point or (box.center if box else None),
            # A box replaces the usual radius; one that is asked for still counts.
            radius=self.radius if is_round else ANYWHERE_KM,
            department=self._department(),
            region=where.region.pk if where.region else "",
            facets=self._facets(has_moment=day is not None),
            words=tuple(dict.fromkeys(normalize(self.value("q") or "").split())),
            declared_only=bool(self.value("declare")),
            now=now,
            day=day,
            minute=minute,
            verified_since=recent_since(now),
            parents=self.offered.parents,
            children=self.offered.children,
            sort=Sort(self.value("tri") or Sort.DISTANCE),
            bbox=box,
        )

    def _department(self) -> str:
        where = self.where
        if where.department:
            return str(where.department.pk)
        # A commune without a known centre: its whole territory is listed.
        return where.commune.department_id if where.commune and not where.point else ""

    def _facets(self, has_moment: bool) -> dict[Facet, frozenset[str]]:
        facets = {facet: frozenset(self.value(facet) or ()) for facet in Facet}
        # A day and an hour are enough; the box alone says nothing.
        moment = {Access.AT.value}
        access = facets[Facet.ACCESS]
        facets[Facet.ACCESS] = access | moment if has_moment else access - moment
        return {facet: codes for facet, codes in facets.items() if codes}

    def _chosen_moment(self) -> tuple[int | None, int | None]:
        day, hour = self.value("jour"), self.form.cleaned_data.get("heure")
        if day is None or hour is None:
            return None, None
        return DAYS.index(day), hour.hour * 60 + hour.minute

    def located(self, radius: float | None = None) -> PlaceQuerySet:
        """Return published places of the searched territory that hold the words.

        With a point, `distance` is annotated; `radius` is in km, by default the one asked for.
        """
        asked = self.criteria
        places = self.queryset.published()
        for word in asked.words:
            places = places.filter(search_text__contains=word)
        if asked.bbox:
            places = places.in_bbox(*asked.bbox.bounds)
        km = radius or asked.circle_km
        if asked.point:
            places = places.near(asked.point, km) if km else places.with_distance(asked.point)
        if asked.point and not asked.bbox:
            return places
        if asked.department:
            places = places.filter(commune__department=asked.department)
        if asked.region:
            places = places.filter(commune__department__region=asked.region)
        return places

    def strict(self, radius: float | None = None) -> PlaceQuerySet:
        """Return `located` places that match every chosen facet."""
        conditions = Q()
        for facet in self.criteria.facets:
            conditions &= facets_sql.matches(facet, self.criteria)
        return self.located(radius).filter(conditions)

    def silent(self, radius: float | None = None) -> PlaceQuerySet:
        """Return `located` places that match or are silent on every facet, and silent on some."""
        conditions = Q()
        for facet in self.criteria.facets:
            matching = facets_sql.matches(facet, self.criteria)
            if facet in SILENT_FACETS:
                matching |= facets_sql.is_silent(facet, self.criteria)
            conditions &= matching
        strict = self.strict(radius).order_by().values("pk")
        return self.located(radius).filter(conditions).exclude(pk__in=strict)

    def ordered(self, radius: float | None = None) -> PlaceQuerySet:
        """Return `strict` places: exact needs first, then by distance, or by commune and name."""
        places = self.strict(radius).annotate(is_exact=self._exact())
        nearness = ["distance"] if self.criteria.point else ["commune__name", "name"]
        return places.order_by("-is_exact", *nearness, "pk")

    def filter_queryset(self, queryset: PlaceQuerySet) -> PlaceQuerySet:
        """Give `.qs` the whole meaning of the query string."""
        return self.ordered()

    def _exact(self) -> Exists | Value:
        """Whether a place covers more than the general need that its producer declared."""
        exact = self.criteria.exact_needs
        if exact == self.criteria.accepted_needs:
            return Value(True, output_field=BooleanField())
        return Exists(
            ServiceNeed.objects.filter(
                service__place=OuterRef("pk"),
                service__state=State.PUBLISHED,
                need__code__in=exact,
            )
        )


SearchFilter.base_filters = Parameters.base_filters


def recent_since(now: datetime) -> date:
    """Return the day from which a verification is recent."""
    return timezone.localdate(now) - RECENT


def _without_blanks(data: QueryDict | None) -> QueryDict | None:
    """Drop empty values: "besoin=" is what a form sends for "anything"."""
    if data is None:
        return None
    kept = QueryDict(mutable=True)
    for name, values in data.lists():
        if filled := [value for value in values if value]:
            kept.setlist(name, filled)
    return kept
