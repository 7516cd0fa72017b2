"""Remembers, through a merge, who gave each part, and what no import may overwrite any more."""

from collections.abc import Mapping
from dataclasses import dataclass

from directory.exchange.duplicates.parts import BOTH, PARTS, SECOND, Part, Side
from directory.exchange.locks import LOCKABLE
from directory.models import FieldProvenance, Source
from directory.vocabularies.names import OPEN_LICENCES


def move(kept: Side, absorbed: Side, taken: Mapping[str, str], is_chosen: bool) -> None:
    """Write the origins of the kept place's parts.

    Locked: what a person corrected on the side taken, what was typed here, and, with `is_chosen`,
    all that differed.
    """
    wanted: dict[str, FieldProvenance | None] = {}
    for part in PARTS:
        names = LOCKABLE.intersection(part.locked_as)
        if names:
            origin = _origin(part, kept, absorbed, taken[part.name], is_chosen)
            wanted |= {name: _row(kept, name, origin) for name in names}
    FieldProvenance.objects.filter(place=kept.place, field__in=wanted).delete()
    FieldProvenance.objects.bulk_create(filter(None, wanted.values()))


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
    """Return the origin to write, None when the field comes from its record's own source."""
    if not origin.is_locked and origin.owner == kept.place.source:
        return None
    known = origin.proposals.get(name)
    proposal = known.proposal if known and origin.is_locked else None
    # A lock's source is its proposal's.
    source = known.source if known and proposal is not None else None
    return FieldProvenance(
        place=kept.place,
        field=name,
        is_locked=origin.is_locked,
        source=source if origin.is_locked else origin.owner,
        proposal=proposal,
    )


def _owner(part: Part, kept: Side, absorbed: Side) -> Source | None:
    """Return the owner of a list that holds both: the one whose licence is closed, if any."""
    own, other = kept.owner(part), absorbed.owner(part)
    return other if other and other.licence not in OPEN_LICENCES else own
