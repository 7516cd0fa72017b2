"""The load client: raw sockets in one process, a new connection for each request.

As a reverse proxy would ask sync workers: they close after each answer. Each client asks again as
soon as it is answered, so the pace is the server's.
"""

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

Address = tuple[str, int]

TIMEOUT_SECONDS = 60.0
_ETAG = re.compile(rb"\r\netag: *([^\r]+)", re.IGNORECASE)


@dataclass
class Load:
    """What was answered: latencies in seconds, sizes in bytes on the wire, headers included."""

    latencies: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    client_cpu: float = 0.0
    server_cpu: float = 0.0
    """Seconds of processor of the workers and the database."""

    def add(self, other: "Load") -> None:
        """Pool another slice of the same scenario."""
        self.latencies += other.latencies
        self.sizes += other.sizes
        self.statuses += other.statuses
        self.seconds += other.seconds
        self.client_cpu += other.client_cpu
        self.server_cpu += other.server_cpu

    @property
    def per_second(self) -> float:
        """Requests answered a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    @property
    def client_ceiling(self) -> float:
        """Requests a second that this client could ask, by the processor time that it took."""
        return len(self.latencies) / self.client_cpu if self.client_cpu else 0.0

    def percentile(self, share: float) -> float:
        """Return the latency, in ms, under which `share` of the requests were answered."""
        if not self.latencies:
            return 0.0
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass
class _Exchange:
    path: str
    started: float
    received: bytearray = field(default_factory=bytearray)


class Client:
    """Asks `paths` in turn, from `count` connections at once."""

    def __init__(self, address: Address, count: int, etags: dict[str, bytes] | None = None) -> None:
        self.address, self.count = address, count
        self.etags = etags
        """When given, what was received comes with `If-None-Match`, as a browser's cache does."""

    def run(self, paths: Iterator[str], seconds: float) -> Load:
        """Ask during `seconds`, then wait for the last answers."""
        load = Load()
        with selectors.DefaultSelector() as selector:
            started, cpu = time.perf_counter(), time.process_time()
            for _ in range(self.count):
                self._ask(selector, next(paths))
            end = started + seconds
            while selector.get_map():
                ready = selector.select(TIMEOUT_SECONDS)
                if not ready:
                    raise TimeoutError(f"No answer in {TIMEOUT_SECONDS:.0f} s.")
                for key, _events in ready:
                    if self._is_over(key.fileobj, key.data):  # type: ignore[arg-type]
                        selector.unregister(key.fileobj)
                        self._note(load, key.data)
                        if time.perf_counter() < end:
                            self._ask(selector, next(paths))
            load.seconds = time.perf_counter() - started
            load.client_cpu = time.process_time() - cpu
        return load

    def _ask(self, selector: selectors.BaseSelector, path: str) -> None:
        exchange = _Exchange(path, time.perf_counter())
        known = self.etags.get(path) if self.etags is not None else None
        condition = b"If-None-Match: %s\r\n" % known if known else b""
        connection = socket.create_connection(self.address)
        connection.sendall(
            b"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
            b"Accept-Language: fr\r\n%sConnection: close\r\n\r\n" % (path.encode(), condition)
        )
        connection.setblocking(False)
        selector.register(connection, selectors.EVENT_READ, exchange)

    @staticmethod
    def _is_over(connection: socket.socket, exchange: _Exchange) -> bool:
        try:
            while data := connection.recv(262_144):
                exchange.received += data
        except BlockingIOError:
            return False
        connection.close()
        return True

    def _note(self, load: Load, exchange: _Exchange) -> None:
        load.latencies.append(time.perf_counter() - exchange.started)
        load.sizes.append(len(exchange.received))
        head = bytes(exchange.received[:4096])
        load.statuses[int(head[9:12] or 0)] += 1
        if self.etags is not None and (found := _ETAG.search(head)):
            self.etags[exchange.path] = found[1]
