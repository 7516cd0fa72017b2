"""What an importer hands to the writer: plain values, checked, not yet in the database."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from directory.vocabularies.names import Vocabulary


@dataclass(frozen=True)
class NeedDraft:
    """A need covered; `rule` names the deduction, "" when the producer declares it."""

    code: str
    rule: str = ""


@dataclass(frozen=True)
class ServiceDraft:
    """A service of a place. `terms` are (vocabulary, code)."""

    external_id: str
    name: str
    description: str = ""
    needs: tuple[NeedDraft, ...] = ()
    terms: tuple[tuple[Vocabulary, str], ...] = ()


@dataclass(frozen=True)
class OperatorDraft:
    """The body that runs a place; an actor of the same slug is reused, never rewritten."""

    slug: str
    name: str
    category: str
    level: str
    networks: tuple[str, ...] = ()
    department: str = ""


@dataclass(frozen=True)
class StopDraft:
    """A recurring stop, its commune already found."""

    commune: str
    label: str
    opening_hours: str


@dataclass(frozen=True)
class PlaceDraft:
    """A place as one producer describes it. `fields` are values of `Place` by field name."""

    external_id: str
    slug: str
    fields: dict[str, Any]
    terms: tuple[tuple[Vocabulary, str], ...] = ()
    networks: tuple[str, ...] = ()
    operator: OperatorDraft | None = None
    services: tuple[ServiceDraft, ...] = ()
    stops: tuple[StopDraft, ...] = ()
    principal: str = ""
    """External id of the principal place, for an antenna."""

    def content_hash(self) -> str:
        """Return a digest of everything the draft says: the same row gives the same digest."""
        text = json.dumps(asdict(self), sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Rejection:
    """A row, or a value of it, that could not be stored. Never holds personal data."""

    line: int
    column: str
    value: str
    reason: str


@dataclass
class Report:
    """What became of every row read."""

    rows: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    repairs: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    problems: list[Rejection] = field(default_factory=list)
    vintage: date | None = None

    @property
    def stored(self) -> int:
        """Rows that the database now holds."""
        return self.added + self.updated + self.unchanged

    def lines(self) -> list[str]:
        """Return the report as lines of text, the counts last."""
        said = [
            f"ligne {p.line} · {p.column} · {p.value[:60]!r} : {p.reason}" for p in self.problems
        ]
        said += [f"réparé · {name} : {count}" for name, count in sorted(self.repairs.items())]
        said += [f"retiré · {name} : {count}" for name, count in sorted(self.dropped.items())]
        said.append(
            f"{self.rows} lignes lues : {self.added} ajoutées, {self.updated} modifiées, "
            f"{self.unchanged} inchangées, {self.rejected} rejetées."
        )
        return said
