"""Which parts of a place a person has just corrected, lines included: imports leave them alone."""

from typing import Any

from directory.models import Service, Stop


def corrected_parts(form: Any, formsets: Any) -> set[str]:
    """Return the names of the parts, as directory/exchange/locks.py knows them."""
    parts = set(form.changed_data)
    for formset in formsets:
        rows = [one for one in formset.forms if one.has_changed()]
        # Imports leave dated stops alone, and services that are a person's own.
        if formset.model is Stop and any(map(_recurs, rows)):
            parts.add("stops")
        if formset.model is Service and any(one.instance.source_id for one in rows):
            parts.add("services")
    return parts


def _recurs(form: Any) -> bool:
    return form.instance.on is None or "on" in form.changed_data
