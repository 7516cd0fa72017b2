"""Phone lines, with the needs that they help with."""

from dataclasses import dataclass

from directory.models import Helpline, Need
from directory.search.memory import Kept


@dataclass(frozen=True)
class Helplines:
    """Lines in their order, and the keys of those of each need, by its code."""

    all: tuple[Helpline, ...]
    of_needs: dict[str, frozenset[int]]

    def for_needs(self, codes: list[str]) -> list[Helpline]:
        """Return the general lines and those of these needs."""
        wanted = frozenset().union(*(self.of_needs.get(code, frozenset()) for code in codes))
        return [line for line in self.all if line.is_general or line.pk in wanted]


def read() -> Helplines:
    """Read the lines; two queries."""
    of_needs: dict[str, set[int]] = {}
    links = Need.helplines.through.objects.values_list("need__code", "helpline_id")
    for code, key in links:
        of_needs.setdefault(code, set()).add(key)
    return Helplines(
        tuple(Helpline.objects.all()), {code: frozenset(keys) for code, keys in of_needs.items()}
    )


_kept = Kept(read)
current = _kept.current
"""Return the lines; two queries when no copy is kept."""
