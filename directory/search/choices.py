"""The values that the search offers: needs and terms, by facet; and the sources of the data.

A server process keeps one copy, see `directory.search.memory`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Max

from directory.models import Need, Place, Source, Term
from directory.search.criteria import PLACE_TERMS, SERVICE_TERMS, YES, Access, Facet
from directory.search.gazetteer import gazetteer
from directory.search.memory import Kept
from directory.vocabularies.names import OPEN_LICENCES

ACCESS_CODES = tuple(access.value for access in Access)


@dataclass(frozen=True)
class Choices:
    """Needs with their parent loaded, and the labels of every facet's codes, in their order.

    `terms` gives the vocabulary and the label of each term by its key, in the order of lists;
    `term_codes` its code.
    `data_on` is the producers' newest date. `version` changes with any of it.
    """

    needs: tuple[Need, ...]
    labels: Mapping[Facet, Mapping[str, str]]
    terms: Mapping[int, tuple[str, str]]
    term_codes: Mapping[int, str]
    sources: Mapping[int, Source]
    data_on: date | None
    version: str

    @cached_property
    def need_by_key(self) -> dict[int, Need]:
        """The needs by their key."""
        return {need.pk: need for need in self.needs}

    @cached_property
    def need_by_code(self) -> dict[str, Need]:
        """The needs by their code."""
        return {need.code: need for need in self.needs}

    @cached_property
    def need_ranks(self) -> dict[int, int]:
        """The rank of each need among the others, by its key."""
        return {need.pk: rank for rank, need in enumerate(self.needs)}

    @cached_property
    def term_ranks(self) -> dict[int, int]:
        """The rank of each term among the others, by its key."""
        return {key: rank for rank, key in enumerate(self.terms)}

    @cached_property
    def closed_sources(self) -> frozenset[int]:
        """The keys of the sources whose licence keeps them out of open data."""
        return frozenset(
            key for key, source in self.sources.items() if source.licence not in OPEN_LICENCES
        )

    @cached_property
    def pairs(self) -> dict[Facet, list[tuple[str, str]]]:
        """The codes and labels of each facet, as a form field wants them."""
        return {facet: list(labels.items()) for facet, labels in self.labels.items()}

    @cached_property
    def parents(self) -> dict[str, str]:
        """The general need of each need that has one."""
        return {need.code: need.parent.code for need in self.needs if need.parent}

    @cached_property
    def children(self) -> dict[str, frozenset[str]]:
        """The needs that each general need gathers."""
        return {
            parent: frozenset(child for child, of in self.parents.items() if of == parent)
            for parent in self.parents.values()
        }


def read() -> Choices:
    """Return the values that the database holds; four queries."""
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
    terms, term_codes = {}, {}
    rows = Term.objects.order_by("vocabulary", "position", "pk")
    for key, vocabulary, code, label in rows.values_list("pk", "vocabulary", "code", "label"):
        terms[key], term_codes[key] = (vocabulary, label), code
        if facet := by_vocabulary.get(vocabulary):
            labels[facet][code] = label
    sources = Source.objects.in_bulk()
    data_on = Place.objects.published().aggregate(on=Max("source_updated_on"))["on"]
    told = ([_values(need) for need in needs], terms, term_codes, labels, data_on)
    version = hashlib.sha256(repr((told, list(map(_values, sources.values())))).encode())
    return Choices(needs, labels, terms, term_codes, sources, data_on, version.hexdigest())


def _values(row: Need | Source) -> list[object]:
    return [getattr(row, field.attname) for field in row._meta.concrete_fields]


_kept = Kept(read)
current = _kept.current
"""Return the values offered now; four queries when no copy is kept."""
