"""The places of an actor, as the index's bitset: maps draw them like those of a search."""

from django.db.models import Q

from directory.models import Place
from directory.search.index import SearchIndex
from directory.search.index.bits import from_slots

KEPT_ACTORS = 32
"""Actors whose places are kept while the index does not change, 1 MB at 200,000 places."""


def places_of_actor(index: SearchIndex, actor: int) -> int:
    """Return the places that an actor runs, or that belong to its network; one query, then none.

    Raises django.db.Error.
    """
    kept: dict[int, int] = index.remember("actors", dict)
    found = kept.get(actor)
    if found is None:
        found = kept[actor] = _read(index, actor)
        while len(kept) > KEPT_ACTORS:
            kept.pop(next(iter(kept)), None)
    return found


def _read(index: SearchIndex, actor: int) -> int:
    places = Place.objects.published().filter(Q(operator=actor) | Q(networks=actor))
    keys = set(places.order_by().values_list("pk", flat=True))
    slots = [slot for key in keys if (slot := index.base.slot(key)) is not None]
    slots += [slot for slot in index.tail_slots if index.rows.id(slot) in keys]
    return from_slots(slots, index.base.size + len(index.tail)) & index.alive
