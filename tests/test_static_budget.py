"""What the pages may weigh, and what their static files must and must not hold."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.test import Client

from tests.browser import places

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"
CSS_BUDGET = 15_000
"""Bytes once compressed: a stylesheet that a slow phone reads in a second."""

FIRST_PAGE, WITH_MAP = 60_000, 130_000
"""Bytes sent for a first page of results, with all it loads; then with the map's code and data,
its background apart."""

LEAFLET = STATIC / "vendor" / "leaflet-1.9.4"
LEAFLET_SHA256 = "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a"
"""Of `dist/leaflet.js` as npm gives it; the line cut here names a file that is not shipped."""
LEAFLET_CUT = b"\n//# sourceMappingURL=leaflet.js.map"

TEMPLATE_MAX_LINES = 120

STYLESHEETS = sorted(STATIC.glob("css/*.css"))
PAGES = sorted(TEMPLATES.glob("**/*.html"))
# A page loads these by itself; the address of a link is only followed by a person.
LOADED = re.compile(
    r"<(?:script|img|iframe|source|video|audio|use|link)\b[^>]*?"
    r"(?:src|href|srcset)=[\"']?(?:https?:)?//",
    re.IGNORECASE,
)
SPRITE_USE = re.compile(r"\bicon\(\"([a-z-]+)\"")


def symbols() -> set[str]:
    """Return the names of the pictograms drawn in the sprite."""
    sprite = (STATIC / "img" / "pictograms.svg").read_text(encoding="utf-8")
    return set(re.findall(r'<symbol id="([^"]+)"', sprite))


def needs() -> list[dict[str, str]]:
    """Return the needs that the project ships."""
    loaded = json.loads((ROOT / "fixtures" / "needs.json").read_text(encoding="utf-8"))
    return loaded if isinstance(loaded, list) else loaded["needs"]


def test_stylesheets_stay_within_their_budget() -> None:
    compressed = sum(len(gzip.compress(sheet.read_bytes())) for sheet in STYLESHEETS)
    assert 0 < compressed <= CSS_BUDGET


def sent(*files: Path) -> int:
    """Bytes of files as browsers receive them."""
    return sum(len(gzip.compress(file.read_bytes())) for file in files)


def loaded_by(html: str) -> list[Path]:
    """The files that a page loads at once, by its own tags."""
    names = re.findall(r"<(?:script|link|img)\b[^>]*?(?:src|href)=\"/static/([^\"]+)\"", html)
    return [STATIC / name for name in {*names, "img/pictograms.svg"}]


@pytest.mark.django_db
def test_first_results_page_is_light_and_its_map_bearable() -> None:
    places.build()
    client = Client()
    html = client.get(places.PAGES["results"]).content.decode()
    assert html.count('<li class="card"') >= 20
    page = len(gzip.compress(html.encode())) + sent(*loaded_by(html))
    assert page <= FIRST_PAGE
    data = client.get("/carte.geojson?ou=Gu%C3%A9ret&rayon=20&bbox=1,45.7,2.8,46.6&zoom=10").content
    code = sent(*STATIC.glob("js/map_*.js"), LEAFLET / "leaflet.js", LEAFLET / "leaflet.css")
    drawn = sent(STATIC / "img/markers.svg", STATIC / "map/departments.json")
    assert page + code + drawn + len(gzip.compress(data)) <= WITH_MAP


def test_leaflet_is_the_one_that_npm_gives() -> None:
    whole = (LEAFLET / "leaflet.js").read_bytes() + LEAFLET_CUT
    assert hashlib.sha256(whole).hexdigest() == LEAFLET_SHA256
    assert b"Leaflet 1.9.4" in whole
    assert (LEAFLET / "LICENSE").exists()


@pytest.mark.parametrize("sheet", STYLESHEETS, ids=lambda path: path.name)
def test_stylesheet_loads_nothing_from_another_site(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    assert "@import" not in text
    assert not re.search(r"url\(\s*[\"']?(?:https?:)?//", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_page_loads_nothing_from_another_site(page: Path) -> None:
    assert not LOADED.search(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_page_holds_no_inline_style_nor_script(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(
        r"<style\b|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=|\stype=\"application/ld\+json\">)",
        text,
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_template_stays_short_enough_to_read(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").splitlines()) <= TEMPLATE_MAX_LINES


def test_every_need_has_its_pictogram_drawn() -> None:
    wanted = {need["pictogram"] for need in needs()}
    assert wanted
    assert wanted <= symbols()


def test_every_pictogram_used_by_a_page_is_drawn() -> None:
    used = {name for page in PAGES for name in SPRITE_USE.findall(page.read_text(encoding="utf-8"))}
    assert used
    assert used <= symbols()


@pytest.mark.parametrize("image", sorted(STATIC.glob("img/*.svg")), ids=lambda path: path.name)
def test_image_loads_nothing_from_another_site(image: Path) -> None:
    text = image.read_text(encoding="utf-8")
    assert not re.search(r"(?:href|src)=[\"']?(?:https?:)?//", text)
    assert "<script" not in text
