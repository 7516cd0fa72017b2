"""A producer's file as rows of text, whatever its kind, and which published format it is.

A bad row is told, never fatal: it may be the producer's only mistake among thousands of rows.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from directory.exchange.drafts import PlaceDraft
from directory.exchange.report import Report
from directory.models import Source


class UnreadableFileError(ValueError):
    """The file cannot be read, or is refused; the message says why and what to do."""


class UnknownFormatError(UnreadableFileError):
    """The file follows none of the known formats; the message names the missing columns."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record of the file by column name; `line` is where it begins, `problem` why it is lost."""

    line: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """A file: its columns in lower case, its records, and what was mended to read them.

    `rows` may be gone through several times, and then reads the file again: nothing is kept.
    `repairs` is of the last time.
    """

    columns: tuple[str, ...]
    rows: Iterable[Row]
    repairs: Counter[str] = field(default_factory=Counter)
    companion: "Table | None" = None
    """The second file of a format that has two."""


@dataclass(frozen=True)
class Format:
    """A published format: how to know it, and how to read it.

    `own` are the columns that no other format has; a format without any is never recognised, it
    is asked for.
    """

    name: str
    required: tuple[str, ...]
    own: frozenset[str]
    drafts: Callable[[Table, Source, Report], Iterator[PlaceDraft]]
    slug: str = ""

    def missing(self, columns: Iterable[str]) -> list[str]:
        """Return the required columns that the file lacks."""
        known = set(columns)
        return [name for name in self.required if name not in known]


def recognise(table: Table, formats: Sequence[Format]) -> Format:
    """Return the format of a file by its columns; raise UnknownFormatError when it has none."""
    known = [form for form in formats if form.own]
    ranked = sorted(known, key=lambda form: -len(form.own.intersection(table.columns)))
    for form in ranked:
        if not form.missing(table.columns):
            return form
    nearest = ranked[0]
    raise UnknownFormatError(
        f"ce fichier ne suit pas le {nearest.name}. "
        f"Colonnes absentes : {', '.join(nearest.missing(table.columns))}. "
        "Pour un autre format, écrivez une correspondance (docs/import.md)."
    )


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the names of columns as they are looked for; one that comes back takes a number."""
    seen: Counter[str] = Counter()
    names = []
    for cell in cells:
        name = " ".join(cell.split()).lower()
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)
