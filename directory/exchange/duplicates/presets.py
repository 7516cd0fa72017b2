"""Which of two records each part is best taken from, before anybody looks."""

from datetime import date
from typing import Any

from directory.exchange.duplicates.parts import BOTH, FIRST, PARTS, SECOND, Part, Side
from directory.vocabularies.names import PositionPrecision, State

TYPED = -1
"""Priority of what a person typed: before any source's."""
PRECISIONS = (PositionPrecision.ADDRESS, PositionPrecision.STREET, PositionPrecision.COMMUNE)
STATES = (State.PUBLISHED, State.TO_REVIEW, State.DRAFT)


def keeps_first(first: Side, second: Side) -> bool:
    """Tell which record's address and number stay: the best one's, else the oldest's."""
    return min((first, second), key=_rank) is first


def presets(first: Side, second: Side) -> dict[str, str]:
    """Return for each part the record to take it from: FIRST, SECOND, or BOTH for lists."""
    return {part.name: preset(part, first, second) for part in PARTS}


def preset(part: Part, first: Side, second: Side) -> str:
    """Return where to take one part from.

    What hangs on the place: both. Else what a person corrected, the last one; then what is said
    rather than not; then the more precise, the latest checked, the published; then the better
    source; then the newer and the longer.
    """
    if first.value(part) == second.value(part):
        return FIRST
    locks = first.lock(part), second.lock(part)
    if not all(locks) and any(locks):
        return FIRST if locks[0] else SECOND
    if part.is_many and not part.columns:
        return BOTH
    if locks[0] and locks[1]:
        return FIRST if locks[0].recorded_at >= locks[1].recorded_at else SECOND
    if first.is_empty(part) or second.is_empty(part):
        return SECOND if first.is_empty(part) else FIRST
    return min((FIRST, SECOND), key=lambda side: _order(part, first if side == FIRST else second))


def disputed(first: Side, second: Side) -> bool:
    """Tell whether persons corrected one part in two ways: no rule may choose."""
    return any(
        first.lock(part) and second.lock(part) and first.value(part) != second.value(part)
        for part in PARTS
    )


def _order(part: Part, side: Side) -> tuple[Any, ...]:
    place = side.place
    own: float = 0
    if part.name == "position":
        own = _place_in(PRECISIONS, place.position_precision)
    elif part.name == "state":
        own = _place_in(STATES, place.state)
    elif part.name == "verification":
        own = -(place.verified_on or date.min).toordinal()
    owner = side.owner(part)
    priority = owner.priority if owner else TYPED
    newer = -(place.source_updated_on or date.min).toordinal()
    return own, priority, newer, -len(side.text(part)), place.pk


def _rank(side: Side) -> tuple[Any, ...]:
    place = side.place
    return (
        _place_in(STATES, place.state),
        -(place.verified_on or date.min).toordinal(),
        place.source.priority if place.source else TYPED,
        place.pk,
    )


def _place_in(order: tuple[str, ...], value: str) -> int:
    return order.index(value) if value in order else len(order)
