"""What was measured against what is wanted, as a table and as a file.

Targets are ratios inside one run: machines differ, and the same one from hour to hour.
"""

import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

RESULT_PAGES = ("results", "filters", "text", "open")

HELLO_SHARES = {**dict.fromkeys(RESULT_PAGES, 0.06), "place": 0.14, "not-modified": 0.5}
"""Least requests a second at 8 clients, as a share of hello world's, at 25,000 places."""

LARGER_LOSS = 0.2
"""Share of these that a larger directory may lose."""

INDEX_SHARE = 0.1
"""Most of the page's own time that facets, matching and order may take."""

TAIL = 2.0
"""Most p95 may be at 8 clients, as a multiple of p50."""

FAILED_SHARE = 0.05
"""Answers other than the expected one that are let pass: a saved record is no longer unchanged."""

MAP_MS, MAP_BYTES = 15, 30_000
"""Of a map's answer in a process alone, at the zoom that costs most; bytes once compressed."""

QUERIES = 6
MEMORY_MB = {25_000: 150, 200_000: 400}
BUILD_SECONDS = {25_000: 1.0, 200_000: 5.0}
BASE = 25_000


@dataclass(frozen=True)
class Line:
    """One measure. `is_met` is None when nothing is aimed at, or when it could not be measured."""

    size: int
    name: str
    value: str
    target: str = ""
    is_met: bool | None = None


class Report:
    """Lines and raw figures of every size."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.figures: dict[int, dict[str, Any]] = {}
        self.busy = os.getloadavg()[0]

    def add(self, size: int, figures: dict[str, Any]) -> None:
        """Judge what was measured at one size; the smallest size comes first."""
        self.figures[size] = figures
        self._loads(size, figures["loads"], figures["inside"]["pages"])
        self._shares_of_hello(size, figures["loads"])
        self._search(size, figures["inside"])
        self._maps(size, figures["inside"]["maps"])
        self._index(size, figures)

    def _line(self, size: int, name: str, value: str, target: str = "", met: Any = None) -> None:
        self.lines.append(Line(size, name, value, target, None if met is None else bool(met)))

    def _loads(self, size: int, loads: dict[str, Any], pages: dict[str, Any]) -> None:
        from bench.scenarios import LABELS  # noqa: PLC0415

        for name, by_clients in loads.items():
            for clients, load in by_clients.items():
                value = (
                    f"{load['per_second']:.0f}/s, p50 {load['p50']:.1f} ms, "
                    f"p95 {load['p95']:.1f} ms, {load['server_cpu_ms']:.1f} ms CPU, "
                    f"{load['bytes']:,.0f} B"
                )
                label = f"{LABELS[name]}, {clients} client" + "s" * (clients != "1")
                if load["failed"] > FAILED_SHARE:
                    value += f", {load['failed']:.0%} FAILED"
                    self._line(size, label, value, f"≤ {FAILED_SHARE:.0%} failed", False)
                    continue
                if clients == "1" or name == "hello":
                    self._line(size, label, value)
                    continue
                met = load["p95"] <= TAIL * load["p50"]
                self._line(size, label, value, f"p95 ≤ {TAIL:.0f} × p50", met)
            if page := pages.get(name):
                value = f"{page['ms']:.1f} ms, {page['cpu_ms']:.1f} of processor"
                self._line(size, f"{LABELS[name]}, in a process alone", value)
                value = f"{page['queries']} at most, {page['queries_median']:.0f} usually"
                wanted = (f"≤ {QUERIES}", page["queries"] <= QUERIES) if name != "hello" else ()
                self._line(size, f"{LABELS[name]}, queries", value, *wanted)

    def _shares_of_hello(self, size: int, loads: dict[str, Any]) -> None:
        from bench.scenarios import LABELS  # noqa: PLC0415

        for name, least in HELLO_SHARES.items():
            label = f"{LABELS[name]} / hello world"
            if name not in loads:
                self._line(size, label, "not measured: no such answer", f"≥ {least:.0%}")
                continue
            share = _share(loads, name)
            spent = loads["hello"]["8"]["server_cpu_ms"] / (loads[name]["8"]["server_cpu_ms"] or 1)
            value = f"{share:.1%} by requests/s, {spent:.1%} by processor time"
            if size <= BASE or BASE not in self.figures:
                self._line(size, label, value, f"≥ {least:.0%}", share >= least)
                continue
            floor = (1 - LARGER_LOSS) * _share(self.figures[BASE]["loads"], name)
            target = f"≥ {floor:.1%} (20 % less)"
            self._line(size, label, value, target, share >= floor)

    def _search(self, size: int, inside: dict[str, Any]) -> None:
        for name, title in (("search", "plain"), ("search_filters", "3 filters")):
            figures = inside[name]
            whole = inside["pages"]["results" if name == "search" else "filters"]["ms"]
            share = figures["index"] / whole
            value = f"{figures['index']:.2f} ms, {share:.0%} of {whole:.1f} ms"
            target = f"≤ {INDEX_SHARE:.0%} of the page"
            self._line(size, f"index alone, {title}", value, target, share <= INDEX_SHARE)
            self._line(size, f"bare SQL, {title}", f"{figures['bare_sql']:.1f} ms")
            self._line(size, f"reading the address, {title}", f"{figures['read']:.1f} ms")
            self._line(size, f"the site's finder, {title}", f"{figures['finder']:.1f} ms")

    def _maps(self, size: int, by_zoom: dict[str, dict[str, float]]) -> None:
        for name, unit, most in (("ms", "ms", MAP_MS), ("bytes", "B", MAP_BYTES)):
            zoom, worst = max(by_zoom.items(), key=lambda pair: pair[1][name])
            value = f"{worst[name]:,.1f} {unit} at zoom {zoom}"
            if name == "ms":
                value += f", {worst['cpu_ms']:.1f} of processor"
            target = f"≤ {most:,} {unit}"
            self._line(size, f"map at its worst zoom, {name}", value, target, worst[name] <= most)

    def _index(self, size: int, figures: dict[str, Any]) -> None:
        index, memory = figures["inside"]["index"], figures["memory_mb"]
        limit, seconds = MEMORY_MB.get(size), BUILD_SECONDS.get(size)
        if memory:
            value = f"{max(memory):.0f} MB PSS, the largest of {len(memory)}"
            met = max(memory) <= limit if limit else None
            self._line(size, "memory per worker", value, f"≤ {limit} MB" if limit else "", met)
        value = f"{index['build_seconds']:.2f} s"
        met = index["build_seconds"] <= seconds if seconds else None
        self._line(size, "index built in", value, f"≤ {seconds:.0f} s" if seconds else "", met)
        self._line(size, "index size", f"{index['size_bytes'] / 1e6:.1f} MB")
        hello = figures["loads"]["hello"]["8"]
        ceiling = f"{hello['client_ceiling']:.0f}/s, asked {hello['per_second']:.0f}/s"
        self._line(size, "the client's own ceiling", ceiling)

    def table(self) -> str:
        """Return every line, by size, for a terminal."""
        widths = [
            max(len(getattr(line, name)) for line in self.lines) for name in ("name", "value")
        ]
        shown = [f"{os.cpu_count()} cores, load average {self.busy:.1f} when it began"]
        for size in self.figures:
            shown.append(f"\n{size:,} places")
            for line in (line for line in self.lines if line.size == size):
                verdict = {None: "", True: "met", False: "NOT MET"}[line.is_met]
                shown.append(
                    f"  {line.name:<{widths[0]}}  {line.value:<{widths[1]}}  "
                    f"{line.target:<22}  {verdict}".rstrip()
                )
        judged = [line for line in self.lines if line.is_met is not None]
        shown.append(f"\n{sum(bool(line.is_met) for line in judged)} of {len(judged)} targets met.")
        return "\n".join(shown)

    def write(self, path: Path) -> None:
        """Write lines and raw figures."""
        machine = {"python": sys.version.split()[0], "system": platform.platform(terse=True)}
        lines = [asdict(line) for line in self.lines]
        content = {
            "machine": machine,
            "load_average": self.busy,
            "lines": lines,
            "figures": self.figures,
        }
        path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _share(loads: dict[str, Any], name: str) -> float:
    return loads[name]["8"]["per_second"] / loads["hello"]["8"]["per_second"]
