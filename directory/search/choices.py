"""The values that the search offers: needs and terms, by facet.

A server process keeps one copy, refreshed by the thread that keeps its index fresh; without that
thread (commands, tests) it is read each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from directory.models import Need, Term
from directory.search.criteria import PLACE_TERMS, SERVICE_TERMS, YES, Access, Facet
from directory.search.gazetteer import gazetteer

ACCESS_CODES = tuple(access.value for access in Access)


@dataclass(frozen=True)
class Choices:
    """Needs with their parent loaded, and the labels of every facet's codes, in their order."""

    needs: tuple[Need, ...]
    labels: Mapping[Facet, Mapping[str, str]]

    @property
    def parents(self) -> dict[str, str]:
        """The general need of each need that has one."""
        return {need.code: need.parent.code for need in self.needs if need.parent}

    @property
    def children(self) -> dict[str, frozenset[str]]:
        """The needs that each general need gathers."""
        return {
            parent: frozenset(child for child, of in self.parents.items() if of == parent)
            for parent in self.parents.values()
        }


_kept: list[Choices] = []


def current() -> Choices:
    """Return the values offered now; two queries when no copy is kept."""
    return _kept[0] if _kept else read()


def keep() -> None:
    """Read the values again and keep them for this process."""
    _kept[:] = [read()]


def forget() -> None:
    """Keep no copy: each call of `current` reads the database."""
    _kept.clear()


def read() -> Choices:
    """Return the values that the database holds."""
    needs = tuple(Need.objects.select_related("parent"))
    labels: dict[Facet, dict[str, str]] = {facet: {} for facet in Facet}
    labels[Facet.NEED] = {need.code: need.short_label for need in needs}
    labels[Facet.ACCESS] = dict.fromkeys(ACCESS_CODES, "")
    labels[Facet.DEPARTMENT] = gazetteer().department_names
    labels[Facet.REGION] = gazetteer().region_names
    labels[Facet.ITINERANT] = labels[Facet.VERIFIED] = {YES: ""}
    by_vocabulary = {
        str(vocabulary): facet
        for facet, vocabularies in (SERVICE_TERMS | PLACE_TERMS).items()
        for vocabulary in vocabularies
    }
    rows = Term.objects.order_by("vocabulary", "position", "pk")
    for vocabulary, code, label in rows.values_list("vocabulary", "code", "label"):
        if facet := by_vocabulary.get(vocabulary):
            labels[facet][code] = label
    return Choices(needs, labels)
