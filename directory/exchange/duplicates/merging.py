"""Makes one place of two, in one transaction: nothing that either held is lost without a trace."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import ForeignObjectRel
from django.utils import timezone

from directory.exchange.duplicates import children, owners, pairs, snapshot
from directory.exchange.duplicates.parts import BOTH, PARTS, SECOND, Part, Side
from directory.exchange.duplicates.presets import presets
from directory.exchange.duplicates.score import Comparison
from directory.exchange.place_state import PLACE_FIELDS
from directory.models import (
    Closure,
    DuplicateCandidate,
    FieldProvenance,
    Place,
    PlaceRedirect,
    PlaceSource,
    Service,
    Stop,
)
from directory.models.history_rows import HistoryRow, follow
from directory.models.revisions import recording
from directory.vocabularies.duplicates import DuplicateStatus
from directory.vocabularies.names import Origin

HANDLED = frozenset(
    {
        Closure, DuplicateCandidate, FieldProvenance, Place, PlaceRedirect, PlaceSource, Service,
        Stop,
    }
)  # fmt: skip
"""Models that refer to places and are moved by rules of their own; the others follow the place."""


class MergeRefusedError(ValueError):
    """Nothing was written; the message says why."""


@transaction.atomic
@recording(Origin.MERGE)
def merge(
    kept: int,
    absorbed: int,
    choices: Mapping[str, str] | None = None,
    *,
    by: AbstractBaseUser | None = None,
    found: Comparison | None = None,
) -> Place:
    """Merge place `absorbed` into place `kept`, by their numbers, and return it.

    `choices` say where each part is taken from (FIRST: the kept one); those missing follow the
    presets. With `by`, what differed is locked: a person chose. `found` is what says that they are
    one, when no pair in the database does. Raises MergeRefusedError.
    """
    first, second = _sides(kept, absorbed)
    taken = {**presets(first, second), **(choices or {})}
    held = snapshot.take(second.place)
    services = _service_ids(second.place)
    owners.move(first, second, taken, is_chosen=by is not None)
    for part in PARTS:
        _take(part, first.place, second.place, taken[part.name])
    children.move(first.place, second.place, taken)
    children.move_sources(first.place, second.place, services)
    _move_antennas(first.place, second.place)
    for relation in _other_relations():
        _follow(relation, kept, absorbed)
    follow(absorbed, kept)
    _redirect(first.place, second.place)
    pair = pairs.absorb(kept, absorbed)
    pair.first, pair.second = first.place, None
    if found:
        pair.score, pair.reasons = found.score, [str(reason) for reason in found.reasons]
    pair.status = DuplicateStatus.MERGED
    pair.decided_at, pair.decided_by = timezone.now(), by  # type: ignore[assignment]
    pair.absorbed = held
    pair.save()
    first.place.save()
    second.place.delete()
    return first.place


def _sides(kept: int, absorbed: int) -> tuple[Side, Side]:
    """Read and lock both records, always in the same order: two merges never wait in a ring."""
    rows = Place.objects.select_for_update().filter(pk__in=(kept, absorbed)).order_by("pk")
    found = {place.pk: place for place in rows}
    if len(found) != 2:
        raise MergeRefusedError("Une des deux fiches n’existe plus.")
    return Side(found[kept]), Side(found[absorbed])


def _service_ids(place: Place) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = place.services.exclude(external_id="").exclude(source=None)
    for source, external_id in rows.values_list("source_id", "external_id"):
        found[source or 0].append(external_id)
    return found


def _take(part: Part, kept: Place, absorbed: Place, choice: str) -> None:
    for name in part.columns:
        attribute = PLACE_FIELDS[name].attname
        own, other = getattr(kept, attribute), getattr(absorbed, attribute)
        if choice == BOTH and part.is_many:
            setattr(kept, attribute, list(dict.fromkeys([*own, *other])))
        elif choice == SECOND:
            setattr(kept, attribute, other)


def _move_antennas(kept: Place, absorbed: Place) -> None:
    """Give the kept place the other's antennas; it is no antenna of either."""
    absorbed.antennas.exclude(pk=kept.pk).update(principal=kept)
    if kept.principal_id in {kept.pk, absorbed.pk}:
        other = absorbed.principal_id
        kept.principal_id = None if other == kept.pk else other


def _follow(relation: ForeignObjectRel, kept: int, absorbed: int) -> None:
    """Give the kept place the rows of a relation; what it had already, by a rule, goes."""
    rows = relation.related_model._default_manager
    for key in rows.filter(**{relation.field.name: absorbed}).values_list("pk", flat=True):
        try:
            with transaction.atomic():
                rows.filter(pk=key).update(**{relation.field.name: kept})
        except IntegrityError:
            rows.filter(pk=key).delete()


def _redirect(kept: Place, absorbed: Place) -> None:
    """Lead the absorbed place's addresses to the kept one, and those that already led to it."""
    PlaceRedirect.objects.filter(place=absorbed).update(place=kept)
    # A place may have taken the slug of one merged before: the last to have had it keeps it.
    for former in PlaceRedirect.objects.filter(slug=absorbed.slug):
        former.slug = f"lieu-{former.number}-fusionne"
        former.save(update_fields=["slug"])
    PlaceRedirect.objects.create(slug=absorbed.slug, number=absorbed.pk, place=kept)


def _other_relations() -> Iterator[ForeignObjectRel]:
    """Yield the relations to places that no rule here names: contributions, and those to come."""
    for relation in Place._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or not relation.one_to_many:
            continue
        model = relation.related_model
        if issubclass(model, HistoryRow):  # see `follow`
            continue
        if model not in HANDLED and not model._meta.auto_created:
            yield relation
