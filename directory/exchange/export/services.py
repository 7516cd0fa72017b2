"""Tells each service of places whole: needs and how they are known, terms and days, areas."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from directory.models import Service, ServiceArea, ServiceNeed, ServiceTerm


def services_of(keys: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the services that open data may hold, by key of place; four queries."""
    services = list(Service.objects.publishable().filter(place__in=keys).order_by("position", "pk"))
    numbers = [service.pk for service in services]
    needs: dict[int, list[dict[str, str]]] = defaultdict(list)
    rows = ServiceNeed.objects.filter(service__in=numbers).order_by("need__position", "pk")
    for number, code, rule in rows.values_list("service_id", "need__code", "rule"):
        needs[number].append({"code": code, "regle": rule} if rule else {"code": code})
    terms: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    joined = ServiceTerm.objects.filter(service__in=numbers).order_by(
        "term__vocabulary", "term__position", "pk"
    )
    for number, vocabulary, code, days in joined.values_list(
        "service_id", "term__vocabulary", "term__code", "days"
    ):
        terms[number][vocabulary].append(f"{code} ({days})" if days else code)
    areas = _areas(numbers)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for service in services:
        told = {
            "nom": service.name,
            "description": service.description,
            "comment": service.how_to_book,
            "horaires": service.opening_hours,
            "prise_rdv": service.booking_url,
            "precision_zone": service.area_note,
            "zones": areas[service.pk],
            "caracteristiques": terms[service.pk],
        }
        kept = {name: value for name, value in told.items() if value}
        found[service.place_id or 0].append(kept | {"besoins": needs[service.pk]})
    return found


def _areas(numbers: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = ServiceArea.objects.filter(service__in=numbers).order_by("pk")
    for area in rows:
        named = {
            "commune": area.commune_id,
            "departement": area.department_id,
            "region": area.region_id,
        }
        codes = [f"{kind}:{code}" for kind, code in named.items() if code]
        found[area.service_id].append(codes[0] if codes else "france")
    return found
