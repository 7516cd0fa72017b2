"""What a record held before it was absorbed, in JSON: enough to say it, and to type it again."""

import json
from itertools import chain
from typing import Any

from django.core import serializers

from directory.models import Place, ServiceArea, ServiceNeed, ServiceTerm


def take(place: Place) -> dict[str, Any]:
    """Return the record and all that hangs on it, as Django's serializer writes them.

    Contributions are moved, not copied: only their numbers are kept.
    """
    services = list(place.services.all())
    hanging = chain(
        services,
        ServiceNeed.objects.filter(service__in=services),
        ServiceTerm.objects.filter(service__in=services),
        ServiceArea.objects.filter(service__in=services),
        place.closures.all(),
        place.stops.all(),
        place.source_records.all(),
        place.field_provenances.all(),
    )
    return {
        "number": place.pk,
        "slug": place.slug,
        "name": place.name,
        "contributions": list(place.contributions.values_list("pk", flat=True)),
        "rows": json.loads(serializers.serialize("json", [place, *hanging])),
    }
