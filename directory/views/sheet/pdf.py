"""The orientation sheet as a PDF file, drawn by Typst.

Why Typst: docs/decisions/0013-orientation-sheet-pdf.md.
The sheet is passed as JSON: nothing of it is ever read as markup. Fonts are those shipped, none of
the system's; no package is fetched.
"""

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from directory.views.sheet import codes
from directory.views.sheet.content import Sheet, SheetPlace
from directory.views.sheet.layout import Layout

STANDARD: Final = "ua-1"
"""PDF/UA-1: tags, reading order, languages and alternatives, checked by Typst as it writes."""

TYPESETTER: Final = Path(__file__).with_name("typesetter.py")

SECONDS_MAX: Final = 20
"""A sheet of twenty places takes 0.3 s on a busy machine: beyond, something is broken."""


def write(sheet: Sheet, layout: Layout, now: datetime) -> bytes:
    """Return the sheet as a tagged PDF.

    Raises subprocess.CalledProcessError when the template is wrong, with Typst's words in the log;
    subprocess.TimeoutExpired after SECONDS_MAX.
    """
    asked = source(sheet, layout) | {
        "format": "pdf",
        "pdf_standards": STANDARD,
        "timestamp": int(now.timestamp()),
    }
    # -I: neither the environment nor the current folder decides what is loaded.
    command = [sys.executable, "-I", str(TYPESETTER)]
    drawn = subprocess.run(
        command, input=json.dumps(asked).encode(), stdout=subprocess.PIPE, timeout=SECONDS_MAX,
        check=True,
    )  # fmt: skip
    return drawn.stdout


def source(sheet: Sheet, layout: Layout) -> dict[str, str]:
    """Return what `typesetter.typeset` draws the sheet from."""
    return {
        "template": str(settings.BASE_DIR / "templates" / "sheet.typ"),
        "fonts": str(settings.BASE_DIR / "static" / "fonts"),
        "data": json.dumps(_data(sheet, layout), ensure_ascii=False),
    }


def _data(sheet: Sheet, layout: Layout) -> dict[str, Any]:
    texts: dict[str, Any] = {name: asdict(said) for name, said in sheet.texts.items()}
    title = texts.pop("title")
    icons = {"phone", "globe"} | {
        fact.icon for place in sheet.places for fact in (place.address, *place.facts)
    }
    return {
        "site": settings.SITE_NAME,
        "size": layout.size,
        "language": sheet.language,
        "rtl": sheet.is_right_to_left,
        "title": title,
        "made_on": sheet.made_on,
        "texts": texts,
        "icons": {name: codes.pictograms()[name] for name in icons},
        "asks": [asdict(ask) for ask in sheet.asks],
        "bring": sheet.bring,
        "bring_other": sheet.bring_other,
        "pages": [
            {
                "first": page.is_first,
                "tight": page.is_tight,
                "long": page.is_long,
                "places": [_place(place) for place in page.places],
            }
            for page in layout.pages
        ],
    }


def _place(place: SheetPlace) -> dict[str, Any]:
    return asdict(place) | {"qr": codes.qr_svg(place.link), "shown_link": place.shown_link}
