"""Places for the tests of maps, and the tiles that answer in place of the Internet's."""

import struct
import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from playwright.sync_api import Locator, Page
from pytest_django.fixtures import Settings

from directory.models import Actor, Place
from directory.search import gazetteer
from mediation.maps import leaflet_config
from tests import factories as make
from tests.browser import copies

TILES_HOST = "data.geopf.fr"
URL = "/recherche/?" + urlencode({"ou": "Guéret", "rayon": "50"})
CENTRE = (46.17, 1.87)


def _chunk(kind: bytes, data: bytes) -> bytes:
    told = kind + data
    return struct.pack(">I", len(data)) + told + struct.pack(">I", zlib.crc32(told))


PIXEL = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\xe6\xee\xe4"))
    + _chunk(b"IEND", b"")
)
"""A tile of one greenish pixel, which browsers stretch."""


@dataclass(frozen=True)
class MapWorld:
    """The places that tests point at: `pair` are so near each other that they are a cluster."""

    opened: Place
    closed: Place
    moving: Place
    pair: tuple[Place, Place]
    actor: Actor


@copies.built_once
def build() -> MapWorld:
    """Fill the database with five places around Guéret, and one too far to be in the list."""
    gazetteer.clear()
    department = make.DepartmentFactory.create(code="23", name="Creuse")
    gueret = make.CommuneFactory.create(
        code="23096",
        name="Guéret",
        department=department,
        latitude=CENTRE[0],
        longitude=CENTRE[1],
    )
    actor = make.ActorFactory.create(slug="hub", name="Le hub")

    def place(slug: str, north: float, east: float, **fields: Any) -> Place:
        made: Place = make.PlaceFactory.create(
            slug=slug,
            name=slug.replace("-", " ").capitalize(),
            commune=gueret,
            latitude=CENTRE[0] + north,
            longitude=CENTRE[1] + east,
            operator=actor,
            **fields,
        )
        return made

    opened = place("toujours-ouvert", 0.2, -0.3, opening_hours="24/7")
    closed = place("jamais-ouvert", 0.2, 0.3, opening_hours="off")
    moving = place("le-bus", -0.2, -0.3, itinerancy="itinerant")
    make.StopFactory.create(
        place=moving, label="Place du Marché", opening_hours="Mo-Su 00:00-24:00"
    )
    pair = (place("la-halte", -0.2, 0.3), place("la-halte-annexe", -0.205, 0.305))
    place("le-lointain", 1.5, 0.0)
    return MapWorld(opened, closed, moving, pair, actor)


def with_tiles(given: Settings) -> None:
    """Draw maps as production does."""
    given.LEAFLET_CONFIG = leaflet_config("ign")
    assert settings.LEAFLET_CONFIG["TILES"]


def marker(page: Page, name: str) -> Locator:
    """Return the marker or cluster whose name begins so, once the map has drawn it."""
    return page.locator(f'.leaflet-marker-pane [aria-label^="{name}"]')
