"""What a place was when its form was opened, lines included: signed, and sent back with the form.

A date would not do: a closure or a need changes without its place being written.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from directory.models import Closure, Place, Service, ServiceNeed, Stop

_SALT = "directory.place.version"
VALID_FOR = 7 * 24 * 3600
"""Seconds a page may stay open."""

UNTOLD = frozenset({"id", "created_at", "updated_at", "search_text"})
FIELDS = tuple(one.name for one in Place._meta.concrete_fields if one.name not in UNTOLD)
MANY = ("networks", "terms")
LINES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "closures": (Closure, ("starts_on", "ends_on", "reason")),
    "stops": (Stop, ("commune", "label", "on", "opening_hours")),
    "services": (
        Service,
        ("name", "description", "how_to_book", "opening_hours", "booking_url", "state"),
    ),
}
"""Lines under a place, by the prefix of their forms, and what the forms show of each."""

Version = dict[str, Any]


def taken(place: Place, known: Mapping[str, Any] | None = None) -> Version:
    """Return what a saved place is: plain values, lines by their key. Six queries.

    `known` may hold the rows of `MANY`, already read: two queries less.
    """
    told: Version = {
        "at": timezone.now(),
        "place": {
            name: getattr(place, Place._meta.get_field(name).attname)  # type: ignore[union-attr]
            for name in FIELDS
        },
    }
    for name in MANY:
        if known and name in known:
            told["place"][name] = sorted(one.pk for one in known[name])
            continue
        links = getattr(Place, name).through.objects.filter(place=place.pk)
        column = "term_id" if name == "terms" else "actor_id"
        told["place"][name] = sorted(links.values_list(column, flat=True))
    for prefix, (model, fields) in LINES.items():
        rows = model.objects.filter(place=place.pk).order_by("pk").values("pk", *fields)
        told[prefix] = {str(row.pop("pk")): row for row in rows}
    needs: dict[str, list[str]] = defaultdict(list)
    covered = ServiceNeed.objects.filter(service__place=place.pk).order_by("need_id")
    for service, need, basis in covered.values_list("service_id", "need_id", "basis"):
        needs[str(service)].append(f"{basis}:{need}")
    for key, row in told["services"].items():
        row["covered"] = needs[key]
    plain: Version = json.loads(json.dumps(told, cls=DjangoJSONEncoder))
    return plain


def signed(told: Version) -> str:
    """Return a version as a form carries it."""
    return signing.dumps(told, salt=_SALT, compress=True)


def read(text: str) -> Version | None:
    """Return the version that a form sent back; None when it is missing, forged or too old."""
    try:
        told: Version = signing.loads(text, salt=_SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
    return told


def differ(before: Version, after: Version) -> bool:
    """Tell whether anything changed between two versions."""
    return any(before[part] != after[part] for part in ("place", *LINES))
