"""Reads the point of a row in all the ways producers write it, and checks it against its commune.

A repair is kept only when the mended point is near the commune: a wrong guess would be far away.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyproj import Transformer

from directory.models import Commune
from directory.models.querysets import Point, haversine_km
from directory.vocabularies.names import PositionPrecision

MAX_KM_FROM_COMMUNE = 25.0
"""A point farther than this from its commune's centre is a mistake: the farthest right ones of the
French mainland are at 15 km (Arles, Saintes-Maries)."""

WIDE_DEPARTMENTS = {"973": 150.0}
"""Guyane's communes are as large as departments: Mana's town is 70 km from its centre."""

LAMBERT_93 = 2154
LOCAL_SYSTEMS = {
    "971": (5490, 32620), "972": (5490, 32620), "977": (5490, 32620), "978": (5490, 32620),
    "973": (2972,), "974": (2975,), "975": (4467,), "976": (4471,), "988": (3163,), "987": (3297,),
}  # fmt: skip
"""EPSG codes of the legal systems overseas (décret n° 2019-165); Lambert-93 is the mainland's."""
WEB_MERCATOR = 3857
PROJECTED_FROM = 1_000.0
"""Metres: no coordinate in degrees is that great."""

DEGREES = re.compile(
    r"""(-?\d{1,3}(?:\.\d+)?)\s*°\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’]\s*)?"""
    r"""(?:(\d{1,2}(?:\.\d+)?)\s*(?:"|″|''))?"""
    r"\s*([NSEWO]?)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Position:
    """A point in degrees, how far to trust it, and the repair made, "" when none."""

    latitude: float | None
    longitude: float | None
    precision: PositionPrecision
    repair: str = ""


def read(latitude: str, longitude: str, commune: Commune) -> Position:
    """Return the point of a row, checked against its commune, or the commune's centre."""
    written = coordinate(latitude), coordinate(longitude)
    if written[0] is not None and written[1] is not None:
        for point, repair in _candidates((written[0], written[1]), commune.department_id):
            if believable(point, commune):
                return Position(*point, PositionPrecision.ADDRESS, repair)
        return centre(commune, "point-too-far")
    return centre(commune, "point-missing")


def fields(position: Position) -> dict[str, Any]:
    """Return a position as values of `Place` by field name."""
    return {
        "latitude": position.latitude,
        "longitude": position.longitude,
        "position_precision": position.precision,
    }


def centre(commune: Commune, repair: str) -> Position:
    """Return the middle of a commune, told as such; no point when it has none."""
    if commune.point is None:
        return Position(None, None, PositionPrecision.UNKNOWN, repair)
    return Position(*commune.point, PositionPrecision.COMMUNE, repair)


def coordinate(text: str) -> float | None:
    """Return a number of degrees or metres: decimal comma, « 48° 56' 10" N », thin spaces."""
    plain = re.sub(r"[\s\u00a0\u202f]", " ", text.replace(",", ".")).strip()
    written = DEGREES.fullmatch(plain)
    if written:
        degrees, minutes, seconds, side = written.groups()
        value = float(degrees) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
        return -value if side.upper() in {"S", "W", "O"} else value
    try:
        return float(plain.replace(" ", ""))
    except ValueError:
        return None


def believable(point: Point, commune: Commune) -> bool:
    """Tell whether a point is on Earth and near enough to its commune's centre."""
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
        return False
    if commune.point is None:
        return True
    limit = WIDE_DEPARTMENTS.get(commune.department_id, MAX_KM_FROM_COMMUNE)
    return haversine_km(point, commune.point) <= limit


def points(latitude: str, longitude: str, department: str) -> Iterator[tuple[Point, str]]:
    """Yield every point that a row may mean and the repair each supposes, the likeliest first."""
    written = coordinate(latitude), coordinate(longitude)
    if written[0] is not None and written[1] is not None:
        yield from _candidates((written[0], written[1]), department)


def _candidates(point: Point, department: str) -> Iterator[tuple[Point, str]]:
    first, second = point
    yield point, ""
    yield (second, first), "point-swapped"
    if abs(first) < PROJECTED_FROM and abs(second) < PROJECTED_FROM:
        # West is the side that a column without sign loses.
        yield (first, -second), "longitude-sign"
        return
    for system in (*LOCAL_SYSTEMS.get(department, (LAMBERT_93,)), WEB_MERCATOR):
        for easting, northing in ((second, first), (first, second)):
            longitude, latitude = _to_degrees(system).transform(easting, northing)
            yield (latitude, longitude), "point-projected"
    yield from _with_the_point_back(first, second)


def _with_the_point_back(first: float, second: float) -> Iterator[tuple[Point, str]]:
    """Yield the degrees of « 48936 »: a spreadsheet took the point of « 48.936 » for thousands."""
    for power in range(1, 12):
        latitude = first / 10**power
        for other in range(1, 12):
            longitude = second / 10**other
            if abs(latitude) <= 90 and abs(longitude) <= 180:
                yield (latitude, longitude), "decimal-point-restored"


@cache
def _to_degrees(system: int) -> Transformer:
    return Transformer.from_crs(system, 4326, always_xy=True)
