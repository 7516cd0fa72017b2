"""A search as programs ask it: what is unclear is told, where pages forgive."""

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _

from directory.models import Place
from directory.models.querysets import PlaceQuerySet
from directory.search.criteria import Facet
from directory.search.filters import SearchFilter
from directory.search.territory import Where, WhereKind, text_for
from directory.views.problems import Problem

WITHOUT_MEANING = frozenset({"page", "tri", "carnet", "phrase"})
"""Parameters of the results page that choose no place."""

SEVERAL = frozenset(Facet)
"""Parameters that may be repeated, meaning OR."""

PAIRS = (("lat", "lon"), ("jour", "heure"))
"""Parameters that mean nothing one without the other."""

MOST_NAMED = 5
"""Homonyms named in the answer that asks to choose."""


def strictly(
    query: QueryDict, also: frozenset[str] = frozenset(), places: PlaceQuerySet | None = None
) -> tuple[SearchFilter, list[Problem]]:
    """Return the search that a query asks for among `places`, and every reason not to answer it.

    `also` are parameters known beside the search's.
    """
    search = SearchFilter(query, places)
    return search, [*_unclear(query, also), *unread(search), *_unknown_place(search.where)]


def publishable(query: QueryDict) -> tuple[SearchFilter, list[Problem]]:
    """Return the search of places that open data may hold, and every reason not to answer it."""
    return strictly(query, WITHOUT_MEANING, Place.objects.publishable())


def asks_something(query: QueryDict) -> bool:
    """Tell whether a query chooses places."""
    return any(any(values) for name, values in query.lists() if name not in WITHOUT_MEANING)


def unread(search: SearchFilter) -> list[Problem]:
    """Return what could not be read, which the results page says beside its fields."""
    return [
        Problem(name, str(reason))
        for name, reasons in search.form.errors.items()
        for reason in reasons
    ]


def _unclear(query: QueryDict, also: frozenset[str]) -> Iterator[Problem]:
    known = {*SearchFilter.base_filters, *also}
    for name, values in query.lists():
        if name not in known:
            yield Problem(name, _("Ce paramètre n’existe pas."))
        elif len(list(filter(None, values))) > 1 and name not in SEVERAL | also:
            yield Problem(name, _("Ce paramètre n’a qu’une valeur."))
    for first, second in PAIRS:
        for name, other in ((first, second), (second, first)):
            if query.get(name, "").strip() and not query.get(other, "").strip():
                said = _("Il manque\u00a0: il va avec «\u00a0%(name)s\u00a0».") % {"name": name}
                yield Problem(other, said)


def _unknown_place(where: Where) -> Iterator[Problem]:
    if where.kind == WhereKind.UNKNOWN:
        yield Problem("ou", _("Ce lieu n’est pas connu."))
    if where.kind == WhereKind.CHOICES:
        named = ", ".join(map(text_for, where.choices[:MOST_NAMED]))
        said = _("Plusieurs lieux portent ce nom\u00a0: %(names)s.")
        yield Problem("ou", said % {"names": named})
