"""Keeps mappings in the database: saves one that is right, loads those that are shipped."""

import hashlib
from pathlib import Path

from directory.exchange import mapping_rows, mapping_text
from directory.models import ImportMapping


def check(text: str) -> mapping_text.ParsedMapping:
    """Return a mapping whose every value is known here; raise mapping_text.MappingError."""
    return mapping_text.parse(text, mapping_rows.known_values())


def load(folder: Path) -> int:
    """Load the shipped mappings, vocabularies being there; return their count.

    One that a person edited is left as it is.
    """
    paths = sorted(folder.glob("*.toml"))
    for path in paths:
        text = path.read_text(encoding="utf-8")
        mapping = ImportMapping.objects.filter(slug=path.stem).first()
        if mapping is None:
            mapping = ImportMapping(slug=path.stem)
        elif mapping.shipped_digest != _digest(mapping.text):
            continue
        mapping.text, mapping.shipped_digest = text, _digest(text)
        mapping.title = check(text).title
        mapping.save()
    return len(paths)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
