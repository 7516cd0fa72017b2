"""Leads the addresses of absorbed places to the kept ones."""

from collections.abc import Collection

from directory.exchange.duplicates.repointing import repoint, rewrite
from directory.models import Place, PlaceRedirect


def lead(absorbed: Collection[tuple[Place, int]]) -> None:
    """Lead each absorbed place's addresses to a kept one, and those that already led to it."""
    # A place may have taken the slug of one merged before: the last to have had it keeps it.
    former = list(PlaceRedirect.objects.filter(slug__in=[place.slug for place, _kept in absorbed]))
    for one in former:
        one.slug = f"lieu-{one.number}-fusionne"
    rewrite(former, ["slug"])
    PlaceRedirect.objects.bulk_create(
        PlaceRedirect(slug=place.slug, number=place.pk, place_id=kept) for place, kept in absorbed
    )
    repoint(PlaceRedirect.objects.all(), "place", [place.pk for place, _kept in absorbed])
