"""What the pages may weigh, and what their static files must and must not hold."""

import gzip
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"
CSS_BUDGET = 15_000
"""Bytes once compressed: a stylesheet that a slow phone reads in a second."""

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
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", text)


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
