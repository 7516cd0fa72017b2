"""A search as programs ask it: what is unclear is told, where pages forgive."""

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _

from directory.models import Place
from directory.search.criteria import Facet
from directory.search.filters import SearchFilter
from directory.search.territory import Where, WhereKind, text_for
from directory.views.problems import Problem

WITHOUT_MEANING = frozenset({"page", "tri", "carnet", "phrase"})
"""Parameters of the results page that choose no place."""

PAIRS = (("lat", "lon"), ("lon", "lat"), ("jour", "heure"), ("heure", "jour"))
"""Parameters that mean nothing without the other."""

MOST_NAMED = 5
"""Homonyms named in the answer that asks to choose."""


def publishable(query: QueryDict) -> tuple[SearchFilter, list[Problem]]:
    """Return the search of places that open data may hold, and every reason not to answer it."""
    search = SearchFilter(query, Place.objects.publishable())
    told = [
        Problem(name, str(reason))
        for name, reasons in search.form.errors.items()
        for reason in reasons
    ]
    return search, [*_unclear(query), *told, *_unknown_place(search.where)]


def asks_something(query: QueryDict) -> bool:
    """Tell whether a query chooses places."""
    return any(any(values) for name, values in query.lists() if name not in WITHOUT_MEANING)


def _unclear(query: QueryDict) -> Iterator[Problem]:
    known = {*SearchFilter.base_filters, *WITHOUT_MEANING}
    for name, values in query.lists():
        if name not in known:
            yield Problem(name, _("Ce paramètre n’existe pas."))
        elif len(list(filter(None, values))) > 1 and name not in {*Facet, *WITHOUT_MEANING}:
            yield Problem(name, _("Ce paramètre n’a qu’une valeur."))
    for name, other in PAIRS:
        if query.get(name, "").strip() and not query.get(other, "").strip():
            yield Problem(other, _("Il manque\u00a0: il va avec « %(name)s ».") % {"name": name})


def _unknown_place(where: Where) -> Iterator[Problem]:
    if where.kind == WhereKind.UNKNOWN:
        yield Problem("ou", _("Ce lieu n’est pas connu."))
    if where.kind == WhereKind.CHOICES:
        named = ", ".join(map(text_for, where.choices[:MOST_NAMED]))
        said = _("Plusieurs lieux portent ce nom\u00a0: %(names)s.")
        yield Problem("ou", said % {"names": named})
