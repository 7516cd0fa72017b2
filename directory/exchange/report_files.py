"""A report as a file: CSV for a spreadsheet, or one HTML page that stands alone."""

import csv
from collections.abc import Callable
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from directory.exchange import repair_words
from directory.exchange.importing import Mode
from directory.exchange.report import Entry, Kind, Report
from directory.exchange.report_text import COLUMNS, KIND_TITLES, SAID, duplicates

MAX_LISTED = 5_000
"""Entries of each kind in the page: a browser opens no more; the CSV holds all."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet run a cell."""
TITLES = {kind: title for kind, title in KIND_TITLES.items() if kind != Kind.UNCHANGED}
"""What the page lists, in this order."""
PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title></head><body><h1>{title}</h1>
"""


def write_csv(report: Report, source: str, mode: Mode, path: Path) -> None:
    """Write every entry, one a line, in UTF-8 with a BOM as spreadsheets want it."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(_names())
        for entry in report.journal:
            writer.writerow([harmless(text) for text in cells(entry)])


def write_html(report: Report, source: str, mode: Mode, path: Path) -> None:
    """Write the counts, then a table for each kind of entry."""
    written = _("essai") if mode == Mode.DRY else _("écrit")
    title = _("Import de %(source)s : %(written)s") % {"source": source, "written": written}
    with path.open("w", encoding="utf-8") as stream:
        stream.write(format_html(PAGE, title=title))
        for text in (
            _("Format : %(name)s.") % {"name": report.format_name},
            SAID[mode],
            report.counts(),
            *duplicates(report, mode),
        ):
            stream.write(format_html("<p>{}</p>\n", text))
        for text in report.warnings:
            stream.write(format_html("<p><strong>{} {}</strong></p>\n", _("Attention :"), text))
        stream.write(_counts(report))
        for kind, heading in TITLES.items():
            found = (entry for entry in report.journal if entry.kind == kind)
            first = next(found, None)
            if first is None:
                continue
            stream.write(format_html("<h2>{}</h2>\n<table>{}\n", heading, _head(_names())))
            stream.write(_line(first))
            count = 1
            for count, entry in enumerate(found, start=2):
                if count <= MAX_LISTED:
                    stream.write(_line(entry))
            stream.write("</tbody></table>\n")
            if count > MAX_LISTED:
                more = _("… et %(count)s autres : voir le CSV.") % {"count": count - MAX_LISTED}
                stream.write(format_html("<p>{}</p>\n", more))
        stream.write("</body></html>\n")


WRITERS: dict[str, Callable[[Report, str, Mode, Path], None]] = {
    ".csv": write_csv,
    ".html": write_html,
}


def _counts(report: Report) -> str:
    sections = (
        (_("Rejets par raison"), report.refused),
        (_("Valeurs écartées par raison"), report.left_out),
        (_("Réparations par règle"), report.repairs),
        (_("Retiré exprès"), report.dropped),
    )
    html = ""
    for heading, counts in sections:
        if counts:
            html += format_html(
                "<h2>{}</h2>\n<table>{}\n", heading, _head((_("quoi"), _("nombre")))
            )
            for rule, count in counts.most_common():
                name = repair_words.said(rule) if counts is report.repairs else rule
                html += format_html("<tr><td>{}</td><td>{}</td></tr>\n", name, count)
            html += "</tbody></table>\n"
    return html


def _head(names: tuple[str, ...]) -> SafeString:
    cells = SafeString("").join(format_html('<th scope="col">{}</th>', name) for name in names)
    return format_html("<thead><tr>{}</tr></thead><tbody>", cells)


def _line(entry: Entry) -> str:
    row = SafeString("").join(format_html("<td>{}</td>", text) for text in cells(entry))
    return f"<tr>{row}</tr>\n"


def cells(entry: Entry) -> list[str]:
    """Return an entry as the texts of COLUMNS."""
    texts = {name: str(getattr(entry, name) or "") for name in COLUMNS}
    if entry.kind == Kind.REPAIRED:
        texts["reason"] = repair_words.said(entry.reason)
    return list(texts.values())


def harmless(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _names() -> tuple[str, ...]:
    return tuple(str(label) for label in COLUMNS.values())
