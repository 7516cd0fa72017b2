"""Outlines of departments light enough for a map without tiles, whose neighbours still touch.

Points where borders meet are kept; between two of them a border is simplified alone, by the area
that each point adds (Visvalingam and Whyatt, 1993), hence alike for both its departments.
"""

import heapq
import json
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

Point = tuple[float, float]
"""Longitude and latitude in degrees."""

Ring = list[Point]

DECIMALS = 3
"""100 metres: less than the simplification itself."""

LEAST_RING = 4
"""Points of a closed ring, its first one twice: a triangle."""


def build(source: Path, target: Path, max_bytes: int) -> int:
    """Write simplified outlines of at most `max_bytes`; return how many departments they draw.

    `source` is GeoJSON of polygons with `nom`. Raises ValueError when it cannot be made so light.
    """
    features = json.loads(source.read_text(encoding="utf-8"))["features"]
    polygons = [(feature["properties"]["nom"], _rings(feature["geometry"])) for feature in features]
    meeting = _meeting_points([ring for _name, rings in polygons for ring in rings])
    least = 1e-5
    while least < 1.0:
        outlines = [
            (name, [simplified(ring, meeting, least) for ring in rings]) for name, rings in polygons
        ]
        text = _written(outlines)
        if len(text.encode()) <= max_bytes:
            target.write_text(text, encoding="utf-8")
            return len(outlines)
        least *= 1.2
    raise ValueError("These outlines cannot be made so light.")


def _rings(geometry: dict[str, Any]) -> list[Ring]:
    """Return the outer rings, the largest first: no department but islands has holes."""
    shapes = geometry["coordinates"]
    polygons = [shapes] if geometry["type"] == "Polygon" else shapes
    rings = [[(x, y) for x, y, *_height in polygon[0]] for polygon in polygons]
    return sorted(rings, key=lambda ring: -abs(_area(ring)))


def _area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def _meeting_points(rings: list[Ring]) -> set[Point]:
    """Return the points where more than two borders leave."""
    neighbours: dict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for one, other in pairwise(ring):
            neighbours[one].add(other)
            neighbours[other].add(one)
    return {point for point, others in neighbours.items() if len(others) > 2}


def simplified(ring: Ring, kept: set[Point], least: float) -> Ring:
    """Drop the points that add less than `least` square degrees, but for those kept.

    An island smaller than that becomes [].
    """
    if abs(_area(ring)) < least:
        return []
    anchors = [rank for rank, point in enumerate(ring[:-1]) if point in kept]
    if not anchors:
        # A lone island: cut where no neighbour could disagree.
        anchors = [0, len(ring) // 2]
    turned = ring[anchors[0] : -1] + ring[: anchors[0] + 1]
    marks = [rank - anchors[0] for rank in anchors] + [len(turned) - 1]
    found: Ring = []
    for start, end in pairwise(marks):
        found += _simplified_line(turned[start : end + 1], least)[:-1]
    found.append(turned[-1])
    return found if len(found) >= LEAST_RING else []


def _simplified_line(line: Ring, least: float) -> Ring:
    before, after = list(range(-1, len(line) - 1)), list(range(1, len(line) + 1))
    areas = {rank: _triangle(*line[rank - 1 : rank + 2]) for rank in range(1, len(line) - 1)}
    # Ties are told by the point, so that a line read backwards loses the same ones.
    queue = [(area, line[rank], rank) for rank, area in areas.items()]
    heapq.heapify(queue)
    while queue:
        area, _point, rank = heapq.heappop(queue)
        if areas.get(rank) != area:
            continue
        if area >= least:
            break
        del areas[rank]
        left, right = before[rank], after[rank]
        after[left], before[right] = right, left
        for near in (left, right):
            if near in areas:
                own = _triangle(line[before[near]], line[near], line[after[near]])
                areas[near] = max(own, area)
                heapq.heappush(queue, (areas[near], line[near], near))
    return [line[0], *(line[rank] for rank in sorted(areas)), line[-1]]


def _triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def _written(outlines: list[tuple[str, list[Ring]]]) -> str:
    """Write GeoJSON, islands too small to see left out."""
    features = [
        {
            "type": "Feature",
            "properties": {"nom": name},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [
                    [[[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring]]
                    for ring in rings
                    if ring
                ],
            },
        }
        for name, rings in outlines
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n"
