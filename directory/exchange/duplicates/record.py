"""A place as it is compared with others: read once, small, and far from the database."""

from dataclasses import dataclass

from directory.exchange.duplicates import addresses, names
from directory.exchange.duplicates.addresses import Address
from directory.exchange.duplicates.names import Name

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Record:
    """One place. `town` is the commune, the city for an arrondissement; `point` is exact or None.

    `identifiers` are producers' ones, but those too short to belong to one place. `phone` is ""
    when too many places share it.
    """

    key: int
    name: Name
    address: Address
    town: str
    point: Point | None = None
    phone: str = ""
    pivot: str = ""
    identifiers: frozenset[str] = frozenset()
    sources: frozenset[int] = frozenset()
    is_mobile: bool = False
    principal: int = 0
    operator: str = ""


def make(
    key: int,
    name: str,
    address: str,
    town: str,
    *,
    town_name: str = "",
    itinerant: bool = False,
    **others: object,
) -> Record:
    """Return the record of a place from its texts; `others` are fields of `Record`."""
    read = names.read(name, town_name)
    return Record(
        key=key,
        name=read,
        address=addresses.read(address),
        town=town,
        is_mobile=itinerant or read.is_mobile,
        **others,  # type: ignore[arg-type]
    )


DISTINCTIVE = 16
"""Characters from which an identifier cannot be another producer's by chance."""


def identifiers(external_ids: list[str]) -> frozenset[str]:
    """Return what stays of producers' identifiers when lists put a prefix before them.

    "Conseiller-numerique_634e63a549d35f06f251426d" and "634e63a549d35f06f251426d" are one.
    """
    tails = (key.rsplit("_", 1)[-1].rsplit(":", 1)[-1].lower() for key in external_ids)
    return frozenset(
        tail for tail in tails if len(tail) >= DISTINCTIVE and sum(map(str.isdigit, tail)) >= 4
    )
