"""What follows the change log with the index: the places that pages show, and small tables."""

import time
from collections.abc import Callable

from directory.models import Place
from directory.search import memory
from directory.search.kept import shelf
from directory.search.kept.shelf import PAUSE_SECONDS

KEEP_SECONDS = 2.0
"""Between two readings of the small tables: an edit is seen within as long."""

KEEP_SHARE = 20
"""Small tables that grow are read less often: one part in twenty of the processor at most."""


class Follower:
    """Called by the threads of `directory.search.live`. Every method may raise django.db.Error."""

    def __init__(self) -> None:
        self._keep_after = 0.0

    def start(self) -> None:
        """Begin to keep: what is read stays."""
        shelf.is_kept = True

    def stop(self) -> None:
        """Keep nothing any more: nobody would tell what changes."""
        shelf.is_kept = False
        shelf.drop_all()
        memory.forget_all()
        self._keep_after = 0.0

    @property
    def kept_count(self) -> int:
        """How many places are kept."""
        return len(shelf)

    def changed(self, places: set[int]) -> None:
        """Forget what an edit has changed, and the principals of antennas that it may have made."""
        if shelf.is_kept:
            shelf.drop(places)
            principals = Place.objects.filter(pk__in=places, principal__isnull=False)
            shelf.drop(principals.order_by().values_list("principal_id", flat=True))

    def fill(self) -> None:
        """Read all that is kept, at once."""
        self.tick()
        shelf.fill()

    def refill(self, is_over: Callable[[], bool]) -> None:
        """Forget every place after an import, then read them again little by little."""
        if shelf.is_kept:
            shelf.drop_all()
            shelf.fill(PAUSE_SECONDS, is_over)

    def tick(self) -> None:
        """Read the small tables again, when it is time."""
        started = time.monotonic()
        if started < self._keep_after:
            return
        memory.keep_all()
        took = time.monotonic() - started
        self._keep_after = started + max(KEEP_SECONDS, took * KEEP_SHARE)
