"""What a process holds of the search index, and for how long what it says of hours holds."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from directory.models.changes import Position
from directory.search.index import SearchIndex

SLICE_SECONDS = 300
"""How long what the index says of opening hours holds, see `SearchIndex.advance`."""


@dataclass(frozen=True)
class State:
    """An index, how much of the log it holds, when it was last in step, its slice of time."""

    index: SearchIndex
    position: Position
    in_step_at: datetime
    slice: int

    def at(self, now: datetime) -> "State":
        """Return the state once its index knows who is open `now`: the database is not asked."""
        if self.slice == slice_number(now):
            return self
        self.index.advance(now)
        return replace(self, slice=slice_number(now))


def slice_number(moment: datetime) -> int:
    """Return the number of the slice of time that holds `moment`."""
    return int(moment.timestamp() // SLICE_SECONDS)


class Follower:
    """What the threads of an index take along; this one, nothing. May raise django.db.Error."""

    @property
    def kept_count(self) -> int:
        """How many places are kept."""
        return 0

    def start(self) -> None:
        """Begin to keep: what is read stays."""

    def stop(self) -> None:
        """Keep nothing any more: nobody would tell what changes."""

    def changed(self, places: set[int]) -> None:
        """Forget what an edit of these places has changed."""

    def rebuilt(self) -> None:
        """Forget every place: the index was built anew."""

    def fill(self, is_over: Callable[[], bool] | None = None) -> None:
        """Read all that is kept: at once, or little by little until `is_over`."""

    def tick(self) -> None:
        """Do what is to be done every second."""
