"""What the address of a place says: its number in the street, and the words of the street."""

import re
from dataclasses import dataclass

from directory.vocabularies.normalization import normalize_place_name

_NUMBER = re.compile(r"^(?:n )?(\d{1,5})(?: ?(?:a|et|/|,) ?\d{1,5})* ?(bis|ter|quater|[a-h])?\b")
_WAYS = {
    "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "boul": "boulevard",
    "che": "chemin", "chem": "chemin", "chm": "chemin", "all": "allee", "imp": "impasse",
    "pl": "place", "r": "rue", "rte": "route", "sq": "square", "crs": "cours", "qu": "quai",
    "gen": "general", "gal": "general", "mal": "marechal", "dr": "docteur", "pdt": "president",
    "cdt": "commandant", "col": "colonel", "pr": "professeur",
}  # fmt: skip
_EMPTY = frozenset("a au aux d de des du en et l la le les bp cs cedex batiment bat".split())


@dataclass(frozen=True, slots=True)
class Address:
    """An address, read. `number` is 0 when it has none; `way` are the words of the street."""

    number: int = 0
    way: str = ""

    @property
    def own(self) -> str:
        """The street without its kind: "rue", "place"…"""
        return " ".join(word for word in self.way.split() if word not in _KINDS)


_KINDS = frozenset({*_WAYS.values(), "lotissement", "residence", "zone", "za", "zae", "zi"})


def read(address: str) -> Address:
    """Read an address on one line; raises nothing."""
    plain = normalize_place_name(address)
    found = _NUMBER.match(plain)
    rest = plain[found.end() :] if found else plain
    words = (_WAYS.get(word, word) for word in rest.split())
    way = " ".join(w for w in words if w not in _EMPTY and not (w.isdigit() and len(w) > 3))
    return Address(int(found[1]) if found else 0, way)
