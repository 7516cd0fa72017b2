"""Where a Chromium is on this machine. Imports neither pytest nor Playwright: `make test` asks."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PLAYWRIGHT_FOLDERS = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
PLAYWRIGHT_BINARIES = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


def find_chromium() -> str | None:
    """CHROMIUM, else the system's Chromium or Chrome, else Playwright's; None without any."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given
    for name in NAMES:
        if path := shutil.which(name):
            return path
    for path in MACOS:
        if Path(path).exists():
            return path
    folders = (os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""), *PLAYWRIGHT_FOLDERS)
    for folder in filter(None, folders):
        for pattern in PLAYWRIGHT_BINARIES:
            for found in sorted(Path(folder).expanduser().glob(pattern), reverse=True):
                return str(found)
    return None
