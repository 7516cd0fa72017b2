"""Remembers, through a merge, who gave each part, and what no import may overwrite any more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from directory.exchange.duplicates.parts import BOTH, PARTS, SECOND, Part, Side
from directory.exchange.locks import LOCKABLE
from directory.models import FieldProvenance, Source
from directory.vocabularies.names import OPEN_LICENCES

Wanted = dict[str, FieldProvenance | None]
"""The origin of each field; None where it comes from its record's own source."""


def wanted(kept: Side, absorbed: Side, taken: Mapping[str, str], is_chosen: bool) -> Wanted:
    """Return the origins of the kept place's parts.

    Locked: what a person corrected on the side taken, what was typed here, and, with `is_chosen`,
    all that differed.
    """
    found: Wanted = {}
    for part in PARTS:
        names = LOCKABLE.intersection(part.locked_as)
        if names:
            origin = _origin(part, kept, absorbed, taken[part.name], is_chosen)
            found |= {name: _row(kept, name, origin) for name in names}
    return found


def write(origins: Iterable[tuple[Side, Wanted]]) -> None:
    """Write the origins of several places' parts; those that stay the same are left alone."""
    gone, new = [], []
    for side, rows in origins:
        for name, row in rows.items():
            known = side.provenance.get(name)
            if known and row and _told(known) == _told(row):
                continue
            gone += [known.pk] if known else []
            new += [row] if row else []
    if gone:
        FieldProvenance.objects.filter(pk__in=gone).delete()
    FieldProvenance.objects.bulk_create(new)


def _told(row: FieldProvenance) -> tuple[Any, ...]:
    return row.is_locked, row.source_id, row.proposal


@dataclass(frozen=True)
class _Origin:
    """Who gave a part; `proposals` are kept beside it, by field."""

    owner: Source | None
    is_locked: bool
    proposals: Mapping[str, FieldProvenance]


def _origin(part: Part, kept: Side, absorbed: Side, choice: str, is_chosen: bool) -> _Origin:
    differs = kept.value(part) != absorbed.value(part)
    side = absorbed if differs and choice == SECOND else kept
    owner = _owner(part, kept, absorbed) if differs and choice == BOTH else side.owner(part)
    locked = bool(side.lock(part)) or (not differs and bool(absorbed.lock(part)))
    locked |= differs and (is_chosen or (choice == BOTH and bool(absorbed.lock(part))))
    locked |= owner is None and not side.is_empty(part)
    proposals = {} if differs and is_chosen else side.provenance
    return _Origin(owner, locked, proposals)


def _row(kept: Side, name: str, origin: _Origin) -> FieldProvenance | None:
    locked = origin.is_locked
    if not locked and origin.owner == kept.place.source:
        return None
    known = origin.proposals.get(name)
    proposal = known.proposal if known and locked else None
    # A lock's source is its proposal's.
    source = known.source if known and proposal is not None else None
    return FieldProvenance(
        place=kept.place,
        field=name,
        is_locked=locked,
        source=source if locked else origin.owner,
        proposal=proposal,
        **({"credit": known.credit, "declined": known.declined} if known and locked else {}),
    )


def _owner(part: Part, kept: Side, absorbed: Side) -> Source | None:
    """Return the owner of a list that holds both: the one whose licence is closed, if any."""
    own, other = kept.owner(part), absorbed.owner(part)
    return other if other and other.licence not in OPEN_LICENCES else own
