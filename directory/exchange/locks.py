"""Fields that a person corrected: no import overwrites them."""

from collections.abc import Iterable

from directory.exchange.place_state import CHILDREN, PLACE_FIELDS
from directory.models import FieldProvenance, Place
from directory.vocabularies.names import Credit

NOT_IMPORTED = {
    "id", "slug", "state", "search_text", "source", "source_updated_on", "verified_on",
    "verification_method", "completeness", "created_at", "updated_at",
}  # fmt: skip
LOCKABLE = (CHILDREN.keys() | PLACE_FIELDS.keys()) - NOT_IMPORTED
"""Parts of a place that an import writes, and that a person may correct."""
POINT = frozenset({"latitude", "longitude", "position_precision"})
"""One is not corrected without the others."""


def lock(place: Place, names: Iterable[str], credit: Credit = Credit.MODERATOR) -> None:
    """Lock parts of a place that a person has just written; the others are left as they are.

    `credit` says whose correction it is.
    """
    given = set(names)
    parts = (given | POINT if given & POINT else given) & LOCKABLE
    for name in sorted(parts):
        FieldProvenance.objects.update_or_create(
            place=place,
            field=name,
            defaults={"is_locked": True, "source": None, "proposal": None, "credit": credit},
        )
