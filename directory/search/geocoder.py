"""The national address geocoder, asked by the server; off unless GEOCODER is set.

Fixed host, no redirect followed, 1.5 s at most. After repeated failures it is left alone for a
while (circuit breaker), and the caller falls back on the commune and says so. Answers are kept in
the process's memory only, by address, with nothing about who asked.
"""

import json
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

URL = "https://data.geopf.fr/geocodage/search"
"""Géoplateforme (IGN), the service that took over from the Base Adresse Nationale's."""

TIMEOUT = 1.5
"""Seconds: past that a person thinks that the page is broken."""

MAX_ANSWER = 200_000
"""Bytes read of an answer: it weighs two thousand."""

MAX_FAILURES = 3
REST = 60.0
"""Seconds during which a failing service is not asked again."""

CACHE_SIZE = 2000
BROKEN = (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError)
"""What reading a service that fails or answers nonsense may raise (URLError is an OSError)."""

MIN_SCORE = 0.5
"""Score (0 to 1) under which the service itself calls its answer doubtful."""


class GeocoderUnavailableError(Exception):
    """The service is off, resting, slow, or answers nonsense."""


@dataclass(frozen=True)
class Address:
    """An address found: its text and its point in degrees."""

    label: str
    latitude: float
    longitude: float
    commune_code: str


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow none: the host is fixed."""


@dataclass
class Geocoder:
    """One per process."""

    failures: int = 0
    resting_until: float = 0.0
    cache: OrderedDict[str, Address | None] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def find(self, text: str) -> Address | None:
        """Return the address that `text` means, None when there is none.

        Raises GeocoderUnavailableError when the service cannot be asked.
        """
        if not settings.GEOCODER:
            raise GeocoderUnavailableError("off")
        key = " ".join(text.lower().split())
        with self.lock:
            if key in self.cache:
                self.cache.move_to_end(key)
                return self.cache[key]
            if time.monotonic() < self.resting_until:
                raise GeocoderUnavailableError("resting")
        try:
            found = _read(fetch(key))
        except BROKEN as error:
            self._failed()
            raise GeocoderUnavailableError(type(error).__name__) from error
        with self.lock:
            self.failures = 0
            self.cache[key] = found
            while len(self.cache) > CACHE_SIZE:
                self.cache.popitem(last=False)
        return found

    def _failed(self) -> None:
        with self.lock:
            self.failures += 1
            if self.failures >= MAX_FAILURES:
                self.failures = 0
                self.resting_until = time.monotonic() + REST


def fetch(text: str) -> bytes:
    """Return the service's raw answer; the edge that tests replace. Raises OSError."""
    query = urlencode({"q": text, "limit": 1, "index": "address"})
    opener = build_opener(_NoRedirect)
    request = Request(f"{URL}?{query}", headers={"Accept": "application/json"})  # noqa: S310
    with opener.open(request, timeout=TIMEOUT) as answer:
        return bytes(answer.read(MAX_ANSWER))


def _read(answer: bytes) -> Address | None:
    features = json.loads(answer)["features"]
    if not features or features[0]["properties"].get("score", 0) < MIN_SCORE:
        return None
    properties = features[0]["properties"]
    longitude, latitude = map(float, features[0]["geometry"]["coordinates"])
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("point outside the world")
    return Address(
        str(properties["label"])[:200], latitude, longitude, str(properties.get("citycode", ""))
    )


geocoder = Geocoder()
