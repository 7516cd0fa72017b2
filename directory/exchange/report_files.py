"""A report as a file: CSV for a spreadsheet, or one HTML page that stands alone."""

import csv
from collections.abc import Callable
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString

from directory.exchange.importing import Mode
from directory.exchange.report import Entry, Kind, Report
from directory.exchange.report_text import SAID, duplicates

COLUMNS = ("quoi", "ligne", "lieu", "champ", "avant", "après", "raison")
MAX_LISTED = 5_000
"""Entries of each kind in the page: a browser opens no more; the CSV holds all."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet run a cell."""
TITLES = {
    Kind.REJECTED: "Lignes rejetées",
    Kind.LEFT_OUT: "Valeurs écartées",
    Kind.CHANGED: "Champs modifiés",
    Kind.PROPOSED: "Valeurs proposées, à côté d’un champ corrigé par une personne",
    Kind.GONE: "Lieux disparus du fichier",
    Kind.JOINED: "Lieux fusionnés avec un autre",
    Kind.ADDED: "Lieux ajoutés",
    Kind.REPAIRED: "Réparations",
}
PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title></head><body><h1>{title}</h1>
"""


def write_csv(report: Report, source: str, mode: Mode, path: Path) -> None:
    """Write every entry, one a line, in UTF-8 with a BOM as spreadsheets want it."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(COLUMNS)
        for entry in report.journal:
            writer.writerow([_harmless(text) for text in _cells(entry)])


def write_html(report: Report, source: str, mode: Mode, path: Path) -> None:
    """Write the counts, then a table for each kind of entry."""
    title = f"Import de {source} : {'essai' if mode == Mode.DRY else 'écrit'}"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(format_html(PAGE, title=title))
        for text in (
            f"Format : {report.format_name}.", SAID[mode], report.counts(), *duplicates(report),
        ):  # fmt: skip
            stream.write(format_html("<p>{}</p>\n", text))
        for text in report.warnings:
            stream.write(format_html("<p><strong>Attention : {}</strong></p>\n", text))
        stream.write(_counts(report))
        for kind, heading in TITLES.items():
            found = (entry for entry in report.journal if entry.kind == kind)
            first = next(found, None)
            if first is None:
                continue
            stream.write(format_html("<h2>{}</h2>\n<table>{}\n", heading, _head(COLUMNS)))
            stream.write(_line(first))
            count = 1
            for count, entry in enumerate(found, start=2):
                if count <= MAX_LISTED:
                    stream.write(_line(entry))
            stream.write("</tbody></table>\n")
            if count > MAX_LISTED:
                rest = count - MAX_LISTED
                stream.write(format_html("<p>… et {} autres : voir le CSV.</p>\n", rest))
        stream.write("</body></html>\n")


WRITERS: dict[str, Callable[[Report, str, Mode, Path], None]] = {
    ".csv": write_csv,
    ".html": write_html,
}


def _counts(report: Report) -> str:
    sections = (
        ("Rejets par raison", report.refused),
        ("Valeurs écartées par raison", report.left_out),
        ("Réparations par règle", report.repairs),
        ("Retiré exprès", report.dropped),
    )
    html = ""
    for heading, counts in sections:
        if counts:
            html += format_html("<h2>{}</h2>\n<table>{}\n", heading, _head(("quoi", "nombre")))
            for name, count in counts.most_common():
                html += format_html("<tr><td>{}</td><td>{}</td></tr>\n", name, count)
            html += "</tbody></table>\n"
    return html


def _head(names: tuple[str, ...]) -> SafeString:
    cells = SafeString("").join(format_html('<th scope="col">{}</th>', name) for name in names)
    return format_html("<thead><tr>{}</tr></thead><tbody>", cells)


def _line(entry: Entry) -> str:
    cells = SafeString("").join(format_html("<td>{}</td>", text) for text in _cells(entry))
    return f"<tr>{cells}</tr>\n"


def _cells(entry: Entry) -> tuple[str, ...]:
    line = str(entry.line or "")
    return (
        entry.kind.value, line, entry.place, entry.column, entry.before, entry.after, entry.reason,
    )  # fmt: skip


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
