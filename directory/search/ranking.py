"""How near a place must be, everything told, to come before another (docs/decisions/0006).

Distance decides. What makes a trip less likely to be wasted counts as a few hundred metres less,
never enough to send someone much further: all together, at most `MAX_BONUS_KM`.
"""

from dataclasses import dataclass

DECLARED_KM = 1.0
"""The place itself says that it helps with the need asked for; a deduced one may disappoint."""

OPEN_NOW_KM = 0.5
"""It can be reached or called at once."""

RECENT_KM = 0.3
"""Someone checked it since `Criteria.verified_since`: it is likely still there."""

COMPLETE_KM = 0.2
"""Its phone and its hours are known: one can call before going."""

MAX_BONUS_KM = DECLARED_KM + OPEN_NOW_KM + RECENT_KM + COMPLETE_KM
"""A place never passes before one that is this much nearer."""


@dataclass(frozen=True)
class Bonus:
    """A bonus of `km`, and the bitset of places that have it."""

    km: float
    places: int


def effective_km(km: float, bonuses: float) -> float:
    """Return the distance that ranks a place at `km`; negative at the very door."""
    return km - bonuses
