"""What an importer hands to the writer: plain values, checked, not yet in the database."""

import hashlib
from dataclasses import dataclass
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
    booking_url: str = ""
    how_to_book: str = ""
    area_note: str = ""
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
    collected_by: str = ""
    """Who collected the row, when the list says it of each."""
    line: int = 0
    """Where the row begins in the file; says nothing of the place."""

    def content_hash(self) -> str:
        """Return a digest of everything the draft says: the same row gives the same digest."""
        # A model's repr holds its name, which may be corrected: its key says which it is.
        fields = [(name, str(getattr(v, "pk", v))) for name, v in sorted(self.fields.items())]
        said = (fields, self.terms, self.networks, self.operator, self.services, self.stops)
        return hashlib.sha256(repr((*said, self.principal, self.collected_by)).encode()).hexdigest()
