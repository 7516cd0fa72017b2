"""The places of this process, as bytes by key, in step with the change log.

A server fills it before it forks and drops what an edit has changed; a place not there is read, by
the request that asks for it. Without a server (commands, tests) every call reads.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from directory.models import Place
from directory.search.kept.facts import PlaceFacts, packed, unpacked
from directory.search.kept.reading import read_places

CAPACITY = 250_000
"""Places kept: ten times the country's, some 200 MB. Beyond, the oldest read leaves."""

CHUNK = 500
"""Places read at once when filling."""

PAUSE_SECONDS = 0.02
"""Between two chunks, when requests wait for the same processor."""


class Shelf:
    """Holds places. Readers of any thread see a place as it was, or as it is, never between."""

    def __init__(
        self,
        read: Callable[[Sequence[int]], list[PlaceFacts]] = read_places,
        capacity: int = CAPACITY,
    ) -> None:
        self._read, self._capacity = read, capacity
        self.is_kept = False
        self.clear()

    def clear(self) -> None:
        """Forget every place."""
        self._turn = threading.Lock()
        self._places: dict[int, bytes] = {}
        self._slugs: dict[str, int] = {}
        self._drops = 0

    def __len__(self) -> int:
        return len(self._places)

    # --- What readers call ------------------------------------------------------------------------

    def get(self, ids: Iterable[int]) -> dict[int, PlaceFacts]:
        """Return the published places among `ids`, by key; those not kept are read, in 5 queries.

        Raises django.db.Error when it must read and the database does not answer.
        """
        wanted = list(ids)
        if not self.is_kept:
            return {facts.id: facts for facts in self._read(wanted)}
        found, places = {}, self._places
        missing = []
        for key in wanted:
            kept = places.get(key)
            if kept is None:
                missing.append(key)
            else:
                found[key] = unpacked(kept)
        if missing:
            found |= {facts.id: facts for facts in self._read_and_keep(missing)}
        return found

    def by_slug(self, slug: str) -> PlaceFacts | None:
        """Return a published place, None when there is none; one more query when not kept."""
        key = self._slugs.get(slug)
        if key is not None:
            facts = self.get([key]).get(key)
            if facts is not None and facts.slug == slug:
                return facts
        key = Place.objects.published().filter(slug=slug).values_list("pk", flat=True).first()
        return self.get([key]).get(key) if key is not None else None

    def fingerprint(self, slug: str) -> bytes | None:
        """Return the bytes of a place: they change when it does. None when not kept."""
        return self._places.get(self.key(slug)) if self.is_kept else None

    def key(self, slug: str) -> int:
        """Return the key of a kept place, 0 when it is not kept."""
        return self._slugs.get(slug, 0)

    # --- What the thread that follows the change log calls ----------------------------------------

    def drop(self, ids: Iterable[int]) -> None:
        """Forget places that have changed."""
        with self._turn:
            self._drops += 1
            for key in ids:
                if kept := self._places.pop(key, None):
                    self._slugs.pop(unpacked(kept).slug, None)

    def drop_all(self) -> None:
        """Forget every place; requests go on, and read."""
        with self._turn:
            self._drops += 1
            self._places, self._slugs = {}, {}

    def fill(self, pause: float = 0.0, is_over: Callable[[], bool] | None = None) -> None:
        """Read every published place not kept, up to its capacity; raises django.db.Error."""
        last = 0
        while len(self._places) < self._capacity and not (is_over and is_over()):
            rows = Place.objects.published().filter(pk__gt=last).order_by("pk")
            keys = list(rows.values_list("pk", flat=True)[:CHUNK])
            if not keys:
                return
            last = keys[-1]
            self._read_and_keep([key for key in keys if key not in self._places])
            time.sleep(pause)

    def _read_and_keep(self, ids: Sequence[int]) -> list[PlaceFacts]:
        drops = self._drops
        read = self._read(ids)
        with self._turn:
            # What was read may be older than an edit dropped meanwhile.
            if drops == self._drops and self.is_kept:
                for facts in read:
                    self._places[facts.id] = packed(facts)
                    self._slugs[facts.slug] = facts.id
                self._make_room()
        return read

    def _make_room(self) -> None:
        for key in list(islice(self._places, max(0, len(self._places) - self._capacity))):
            facts = unpacked(self._places.pop(key))
            self._slugs.pop(facts.slug, None)


shelf = Shelf()
