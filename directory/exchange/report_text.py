"""A report as a table for a terminal."""

from collections.abc import Iterator

from directory.exchange.importing import Mode
from directory.exchange.report import Entry, Kind, Report

SHOWN = 50
"""Entries of each kind printed, unless all are asked for."""
WIDTHS = {"quoi": 8, "ligne": 6, "lieu": 30, "champ": 24, "avant": 30, "après": 30, "raison": 0}
"""Columns and their width in characters; 0: as it comes."""
NOT_LISTED = frozenset({Kind.REPAIRED, Kind.ADDED})
"""Kinds that are counted here, and listed in the report files."""
SAID = {
    Mode.DRY: "Essai : rien n’est écrit. Ajoutez --apply pour écrire.",
    Mode.RUN: "Tout est écrit.",
    Mode.ROW: "Les lignes acceptées sont écrites.",
}


def lines(report: Report, mode: Mode, whole: bool = False) -> Iterator[str]:
    """Yield the report's lines, the counts last; `whole` lists everything."""
    yield from _table(report, whole)
    for title, counts in (
        ("rejeté", report.refused),
        ("écarté", report.left_out),
        ("réparé", report.repairs),
        ("retiré", report.dropped),
    ):
        yield from (f"{title} · {name} : {count}" for name, count in sorted(counts.items()))
    if report.proposed:
        yield f"proposé · valeurs gardées à côté d’un champ corrigé : {report.proposed}"
    if report.to_archive:
        yield f"proposé · lieux à archiver : {report.to_archive}"
    yield from duplicates(report)
    yield from (f"attention · {text}" for text in report.warnings)
    yield f"format reconnu : {report.format_name}. {SAID[mode]}"
    yield report.counts()


def duplicates(report: Report) -> Iterator[str]:
    """Yield what became of the duplicates that the new places brought; nothing without any."""
    if report.duplicates_merged:
        yield f"doublons · lieux fusionnés par règle : {report.duplicates_merged}"
    if report.duplicates_to_review:
        yield f"doublons · paires à examiner : {report.duplicates_to_review}"


def _table(report: Report, whole: bool) -> Iterator[str]:
    """Yield the entries, cut to their columns."""
    seen = dict.fromkeys(Kind, 0)
    for entry in report.journal:
        if entry.kind in NOT_LISTED and not whole:
            continue
        seen[entry.kind] += 1
        if seen[entry.kind] == 1 and not any(n for k, n in seen.items() if k != entry.kind):
            yield _row(dict(zip(WIDTHS, WIDTHS, strict=True)))
        if whole or seen[entry.kind] <= SHOWN:
            yield _row(_cells(entry))
    for kind, count in seen.items():
        if not whole and count > SHOWN:
            yield f"… et {count - SHOWN} autres « {kind} » : voir --report."


def _cells(entry: Entry) -> dict[str, str]:
    return {
        "quoi": entry.kind,
        "ligne": str(entry.line or ""),
        "lieu": entry.place,
        "champ": entry.column,
        "avant": entry.before,
        "après": entry.after,
        "raison": entry.reason,
    }


def _row(cells: dict[str, str]) -> str:
    shown = []
    for name, width in WIDTHS.items():
        text = " ".join(cells[name].split())
        if width and len(text) > width:
            text = f"{text[: width - 1]}…"
        shown.append(text.ljust(width))
    return " | ".join(shown).rstrip()
