"""QR codes of short addresses, and the pictograms of the site, as SVG."""

import re
from functools import lru_cache
from io import BytesIO
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

SHORT_PATH = "/l/"


@lru_cache(maxsize=2048)
def qr_svg(address: str) -> str:
    """Return the QR code of an address as an SVG text without any size, quiet zone included.

    Level M at least (15 % may be hidden): a sheet is folded, stained and copied.
    """
    code = segno.make(_in_capitals(address), error="m", micro=False, boost_error=True)
    drawn = BytesIO()
    code.save(
        drawn,
        kind="svg",
        xmldecl=False,
        nl=False,
        omitsize=True,
        border=4,
        light="#fff",
        svgclass="qr",
        lineclass=None,
    )
    return drawn.getvalue().decode()


def inline(address: str) -> SafeString:
    """Return the QR code as a page shows it; its name is told beside it."""
    drawing = qr_svg(address).replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    return mark_safe(drawing)  # noqa: S308 (drawn by segno: only dots)


def _in_capitals(address: str) -> str:
    """Return a short address in capitals, which need a third less dots; others as they are."""
    parts = urlsplit(address)
    return address.upper() if parts.path.startswith(SHORT_PATH) else address


@lru_cache(maxsize=1)
def pictograms() -> dict[str, str]:
    """Return every pictogram of the site's sprite as an SVG text of its own, in black."""
    sprite = (settings.BASE_DIR / "static/img/pictograms.svg").read_text(encoding="utf-8")
    return {
        name: f'<svg xmlns="http://www.w3.org/2000/svg"{attributes}>{drawing}</svg>'.replace(
            "currentColor", "#000"
        )
        for name, attributes, drawing in re.findall(
            r'<symbol id="([^"]+)"([^>]*)>(.*?)</symbol>', sprite, re.DOTALL
        )
    }
