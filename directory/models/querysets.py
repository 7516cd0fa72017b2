"""How places are picked: publication, nearness, text, need. Every method returns a QuerySet."""

import math
from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ASin, Cos, Power, Radians, Sin, Sqrt

from directory.models.tracking import TrackedQuerySet
from directory.vocabularies.names import OPEN_LICENCES, State
from directory.vocabularies.normalization import normalize

EARTH_RADIUS_KM = 6371.0088
"""Mean radius (IUGG)."""

Point = tuple[float, float]
"""Latitude and longitude, in degrees (WGS 84)."""


def bounding_box(point: Point, km: float) -> tuple[float, float, float, float]:
    """Return (south, west, north, east) in degrees of a box that holds the circle of `km` round.

    Longitudes may go beyond ±180: no French territory but Wallis, Futuna and Polynesia comes near
    the antimeridian, and none straddles it.
    """
    latitude, longitude = point
    d_lat = math.degrees(km / EARTH_RADIUS_KM)
    widest = math.cos(math.radians(min(89.0, abs(latitude) + d_lat)))
    d_lng = d_lat / widest
    return latitude - d_lat, longitude - d_lng, latitude + d_lat, longitude + d_lng


def haversine_km(a: Point, b: Point) -> float:
    """Return the great-circle distance in km between two points in degrees."""
    lat_a, lng_a, lat_b, lng_b = map(math.radians, (*a, *b))
    chord = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lng_b - lng_a) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(chord))


def haversine_sql(point: Point) -> models.expressions.Combinable:
    """Return an expression of the distance in km from `point` to each row's position.

    The half-chord form stays exact at short distances, where the arccosine one loses digits.
    """
    latitude, longitude = math.radians(point[0]), math.radians(point[1])
    d_lat = (Radians(F("latitude")) - latitude) / 2.0
    d_lng = (Radians(F("longitude")) - longitude) / 2.0
    chord = Power(Sin(d_lat), 2) + math.cos(latitude) * Cos(Radians(F("latitude"))) * Power(
        Sin(d_lng), 2
    )
    return 2 * EARTH_RADIUS_KM * ASin(Sqrt(chord))


class PlaceQuerySet(TrackedQuerySet):
    """Ways to pick places."""

    def published(self) -> "PlaceQuerySet":
        """Places shown to the public."""
        return self.filter(state=State.PUBLISHED)

    def publishable(self) -> "PlaceQuerySet":
        """Published places that open data may hold: ours, or from a source of open licence.

        Some of their fields may come from another source: see FieldProvenance.objects.withheld().
        """
        return self.published().filter(
            Q(source=None) | Q(source__licence__in=OPEN_LICENCES),
        )

    def in_bbox(self, south: float, west: float, north: float, east: float) -> "PlaceQuerySet":
        """Places inside a box, in degrees."""
        return self.filter(latitude__range=(south, north), longitude__range=(west, east))

    def with_distance(self, point: Point) -> "PlaceQuerySet":
        """Annotate `distance`, in km, from `point` (latitude, longitude)."""
        return self.annotate(
            distance=models.ExpressionWrapper(
                haversine_sql(point), output_field=models.FloatField()
            )
        )

    def near(self, point: Point, km: float) -> "PlaceQuerySet":
        """Places at `km` or less from `point`, with their `distance`.

        The box comes first so that the index is used; never call it without a radius.
        """
        return self.in_bbox(*bounding_box(point, km)).with_distance(point).filter(distance__lte=km)

    def nearest_first(self) -> "PlaceQuerySet":
        """By distance, then by key so that results never shuffle."""
        return self.order_by("distance", "pk")

    def matching(self, text: str) -> "PlaceQuerySet":
        """Places whose searched text holds every word of `text`."""
        conditions = Q()
        for word in normalize(text).split():
            conditions &= Q(search_text__contains=word)
        return self.filter(conditions)

    def covering(self, need_codes: "list[str]") -> "PlaceQuerySet":
        """Places one of whose services covers one of the needs, declared or deduced."""
        if not need_codes:
            return self
        covering = apps.get_model("directory", "ServiceNeed").objects.filter(
            service__place=models.OuterRef("pk"),
            service__state=State.PUBLISHED,
            need__code__in=need_codes,
        )
        return self.filter(models.Exists(covering))

    def with_next_closure(self, today: date) -> "PlaceQuerySet":
        """Annotate the first closure not yet over: `closure_starts_on` and `closure_ends_on`."""
        coming = (
            apps.get_model("directory", "Closure")
            .objects.filter(place=models.OuterRef("pk"), ends_on__gte=today)
            .order_by("starts_on", "pk")
        )
        return self.annotate(
            closure_starts_on=models.Subquery(coming.values("starts_on")[:1]),
            closure_ends_on=models.Subquery(coming.values("ends_on")[:1]),
        )
