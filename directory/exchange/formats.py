"""The formats of the field, and how to know them."""

from pathlib import Path

from directory.exchange import (
    data_inclusion,
    france_services,
    mapping_rows,
    mapping_text,
    standard,
    standard_v01,
)
from directory.exchange.tables import Format, UnreadableFileError
from directory.models import ImportMapping

CODED = (
    standard.FORMAT,
    standard_v01.FORMAT,
    france_services.FORMAT,
    data_inclusion.V1,
    data_inclusion.V0,
)
"""Formats too particular for a mapping."""


def known() -> list[Format]:
    """Return the formats that a file is recognised by: ours, then the mappings of the database."""
    mappings = ImportMapping.objects.filter(is_active=True)
    return [*CODED, *(_read(mapping.text, mapping.slug) for mapping in mappings)]


def asked(name: str) -> Format:
    """Return the format of a mapping, by its identifier or by the path of a TOML file.

    Raises UnreadableFileError when there is none, or when it is wrong.
    """
    found = ImportMapping.objects.filter(slug=name).first()
    if found:
        return _read(found.text, found.slug)
    path = Path(name)
    if path.suffix != ".toml" or not path.is_file():
        slugs = ", ".join(ImportMapping.objects.values_list("slug", flat=True)) or "aucune"
        raise UnreadableFileError(f"correspondance inconnue : {name}. Connues : {slugs}.")
    return _read(path.read_text(encoding="utf-8"), path.stem)


def _read(text: str, slug: str) -> Format:
    try:
        return mapping_rows.format_of(mapping_text.parse(text), slug)
    except mapping_text.MappingError as error:
        raise UnreadableFileError(f"correspondance {slug} : {error}") from error
