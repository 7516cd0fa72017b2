"""Outlines for maps without tiles: light, whole, and still touching."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from directory.exchange import outlines
from directory.management.commands.build_outlines import MAX_BYTES, TARGET

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "static" / TARGET


def shipped() -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(SHIPPED.read_text(encoding="utf-8"))["features"]
    return features


def test_shipped_outlines_are_light_and_hold_every_department() -> None:
    assert SHIPPED.stat().st_size <= MAX_BYTES
    assert len({feature["properties"]["nom"] for feature in shipped()}) == 101
    assert all(feature["geometry"]["coordinates"] for feature in shipped())


def test_shipped_outlines_hold_closed_rings_inside_the_world() -> None:
    rings = [
        ring for f in shipped() for polygon in f["geometry"]["coordinates"] for ring in polygon
    ]
    assert all(ring[0] == ring[-1] for ring in rings)
    assert all(len(ring) >= outlines.LEAST_RING for ring in rings)
    assert all(-180 <= x <= 180 and -90 <= y <= 90 for ring in rings for x, y in ring)


def wavy(start: float, count: int = 40) -> list[tuple[float, float]]:
    """A border that winds north from (start, 0)."""
    return [(start + (number % 3) * 0.01, number * 0.1) for number in range(count)]


def two_neighbours() -> list[list[tuple[float, float]]]:
    """Two shapes that share a winding border, which the second one follows backwards."""
    border = wavy(1.0)
    top = border[-1][1]
    left = [*border, (0.0, top), (0.0, 0.0), border[0]]
    right = [*reversed(border), (2.0, 0.0), (2.0, top), border[-1]]
    return [left, right]


def test_neighbours_keep_one_border() -> None:
    left, right = two_neighbours()
    ends = {wavy(1.0)[0], wavy(1.0)[-1]}
    drawn = [set(outlines.simplified(ring, ends, 0.002)) for ring in (left, right)]
    shared = {point for point in drawn[0] if 0.9 < point[0] < 1.1}
    assert shared == {point for point in drawn[1] if 0.9 < point[0] < 1.1}
    assert ends <= shared
    assert len(shared) < 40


def test_island_too_small_to_see_is_left_out() -> None:
    islet = [(0.0, 0.0), (0.0, 0.01), (0.01, 0.01), (0.01, 0.0), (0.0, 0.0)]
    assert outlines.simplified(islet, set(), 0.001) == []


def write(path: Path, rings: list[list[tuple[float, float]]]) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"nom": f"Forme {number}"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for number, ring in enumerate(rings)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def test_outlines_are_simplified_until_they_fit(tmp_path: Path) -> None:
    source, target = tmp_path / "full.geojson", tmp_path / "light.json"
    write(source, two_neighbours())
    assert outlines.build(source, target, 1_000) == 2
    assert target.stat().st_size <= 1_000
    names = [f["properties"]["nom"] for f in json.loads(target.read_text())["features"]]
    assert names == ["Forme 0", "Forme 1"]


def test_outlines_that_cannot_be_so_light_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "full.geojson"
    write(source, two_neighbours())
    with pytest.raises(ValueError, match="light"):
        outlines.build(source, tmp_path / "light.json", 50)


def test_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="illisibles"):
        call_command("build_outlines", str(tmp_path / "absent.geojson"))
