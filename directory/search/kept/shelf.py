"""The places of this process, as bytes by key, in step with the change log.

A server fills it before it forks and drops what an edit has changed; a place not there is read, by
the request that asks for it. Without a server (commands, tests) every call reads.
"""

import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from operator import attrgetter

from directory.models import Place
from directory.search.kept.facts import PlaceFacts, packed, unpacked
from directory.search.kept.pack import Pack
from directory.search.kept.reading import read_places

CAPACITY = 250_000
"""Places kept: ten times the country's, some 200 MB. Beyond, the oldest read leaves."""

CHUNK = 500
"""Places read at once when filling."""

PAUSE_SECONDS = 0.02
"""Between two chunks, when requests wait for the same processor."""

_FIRST = attrgetter("first")


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
        self._drops = 0
        self._empty()

    def _empty(self) -> None:
        self._packs: tuple[Pack, ...] = ()
        """In the order of their keys, that of their filling."""
        self._gone: set[int] = set()
        """Places of the packs that have changed since."""
        self._late: dict[int, bytes] = {}
        """Places read since the filling."""
        self._slugs: dict[str, int] = {}

    def __len__(self) -> int:
        return sum(map(len, self._packs)) - len(self._gone) + len(self._late)

    def _kept(self, key: int) -> bytes | None:
        kept = self._late.get(key)
        return self._packed(key) if kept is None and key not in self._gone else kept

    def _packed(self, key: int) -> bytes | None:
        packs = self._packs
        rank = bisect_right(packs, key, key=_FIRST)
        return packs[rank - 1].get(key) if rank else None

    # --- What readers call ------------------------------------------------------------------------

    def get(self, ids: Iterable[int]) -> dict[int, PlaceFacts]:
        """Return the published places among `ids`, by key; those not kept are read, in 5 queries.

        Raises django.db.Error when it must read and the database does not answer.
        """
        wanted = list(ids)
        if not self.is_kept:
            return {facts.id: facts for facts in self._read(wanted)}
        found, missing = {}, []
        for key in wanted:
            kept = self._kept(key)
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
        return self._kept(self.key(slug)) if self.is_kept else None

    def key(self, slug: str) -> int:
        """Return the key of a kept place, 0 when it is not kept."""
        return self._slugs.get(slug, 0)

    # --- What the thread that follows the change log calls ----------------------------------------

    def drop(self, ids: Iterable[int]) -> None:
        """Forget places that have changed."""
        with self._turn:
            self._drops += 1
            for key in ids:
                if kept := self._kept(key):
                    self._slugs.pop(unpacked(kept).slug, None)
                    if self._packed(key):
                        self._gone.add(key)
                    self._late.pop(key, None)

    def drop_all(self) -> None:
        """Forget every place; requests go on, and read."""
        with self._turn:
            self._drops += 1
            self._empty()

    def fill(self, pause: float = 0.0, is_over: Callable[[], bool] | None = None) -> None:
        """Read every published place not kept, up to its capacity; raises django.db.Error."""
        last = 0
        while len(self) < self._capacity and not (is_over and is_over()):
            rows = Place.objects.published().filter(pk__gt=last).order_by("pk")
            keys = list(rows.values_list("pk", flat=True)[:CHUNK])
            if not keys:
                return
            last = keys[-1]
            missing = [key for key in keys if self._kept(key) is None]
            self._read_and_keep(missing, is_filling=True)
            time.sleep(pause)

    def _read_and_keep(self, ids: Sequence[int], is_filling: bool = False) -> list[PlaceFacts]:
        drops = self._drops
        read = self._read(ids)
        with self._turn:
            # What was read may be older than an edit dropped meanwhile.
            if drops == self._drops and self.is_kept:
                self._keep(read, is_filling)
        return read

    def _keep(self, read: Sequence[PlaceFacts], is_filling: bool) -> None:
        places = {facts.id: packed(facts) for facts in read}
        if is_filling and places and (not self._packs or self._packs[-1].last < min(places)):
            self._packs = (*self._packs, Pack(places))
        else:
            self._late |= places
        self._slugs |= {facts.slug: facts.id for facts in read}
        for key in list(islice(self._late, max(0, len(self) - self._capacity))):
            self._slugs.pop(unpacked(self._late.pop(key)).slug, None)


shelf = Shelf()
