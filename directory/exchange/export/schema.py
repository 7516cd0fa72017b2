"""The published schema of the national standard, which every exported row follows to the letter."""

import json
import re
from functools import cache
from typing import Any

from django.conf import settings

PATH = settings.FIXTURES_DIR / "standard" / "schema_v1.0.2.json"

WRITTEN = {"Étapes numériques (La Poste)": "Étapes numériques(La Poste)"}
"""The schema's own pattern forgets a space that all data have: a valid file must forget it too."""

REASONS = {
    "id": "pas d’identifiant",
    "pivot": "pas de SIRET, de RNA ni de RIDET",
    "nom": "pas de nom",
    "commune": "pas de commune",
    "code_postal": "pas de code postal",
    "adresse": "pas d’adresse",
    "date_maj": "pas de date de mise à jour",
}
"""Why a row that lacks a required value is not in the standard's files."""


@cache
def _fields() -> dict[str, dict[str, Any]]:
    published: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
    return {field["name"]: field for field in published["fields"]}


@cache
def columns() -> tuple[str, ...]:
    """Return the 32 columns in the published order."""
    return tuple(_fields())


@cache
def longest(column: str) -> int | None:
    """Return how many characters a column holds, None when the schema does not say."""
    limit: int | None = _fields()[column].get("constraints", {}).get("maxLength")
    return limit


@cache
def holds(column: str, value: str) -> bool:
    """Tell whether the pattern of a column accepts a value; only for closed lists (it is kept)."""
    return fits(column, value)


def fits(column: str, value: str) -> bool:
    """Tell whether the pattern of a column accepts a value."""
    pattern = _pattern(column)
    return pattern is None or pattern.fullmatch(value) is not None


@cache
def _pattern(column: str) -> re.Pattern[str] | None:
    written = _fields()[column].get("constraints", {}).get("pattern")
    return re.compile(written) if written else None


@cache
def required() -> tuple[str, ...]:
    """Return the columns without which a row is not valid."""
    return tuple(
        name for name, field in _fields().items() if field.get("constraints", {}).get("required")
    )


def missing(cells: dict[str, str]) -> tuple[str, ...]:
    """Return why the standard cannot hold a row, nothing when it can."""
    return tuple(REASONS[name] for name in required() if not cells[name])
