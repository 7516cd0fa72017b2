"""What became of every list, as tables in Markdown: bench/imports.py imports them."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

CHANGES = (
    "added", "updated", "gone", "proposed", "duplicates_merged", "duplicates_to_review",
)  # fmt: skip
"""What a second run must not do."""
LISTED = 8
"""Rules and reasons told in a cell, the most frequent."""


@dataclass
class Imported:
    """A list imported twice, and after all the others when it is its source's last.

    Each time, the counts of the report (directory.exchange.import_runs).
    """

    paths: list[Path]
    source: str
    mapping: str
    key: str
    first: dict[str, Any]
    second: dict[str, Any]
    at_the_end: dict[str, Any] | None = None

    @property
    def path(self) -> Path:
        """The list of places."""
        return self.paths[0]


def lines(imported: Sequence[Imported]) -> list[str]:
    """Return the table of the lists, then that of the vintages of one source."""
    head = (
        "file", "read as", "rows", "stored", "repaired, by rule", "rejected, by reason",
        "rows brought together", "merged by rule", "to review", "second run",
        "once all are in", "seconds", "cpu",
    )  # fmt: skip
    found = [f"| {' | '.join(head)} |", "| --- " * len(head) + "|"]
    found += [_line(one) for one in imported]
    found.append(_total([one.first for one in imported if "refused_file" not in one.first]))
    pairs = [p for p in combinations(imported, 2) if p[0].source == p[1].source and p[0].key]
    if pairs:
        head = ("vintages", "only in the new", "added", "only in the old", "gone", "in both",
                "updated + unchanged")  # fmt: skip
        found += ["", f"| {' | '.join(head)} |", "| --- " * len(head) + "|"]
        found += [_vintages(old, new) for old, new in pairs]
    return found


def _line(one: Imported) -> str:
    told = one.first
    if "refused_file" in told:
        return f"| {one.path.name} | refused: {told['refused_file']} |"
    cells = (
        one.path.name, told["format_name"], told["rows"], told["stored"],
        _counts(told["repairs"]), _counts(told["refused"]), told["merged"],
        told["duplicates_merged"], told["duplicates_to_review"],
        _changed(one.second), _changed(one.at_the_end) if one.at_the_end else "–",
        told["seconds"], told["cpu"],
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def _total(told: list[dict[str, Any]]) -> str:
    def sum_of(name: str) -> int:
        return sum(one[name] for one in told)

    repaired = sum(sum(one["repairs"].values()) for one in told)
    times = (round(sum(one[name] for one in told), 1) for name in ("seconds", "cpu"))
    cells = (
        "**all**", "", sum_of("rows"), sum_of("stored"), repaired, sum_of("rejected"),
        sum_of("merged"), sum_of("duplicates_merged"), sum_of("duplicates_to_review"), "",
        "", *times,
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def _changed(told: dict[str, Any]) -> str:
    changed = {name: told[name] for name in CHANGES if told.get(name)}
    return f"changes {changed}" if changed else "changes nothing"


def _counts(of: dict[str, int]) -> str:
    ranked = sorted(of.items(), key=lambda pair: -pair[1])
    told = [f"{name} {count}" for name, count in ranked[:LISTED]]
    rest = sum(count for _name, count in ranked[LISTED:])
    return ", ".join([*told, *([f"others {rest}"] if rest else [])]) or "none"


def _vintages(old: Imported, new: Imported) -> str:
    """Compare what the report tells with the identifiers of the two files, read by `csv` alone.

    A row that was rejected is in neither: it was not stored.
    """
    before, after = (_keys(one, one.key or old.key) for one in (old, new))
    told = new.first
    cells = (
        f"{old.path.name} → {new.path.name}",
        len(after - before), told["added"], len(before - after), told["gone"],
        len(before & after), told["updated"] + told["unchanged"],
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def _keys(one: Imported, key: str) -> set[str]:
    rejected, keys, line = set(one.first["rejected_lines"]), set(), 2
    with one.path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        for row in reader:
            if line not in rejected:
                keys.add(row[key].strip())
            line = reader.line_num + 1
    return keys
