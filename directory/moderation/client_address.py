"""Whose address a request comes from, when it can be believed.

Behind a reverse proxy every request comes from the proxy's address: counting attempts by it would
lock everyone out together. X-Forwarded-For is believed only from the proxies that
TRUSTED_PROXIES names, and read from its end: what stands before was written by the visitor.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address


def client_address(request: HttpRequest) -> str | None:
    """Return the visitor's address, or None when nothing reliable tells it."""
    nearest = _address(request.META.get("REMOTE_ADDR", ""))
    # Without an address it is a proxy of this machine, by a socket file.
    if _is_trusted(nearest) if nearest else settings.TRUSTED_PROXIES:
        return _told_by_proxies(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    # A private address that no setting names is most likely a proxy that nobody declared.
    return str(nearest) if nearest and nearest.is_global else None


def _told_by_proxies(forwarded: str) -> str | None:
    for text in reversed(forwarded.split(",")):
        address = _address(text.strip())
        if address is None:
            return None
        if not _is_trusted(address):
            return str(address)
    return None


def _address(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _is_trusted(address: Address) -> bool:
    return any(address in ip_network(one, strict=False) for one in settings.TRUSTED_PROXIES)
