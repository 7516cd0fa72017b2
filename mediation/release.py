"""The name of what is served, when a deployer gives none."""

from pathlib import Path

FOLDERS = ("directory", "mediation", "templates", "static")


def newest_file(base: Path) -> str:
    """Return the time of the newest file served under `base`, in nanoseconds since 1970."""
    times = (
        path.stat().st_mtime_ns
        for folder in FOLDERS
        for path in (base / folder).rglob("*")
        if path.suffix != ".pyc"
    )
    return str(max(times, default=0))
