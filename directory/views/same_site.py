"""Whether a form was sent by one of our own pages.

For forms that store nothing: a token against forgery would put a cookie on pages that only read.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest

OURS = frozenset({"same-origin", "none", ""})
"""Values of Sec-Fetch-Site (W3C Fetch Metadata) of our pages, of the person's own doing, and of
browsers that do not say."""


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Tell whether the browser says that another site made it ask."""
    if request.headers.get("sec-fetch-site", "") not in OURS:
        return True
    origin = request.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc != request.get_host()
