"""What an import tells: counts, and every row, value and change with its line.

The counts stay in memory; the entries go to a temporary file once they are many, so that a report
of 200,000 rows weighs nothing.
"""

import csv
import hashlib
import weakref
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from tempfile import SpooledTemporaryFile
from typing import Any

IN_MEMORY = 1_000_000
"""Bytes of entries kept in memory; the rest is on disk."""


class Kind(StrEnum):
    """What an entry tells of."""

    ADDED = "ajouté"
    CHANGED = "modifié"
    PROPOSED = "proposé"
    GONE = "disparu"
    REJECTED = "rejeté"
    LEFT_OUT = "écarté"
    REPAIRED = "réparé"
    JOINED = "fusionné"


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact. `line` is the file's, 0 when the fact comes from no line. Holds nothing personal.

    `before` is the database's value of a change, the file's of a rejection or a repair.
    """

    kind: Kind
    line: int
    place: str = ""
    column: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Rejection:
    """A row, or a value of it, that could not be stored. Never holds personal data."""

    line: int
    column: str
    value: str
    reason: str


class Journal:
    """Entries in the order they were told; iterate as often as needed."""

    def __init__(self) -> None:
        self._file: Any = SpooledTemporaryFile(  # noqa: SIM115
            max_size=IN_MEMORY, mode="w+", newline="", encoding="utf-8", errors="replace"
        )
        weakref.finalize(self, self._file.close)
        self._writer = csv.writer(self._file)
        self.count = 0

    def append(self, entry: Entry) -> None:
        """Add an entry at the end."""
        self._writer.writerow([getattr(entry, name) for name in Entry.__slots__])
        self.count += 1

    def __iter__(self) -> Iterator[Entry]:
        self._file.seek(0)
        try:
            for kind, line, *texts in csv.reader(self._file):
                yield Entry(Kind(kind), int(line), *texts)
        finally:
            self._file.seek(0, 2)

    def __len__(self) -> int:
        return self.count

    def mark(self) -> tuple[int, int]:
        """Return the present end, for `back_to`."""
        self._file.flush()
        return self._file.tell(), self.count

    def back_to(self, mark: tuple[int, int]) -> None:
        """Forget what was told since a mark."""
        self._file.flush()
        self._file.seek(mark[0])
        self._file.truncate()
        self.count = mark[1]


@dataclass
class Report:
    """What became of every row read.

    rows = added + updated + unchanged + rejected + merged (rows that describe one place with
    another). `gone` counts places of the source that the file no longer has, `proposed` values
    kept beside a person's, `refused` rejected rows by reason, `left_out` values by reason.
    `duplicates_merged` counts new places found to be one with another and merged by rule,
    `duplicates_to_review` pairs of places that wait for a moderator.
    """

    rows: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    merged: int = 0
    gone: int = 0
    proposed: int = 0
    to_archive: int = 0
    duplicates_merged: int = 0
    duplicates_to_review: int = 0
    repairs: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)
    journal: Journal = field(default_factory=Journal)
    vintage: date | None = None
    format_name: str = ""
    present: set[int] = field(default_factory=set)
    """Digests of the identifiers that the file holds, stored or rejected."""

    @property
    def stored(self) -> int:
        """Rows that the database now holds."""
        return self.added + self.updated + self.unchanged

    @property
    def problems(self) -> list[Rejection]:
        """Rows rejected and values left out, in the order of the file."""
        kinds = (Kind.REJECTED, Kind.LEFT_OUT)
        found = [
            Rejection(e.line, e.column, e.before, e.reason) for e in self.journal if e.kind in kinds
        ]
        return sorted(found, key=lambda problem: problem.line)

    def reject(self, line: int, column: str, value: str, reason: str) -> None:
        """Tell a row that is not stored."""
        self.rejected += 1
        self.refused[reason] += 1
        self.journal.append(Entry(Kind.REJECTED, line, "", column, value, "", reason))

    def leave_out(self, line: int, column: str, value: str, reason: str) -> None:
        """Tell a value that is not stored; its row is."""
        self.left_out[reason.partition(" (")[0]] += 1
        self.journal.append(Entry(Kind.LEFT_OUT, line, "", column, value, "", reason))

    def repaired(self, rule: str, line: int = 0, column: str = "", value: str = "") -> None:
        """Count a repair made by a named rule, and say where."""
        self.repairs[rule] += 1
        self.journal.append(Entry(Kind.REPAIRED, line, "", column, value, "", rule))

    def mark(self) -> tuple[Any, ...]:
        """Return what writing has told so far, for `back_to`."""
        return self.added, self.updated, self.unchanged, self.proposed, self.journal.mark()

    def back_to(self, mark: tuple[Any, ...]) -> None:
        """Forget what writing told since a mark: it was undone."""
        self.added, self.updated, self.unchanged, self.proposed, journal = mark
        self.journal.back_to(journal)

    def counts(self) -> str:
        """Return the counts on one line."""
        merged = f", {self.merged} regroupées" if self.merged else ""
        return (
            f"{self.rows} lignes lues : {self.added} ajoutées, {self.updated} modifiées, "
            f"{self.unchanged} inchangées, {self.rejected} rejetées{merged} ; "
            f"{self.gone} lieux disparus."
        )


def digest_of(text: str) -> int:
    """Return a number that stands for a text: 200,000 of them weigh a tenth of the texts."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


class _Silence(Journal):
    def append(self, entry: Entry) -> None:
        """Forget the entry."""


def silent() -> Report:
    """Return a report that nobody reads, for what goes through the rows a first time."""
    return Report(journal=_Silence())
