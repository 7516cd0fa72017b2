"""The orientation sheet as a PDF file, drawn by Typst.

Why Typst: docs/decisions/0013-orientation-sheet-pdf.md.
The sheet is passed as JSON: nothing of it is ever read as markup. Fonts are those shipped, none of
the system's; no package is fetched.
"""

import json
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any, Final

import typst
from django.conf import settings

from directory.views.sheet import codes
from directory.views.sheet.content import Sheet, SheetPlace
from directory.views.sheet.layout import Layout

STANDARD: Final = "ua-1"
"""PDF/UA-1: tags, reading order, languages and alternatives, checked by Typst as it writes."""


_one_at_a_time = Lock()
"""A compiler serves one thread at a time; a server's workers have one each."""


@lru_cache(maxsize=1)
def _compiler() -> tuple[typst.Compiler, bytes]:
    """Read the fonts and the template once (some 60 ms)."""
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[settings.BASE_DIR / "static" / "fonts"],
    )
    template = settings.BASE_DIR / "templates" / "sheet.typ"
    return typst.Compiler(font_paths=fonts), template.read_bytes()


def write(sheet: Sheet, layout: Layout, now: datetime) -> bytes:
    """Return the sheet as a tagged PDF; raises typst.TypstError when the template is wrong."""
    timestamp = int(now.timestamp())
    return draw(sheet, layout, format="pdf", pdf_standards=STANDARD, timestamp=timestamp)


def draw(sheet: Sheet, layout: Layout, **options: Any) -> Any:
    """Return the sheet as Typst's `compile` draws it: `format="png"` gives pictures, for tests."""
    data = json.dumps(_data(sheet, layout), ensure_ascii=False)
    compiler, template = _compiler()
    with _one_at_a_time:
        drawn = compiler.compile(template, sys_inputs={"sheet": data}, **options)
        # Typst remembers what its last ten compilations used: 190 MB after sheets of twenty places,
        # a quarter of it once blank ones have taken their place.
        for _page in layout.pages:
            compiler.compile(b"", format="svg", sys_inputs=None)
    return drawn


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
