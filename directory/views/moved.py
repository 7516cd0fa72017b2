"""Where places that were merged are now: their slugs, their numbers and all that was printed.

Asked of the database only when a slug or a number is not found.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from directory.models import PlaceRedirect
from directory.vocabularies.names import State

View = Callable[..., HttpResponse]

BITS = 64
"""Databases hold no key of as many bits."""


class _SameMethodRedirect(HttpResponsePermanentRedirect):
    """What was sent to the old address is sent again to the new one."""

    status_code = HTTPStatus.PERMANENT_REDIRECT


def follows_merges(view: View) -> View:
    """Send a page of a place, found by its `slug`, to that of the place it was merged into."""

    @wraps(view)
    def followed(request: HttpRequest, slug: str, **others: Any) -> HttpResponse:
        try:
            return view(request, slug=slug, **others)
        except Http404:
            now = _published().filter(slug=slug).values_list("place__slug", flat=True).first()
            match = request.resolver_match
            if now is None or match is None:
                raise
            address = reverse(match.view_name, kwargs={"slug": now, **others})
            query = request.META.get("QUERY_STRING", "")
            target = f"{address}?{query}" if query else address
            if request.method in {"GET", "HEAD"}:
                return HttpResponsePermanentRedirect(target)
            return _SameMethodRedirect(target)

    return followed


def follows_merged_numbers(view: View) -> View:
    """Send a program's address that ends with a place's `number` to that of the kept place."""

    @wraps(view)
    def followed(request: HttpRequest, number: int) -> HttpResponse:
        try:
            return view(request, number)
        except Http404:
            now = places_now([number]).get(number) if number.bit_length() < BITS else None
            if now is None:
                raise
            folder, _slash, name = request.path.rpartition("/")
            _number, dot, extension = name.partition(".")
            return HttpResponsePermanentRedirect(f"{folder}/{now}{dot}{extension}")

    return followed


def places_now(numbers: Iterable[int]) -> dict[int, int]:
    """Return, for numbers of places that were merged, those of the published places they are now.

    One query; may raise django.db.Error.
    """
    found = _published().filter(number__in=list(numbers))
    return dict(found.values_list("number", "place_id"))


def _published() -> Any:
    return PlaceRedirect.objects.filter(place__state=State.PUBLISHED)
