"""Answers "unchanged" to a browser that already has the page.

A page changes with its address, with what the search index has read of the database, with the
release, with the language, and every five minutes because it tells who is open. Nothing of a page
depends on who asks.
"""

import hashlib
import time
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import condition

from directory.search.live import SLICE_SECONDS, live

View = Callable[..., HttpResponse]


def validator(request: HttpRequest, *args: object, **kwargs: object) -> str | None:
    """Return the page's ETag, None when no thread follows the database's changes."""
    version = live.version
    if version is None or not live.is_following:
        return None
    parts = (
        request.get_full_path(),
        request.headers.get("referer", ""),
        str(version),
        settings.RELEASE,
        get_language() or "",
        str(int(time.time() // SLICE_SECONDS)),
    )
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
    return f'"{digest}"'


def revalidated(view: View) -> View:
    """Let browsers keep the page, and ask each time whether it has changed."""

    @wraps(view)
    def kept(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = condition(etag_func=validator)(view)(request, *args, **kwargs)
        if response.status_code in {200, 304}:
            patch_cache_control(response, no_cache=True)
        return response

    return kept
