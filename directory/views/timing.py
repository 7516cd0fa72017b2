"""How long the parts of an answer took, told to whoever looks (Server-Timing, W3C)."""

import time

from django.http import HttpResponse


class Timer:
    """Tells the milliseconds of each part since the one before."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._parts: list[str] = []

    def mark(self, part: str) -> None:
        """End a part."""
        now = time.perf_counter()
        self._parts.append(f"{part};dur={1000 * (now - self._last):.1f}")
        self._last = now

    def tell(self, response: HttpResponse) -> None:
        """Write the header."""
        response["Server-Timing"] = ", ".join(self._parts)
