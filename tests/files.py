"""The project's own files, as the tests of the house rules read them.

A file counts once git knows it or would take it (`git add`): what is ignored is nobody's business.
"""

import gzip
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@cache
def tracked() -> list[str]:
    """Paths of the project's files, relative to its root."""
    listed = subprocess.run(
        # A clone made by another account is still ours to read.
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-coz", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return sorted({path for path in listed.split("\0") if path and (ROOT / path).is_file()})


def ours(*suffixes: str) -> list[str]:
    """Tracked files written by hand with one of these endings."""
    return [
        path
        for path in tracked()
        if path.endswith(suffixes) and not re.search(r"(^|/)(migrations|vendor)/|\.min\.js$", path)
    ]


def read(path: str) -> str:
    """A file's text; compressed data is read as what it holds."""
    content = (ROOT / path).read_bytes()
    if path.endswith(".gz"):
        content = gzip.decompress(content)
    return content.decode("utf-8", errors="ignore")
