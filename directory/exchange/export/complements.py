"""What the directory knows of a place and the national standard has no column for.

Needs, each service with its languages and days, closures, stops, how to book, how precise the
position is. Lists inside a cell are JSON.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from directory.exchange.export import csv_file, schema
from directory.exchange.export.row import ExportRow
from directory.exchange.export.services import services_of
from directory.models import Closure, Place, Stop
from directory.models.querysets import PlaceQuerySet

COLUMNS = (
    "besoins_declares", "besoins_deduits", "services_detail", "caracteristiques", "reseaux",
    "groupe", "lieu_principal", "precision_position", "precision_horaires", "rendez_vous",
    "precision_rendez_vous", "telephone_rendez_vous", "telephone_court", "tournees", "passages",
    "fermetures", "a_savoir", "presentation_entiere", "verifie_le", "facon_de_verifier",
)  # fmt: skip

TEXTS = {
    "groupe": "group_name",
    "precision_position": "position_precision",
    "precision_horaires": "hours_note",
    "rendez_vous": "appointment",
    "precision_rendez_vous": "appointment_note",
    "telephone_rendez_vous": "booking_phone",
    "tournees": "rounds",
    "a_savoir": "notes",
    "presentation_entiere": "summary",
    "facon_de_verifier": "verification_method",
}
"""Fields of `Place` written as they are."""

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Those that no file of text holds."""

Lists = dict[int, list[Any]]


def write(chunks: Iterator[list[ExportRow]]) -> Iterator[bytes]:
    """Yield what the standard has no column for, for every place, by `id`."""
    yield csv_file.lines(("id", *COLUMNS), ()).encode()
    for chunk in chunks:
        told = of(chunk)
        records = ([row.cells["id"], *told[row.facts.place.pk]] for row in chunk)
        yield csv_file.lines((), records).encode()


def write_outside(chunks: Iterator[list[ExportRow]]) -> Iterator[bytes]:
    """Yield the places that the standard cannot hold, why, and all that is known of them."""
    yield csv_file.lines((*schema.columns(), "motif", *COLUMNS), ()).encode()
    for chunk in chunks:
        kept = [row for row in chunk if row.reasons]
        told = of(kept)
        records = (
            [*row.cells.values(), " ; ".join(row.reasons), *told[row.facts.place.pk]]
            for row in kept
        )
        yield csv_file.lines((), records).encode()


def of(rows: Sequence[ExportRow]) -> dict[int, list[str]]:
    """Return the cells of COLUMNS by key of place; nine queries, whatever the number of rows."""
    keys = [row.facts.place.pk for row in rows]
    services = services_of(keys) if keys else {}
    told = {
        "caracteristiques": _terms(keys),
        "reseaux": _networks(keys),
        "passages": _by_place(Stop.objects.filter(place__in=keys), _stop),
        "fermetures": _by_place(Closure.objects.filter(place__in=keys), _closure),
    }
    principals = _principals(rows)
    return {
        row.facts.place.pk: [
            CONTROLS.sub("", cells[name])
            for cells in [_cells(row, services, told, principals)]
            for name in COLUMNS
        ]
        for row in rows
    }


def _cells(
    row: ExportRow, services: Lists, told: dict[str, Lists], principals: dict[int, str]
) -> dict[str, str]:
    place, hidden = row.facts.place, row.facts.withheld
    key = place.pk
    offered = services.get(key, [])
    needs = [need for service in offered for need in service["besoins"]]
    declared = dict.fromkeys(need["code"] for need in needs if "regle" not in need)
    deduced = dict.fromkeys(f"{n['code']} ({n['regle']})" for n in needs if "regle" in n)
    cells = {name: str(getattr(place, field)) for name, field in TEXTS.items()}
    if cells["presentation_entiere"] == row.cells["presentation_resume"]:
        cells["presentation_entiere"] = ""
    return cells | {
        "besoins_declares": "|".join(declared),
        "besoins_deduits": "|".join(deduced),
        "services_detail": _json(offered),
        "caracteristiques": "|".join([] if "terms" in hidden else told["caracteristiques"][key]),
        "reseaux": "|".join([] if "networks" in hidden else told["reseaux"][key]),
        "lieu_principal": principals.get(place.principal_id or 0, ""),
        "telephone_court": place.phone if place.phone and not row.cells["telephone"] else "",
        "passages": _json([] if "stops" in hidden else told["passages"][key]),
        "fermetures": _json(told["fermetures"][key]),
        "verifie_le": place.verified_on.isoformat() if place.verified_on else "",
    }


def _json(value: list[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""


def _terms(keys: Iterable[int]) -> Lists:
    """Return the place's own terms that the standard does not have, as `vocabulary:code`."""
    joined = Place.terms.through.objects.filter(place__in=keys, term__published="")
    rows = joined.order_by("term__vocabulary", "term__position", "term__code")
    found: Lists = defaultdict(list)
    for key, vocabulary, code in rows.values_list("place_id", "term__vocabulary", "term__code"):
        found[key].append(f"{vocabulary}:{code}")
    return found


def _networks(keys: Iterable[int]) -> Lists:
    found: Lists = defaultdict(list)
    rows = Place.networks.through.objects.filter(place__in=keys, actor__state="published")
    for key, slug in rows.order_by("actor__slug").values_list("place_id", "actor__slug"):
        found[key].append(slug)
    return found


def _by_place(rows: QuerySet[Any], told: Callable[[Any], dict[str, Any]]) -> Lists:
    found: Lists = defaultdict(list)
    for row in rows.order_by("pk"):
        found[row.place_id].append({name: value for name, value in told(row).items() if value})
    return found


def _stop(stop: Stop) -> dict[str, Any]:
    return {
        "commune": stop.commune_id,
        "endroit": stop.label,
        "le": stop.on.isoformat() if stop.on else "",
        "horaires": stop.opening_hours,
        "latitude": stop.latitude,
        "longitude": stop.longitude,
    }


def _closure(closure: Closure) -> dict[str, Any]:
    return {
        "du": closure.starts_on.isoformat(),
        "au": closure.ends_on.isoformat(),
        "raison": closure.reason,
    }


def _principals(rows: Sequence[ExportRow]) -> dict[int, str]:
    """Return the names of the principal places of antennas, by key."""
    keys = {row.facts.place.principal_id for row in rows if row.facts.place.principal_id}
    published: PlaceQuerySet = Place.objects.publishable()
    return dict(published.filter(pk__in=keys).values_list("pk", "name"))
