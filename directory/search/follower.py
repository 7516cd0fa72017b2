"""What follows the change log with the index: the places that pages show, and small tables."""

import time
from collections.abc import Callable

from directory.search import memory
from directory.search.kept import shelf
from directory.search.kept.shelf import PAUSE_SECONDS
from directory.search.live_state import Follower

KEEP_SECONDS = 2.0
"""Between two readings of the small tables: an edit is seen within as long."""

KEEP_SHARE = 20
"""Small tables that grow are read less often: one part in twenty of the processor at most."""


class Memory(Follower):
    """Keeps in step the places that pages show and the small tables."""

    def __init__(self) -> None:
        self._keep_after = 0.0

    def start(self) -> None:
        shelf.is_kept = True

    def stop(self) -> None:
        shelf.is_kept = False
        shelf.drop_all()
        memory.forget_all()
        self._keep_after = 0.0

    @property
    def kept_count(self) -> int:
        return len(shelf)

    def changed(self, places: set[int]) -> None:
        shelf.drop(places)

    def rebuilt(self) -> None:
        shelf.drop_all()

    def fill(self, is_over: Callable[[], bool] | None = None) -> None:
        self.tick()
        if shelf.is_kept:
            shelf.fill(PAUSE_SECONDS if is_over else 0.0, is_over)

    def tick(self) -> None:
        started = time.monotonic()
        if started < self._keep_after:
            return
        memory.keep_all()
        took = time.monotonic() - started
        self._keep_after = started + max(KEEP_SECONDS, took * KEEP_SHARE)
