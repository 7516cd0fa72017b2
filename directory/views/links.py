"""Addresses of searches: the same search with something changed."""

from collections.abc import Iterable

from django.http import HttpRequest, QueryDict
from django.urls import reverse

NOT_CARRIED = ("page", "dit")
"""Parameters that another search does not inherit."""

ALWAYS_CARRIED = ("carnet",)
"""Parameters that are no criterion: a search that is emptied keeps them."""


def results_url(query: QueryDict) -> str:
    """Return the address of a search, empty values and page left out."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        if name not in NOT_CARRIED and (filled := [value for value in values if value]):
            kept.setlist(name, filled)
    return address(reverse("directory:results"), kept)


def address(path: str, query: QueryDict) -> str:
    """Return an address; its commas, which separate the places of a carnet, stay readable."""
    return f"{path}?{query.urlencode().replace('%2C', ',')}" if query else path


def changed(request: HttpRequest, **changes: str) -> str:
    """Return the address of this search with some parameters set; "" removes one."""
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    return results_url(query)


def without(request: HttpRequest, name: str, code: str) -> str:
    """Return the address of this search without one value of a parameter."""
    query = request.GET.copy()
    query.setlist(name, [value for value in query.getlist(name) if value != code])
    return results_url(query)


def keeping(request: HttpRequest, names: Iterable[str]) -> str:
    """Return the address of this search with these parameters only."""
    query = QueryDict(mutable=True)
    for name in (*names, *ALWAYS_CARRIED):
        query.setlist(name, request.GET.getlist(name))
    return results_url(query)


def paged(request: HttpRequest, page: int) -> str:
    """Return the address of another page of this search."""
    url = results_url(request.GET)
    if page == 1:
        return url
    return f"{url}{'&' if '?' in url else '?'}page={page}"
