"""What the index answers."""

from array import array
from dataclasses import dataclass, field

from directory.search.criteria import Facet


@dataclass(frozen=True)
class Hit:
    """A place found. `distance` is in km, None without a searched point.

    `is_silent`: of the block to check by phone. `is_exact`: covers a need asked for, not only its
    general one. `is_declared`: the place itself says so; both are true when no need is asked.
    """

    id: int
    distance: float | None
    is_silent: bool
    is_exact: bool
    is_declared: bool


@dataclass(frozen=True)
class Answer:
    """A page of hits and what surrounds it.

    `total` counts the places that match every facet, `silent_total` those that match or are silent.
    `counts[facet][code]` is what `total` would be if this value alone replaced the facet's choice;
    `silent_counts[facet]` how many places, matching all else, say nothing of it. `radius_counts`
    counts matching places by radius in km. `corrections` maps each word found nowhere to the word
    looked for instead.
    """

    hits: list[Hit]
    total: int
    silent_total: int
    counts: dict[Facet, dict[str, int]]
    silent_counts: dict[Facet, int]
    radius_counts: dict[int, int] = field(default_factory=dict)
    corrections: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Everywhere:
    """All that a search finds, in no order: for maps, which show no page.

    `strict` and `unsure` are bitsets of slots (`bits.slots_of` tells their slots): places that
    match every facet, and those to check by phone. Arrays are by slot: keys, latitudes and
    longitudes in degrees, NaN for places without a position. Not to be written to: searches share
    them.
    """

    strict: int
    unsure: int
    ids: "array[int]"
    latitudes: "array[float]"
    longitudes: "array[float]"
