"""Merges what an import brought and the directory had already, or asks moderators."""

from directory.exchange.duplicates.deciding import decide
from directory.exchange.report import Entry, Kind, Report


def join(new_places: set[int], report: Report) -> None:
    """Decide of the duplicates of places just added, and tell the report.

    Two rows of one file are never merged here: their producer told them apart. They are examined,
    or merged by `find_duplicates`.
    """
    if not new_places:
        return
    outcome = decide(new_places, apply=True, within_lists=False)
    report.duplicates_merged = len(outcome.merged)
    report.duplicates_to_review = outcome.added
    for one in outcome.merged:
        reasons = ", ".join(str(reason.label) for reason in one.comparison.reasons)
        name = one.absorbed_name
        report.journal.append(Entry(Kind.JOINED, 0, name, "", name, one.kept_name, reasons))
