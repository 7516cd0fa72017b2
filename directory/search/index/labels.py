"""What needs and terms are called in the index: the names of columns, and the words of labels."""

from dataclasses import dataclass

from directory.models import Need, Term
from directory.search.criteria import EVERYONE, PLACE_TERMS, SERVICE_TERMS, YES, Access, Facet
from directory.search.index.wording import Normalizer, with_twins

DECLARED = "declare"
"""Prefix of the columns of declared needs, beside those of Facet.NEED, declared or deduced."""

HOURS_UNKNOWN = "?horaires"
APPOINTMENT_UNKNOWN = "?rendez-vous"
"""Columns of places silent on what the access facet asks."""


def column(facet: Facet | str, code: str) -> str:
    """Return the name of the column of places that have this value."""
    return f"{facet}:{code}"


def source_column(key: int) -> str:
    """Return the name of the column of places that come from this source."""
    return f"source:{key}"


EVERYONE_COLUMN = column(Facet.PUBLIC, EVERYONE)
ITINERANT = column(Facet.ITINERANT, YES)
PHONE = column(Facet.ACCESS, Access.PHONE)
NO_APPOINTMENT = column(Facet.ACCESS, Access.NO_APPOINTMENT)
EVENING = column(Facet.ACCESS, Access.EVENING)
SATURDAY = column(Facet.ACCESS, Access.SATURDAY)


@dataclass(frozen=True)
class Labels:
    """What needs and terms are called: columns by their key, and columns by word of their label.

    A need has two columns: known to be covered, and declared.
    """

    needs: dict[int, tuple[str, str]]
    parents: dict[str, str]
    terms: dict[int, str]
    words: dict[str, frozenset[str]]


def read_labels(normalizer: Normalizer) -> Labels:
    """Read the vocabularies, in two queries."""
    words: dict[str, set[str]] = {}
    needs: dict[int, tuple[str, str]] = {}
    parents: dict[str, str] = {}
    facets: dict[str, Facet] = {
        vocabulary: facet
        for facet, vocabularies in (SERVICE_TERMS | PLACE_TERMS).items()
        for vocabulary in vocabularies
    }

    def name(key: str, label: str) -> str:
        for word in with_twins(normalizer.words(label)):
            words.setdefault(word, set()).add(key)
        return key

    for pk, code, label, parent in Need.objects.values_list("pk", "code", "label", "parent__code"):
        needs[pk] = name(column(Facet.NEED, code), label), column(DECLARED, code)
        if parent:
            parents[code] = parent
    terms: dict[int, str] = {}
    for pk, vocabulary, code, label in Term.objects.values_list(
        "pk", "vocabulary", "code", "label"
    ):
        facet = facets.get(vocabulary)
        if facet:
            terms[pk] = column(facet, code)
            if facet == Facet.NETWORK:
                name(terms[pk], label)
    return Labels(needs, parents, terms, {word: frozenset(keys) for word, keys in words.items()})
