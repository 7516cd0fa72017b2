"""What every request goes through before a view sees it."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from directory.views import errors

MAX_QUERY_STRING = 65_536
"""Bytes: 10,000 accented letters (six bytes each once encoded) pass and are answered; beyond, the
address is refused."""


class ReadableQueryMiddleware:
    """Refuses, with a readable page, addresses that are too long or that hold bytes of no text.

    NUL is refused because PostgreSQL has no such character and would raise.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 400 or 414 with a clear page, or go on."""
        query = request.META.get("QUERY_STRING", "")
        if len(query) > MAX_QUERY_STRING or query.count("&") >= _most_parameters():
            # Django would refuse to read it, in the view and again in the page that says so.
            request.META["QUERY_STRING"] = ""
            return errors.too_long(request)
        if "%00" in query or "\x00" in request.path:
            return errors.bad_request(request)
        return self.get_response(request)


def _most_parameters() -> int:
    """Return as many as a form may send."""
    return settings.DATA_UPLOAD_MAX_NUMBER_FIELDS or 1_000


class BarePathFilter(logging.Filter):
    """Cuts the query string from logged paths: what a person searched is never kept."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record's arguments; always lets it through."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                arg.split("?", 1)[0] if isinstance(arg, str) else arg for arg in record.args
            )
        return True
