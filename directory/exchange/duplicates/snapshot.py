"""What a record held before it was absorbed, in JSON: enough to say it, and to type it again."""

import json
from itertools import chain
from typing import Any

from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder

from directory.exchange.duplicates.parts import Side
from directory.exchange.place_state import PLACE_FIELDS


def take(side: Side) -> dict[str, Any]:
    """Return the record and all that hangs on it, as Django's serializer writes them.

    Contributions are moved, not copied: only their numbers are kept.
    """
    place, own = side.place, side.hanging
    (told,) = serializers.serialize("python", [place], fields=tuple(PLACE_FIELDS))
    told["fields"] |= {
        "networks": [link.key for link in own.networks],
        "terms": [link.key for link in own.terms],
    }
    hanging = chain(own.rows(), side.provenance.values())
    rows = [told, *serializers.serialize("python", hanging)]
    return {
        "number": place.pk,
        "slug": place.slug,
        "name": place.name,
        "contributions": own.contributions,
        "rows": json.loads(json.dumps(rows, cls=DjangoJSONEncoder)),
    }
