"""Values of fields as people read them, for the pages of history."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db import models
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _

from directory.exchange import phones
from directory.exchange.place_state import CHILDREN
from directory.models import Actor, Place, Service
from directory.models.history_rows import TRACKED
from directory.moderation.contributions import hours
from directory.moderation.workflow import listed

PHONES = frozenset({"phone", "booking_phone"})
TITLE_MAX = 80
"""Characters of a record's title."""


class Names:
    """Names of the records that rows speak of: noted first, then read by one query a model."""

    def __init__(self) -> None:
        self._wanted: dict[Any, set[Any]] = defaultdict(set)
        self._known: dict[Any, dict[Any, str]] = {}

    def want(self, row: Any) -> None:
        """Note the records that a row of history names."""
        model = row.instance_type
        for name, pair in row.changes.items():
            related = _related(model, name)
            for value in pair:
                if related and value is not None:
                    self._wanted[related].update(value if isinstance(value, list) else [value])
        for name in _titled_by(model):
            key = getattr(row, f"{name}_id")
            if key is not None:
                self._wanted[_related(model, name)].add(key)

    def read(self) -> None:
        """Read the names noted."""
        for model, keys in self._wanted.items():
            found = model._default_manager.in_bulk(keys)
            self._known[model] = {key: str(one) for key, one in found.items()}

    def of(self, model: Any, key: Any) -> str:
        """Return a record's name; what is gone is told as such."""
        return self._known.get(model, {}).get(key) or _("effacé (n° %(key)s)") % {"key": key}

    def title(self, row: Any) -> str:
        """Return how to call the record of a row."""
        model = row.instance_type
        parts = [
            self.of(_related(model, name), getattr(row, f"{name}_id"))
            for name in _titled_by(model)
            if getattr(row, f"{name}_id") is not None
        ]
        if hasattr(row, "starts_on"):
            parts.append(f"{_day(row.starts_on)} – {_day(row.ends_on)}")
        if hasattr(row, "is_national") and row.is_national:
            parts.append(_("tout le pays"))
        parts += [getattr(row, name) for name in ("name", "label") if getattr(row, name, "")]
        return ", ".join(parts)[:TITLE_MAX]


def said(model: Any, name: str, pair: list[Any], names: Names) -> tuple[str, str, str]:
    """Return the label of a field, what it was and what it is, in plain French."""
    nothing = _("rien")
    if name in {"services", "stops"} and model is Place:
        before, after = (_parts(name, value) for value in pair)
        return CHILDREN[name], before or nothing, after or nothing
    field = model._meta.get_field(name)
    label = str(field.verbose_name)
    if name in TRACKED[model]:
        first, second = (set(value) for value in pair)
        kept = [
            ", ".join(sorted(names.of(field.related_model, key) for key in side))
            for side in (first - second, second - first)
        ]
        return label, kept[0] or "–", kept[1] or "–"
    before, after = (_value(field, value, names) for value in pair)
    return label, before or nothing, after or nothing


def _value(field: Any, value: Any, names: Names) -> str:
    if value is None or value in ("", []):
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    text = str(dict(field.flatchoices).get(value, value))
    if field.is_relation:
        text = names.of(field.related_model, value)
    elif isinstance(value, bool):
        text = _("oui") if value else _("non")
    elif isinstance(field, models.DateField):
        text = _day(parse_date(text[:10])) or text
    elif field.name in PHONES:
        text = phone_display(value)
    elif field.name == "opening_hours":
        text = "\u00a0; ".join(hours.lines(value))
    elif isinstance(value, float):
        text = str(localize(value))
    return text


def phone_display(number: str) -> str:
    """Return a telephone as people write it; as it is when it is none."""
    try:
        return phones.display(number)
    except ValueError:
        return number


def _parts(name: str, value: Any) -> str:
    """Return services or recurring stops, as imports keep them, in words."""
    if name == "services":
        return listed(one[0] for one in value.values()) if value else ""
    return listed(", ".join(filter(None, one[1:])) for one in value) if value else ""


def _related(model: Any, name: str) -> Any:
    if name in {"services", "stops"} and model is Place:
        return None
    return model._meta.get_field(name).related_model


def _titled_by(model: Any) -> tuple[str, ...]:
    """Return the relations that tell which record it is."""
    if model in {Place, Actor, Service}:
        return ()
    candidates = ("need", "term", "region", "department", "commune")
    held = {field.name for field in model._meta.concrete_fields}
    return tuple(name for name in candidates if name in held)


def _day(value: date | None) -> str:
    return date_format(value, "j F Y") if value else ""
