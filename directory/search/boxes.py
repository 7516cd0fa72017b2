"""Boxes on the map: how an address writes one, and what is refused.

A box is written "west,south,east,north" in degrees, as GeoJSON orders a `bbox` (RFC 7946, 5).
None straddles the antimeridian: no French territory does.
"""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from directory.models.querysets import Point

TEXT_MAX = 120
"""Characters read: four numbers as browsers write them need 80 at most."""

DECIMALS = 5
"""One metre: enough for a map, and short addresses."""

SIDES = 4

NOT_FOUR = _(
    "La zone de la carte n’est pas lisible. "
    "Il faut quatre nombres\u00a0: ouest, sud, est, nord, séparés par des virgules."
)
UPSIDE_DOWN = _(
    "La zone de la carte est à l’envers. "
    "L’ouest doit être plus petit que l’est, et le sud plus petit que le nord."
)
OUT_OF_THE_WORLD = _(
    "La zone de la carte sort du monde. "
    "Les longitudes vont de −180 à 180, et les latitudes de −90 à 90."
)


@dataclass(frozen=True)
class Box:
    """A box in degrees (WGS 84), borders included."""

    west: float
    south: float
    east: float
    north: float

    def __str__(self) -> str:
        return ",".join(f"{side:.{DECIMALS}f}".rstrip("0").rstrip(".") for side in astuple(self))

    @property
    def center(self) -> Point:
        """Latitude and longitude of the middle."""
        return (self.south + self.north) / 2, (self.west + self.east) / 2

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """South, west, north and east, as querysets take them."""
        return self.south, self.west, self.north, self.east

    def holds(self, point: Point) -> bool:
        """Tell whether a (latitude, longitude) is inside or on the border."""
        return self.south <= point[0] <= self.north and self.west <= point[1] <= self.east


def read_box(text: str) -> Box:
    """Return the box that a text writes; raise ValidationError, which says why, if none."""
    parts = text.split(",") if len(text) <= TEXT_MAX else []
    sides = _numbers(parts)
    if len(sides) != SIDES:
        raise ValidationError(NOT_FOUR, code="not_four")
    box = Box(*sides)
    if max(abs(box.west), abs(box.east)) > 180 or max(abs(box.south), abs(box.north)) > 90:
        raise ValidationError(OUT_OF_THE_WORLD, code="out_of_the_world")
    if box.west >= box.east or box.south >= box.north:
        raise ValidationError(UPSIDE_DOWN, code="upside_down")
    return box


def _numbers(parts: Sequence[str]) -> list[float]:
    """Return finite numbers, [] when one is not."""
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return []
    return numbers if all(map(math.isfinite, numbers)) else []


class BoxField(forms.CharField):
    """A box written in an address."""

    def clean(self, value: Any) -> Box | None:
        """Return the box, None when nothing is written; raise ValidationError."""
        text = super().clean(value)
        return read_box(text) if text else None


class BoxFilter(django_filters.Filter):
    """The box that a search is limited to."""

    field_class = BoxField
