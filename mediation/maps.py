"""The tiles that maps are drawn on: those of IGN, of OpenStreetMap, or none.

Browsers ask them, so that their host is the only one that a page may load anything from; without
tiles, maps show the outlines of departments.
"""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

MAX_ZOOM = 18
"""Closest at which both providers draw; the index groups places accordingly."""

TILES = {
    # https://cartes.gouv.fr: WMTS of the Géoplateforme, without a key, under Licence Ouverte 2.0.
    "ign": (
        "Plan IGN",
        (
            "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
            "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png"
            "&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
        ),
        {
            "attribution": '© <a href="https://www.ign.fr/">IGN</a>, Plan IGN',
            "maxZoom": MAX_ZOOM,
        },
    ),
    # https://operations.osmfoundation.org/policies/tiles/
    "osm": (
        "OpenStreetMap",
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        {
            "attribution": '© <a href="https://www.openstreetmap.org/copyright">'
            "les contributeurs d’OpenStreetMap</a>",
            "maxZoom": MAX_ZOOM,
        },
    ),
}


def leaflet_config(tiles: str) -> dict[str, Any]:
    """Return django-leaflet's settings for these tiles; raises ImproperlyConfigured."""
    if tiles not in {*TILES, "none"}:
        raise ImproperlyConfigured("MAP_TILES is “ign”, “osm” or “none”.")
    return {
        "TILES": [TILES[tiles]] if tiles in TILES else [],
        "DEFAULT_CENTER": (46.6, 2.4),
        "DEFAULT_ZOOM": 6,
        "MIN_ZOOM": 3,
        "MAX_ZOOM": MAX_ZOOM,
        "RESET_VIEW": False,
    }
