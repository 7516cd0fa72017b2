"""Addresses of searches: the same search with something changed.

A page has some thirty of them: they are put together from the parameters as they were read once,
without the deep copies of `QueryDict.copy`.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse

NOT_CARRIED = ("page", "dit")
"""Parameters that another search does not inherit."""

ALWAYS_CARRIED = ("carnet",)
"""Parameters that are no criterion: a search that is emptied keeps them."""

Parameters = Mapping[str, Sequence[str]]


@cache
def page(name: str) -> str:
    """Return the address of a page that takes no argument, worked out once."""
    return reverse(f"directory:{name}")


def results_url(query: QueryDict | Parameters) -> str:
    """Return the address of a search, empty values and page left out."""
    lists = query.lists() if isinstance(query, QueryDict) else query.items()
    kept = [
        (name, value)
        for name, values in lists
        if name not in NOT_CARRIED
        for value in values
        if value
    ]
    return address(page("results"), urlencode(kept, errors="replace"))


def address(path: str, query: str) -> str:
    """Return an address; its commas, which separate the places of a carnet, stay readable."""
    return f"{path}?{query.replace('%2C', ',')}" if query else path


def changed(request: HttpRequest, **changes: str) -> str:
    """Return the address of this search with some parameters set; "" removes one."""
    return with_lists(request, {name: [value] for name, value in changes.items()})


def with_lists(request: HttpRequest, changes: Parameters) -> str:
    """Return the address of this search with all the values of some parameters set."""
    return results_url({**dict(request.GET.lists()), **changes})


def without(request: HttpRequest, name: str, code: str) -> str:
    """Return the address of this search without one value of a parameter."""
    left = [value for value in request.GET.getlist(name) if value != code]
    return with_lists(request, {name: left})


def keeping(request: HttpRequest, names: Iterable[str]) -> str:
    """Return the address of this search with these parameters only."""
    return results_url({name: request.GET.getlist(name) for name in (*names, *ALWAYS_CARRIED)})


def paged(request: HttpRequest, page: int) -> str:
    """Return the address of another page of this search."""
    url = results_url(request.GET)
    if page == 1:
        return url
    return f"{url}{'&' if '?' in url else '?'}page={page}"
