"""Answers "unchanged" to a browser that already has the page.

A page changes with its address, with what it shows of the database, with the release, with the
language, and every five minutes because it tells who is open. Nothing of a page depends on who
asks.
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
State = Callable[..., str | None]
"""Tells the state of what a page shows, from its view's own arguments; None when not known."""


def whole_index(*args: object, **kwargs: object) -> str | None:
    """Return the state of all that is searched: it changes with each edit of any place."""
    version = live.version
    return None if version is None else str(version)


def etag(request: HttpRequest, state: str | None) -> str | None:
    """Return the page's ETag, None when no thread follows the database's changes."""
    if state is None or not live.is_following:
        return None
    parts = (
        request.get_full_path(),
        request.headers.get("referer", ""),
        state,
        settings.RELEASE,
        get_language() or "",
        str(int(time.time() // SLICE_SECONDS)),
    )
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
    return f'"{digest}"'


def revalidated_by(state: State) -> Callable[[View], View]:
    """Let browsers keep the page, and ask each time whether its state has changed."""

    def decorate(view: View) -> View:
        @condition(etag_func=lambda request, *args, **kw: etag(request, state(*args, **kw)))
        def conditional(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            return view(request, *args, **kwargs)

        @wraps(view)
        def kept(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            response = conditional(request, *args, **kwargs)
            if response.status_code in {200, 304}:
                patch_cache_control(response, no_cache=True)
            return response

        return kept

    return decorate


revalidated = revalidated_by(whole_index)
"""Let browsers keep the page until anything that is searched changes."""
