"""Addresses that e-mails tell: a request's host is what its sender wrote."""

from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest, path: str) -> str:
    """Return the full address of a path, under settings.SITE_URL.

    On a developer's machine and in the demo the request tells the port.
    """
    if settings.LOCAL:
        return request.build_absolute_uri(path)
    return f"{settings.SITE_URL}{path}"
