"""What the page of an import shows: how far it is, its counts, its report page by page."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from directory.exchange import import_files, repair_words
from directory.exchange.report import Entry, Kind
from directory.exchange.report_files import cells, harmless
from directory.exchange.report_text import COLUMNS, KIND_TITLES
from directory.models.import_runs import ImportRun, RunState

CSV_NAME = "rapport.csv"
PER_PAGE = 50
NUMBERS = {
    "rows": gettext_lazy("Lignes lues"),
    "added": gettext_lazy("Lieux ajoutés"),
    "updated": gettext_lazy("Lieux modifiés"),
    "unchanged": gettext_lazy("Lieux inchangés"),
    "rejected": gettext_lazy("Lignes rejetées"),
    "merged": gettext_lazy("Lignes regroupées"),
    "gone": gettext_lazy("Lieux disparus"),
    "proposed": gettext_lazy("Valeurs proposées"),
    "to_archive": gettext_lazy("Lieux à archiver"),
    "duplicates_merged": gettext_lazy("Doublons fusionnés"),
    "duplicates_to_review": gettext_lazy("Doublons à examiner"),
}
BY_WRITING = frozenset({"duplicates_merged", "duplicates_to_review"})
"""What is only found by writing: a preview does not say zero."""
SECTIONS = {
    "refused": gettext_lazy("Rejets par raison"),
    "left_out": gettext_lazy("Valeurs écartées par raison"),
    "repairs": gettext_lazy("Réparations par règle"),
    "dropped": gettext_lazy("Retiré exprès"),
}
SLOW = timedelta(minutes=1)
"""Without anything done for so long, a person is told what to look at."""


def page(run: ImportRun, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the context of an import's page; `query` holds `quoi` (a kind) and `page`."""
    kinds = {Kind(kind): count for kind, count in run.counts.get("kinds", {}).items()}
    chosen = [kind for kind in Kind if kind.value == query.get("quoi")]
    total = sum(count for kind, count in kinds.items() if not chosen or kind in chosen)
    paginator = Paginator(range(total), PER_PAGE)
    current = paginator.get_page(query.get("page"))
    listed = import_files.page_of(run.report_name, chosen, current.number, PER_PAGE)
    return {
        "run": run,
        "days": {
            "vintage": _day(run.vintage_on),
            "sent": _moment(run.created_at),
            "ended": _moment(run.ended_at),
        },
        "done_rows": _done_rows(run),
        "is_slow": run.is_busy and (run.started_at or run.created_at) < timezone.now() - SLOW,
        "numbers": [
            (label, run.counts[name])
            for name, label in NUMBERS.items()
            if name in run.counts and (run.state == RunState.DONE or name not in BY_WRITING)
        ],
        "awaits_duplicates": run.state != RunState.DONE and run.counts.get("added"),
        "sections": [
            (title, _said(name, run.counts[name]))
            for name, title in SECTIONS.items()
            if run.counts.get(name)
        ],
        "filters": [
            (kind.value, KIND_TITLES[kind], kinds[kind], kind in chosen)
            for kind in KIND_TITLES
            if kinds.get(kind)
        ],
        "chosen": chosen[0].value if chosen else "",
        "columns": COLUMNS.values(),
        "lines": [cells(entry) for entry in listed],
        "is_erased": bool(total and not listed),
        "current": current,
        "pages": paginator.get_elided_page_range(current.number, on_each_side=1, on_ends=1),
    }


def _said(section: str, counts: dict[str, int]) -> list[tuple[str, int]]:
    """Return the counts of a section, greatest first, the rules of repair in words."""
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    if section != "repairs":
        return ordered
    return [(repair_words.said(rule), count) for rule, count in ordered]


def csv_answer(run: ImportRun) -> HttpResponse:
    """Return the whole report as a file for spreadsheets, streamed."""
    answer = StreamingHttpResponse(
        _lines(import_files.entries(run.report_name)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="import-{run.source}-{run.pk}.csv"'
    return answer  # type: ignore[return-value]


def _done_rows(run: ImportRun) -> int:
    """Return how far the step in progress is; a queued import would show the step before."""
    if run.state == RunState.QUEUED:
        return 0
    return min(import_files.progress(run.pk), run.total or 0)


def _day(day: date | None) -> str:
    if day is None:
        return ""
    return date_format(day, "1\\e\\r F Y" if day.day == 1 else "j F Y")


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{_day(local.date())}, {date_format(local, 'H:i')}"


class _Echo:
    """What `csv` writes to: gives each line back."""

    @staticmethod
    def write(line: str) -> str:
        """Return the line."""
        return line


def _lines(entries: Iterable[Entry]) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow([str(label) for label in COLUMNS.values()])
    for entry in entries:
        yield writer.writerow([harmless(text) for text in cells(entry)])
