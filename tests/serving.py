"""A process as a server keeps it: names, choices and index in memory, followed by threads."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import PropertyMock, patch

from directory.search import atlas, gazetteer, lexicon
from directory.search.live import LiveIndex, live


@contextmanager
def as_served() -> Iterator[None]:
    """Read once what a server keeps in step in the background, so that requests read it no more."""
    gazetteer.clear()
    gazetteer.gazetteer()
    atlas.atlas()
    lexicon.clear()
    lexicon.lexicon()
    live.preload()
    with patch.object(LiveIndex, "is_following", PropertyMock(return_value=True)):
        yield
    live.clear()
