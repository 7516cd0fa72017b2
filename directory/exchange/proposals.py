"""What imports propose for corrected fields: accept the producer's value, or keep ours.

Accepting gives the field back to its source, whose next files it follows; keeping remembers the
value that was refused, which is not proposed again.
"""

from collections.abc import Iterable

from django.db import models, transaction

from directory.exchange import place_state
from directory.exchange.locks import POINT
from directory.exchange.place_state import CHILDREN, PLACE_FIELDS
from directory.models import FieldProvenance, Place, PlaceSource


def waiting(place: Place) -> models.QuerySet[FieldProvenance]:
    """Return the proposals made for a place."""
    return FieldProvenance.objects.proposed().filter(place=place)


def is_written_at_once(field: str) -> bool:
    """Tell whether accepting writes the value now, or lets the source's next file write it."""
    return field not in CHILDREN


def shown(provenance: FieldProvenance) -> tuple[str, str]:
    """Return our value and the proposed one, as people read them."""
    field, place = provenance.field, provenance.place
    ours = getattr(place, field, "") if field in PLACE_FIELDS else ""
    return place_state.shown(ours, field), place_state.shown(provenance.proposal, field)


@transaction.atomic
def accept(chosen: Iterable[FieldProvenance]) -> int:
    """Put the proposed values in place of ours and unlock the fields; return how many.

    The point of a place is accepted whole. Services, terms, networks, stops and the operator are
    only unlocked: the row is read again, and written, with the source's next file.
    """
    count = 0
    for provenance in list(chosen):
        group = POINT if provenance.field in POINT else {provenance.field}
        rows = FieldProvenance.objects.proposed().select_for_update()
        found = {row.field: row for row in rows.filter(place=provenance.place_id, field__in=group)}
        if provenance.field in found:
            count += 1
            _accept(provenance.place_id, found, group)
    return count


def keep(chosen: Iterable[FieldProvenance]) -> int:
    """Keep our values, and remember those that are refused; return how many."""
    count = 0
    for provenance in list(chosen):
        still = FieldProvenance.objects.proposed().filter(
            pk=provenance.pk, proposal=provenance.proposal
        )
        count += still.update(proposal=None, declined=models.F("proposal"))
    return count


def _accept(key: int, found: dict[str, FieldProvenance], group: Iterable[str]) -> None:
    place = Place.objects.select_for_update().get(pk=key)
    now = [name for name in found if is_written_at_once(name)]
    later = [row.source_id for name, row in found.items() if not is_written_at_once(name)]
    for name in now:
        setattr(place, PLACE_FIELDS[name].attname, found[name].proposal)
    if now:
        place.save(update_fields=[*now, "search_text", "updated_at"])
    FieldProvenance.objects.filter(place=place, field__in=set(group) - found.keys()).delete()
    for row in found.values():
        if row.source_id == place.source_id:
            row.delete()
        else:
            row.is_locked, row.proposal, row.declined = False, None, None
            row.save()
    PlaceSource.objects.filter(place=place, source__in=later).update(content_hash="")
