"""What a server process keeps of the database beside its index, so that requests need not ask.

The thread that follows the change log reads it again every few seconds; without that thread
(commands, tests) it is read each time. Small tables only: what grows is kept place by place, see
`directory.search.kept`.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """A value read from the database, one copy for the whole process when a thread keeps it."""

    every: "list[Kept]" = []

    def __init__(self, read: Callable[[], Value]) -> None:
        self._read = read
        self._copy: tuple[Value] | None = None
        self.every.append(self)

    def current(self) -> Value:
        """Return the copy, else read the database; may then raise django.db.Error."""
        copy = self._copy
        return copy[0] if copy else self._read()

    def keep(self) -> None:
        """Read again and keep; what was kept stays when the reading fails, which raises."""
        self._copy = (self._read(),)

    def forget(self) -> None:
        """Keep nothing: each call of `current` reads the database."""
        self._copy = None


def keep_all() -> None:
    """Read again all that is kept; raises django.db.Error."""
    for kept in Kept.every:
        kept.keep()


def forget_all() -> None:
    """Keep nothing any more."""
    for kept in Kept.every:
        kept.forget()
