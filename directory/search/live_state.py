"""What a process holds of the search index, and for how long what it says of hours holds."""

from dataclasses import dataclass
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


def slice_number(moment: datetime) -> int:
    """Return the number of the slice of time that holds `moment`."""
    return int(moment.timestamp() // SLICE_SECONDS)
